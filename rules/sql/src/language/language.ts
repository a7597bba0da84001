import type { File, Language, OkParseResult } from "@eslint/core";
import type { Host } from "@yantra-lint/core";
import { Catalog } from "../catalog/catalog.ts";
import { foldSteps } from "../catalog/fold.ts";
import type { MigrationDetails } from "../runners/index.ts";
import type { FileNode, SqlNode } from "./ast.ts";
import { detailsOfFile } from "./details.ts";
import { parseFile, type ParsedFile } from "./parse.ts";
import { isRiskSaid } from "../risk-annotation.ts";
import { SqlSourceCode } from "./source-code.ts";

interface LanguageTypes {
  LangOptions: Record<string, unknown>;
  Code: SqlSourceCode;
  RootNode: FileNode;
  Node: SqlNode;
}

interface Result extends OkParseResult<FileNode> {
  parsed: ParsedFile;
  details: MigrationDetails | undefined;
}

let host: Host | undefined;

/** Tells the language what stands around its files; undefined: every file stands alone. */
export function bind(wanted: Host | undefined): void {
  host = wanted;
}

function textOf(file: File): string {
  return typeof file.body === "string" ? file.body : new TextDecoder().decode(file.body);
}

function read(file: File, languageOptions: Record<string, unknown>): Result {
  const text = textOf(file);
  const details = detailsOfFile(file.path, text, languageOptions, host);
  const parsed = parseFile(text, details);
  return { ok: true, ast: parsed.ast, parsed, details };
}

/** The catalog before a file: of `languageOptions.history` (texts of the earlier migrations), or the host's. */
function catalogBefore(
  path: string,
  details: MigrationDetails | undefined,
  options: Record<string, unknown>,
): Catalog {
  const history = options["history"];
  if (Array.isArray(history)) {
    return history.reduce(
      (catalog: Catalog, text: unknown, index) =>
        typeof text === "string" ? afterFile(catalog, text, details, `history/${index}`) : catalog,
      Catalog.empty({ complete: true }),
    );
  }
  const state = host?.stateBefore(path);
  return state instanceof Catalog ? state : Catalog.empty({ complete: false });
}

/** After the way up of an earlier migration. The last one is that of the version at hand, when this is its way down. */
function afterFile(
  before: Catalog,
  text: string,
  details: MigrationDetails | undefined,
  path: string,
): Catalog {
  const isDown = details?.direction === "down";
  const parsed = parseFile(text, isDown ? { ...details, direction: "up" } : details);
  const after = foldSteps(before, parsed.steps, path);
  if (!isDown) return after;
  const operations = parsed.steps.map((step) => step.operation());
  const isRisky = isRiskSaid(parsed.comments);
  return after.after({ version: details.version, before, operations, isRisky });
}

/** The ESLint language `yantra/sql`. Unknown language options are not ours: they are left alone. */
export const language: Language<LanguageTypes> = {
  fileType: "text",
  lineStart: 1,
  columnStart: 1,
  nodeTypeKey: "type",
  validateLanguageOptions() {
    // A `languageOptions` of a configuration without `files` is meant for JavaScript and reaches us too.
  },
  parse: (file, { languageOptions }) => read(file, languageOptions),
  createSourceCode(file, result, { languageOptions }) {
    const { parsed, details } = isOurs(result) ? result : read(file, languageOptions);
    return new SqlSourceCode(textOf(file), parsed, details, () =>
      catalogBefore(file.path, details, languageOptions),
    );
  },
};

function isOurs(result: OkParseResult<FileNode>): result is Result {
  return "parsed" in result;
}
