import type { File, Language, OkParseResult } from "@eslint/core";
import type { Host } from "@yantra-lint/core";
import { textOf } from "@yantra-lint/yaml";
import { type DeliveryNode, type FileNode, VISITOR_KEYS } from "./nodes.ts";
import { DeliverySourceCode, type ParsedFile, parseFile } from "./source-code.ts";

/** ESLint hands `parse`'s result on to `createSourceCode`, so it can carry more than the tree. */
type Result = OkParseResult<FileNode> & { parsed?: ParsedFile };

let host: Host | undefined;

/** Tells the language what stands around its files: which Dockerfiles are for development only. */
export function bind(newHost: Host | undefined): void {
  host = newHost;
}

/** The ESLint language `yantra/delivery`: workflows, actions and Dockerfiles. */
export const language: Language<{
  LangOptions: Record<string, unknown>;
  Code: DeliverySourceCode;
  RootNode: FileNode;
  Node: DeliveryNode;
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
    const ours = !host || host.kindOf(file.path, text) !== undefined;
    const parsed = parseFile(ours ? file.path : "", text);
    return { ok: true, ast: parsed.ast, parsed };
  },

  createSourceCode(file: File, result: Result): DeliverySourceCode {
    return new DeliverySourceCode(result.parsed ?? parseFile(file.path, textOf(file)));
  },
};
