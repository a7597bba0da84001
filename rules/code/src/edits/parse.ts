import { nestsTooDeep } from "../nesting.ts";
import { oxcParser } from "../oxc.ts";
import { isFlow, MAX_CODE_LENGTH } from "../source.ts";

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

/** Parses a text; undefined when it has a syntax error, is Flow or longer than MAX_CODE_LENGTH. Never throws. */
export function parseText(path: string, text: string): ParsedText | undefined {
  if (text.length > MAX_CODE_LENGTH || isFlow(path, text) || nestsTooDeep(text)) return undefined;
  const [, module = "", extension] = EXTENSION.exec(path) ?? [];
  const declarations = /\.d\.[cm]?ts$/.test(path);
  const script = extension === "ts" || extension === "tsx";
  try {
    const result = oxcParser().parseSync(path, text, {
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
