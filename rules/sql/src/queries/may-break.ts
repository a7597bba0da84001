import type { Node } from "libpg-query";
import type { Table } from "../catalog/table.ts";
import { lowerCaseWords } from "../language/lower.ts";
import { strings } from "../language/lowered.ts";
import { checkOf } from "./check.ts";
import { type Demand, isNarrower } from "./demands.ts";
import type { Schema } from "./schema.ts";
import { namesIn, type Value, valueOf } from "./value.ts";
import { rowTriggers } from "./writes.ts";
import type { Write } from "./written.ts";

/** Whether PostgreSQL may refuse a row that a write makes, for a demand of its table; its text does not tell. */
export function mayBreak(write: Write, demand: Demand, table: Table, schema: Schema): boolean {
  const value = (name: string): Value => valueOf(write, table, name, schema);
  const named = namesIn(write, table);
  const uses = demand.kind === "unique" ? demand.uses : [];
  const isWritten = [...demand.columns, ...uses].some((name) => named.includes(name));
  // An exclusion may be over expressions, whose columns are not known.
  const mayBeOver = demand.kind === "exclude" && write.verb === "insert";
  if (!isWritten && !mayBeOver) return false;
  // What a row is refused for before a trigger sees it is its type.
  if (demand.kind !== "type" && mayBeFilled(table, write, [...demand.columns, ...uses], schema)) return false;
  const values = demand.columns.filter((name) => table.columns.has(name) || !table.complete).map(value);
  switch (demand.kind) {
    case "notNull":
      return values.some(({ written, known }) => written && (known === "unknown" || known === "null"));
    case "unique": {
      const isPlain = demand.method === undefined;
      if (!mayConflict(write, demand.columns, values, isPlain) || isGuarded(write, table.name)) return false;
      if (demand.predicate === undefined) return true;
      const isIn = checkOf(demand.predicate, (name) => value(name).known);
      return isIn === true || isIn === undefined;
    }
    case "exclude":
      return mayConflict(write, demand.columns, values, true);
    case "foreignKey": {
      if (values.some(({ known }) => known === "null")) return false;
      const nodes = values.flatMap(({ node }) => (node ? [node] : []));
      return ![...write.reads, ...nodes].some((node) => readsTable(node, demand.references.name));
    }
    case "check": {
      const truth = checkOf(demand.expression, (name) => value(name).known);
      return truth === false || truth === undefined;
    }
    case "type":
      return values.some((each) => each.written && !fits(each, write, demand));
  }
}

/** Whether a BEFORE trigger may change what is written to the columns: its function names one, or is not known. */
function mayBeFilled(
  table: Table,
  { verb }: Write,
  columns: readonly string[],
  { catalog }: Schema,
): boolean {
  return rowTriggers(table, verb).some(({ function: called }) => {
    const bodies = catalog.functionsNamed(called.name).map(({ body }) => body);
    if (bodies.length === 0) return true;
    return bodies.some((body) => {
      if (body === undefined) return true;
      const words = new Set(lowerCaseWords(body));
      return columns.some((column) => lowerCaseWords(column).every((word) => words.has(word)));
    });
  });
}

/** Whether a row may meet one that is there: NULLs are distinct, unless the index says otherwise. */
function mayConflict(
  { conflict }: Write,
  columns: readonly string[],
  values: readonly Value[],
  isPlain: boolean,
): boolean {
  if (values.some(({ fresh, known }) => fresh || (isPlain && known === "null"))) return false;
  if (!conflict || conflict.constraint !== undefined) return true;
  const target = conflict.columns;
  return (
    target !== undefined &&
    !(target.length === columns.length && target.every((column) => columns.includes(column)))
  );
}

/** INSERT … SELECT … WHERE NOT EXISTS (SELECT … FROM the table itself). */
function isGuarded({ verb, reads }: Write, name: string): boolean {
  if (verb !== "insert") return false;
  return reads.some((node) => "SelectStmt" in node && readsTable(node.SelectStmt.whereClause, name));
}

/** Whether a tree names a table anywhere. */
function readsTable(tree: unknown, name: string): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  if ("relname" in tree && tree.relname === name) return true;
  return Object.values(tree).some((part) => readsTable(part, name));
}

/** Whether a value is certainly one of the narrower type. A literal that is not is refused for certain. */
function fits({ known, type, node }: Value, { verb }: Write, demand: Demand & { kind: "type" }): boolean {
  if (known === "null" || typeof known === "object") return true;
  const isItself = verb === "update" && node !== undefined && columnOf(node) === demand.columns[0];
  return (
    isItself ||
    (type !== undefined &&
      (type === demand.to || (isComparable(type, demand) && !isNarrower(type, demand.to))))
  );
}

function columnOf(node: Node): string | undefined {
  return "ColumnRef" in node ? strings(node.ColumnRef.fields).at(-1) : undefined;
}

/** Whether it is known what an assignment of the one type to the other refuses. */
function isComparable(type: string, { from }: { from: string }): boolean {
  const isNumber = (name: string): boolean => /^(?:smallint|integer|bigint|numeric)\b/.test(name);
  const isText = (name: string): boolean => /^(?:text|character)\b/.test(name);
  return (isNumber(type) && isNumber(from)) || (isText(type) && isText(from));
}
