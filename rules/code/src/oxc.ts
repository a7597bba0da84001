import { createRequire } from "node:module";
import type { ParseResult, ParserOptions } from "oxc-parser";
import { nestsTooDeep } from "./nesting.ts";
import { MAX_CODE_LENGTH } from "./source.ts";

type OxcParser = typeof import("oxc-parser");

const require = createRequire(import.meta.url);
let loaded: OxcParser | undefined;

/**
 * oxc-parser and its native part take about 40 ms to load, and a run that neither asks for modules nor compares
 * versions never needs them: they are loaded with the first file.
 */
export function oxcParser(): OxcParser {
  loaded ??= require("oxc-parser") as OxcParser;
  return loaded;
}

/** The language by the extension; JavaScript may hold JSX whatever its extension. Undefined for all else. */
function languageOf(path: string): NonNullable<ParserOptions["lang"]> | undefined {
  if (/\.d\.[cm]?ts$/.test(path)) return "dts";
  if (/\.[cm]?ts$/.test(path)) return "ts";
  if (path.endsWith(".tsx")) return "tsx";
  return /\.[cm]?jsx?$/.test(path) ? "jsx" : undefined;
}

/**
 * Parses TypeScript or JavaScript; offsets are UTF-16 units. Undefined for a text that is neither, is longer than
 * MAX_CODE_LENGTH, nests too deep, or cannot be read (Flow among it). Errors after which the parser could go on
 * are no obstacle. The tree (`program`) is only built when it is asked for; the module record is there at once.
 */
export function parseOxc(path: string, text: string): ParseResult | undefined {
  const lang = languageOf(path);
  if (!lang || text.length > MAX_CODE_LENGTH || nestsTooDeep(text)) return undefined;
  const { parseSync } = oxcParser();
  const result = parseSync(path, text, { lang });
  if (isWhole(result)) return result;
  if (lang !== "jsx") return undefined;
  // A script: `return` at the top level, `await` as a name.
  const script = parseSync(path, text, { lang, sourceType: "commonjs" });
  return isWhole(script) ? script : undefined;
}

/** A text that could not be parsed has an empty program beside its errors. (Not destructured: `program` costs.) */
function isWhole(result: ParseResult): boolean {
  return result.errors.length === 0 || result.program.body.length > 0;
}
