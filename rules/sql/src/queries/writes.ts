import type { EntityFact, QualifiedName } from "@yantra-lint/core";
import type { InsertStmt, Node, UpdateStmt, WithClause } from "libpg-query";
import type { Column as TableColumn, Table } from "../catalog/table.ts";
import { nameOf } from "../language/lowered.ts";
import { isBuiltIn } from "../language/type-change.ts";
import type { Judge } from "./broken.ts";
import { isViolated } from "./check.ts";
import type { Query } from "./query.ts";
import type { Problem } from "./resolution.ts";
import { type Schema, typeName } from "./schema.ts";

/** One row that a query inserts, or what it sets in rows. */
interface Write {
  verb: "insert" | "update";
  table: QualifiedName;
  /** The columns that it names; undefined for an INSERT without a list, which fills the first ones. */
  columns: readonly string[] | undefined;
  /** Their values, where they are written out. */
  values: readonly Node[];
  /** How many columns get a value; undefined when that cannot be told. */
  width: number | undefined;
}

/** Why PostgreSQL refuses what a query writes, whatever its parameters are and whatever the tables hold. */
export const refused: Judge = (query, schema) => {
  const problems: Problem[] = [];
  for (const write of writesOf(query)) {
    const relation = schema.relation(write.table);
    if (typeof relation === "string" || !relation.table) continue;
    const what = refusal(write, relation.table, relation.complete, schema);
    if (what !== undefined) problems.push({ kind: "arity", what });
  }
  return problems;
};

/** An entity inserts all its columns, and none that it does not know. */
function writesOf({ fact, statements }: Query): readonly Write[] {
  if (fact.type === "entity") return [writeOfEntity(fact)];
  return statements().flatMap(writesIn);
}

function writeOfEntity({ table, columns }: EntityFact): Write {
  const names = columns.map(({ name }) => name);
  return { verb: "insert", table, columns: names, values: [], width: names.length };
}

function writesIn(node: Node): Write[] {
  if ("InsertStmt" in node)
    return [...writesInWith(node.InsertStmt.withClause), ...inserted(node.InsertStmt)];
  if ("UpdateStmt" in node) return [...writesInWith(node.UpdateStmt.withClause), updated(node.UpdateStmt)];
  if ("SelectStmt" in node) return writesInWith(node.SelectStmt.withClause);
  if ("DeleteStmt" in node) return writesInWith(node.DeleteStmt.withClause);
  return [];
}

function writesInWith(clause: WithClause | undefined): Write[] {
  return (clause?.ctes ?? []).flatMap((node) =>
    "CommonTableExpr" in node && node.CommonTableExpr.ctequery ? writesIn(node.CommonTableExpr.ctequery) : [],
  );
}

function namesOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => ("ResTarget" in node ? [node.ResTarget.name ?? ""] : []));
}

function inserted({ relation, cols, selectStmt }: InsertStmt): Write[] {
  const select = selectStmt && "SelectStmt" in selectStmt ? selectStmt.SelectStmt : undefined;
  const columns = cols && namesOf(cols);
  const write = { verb: "insert" as const, table: nameOf(relation), columns };
  if (!select) return [{ ...write, columns: [], values: [], width: 0 }];
  if (!select.valuesLists) return [{ ...write, values: [], width: columns?.length }];
  return select.valuesLists.map((list) => {
    const values = "List" in list ? (list.List.items ?? []) : [];
    return { ...write, values, width: values.length };
  });
}

function updated({ relation, targetList = [] }: UpdateStmt): Write {
  const columns = namesOf(targetList);
  const values = targetList.flatMap((node) =>
    "ResTarget" in node && node.ResTarget.val ? [node.ResTarget.val] : [],
  );
  return { verb: "update", table: nameOf(relation), columns, values, width: columns.length };
}

function refusal(write: Write, table: Table, complete: boolean, schema: Schema): string | undefined {
  const all = [...table.columns.values()];
  if (write.columns === undefined && (!complete || write.width === undefined)) return undefined;
  const names = write.columns ?? all.slice(0, write.width).map(({ name }) => name);
  const isDefault = (name: string): boolean => {
    const value = write.values[names.indexOf(name)];
    return value !== undefined && "SetToDefault" in value;
  };
  const isFilled = hasTrigger(table, write.verb);
  for (const column of all) {
    const value = write.values[names.indexOf(column.name)];
    const isWritten = names.includes(column.name) && !isDefault(column.name);
    const isGenerated = column.generated === "stored" || column.generated === "virtual";
    if (isWritten && isGenerated) return `${table.name}.${column.name} is generated`;
    if (isFilled) continue;
    const leftOut = isDefault(column.name) || (write.verb === "insert" && !isWritten);
    if (leftOut && demandsValue(column, complete, schema))
      return `${table.name}.${column.name} is NOT NULL, has no default, and is left out`;
    if (!value || !isWritten) continue;
    if (column.notNull && isNull(value)) return `${table.name}.${column.name} is NOT NULL and is given NULL`;
    const what = literalRefusal(column, value, table);
    if (what !== undefined) return what;
  }
  return undefined;
}

/** Whether a row without the column is refused. */
function demandsValue(column: TableColumn, complete: boolean, schema: Schema): boolean {
  // Of a column that is older than the history, the default is not known.
  if (!complete && !column.added) return false;
  const { notNull, generated, type } = column;
  if (!notNull || column.default !== undefined || generated !== undefined || type === undefined) return false;
  if (isBuiltIn(type) || schema.catalog.enumOf(typeName(type))) return true;
  const domain = schema.catalog.domainOf(typeName(type));
  return domain !== undefined && domain.default === undefined;
}

/** Whether a trigger may change what is written before it is looked at. */
function hasTrigger({ triggers }: Table, verb: Write["verb"]): boolean {
  return triggers.some(
    ({ timing, row, events }) =>
      timing === "before" && row && events.some((event) => event.toLowerCase() === verb),
  );
}

function isNull(value: Node): boolean {
  if ("TypeCast" in value && value.TypeCast.arg) return isNull(value.TypeCast.arg);
  return "A_Const" in value && value.A_Const.isnull === true;
}

/** Why a literal does not fit a column: it is too long, or a CHECK that is about this column alone forbids it. */
function literalRefusal(column: TableColumn, value: Node, table: Table): string | undefined {
  const text = "A_Const" in value ? value.A_Const.sval?.sval : undefined;
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(column.type ?? "") ?? [];
  // Blanks beyond the length are cut off without an error.
  if (text !== undefined && length !== undefined && Array.from(text.trimEnd()).length > Number(length))
    return `'${text}' is longer than ${column.type}`;
  for (const { type, columns, expression, name } of table.constraints) {
    if (type !== "check" || expression === undefined || columns.some((other) => other !== column.name))
      continue;
    if (isViolated(expression, column.name, value))
      return `the value breaks ${name ?? "the constraint"} (${expression})`;
  }
  return undefined;
}
