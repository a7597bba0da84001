import type { AnyPack, Finding, WorkspaceRule } from "@yantra-lint/core";
import type { AST, Rule } from "eslint";
import type { Workspaces } from "./workspaces.ts";

/**
 * A workspace rule as an ordinary ESLint rule: it asks the live workspace for the findings of the file at hand,
 * with the text in the editor in place of the one on disk.
 */
export function asESLintRule(
  id: string,
  rule: WorkspaceRule,
  packs: readonly AnyPack[],
  workspaces: Workspaces,
): Rule.RuleModule {
  return {
    meta: {
      type: rule.meta.type,
      docs: { description: rule.meta.docs.description },
      messages: rule.meta.messages,
      schema: [...rule.meta.schema],
    },
    create(context) {
      const report = (): void => {
        for (const { finding, base } of findingsFor(id, rule, context, packs, workspaces)) {
          context.report({ message: finding.message, loc: locOf(finding, base) });
        }
      };
      // The root is called Program in JavaScript and File in our languages.
      return { Program: report, File: report };
    },
  };
}

function findingsFor(
  id: string,
  rule: WorkspaceRule,
  context: Rule.RuleContext,
  packs: readonly AnyPack[],
  workspaces: Workspaces,
): { finding: Finding; base: 0 | 1 }[] {
  const workspace = workspaces.of(context.physicalFilename);
  if (!workspace) return [];
  const text = context.sourceCode.text;
  for (const pack of packs) {
    const kind = workspace.kindOf(pack, context.physicalFilename, text);
    if (!kind) continue;
    const file = { path: context.physicalFilename, text, kind };
    const findings = workspace.findings(
      id,
      rule,
      { path: file.path, text, facts: () => factsOf(pack, context, file) },
      context.options as unknown[],
    );
    // ESLint counts JavaScript's columns from 0, those of our languages from 1.
    return findings.map((finding) => ({ finding, base: pack.language ? 1 : 0 }));
  }
  return [];
}

function factsOf(
  pack: AnyPack,
  context: Rule.RuleContext,
  file: Parameters<AnyPack["map"]>[1],
): ReturnType<AnyPack["map"]> {
  if (!file.kind.factsOnly) return pack.map(context.sourceCode, file);
  const parsed = pack.parse(file);
  return parsed.ok ? pack.map(parsed.code, file) : [];
}

function locOf(finding: Finding, base: 0 | 1): AST.SourceLocation {
  const shift = base - 1;
  return {
    start: { line: finding.startLine, column: finding.startColumn + shift },
    end: { line: finding.endLine, column: finding.endColumn + shift },
  };
}
