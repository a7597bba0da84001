import type { File, Language, OkParseResult } from "@eslint/core";
import type { FileKind, Host } from "@yantra-lint/core";
import { textOf } from "@yantra-lint/yaml";
import type { FileNode, KubernetesNode } from "./nodes.ts";
import { VISITOR_KEYS } from "./nodes.ts";
import { KubernetesSourceCode, type ParsedFile, parseFile } from "./source-code.ts";

/** ESLint hands `parse`'s result on to `createSourceCode`, so it can carry more than the tree. */
type Result = OkParseResult<FileNode> & { parsed?: ParsedFile };

let host: Host | undefined;

/** Tells the language what stands around its files: whether one belongs to a chart. */
export function bind(newHost: Host | undefined): void {
  host = newHost;
}

/** Whether a kind says that the file is a chart's template; undefined when the kind is not known. */
export function chartOf(kind: FileKind | undefined): boolean | undefined {
  const chart = kind?.details?.["chart"];
  return typeof chart === "boolean" ? chart : undefined;
}

/** The ESLint language `yantra/kubernetes`: YAML and JSON manifests as resources. */
export const language: Language<{
  LangOptions: Record<string, unknown>;
  Code: KubernetesSourceCode;
  RootNode: FileNode;
  Node: KubernetesNode;
}> = {
  fileType: "text",
  lineStart: 1,
  columnStart: 1,
  nodeTypeKey: "type",
  visitorKeys: VISITOR_KEYS,

  /** Takes everything: a configuration's JavaScript `languageOptions` reach every language. */
  validateLanguageOptions(): void {},

  parse(file: File): Result {
    const text = textOf(file);
    const parsed = parseFile(file.path, text, chartOf(host?.kindOf(file.path, text)));
    return { ok: true, ast: parsed.ast, parsed };
  },

  createSourceCode(file: File, result: Result): KubernetesSourceCode {
    return new KubernetesSourceCode(result.parsed ?? parseFile(file.path, textOf(file)));
  },
};
