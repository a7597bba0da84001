import type { AnyPack, FileKind, FileRule, Finding, RuleDocs, WorkspaceRule } from "@yantra-lint/core";
import type { AST, Rule } from "eslint";
import type { LiveWorkspace } from "@yantra-lint/workspace";
import type { Workspaces } from "./workspaces.ts";

/** A file rule that leaves the files alone which the `ignore` of their own `yantra.config` names. */
export function unlessIgnored(rule: FileRule, workspaces: Workspaces): Rule.RuleModule {
  const module: Rule.RuleModule = rule;
  return {
    ...module,
    create(context) {
      const file = context.physicalFilename;
      return workspaces.of(file)?.ignores(file) ? {} : module.create(context);
    },
  };
}

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
  const { type, docs, messages, schema, fixable, hasSuggestions } = rule.meta;
  return {
    meta: {
      type,
      docs: pageOf(docs),
      // A finding comes with its placeholders filled.
      messages: Object.fromEntries(Object.keys(messages).map((messageId) => [messageId, "{{message}}"])),
      schema: [...schema],
      ...(fixable ? { fixable } : {}),
      ...(hasSuggestions ? { hasSuggestions } : {}),
    },
    create(context) {
      const report = (base: 0 | 1): void => {
        for (const finding of findingsFor(id, rule, context, packs, workspaces))
          context.report(descriptorOf(finding, base));
      };
      // In our languages the root is called File and columns count from 1; in JavaScript, and in YAML as other
      // plugins parse it, the root is called Program and columns count from 0.
      return {
        Program: () => {
          report(0);
        },
        File: () => {
          report(1);
        },
      };
    },
  };
}

/** What tells of a rule, which others it stands for where somebody puts findings together, and of what it is not certain. */
function pageOf({
  description,
  supersedes,
  uncertain,
}: RuleDocs): Pick<RuleDocs, "description" | "supersedes" | "uncertain"> {
  return { description, ...(supersedes ? { supersedes } : {}), ...(uncertain ? { uncertain } : {}) };
}

/** A finding as ESLint reports it. Its edits are for the file it stands in, which is the one at hand. */
function descriptorOf(finding: Finding, base: 0 | 1): Rule.ReportDescriptor {
  const { messageId, fix, suggestions = [] } = finding;
  const message = messageWithPlaces(finding);
  return {
    ...(messageId === undefined ? { message } : { messageId, data: { message } }),
    loc: locOf(finding, base),
    ...(fix ? { fix: (fixer) => fixer.replaceTextRange([...fix.range], fix.text) } : {}),
    suggest: suggestions.map((suggestion) => ({
      desc: suggestion.message,
      fix: (fixer) => fixer.replaceTextRange([...suggestion.fix.range], suggestion.fix.text),
    })),
  };
}

/** ESLint has no second location, so the message names the other places: `… (deploy/config.yaml:4)`. */
function messageWithPlaces({ message, related = [] }: Finding): string {
  if (related.length === 0) return message;
  return `${message} (${related.map(({ path, startLine }) => `${path}:${startLine}`).join(", ")})`;
}

/** Which pack a file is of, and its kind there. */
interface Known {
  pack: AnyPack;
  kind: FileKind;
}

/** Each workspace rule asks of the same file; an edit makes another SourceCode. */
const KNOWN = new WeakMap<object, Known | "nobody's">();

function knownOf(
  context: Rule.RuleContext,
  packs: readonly AnyPack[],
  workspace: LiveWorkspace,
): Known | undefined {
  const { sourceCode, physicalFilename } = context;
  let known = KNOWN.get(sourceCode);
  if (known === undefined) {
    known = packs.reduce<Known | undefined>((found, pack) => {
      if (found) return found;
      const kind = workspace.kindOf(pack, physicalFilename, sourceCode.text);
      return kind && { pack, kind };
    }, undefined);
    KNOWN.set(sourceCode, known ?? "nobody's");
  }
  return known === "nobody's" ? undefined : known;
}

function findingsFor(
  id: string,
  rule: WorkspaceRule,
  context: Rule.RuleContext,
  packs: readonly AnyPack[],
  workspaces: Workspaces,
): Finding[] {
  const workspace = workspaces.of(context.physicalFilename);
  if (!workspace) return [];
  const known = knownOf(context, packs, workspace);
  if (!known) return [];
  const { text } = context.sourceCode;
  const file = { path: context.physicalFilename, text, kind: known.kind };
  return workspace.findings(
    id,
    rule,
    { path: file.path, text, facts: () => factsOf(known.pack, context, file) },
    context.options as unknown[],
  );
}

function factsOf(
  pack: AnyPack,
  context: Rule.RuleContext,
  file: Parameters<AnyPack["map"]>[1],
): ReturnType<AnyPack["map"]> {
  // The root of our own languages' trees is a File: another plugin's SourceCode tells our packs nothing.
  const root: string = context.sourceCode.ast.type;
  const parsedByUs = (pack.language !== undefined) === (root === "File");
  if (parsedByUs && !file.kind.factsOnly) return pack.map(context.sourceCode, file);
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
