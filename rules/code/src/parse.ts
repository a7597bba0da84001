import { createRequire } from "node:module";
import type { Parsed } from "@yantra-lint/core";
import { type Code, isFlow } from "./source.ts";

type TypeScriptParser = typeof import("@typescript-eslint/parser");
type ParserOptions = NonNullable<Parameters<TypeScriptParser["parseForESLint"]>[1]>;
type ParseResult = ReturnType<TypeScriptParser["parseForESLint"]>;

const require = createRequire(import.meta.url);
let loaded: TypeScriptParser | undefined;

/**
 * The parser and TypeScript beneath it take about 300 ms to load. Most runs of the command line and most editor
 * sessions on SQL or YAML never need them, so they are loaded when the first file is parsed; synchronously,
 * because ESLint's `parse` is.
 */
function typescriptParser(): TypeScriptParser {
  loaded ??= require("@typescript-eslint/parser") as TypeScriptParser;
  return loaded;
}

function parseCode(text: string, path: string, options: ParserOptions): ParseResult {
  const all: ParserOptions = {
    ...options,
    filePath: path,
    loc: true,
    range: true,
    comment: true,
    loggerFn: false,
    onUnsupportedTypeScriptVersion: "ignore",
  };
  try {
    return typescriptParser().parseForESLint(text, all);
  } catch (error) {
    // Flow is not TypeScript. Saying so once (`map` does) helps; a wall of syntax errors does not.
    if (isFlow(path, text)) return typescriptParser().parseForESLint("", all);
    // TypeScript's parser recurses; what ends its stack is no fault of its own words.
    if (error instanceof RangeError)
      throw new SyntaxError(
        "It is nested too deeply; split the expression, or let `ignore` name generated files",
        { cause: error },
      );
    throw error;
  }
}

/** An ESLint parser that loads @typescript-eslint/parser when it is first asked to parse. */
const lazyParser = {
  meta: { name: "yantra-code-parser", version: "1" },
  /** As @typescript-eslint/parser's; throws its syntax error, which ESLint reports. */
  parseForESLint(text: string, options: ParserOptions = {}): ParseResult {
    try {
      return parseCode(text, options.filePath ?? "file.ts", options);
    } catch (error) {
      if (!isPlaced(error)) throw error;
      // Its `column` counts from 0; ESLint takes a parser's for one that counts from 1, as espree's does.
      const { line, column } = placeOf(error);
      throw Object.assign(new SyntaxError(messageOf(error)), { lineNumber: line, column });
    }
  },
};

function optionsFor(path: string): ParserOptions {
  return {
    sourceType: path.endsWith(".cjs") ? "commonjs" : "module",
    // In `.ts` a `<` may begin a type assertion; elsewhere JSX is at home. `.tsx` and `.jsx` have it anyway.
    ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path) },
  };
}

/** ESLint's languageOptions for a path. */
export function languageOptions(path: string): Record<string, unknown> {
  const { sourceType, ecmaFeatures } = optionsFor(path);
  return { parser: lazyParser, sourceType, parserOptions: { ecmaFeatures } };
}

/** Parses a file of the pack without ESLint. Never throws on bad input. */
export function parseFile(path: string, text: string): Parsed<Code> {
  try {
    const { ast, scopeManager } = parseCode(text, path, optionsFor(path));
    return { ok: true, code: { text, ast, scopeManager } };
  } catch (error) {
    return { ok: false, problems: [{ message: messageOf(error), ...placeOf(error) }] };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** TSError (@typescript-eslint/typescript-estree) has `location` with 1-based lines and 0-based columns. */
function placeOf(error: unknown): { line: number; column: number; endLine?: number; endColumn?: number } {
  if (!isPlaced(error)) return { line: 1, column: 1 };
  const { start, end } = error.location;
  return { line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 };
}

type Position = Record<"line" | "column", number>;

function isPlaced(error: unknown): error is Error & { location: Record<"start" | "end", Position> } {
  return error instanceof Error && "location" in error;
}
