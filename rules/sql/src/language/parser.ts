import { codePointsToUtf16 } from "@yantra-lint/core";
import { hasSqlDetails, loadModule, type Node, parseSync } from "libpg-query";
import { LRUCache } from "lru-cache";

// ESLint's languages parse synchronously: the WebAssembly module has to be there before.
await loadModule();

/** What PostgreSQL's parser makes of a text: its first statement's tree, nothing but comments, or what is wrong where. */
export type ParsedStatement = Readonly<
  { node: Node } | { nothing: true } | { message: string; offset: number }
>;

/**
 * What was read lately. An editor lints the whole file after each keystroke, and all statements but one are as they
 * were; migrations make the same function again and again. In UTF-16 units of text; a tree takes some fifty times as
 * many bytes.
 */
const RECENT = new LRUCache<string, ParsedStatement>({
  maxSize: 256 * 1024,
  maxEntrySize: 16 * 1024,
  sizeCalculation: (_, { length }) => length + 64,
});

/**
 * Reads one statement. The tree is shared by all who ask for the same text: it must not be changed. Never throws on
 * account of the text, which the caller keeps below what libpg-query can bear.
 */
export function parseOne(text: string): ParsedStatement {
  const known = RECENT.get(text);
  if (known) return known;
  const parsed = parse(text);
  // A slice would keep the whole file that it is of.
  RECENT.set(` ${text}`.slice(1), parsed);
  return parsed;
}

function parse(text: string): ParsedStatement {
  try {
    const [first] = parseSync(text).stmts ?? [];
    return first?.stmt ? { node: first.stmt } : { nothing: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const cursor = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
    return { message, offset: codePointsToUtf16(text, cursor) };
  }
}
