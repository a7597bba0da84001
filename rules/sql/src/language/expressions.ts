import type { Node } from "libpg-query";
import { strings } from "./lowered.ts";

/**
 * The columns that a CHECK's expression proves to hold no NULL: `a IS NOT NULL`, also as a conjunct. A check such
 * as `a > 0` is true of NULL and proves nothing (measured on PostgreSQL 18.6).
 */
export function provenNotNull(expression: Node | undefined): string[] {
  if (!expression) return [];
  if ("NullTest" in expression) {
    const { arg, nulltesttype } = expression.NullTest;
    if (nulltesttype !== "IS_NOT_NULL" || !arg || !("ColumnRef" in arg)) return [];
    const name = strings(arg.ColumnRef.fields).at(-1);
    return name === undefined ? [] : [name];
  }
  if ("BoolExpr" in expression && expression.BoolExpr.boolop === "AND_EXPR") {
    return [...new Set((expression.BoolExpr.args ?? []).flatMap(provenNotNull))];
  }
  return [];
}

/** The columns an expression names, in order, each once. */
export function columnsIn(expression: unknown): string[] {
  const found = new Set<string>();
  walk(expression, (tag, node) => {
    if (tag !== "ColumnRef" || !isRecord(node) || !Array.isArray(node["fields"])) return;
    const last: unknown = node["fields"].at(-1);
    if (isRecord(last) && isRecord(last["String"]) && typeof last["String"]["sval"] === "string") {
      found.add(last["String"]["sval"]);
    }
  });
  return [...found];
}

/** Where the rows of a query come from: the columns that its lists of results name, and all its tables. */
export function sourcesIn(tree: unknown): string[] {
  const found = new Set<string>();
  walk(tree, (tag, node) => {
    if (tag === "targetList") for (const column of columnsIn(node)) found.add(column);
    // A relation stands under its own tag, or, as the target of a statement, under `relation`.
    if (isRecord(node) && typeof node["relname"] === "string") found.add(node["relname"]);
  });
  return [...found];
}

/** What a node of a tag holds. */
type ContentOf<Tag extends string, Of = Node> = Of extends Record<Tag, infer Content> ? Content : never;

/** What the nodes of that tag in a syntax tree hold, in order. */
export function nodesIn<Tag extends string>(tree: unknown, wanted: Tag): ContentOf<Tag>[] {
  const found: ContentOf<Tag>[] = [];
  // The parser's output is what its types say: the tag tells the type.
  const isWanted = (tag: string, node: unknown): node is ContentOf<Tag> => tag === wanted && isRecord(node);
  walk(tree, (tag, node) => {
    if (isWanted(tag, node)) found.push(node);
  });
  return found;
}

/** Whether a syntax tree holds a node of that tag anywhere. */
export function contains(tree: unknown, wanted: string): boolean {
  let found = false;
  walk(tree, (tag) => {
    found ||= tag === wanted;
  });
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function walk(value: unknown, visit: (tag: string, node: unknown) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isRecord(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (typeof child !== "object") continue;
      visit(key, child);
      walk(child, visit);
    }
  }
}
