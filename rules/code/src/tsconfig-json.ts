import { createRequire } from "node:module";
import type { TsconfigFact } from "@yantra-lint/core";

type JsoncParser = typeof import("jsonc-parser");

const require = createRequire(import.meta.url);
let loaded: JsoncParser | undefined;

const NAME = /(?:^|\/)[jt]sconfig(?:\.[^/]*)?\.json$/;

/**
 * Whether a JSON file configures TypeScript: by its name, or, as a shared base may have any name, by the key that
 * hardly anything else has.
 */
export function isTsconfig(path: string, text: () => string): boolean {
  return NAME.test(path) || (path.endsWith(".json") && text().slice(0, 4000).includes('"compilerOptions"'));
}

/** Most are plain JSON; comments and trailing commas need a parser that is only then loaded. */
function parseJsonc(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    loaded ??= require("jsonc-parser") as JsoncParser;
  }
  try {
    return loaded.parse(text, [], { allowTrailingComma: true });
  } catch {
    // It parses by recursion, and the text nests deeper than the stack.
    return undefined;
  }
}

/** What a tsconfig says of how specifiers are resolved, or undefined when it is no object. Region: the beginning. */
export function tsconfigFact(path: string, text: string): TsconfigFact | undefined {
  const config = parseJsonc(text);
  if (!isRecord(config)) return undefined;
  const options = isRecord(config.compilerOptions) ? config.compilerOptions : {};
  const bases = Array.isArray(config.extends) ? config.extends : [config.extends];
  const paths = pathsOf(options.paths);
  return {
    type: "tsconfig",
    path: "",
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: Math.min(1, text.length) + 1,
    directory: path.replace(/\/?[^/]*$/, ""),
    extends: bases.filter((base) => typeof base === "string"),
    ...(paths ? { paths } : {}),
    ...texts(options, ["baseUrl", "outDir", "rootDir"]),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts<Key extends string>(
  options: Readonly<Record<string, unknown>>,
  keys: readonly Key[],
): Partial<Record<Key, string>> {
  const result: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value = options[key];
    if (typeof value === "string") result[key] = value;
  }
  return result;
}

function pathsOf(value: unknown): Record<string, string[]> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([pattern, targets]) => [
      pattern,
      Array.isArray(targets) ? targets.filter((target) => typeof target === "string") : [],
    ]),
  );
}
