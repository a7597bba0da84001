import type { File, Language, OkParseResult } from "@eslint/core";
import type { FileKind, Host } from "@yantra-lint/core";
import { textOf } from "@yantra-lint/yaml";
import type { FileNode, KubernetesNode } from "./nodes.ts";
import { VISITOR_KEYS } from "./nodes.ts";
import { KubernetesSourceCode, type ParsedFile, parseFile, type Setting } from "./source-code.ts";

/** ESLint hands `parse`'s result on to `createSourceCode`, so it can carry more than the tree. */
type Result = OkParseResult<FileNode> & { parsed?: ParsedFile };

let host: Host | undefined;

/** Tells the language what stands around its files: whether one belongs to a chart, or is a patch. */
export function bind(newHost: Host | undefined): void {
  host = newHost;
}

/** What a kind says of a file's surroundings, as `recognise` found them; little when the kind is not known. */
export function settingOf(kind: FileKind | undefined): Setting {
  const chart = kind?.details?.["chart"];
  return {
    chart: typeof chart === "boolean" ? chart : undefined,
    patch: kind?.details?.["patch"] === true,
  };
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
    const parsed = parseFile(file.path, text, settingOf(host?.kindOf(file.path, text)));
    return { ok: true, ast: parsed.ast, parsed };
  },

  createSourceCode(file: File, result: Result): KubernetesSourceCode {
    return new KubernetesSourceCode(result.parsed ?? parseFile(file.path, textOf(file)));
  },
};
