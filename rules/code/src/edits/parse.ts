import { createRequire } from "node:module";
import { isFlow, MAX_CODE_LENGTH } from "../source.ts";

type OxcParser = typeof import("oxc-parser");

/** A node of the ESTree or TS-ESTree syntax tree as oxc-parser gives it; offsets are in UTF-16 units. */
export interface RawNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface RawComment {
  type: "Line" | "Block";
  value: string;
  start: number;
  end: number;
}

export interface ParsedText {
  text: string;
  program: RawNode;
  comments: readonly RawComment[];
}

const EXTENSION = /\.([cm]?)(ts|tsx|js|jsx)$/;

const require = createRequire(import.meta.url);
let loaded: OxcParser | undefined;

/** Loading the native parser costs some 10 ms, which a run without changed code need not pay. */
function oxc(): OxcParser {
  loaded ??= require("oxc-parser") as OxcParser;
  return loaded;
}

export function isRawNode(value: unknown): value is RawNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "start" in value &&
    typeof value.start === "number"
  );
}

/** Whether a path is one of TypeScript or JavaScript. */
export function isCode(path: string): boolean {
  return EXTENSION.test(path);
}

/** Brackets nested deeper than this, or as many signs in a row, are nobody's handwriting. */
const MAX_DEPTH = 500;
const SIGNS = new RegExp(`(?:[!~+-][ \\t\\n]?){${MAX_DEPTH}}`);

/** The native parser recurses, and ends the process when its stack does: no exception can be caught. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x28 || unit === 0x5b || unit === 0x7b) depth += 1;
    else if ((unit === 0x29 || unit === 0x5d || unit === 0x7d) && depth > 0) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return SIGNS.test(text);
}

/** Parses a text; undefined when it has a syntax error, is Flow or longer than MAX_CODE_LENGTH. Never throws. */
export function parseText(path: string, text: string): ParsedText | undefined {
  if (text.length > MAX_CODE_LENGTH || isFlow(path, text) || isTooDeep(text)) return undefined;
  const [, module = "", extension] = EXTENSION.exec(path) ?? [];
  const declarations = /\.d\.[cm]?ts$/.test(path);
  const script = extension === "ts" || extension === "tsx";
  try {
    const result = oxc().parseSync(path, text, {
      // JSX is common in `.js`; in `.ts` a `<` may begin a type assertion.
      lang: declarations ? "dts" : script ? extension : "jsx",
      ...(module === "c" && !declarations ? { sourceType: "commonjs" as const } : {}),
      astType: "ts",
      preserveParens: false,
    });
    if (result.errors.some(({ severity }) => severity === "Error")) return undefined;
    const program: unknown = result.program;
    return isRawNode(program) ? { text, program, comments: result.comments } : undefined;
  } catch {
    return undefined;
  }
}
