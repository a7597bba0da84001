import type { EntityColumn, EntityFact, QualifiedName } from "@yantra-lint/core";
import type { InsertStmt, MergeStmt, Node, UpdateStmt, WithClause } from "libpg-query";
import { nameOf, strings } from "../language/lowered.ts";
import type { Query } from "./query.ts";

/** One row that a query inserts, or what it sets in rows. */
export interface Write {
  verb: "insert" | "update";
  table: QualifiedName;
  /** The columns that it names; undefined for an INSERT without a list, which fills the first ones. */
  columns: readonly string[] | undefined;
  /** Their values, where they are written out. */
  values: readonly Node[];
  /** How many columns get a value; undefined when that cannot be told. */
  width: number | undefined;
  /** The query that the values of an INSERT come from, WITH, and FROM of an UPDATE: what else the statement reads. */
  reads: readonly Node[];
  /** What an INSERT does about rows that are there already; absent when it does nothing about them. */
  conflict?: Conflict;
  /** Of an entity. */
  entity?: readonly EntityColumn[];
}

/** ON CONFLICT. `columns` undefined: whatever constraint it is. */
interface Conflict {
  columns: readonly string[] | undefined;
  constraint: string | undefined;
}

/** The writes of a query. An entity inserts all its columns, and none that it does not know. */
export function writesOf({ fact, statements }: Query): readonly Write[] {
  if (fact.type === "entity") return [writeOfEntity(fact)];
  return statements().flatMap((node) => writesIn(node, []));
}

function writeOfEntity({ table, columns }: EntityFact): Write {
  const names = columns.map(({ name }) => name);
  return {
    verb: "insert",
    table,
    columns: names,
    values: [],
    width: names.length,
    reads: [],
    entity: columns,
  };
}

function writesIn(node: Node, around: readonly Node[]): Write[] {
  const [clause, own] = partsOf(node, around);
  const inner = (clause?.ctes ?? []).flatMap((each) =>
    "CommonTableExpr" in each && each.CommonTableExpr.ctequery ? [each.CommonTableExpr.ctequery] : [],
  );
  return [...inner.flatMap((query) => writesIn(query, [...around, ...inner])), ...own([...around, ...inner])];
}

type Own = (reads: readonly Node[]) => Write[];

function partsOf(node: Node, around: readonly Node[]): [WithClause | undefined, Own] {
  if ("InsertStmt" in node)
    return [node.InsertStmt.withClause, (reads) => insertedAndSet(node.InsertStmt, reads)];
  if ("UpdateStmt" in node) return [node.UpdateStmt.withClause, (reads) => [updated(node.UpdateStmt, reads)]];
  if ("SelectStmt" in node) {
    const { withClause, larg, rarg } = node.SelectStmt;
    const arms = [larg, rarg].flatMap((arm) => (arm ? [{ SelectStmt: arm }] : []));
    return [withClause, () => arms.flatMap((arm) => writesIn(arm, around))];
  }
  if ("MergeStmt" in node) return [node.MergeStmt.withClause, (reads) => merged(node.MergeStmt, reads)];
  if ("DeleteStmt" in node) return [node.DeleteStmt.withClause, () => []];
  return [undefined, () => []];
}

function namesOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => ("ResTarget" in node ? [node.ResTarget.name ?? ""] : []));
}

/** The rows of an INSERT, and what its ON CONFLICT DO UPDATE sets in one that is there. */
function insertedAndSet(insert: InsertStmt, reads: readonly Node[]): Write[] {
  const rows = inserted(insert, reads);
  const conflict = insert.onConflictClause;
  if (conflict?.action !== "ONCONFLICT_UPDATE") return rows;
  const { columns: names, values } = assignmentsIn(conflict.targetList ?? []);
  const [only, ...more] = rows;
  const set = values.map((value) => {
    const index = only?.columns?.indexOf(excludedColumn(value) ?? "") ?? -1;
    return (more.length === 0 ? only?.values[index] : undefined) ?? value;
  });
  const write = { verb: "update" as const, table: nameOf(insert.relation), columns: names, values: set };
  return [...rows, { ...write, width: names.length, reads: only?.reads ?? reads }];
}

/** The column of `excluded.column`: what the INSERT would have written. */
function excludedColumn(value: Node): string | undefined {
  const [qualifier, column] = "ColumnRef" in value ? strings(value.ColumnRef.fields) : [];
  return qualifier === "excluded" ? column : undefined;
}

function inserted(insert: InsertStmt, around: readonly Node[]): Write[] {
  const { relation, cols, selectStmt } = insert;
  const select = selectStmt && "SelectStmt" in selectStmt ? selectStmt.SelectStmt : undefined;
  const columns = cols && namesOf(cols);
  const conflict = conflictOf(insert);
  const write = {
    verb: "insert" as const,
    table: nameOf(relation),
    columns,
    reads: around,
    ...(conflict ? { conflict } : {}),
  };
  if (!select || !selectStmt) return [{ ...write, columns: [], values: [], width: 0 }];
  if (!select.valuesLists) {
    const outputs = select.op === undefined || select.op === "SETOP_NONE" ? outputsOf(select.targetList) : [];
    return [{ ...write, values: outputs, width: columns?.length, reads: [...around, selectStmt] }];
  }
  return select.valuesLists.map((list) => {
    const values = "List" in list ? (list.List.items ?? []) : [];
    return { ...write, values, width: values.length };
  });
}

/** The values that SELECT gives, when all of them are written out. */
function outputsOf(targets: readonly Node[] = []): Node[] {
  const values = targets.flatMap((node) =>
    "ResTarget" in node && node.ResTarget.val ? [node.ResTarget.val] : [],
  );
  const isStar = (node: Node): boolean =>
    "ColumnRef" in node && (node.ColumnRef.fields ?? []).some((field) => "A_Star" in field);
  return values.some(isStar) ? [] : values;
}

function conflictOf({ onConflictClause }: InsertStmt): Conflict | undefined {
  if (!onConflictClause) return undefined;
  const { infer } = onConflictClause;
  if (!infer) return { columns: undefined, constraint: undefined };
  const columns = (infer.indexElems ?? []).map((node) =>
    "IndexElem" in node ? (node.IndexElem.name ?? "") : "",
  );
  return { columns, constraint: infer.conname };
}

function updated({ relation, targetList = [], fromClause = [] }: UpdateStmt, around: readonly Node[]): Write {
  const { columns, values } = assignmentsIn(targetList);
  const reads = [...around, ...fromClause];
  return { verb: "update", table: nameOf(relation), columns, values, width: columns.length, reads };
}

/** What the arms of MERGE do. */
function merged(
  { relation, sourceRelation, mergeWhenClauses = [] }: MergeStmt,
  around: readonly Node[],
): Write[] {
  const reads = sourceRelation ? [...around, sourceRelation] : around;
  return mergeWhenClauses.flatMap((node): Write[] => {
    if (!("MergeWhenClause" in node)) return [];
    const { commandType, targetList, values = [] } = node.MergeWhenClause;
    const write = { table: nameOf(relation), reads };
    if (commandType === "CMD_UPDATE") {
      const set = assignmentsIn(targetList ?? []);
      return [{ ...write, ...set, verb: "update", width: set.columns.length }];
    }
    if (commandType !== "CMD_INSERT") return [];
    const columns = targetList && namesOf(targetList);
    return [{ ...write, verb: "insert", columns, values, width: values.length }];
  });
}

/** What SET sets; `(a, b) = (1, 2)` is two of them. */
function assignmentsIn(targets: readonly Node[]): { columns: string[]; values: Node[] } {
  const pairs = targets.flatMap((node) => {
    if (!("ResTarget" in node) || !node.ResTarget.val) return [];
    const { name = "", val } = node.ResTarget;
    const source = "MultiAssignRef" in val ? val.MultiAssignRef.source : undefined;
    const parts = source && "RowExpr" in source ? source.RowExpr.args : undefined;
    const index = "MultiAssignRef" in val ? (val.MultiAssignRef.colno ?? 1) - 1 : 0;
    return [{ name, value: parts?.[index] ?? val }];
  });
  return { columns: pairs.map(({ name }) => name), values: pairs.map(({ value }) => value) };
}
