import { Lines, type ModuleFact, type ModuleImport, type Range } from "@yantra-lint/core";
import { mayKeepState } from "../health/state.ts";
import { parseOxc } from "../oxc.ts";
import { readCommonjs } from "./commonjs.ts";
import { readRecord } from "./record.ts";
import type { FoundImport, ModuleParts } from "./parts.ts";

/**
 * What only the syntax tree shows: CommonJS, `import x = require()`, workers. The module record that oxc makes
 * while it parses has all the rest, and building the tree in JavaScript takes several times as long as parsing.
 */
const NEEDS_TREE =
  /\brequire\s*(?:\.\s*resolve\s*)?\(\s*["'`]|\bmodule\s*\.\s*exports\b|\bexports\s*[.[,)]|\bexport\s*=|\bnew\s+(?:Shared)?Worker\b/;
/** Globals that open connections, as Node.js has them (nodejs.org/api/globals.html). */
const CONNECTS = /(?<![.\w$])(?:fetch|WebSocket|EventSource|WebTransport)\s*[(,;)]|\bglobalThis\b/;
const NEW_URL = /\bnew\s+URL\b/;
const IMPORT_CALL = /\bimport\s*\(/g;

/**
 * What a module of TypeScript or JavaScript imports and exports. A script without either is a module too: one may
 * import it for its effects. Undefined for other files (`.vue`, `.svelte` and `.astro` among them: they are not
 * read), and for what cannot be parsed, as Flow. Never throws on bad input.
 */
export function readModule({ path, text }: { path: string; text: string }): ModuleFact | undefined {
  const parsed = parseOxc(path, text);
  if (!parsed) return undefined;
  const parts = readRecord(parsed.module, text);
  // `import("x").Type` is in no record: more of the form than imports says that there may be one.
  const calls = text.match(IMPORT_CALL)?.length ?? 0;
  const { dynamicImports, importMetas, hasModuleSyntax } = parsed.module;
  const needsTree =
    NEEDS_TREE.test(text) || calls > dynamicImports.length || (importMetas.length > 0 && NEW_URL.test(text));
  if (needsTree) {
    readCommonjs(parsed.program, hasModuleSyntax, parts);
  }
  const declarations = /\.d\.[cm]?ts$/.test(path);
  return {
    ...fact(parts, new Lines(text), declarations),
    ...(CONNECTS.test(text) ? { connects: true } : {}),
    ...(mayKeepState(text) ? { keepsState: true } : {}),
  };
}

function fact({ imports, exports }: ModuleParts, lines: Lines, typeOnly: boolean): ModuleFact {
  const sorted = [...imports].sort((a, b) => a.range[0] - b.range[0]);
  const all: Range = [0, Math.min(1, lines.text.length)];
  return {
    type: "module",
    path: "",
    ...lines.region(all),
    imports: sorted.map((found) => withRegion(found, lines, typeOnly)),
    exports: [...exports.values()].map((entry) => (typeOnly ? { ...entry, typeOnly } : entry)),
  };
}

function withRegion({ range, ...found }: FoundImport, lines: Lines, typeOnly: boolean): ModuleImport {
  return { ...found, typeOnly: found.typeOnly || typeOnly, ...lines.region(range) };
}
