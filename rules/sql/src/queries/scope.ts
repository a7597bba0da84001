import type { QualifiedName } from "@yantra-lint/core";
import type { Column, Relation } from "./schema.ts";

/** What a query gives: its columns in their order. `complete`: there are no others. */
export interface Output {
  columns: readonly Column[];
  complete: boolean;
}

/** Columns that are not known. */
export const NOTHING: Output = { columns: [], complete: false };

/** Something in FROM that columns come from. */
export interface Item {
  /** Undefined for the columns that JOIN … USING merges. */
  alias: string | undefined;
  /** The table or view behind it, to which a schema may be written; undefined for all else. */
  table: QualifiedName | undefined;
  /** The alias hides the table's own name. */
  renamed: boolean;
  columns: readonly Column[];
  complete: boolean;
  gone: ReadonlySet<string>;
  /** Columns that USING has merged: they are found behind the alias only. */
  hidden: ReadonlySet<string>;
}

/** Where an expression looks for columns: its own query's FROM, then that of the query around it. */
export interface Scope {
  items: readonly Item[];
  parent: Scope | undefined;
  ctes: ReadonlyMap<string, Output>;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** An item of a relation; `names`: those that its alias gives to its first columns. */
export function itemOf(
  alias: string,
  relation: Relation,
  { renamed, names }: { renamed: boolean; names: readonly string[] },
): Item {
  return {
    alias,
    table: relation.name,
    renamed,
    columns: named(relation.columns, names),
    complete: relation.complete,
    gone: relation.gone,
    hidden: NO_NAMES,
  };
}

/** An item of a query's columns. */
export function itemOfOutput(alias: string | undefined, output: Output, names: readonly string[] = []): Item {
  return {
    alias,
    table: undefined,
    renamed: true,
    columns: named(output.columns, names),
    complete: output.complete,
    gone: NO_NAMES,
    hidden: NO_NAMES,
  };
}

function named(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  if (names.length === 0) return columns;
  const longer = columns.length < names.length ? names.slice(columns.length) : [];
  return [
    ...columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
    ...longer.map((name) => ({ name, type: undefined })),
  ];
}

/** Columns that every table has. */
const SYSTEM_COLUMNS = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

/**
 * What a name of a column means. `missing`: it certainly means nothing; `item`: where migrations took it from, when
 * that is known.
 */
export type Answer =
  | { state: "found"; item: Item; column: Column }
  | { state: "wholeRow" }
  | { state: "ambiguous" }
  | { state: "missing"; item: Item | undefined }
  | { state: "unknown" };

/** Looks a column without a qualifier up, as PostgreSQL does (`colNameToVar`): level by level, from the inside. */
export function findColumn(scope: Scope, name: string): Answer {
  const lacking: Item[] = [];
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const visible = level.items.filter(({ hidden }) => !hidden.has(name));
    const found = visible.flatMap((item) =>
      item.columns.flatMap((column) => (column.name === name ? [{ item, column }] : [])),
    );
    if (found.length > 1) return { state: "ambiguous" };
    if (found[0]) return { state: "found", ...found[0] };
    if (SYSTEM_COLUMNS.has(name) && visible.some(({ table }) => table)) return { state: "unknown" };
    lacking.push(...visible.filter(({ gone }) => gone.has(name)));
    if (visible.some(({ complete, gone }) => !complete && !gone.has(name))) return { state: "unknown" };
  }
  if (hasAlias(scope, name)) return { state: "wholeRow" };
  return { state: "missing", item: lacking[0] };
}

function hasAlias(scope: Scope, name: string): boolean {
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    if (level.items.some(({ alias }) => alias === name)) return true;
  }
  return false;
}

/** The item that a qualifier names. */
export function findItem(scope: Scope, qualifier: QualifiedName): Item | undefined {
  const { schema, name } = qualifier;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const item = level.items.find(({ alias, table, renamed }) =>
      schema === undefined
        ? alias === name
        : !renamed && table?.name === name && (table.schema ?? "public") === schema,
    );
    if (item) return item;
  }
  return undefined;
}

/** Looks `qualifier.name` up. */
export function findQualified(scope: Scope, qualifier: QualifiedName, name: string): Answer {
  const item = findItem(scope, qualifier);
  if (!item) return { state: "missing", item: undefined };
  const found = item.columns.filter((column) => column.name === name);
  if (found.length > 1) return { state: "ambiguous" };
  if (found[0]) return { state: "found", item, column: found[0] };
  if (item.gone.has(name)) return { state: "missing", item };
  if (!item.complete || SYSTEM_COLUMNS.has(name)) return { state: "unknown" };
  return { state: "missing", item };
}

/** The columns of `*`, in order. */
export function starOf(items: readonly Item[]): Output {
  return {
    columns: items.flatMap(({ columns, hidden }) => columns.filter(({ name }) => !hidden.has(name))),
    complete: items.every(({ complete }) => complete),
  };
}
