import {
  DEFAULT_SETTINGS,
  FactIndex,
  factsIn,
  kindIn,
  runWorkspaceRule,
  type Fact,
  type FileKind,
  type Files,
  type Finding,
  type WorkspaceRule,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import { Linter, RuleTester } from "eslint";
import { describe, it } from "vitest";
import pack from "./index.ts";
import { bind, language } from "./language/language.ts";
import { KubernetesSourceCode, parseFile } from "./language/source-code.ts";

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

/** ESLint's RuleTester on `yantra/kubernetes`. */
export function kubernetesRuleTester(): RuleTester {
  return new RuleTester({
    plugins: { yantra: { languages: { kubernetes: language } } },
    language: "yantra/kubernetes",
  });
}

/** What ESLint says of a text with the rules given, or with any other configuration on top. */
export function lint(
  text: string,
  config: Linter.Config = {},
  path = "deploy/app.yaml",
): Linter.LintMessage[] {
  return new Linter({ configType: "flat" }).verify(
    text,
    [
      {
        files: ["**/*.yaml", "**/*.json"],
        language: "yantra/kubernetes",
        ...config,
        plugins: { yantra: { languages: { kubernetes: language } }, ...config.plugins },
      },
    ],
    { filename: path },
  );
}

/** As `lint`, of a file that a kustomization names as a patch. */
export function lintPatch(text: string, config: Linter.Config): Linter.LintMessage[] {
  const kind = { name: "manifest", details: { chart: false, patch: true } };
  bind({ kindOf: () => kind, stateBefore: () => undefined });
  try {
    return lint(text, config);
  } finally {
    bind(undefined);
  }
}

/** Parses a text as a manifest. */
export function codeOf(text: string, path = "deploy/app.yaml"): KubernetesSourceCode {
  return new KubernetesSourceCode(parseFile(path, text));
}

/** The kind the pack gives a file of a repository, or undefined. */
export function kindOf(path: string, files: Files, named = false): FileKind | undefined {
  return kindIn(pack, path, files, { named });
}

/** The facts of a repository, as the engine gathers them. */
export function factsOf(files: Files): Fact[] {
  return factsIn(pack, files);
}

/** What a workspace rule finds in a repository. */
export function findingsOf(
  rule: WorkspaceRule,
  files: Files,
  given: { options?: readonly unknown[]; settings?: Partial<WorkspaceSettings> } = {},
): Finding[] {
  return runWorkspaceRule("yantra/kubernetes/tested", rule, {
    facts: new FactIndex(factsOf(files)),
    ...(given.options ? { options: given.options } : {}),
    settings: { ...DEFAULT_SETTINGS, ...given.settings },
  });
}

/** A finding as `path:line:column-endLine:endColumn messageId`. */
export function told({ path, startLine, startColumn, endLine, endColumn, messageId }: Finding): string {
  return `${path}:${startLine}:${startColumn}-${endLine}:${endColumn} ${messageId}`;
}

/** A complete Deployment whose container entries are given, indented as items of `containers`. */
export function deployment(containers: string, name = "checkout"): string {
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    `metadata: { name: ${name} }`,
    "spec:",
    `  selector: { matchLabels: { app: ${name} } }`,
    "  template:",
    `    metadata: { labels: { app: ${name} } }`,
    "    spec:",
    "      containers:",
    ...containers.split("\n").map((line) => `        ${line}`),
    "",
  ].join("\n");
}
