import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isBefore, isSameName, operationsAfter, operationsBefore } from "./later.ts";
import { tableOf } from "./questions.ts";

type Write = OperationNodeOf<"WriteData">;

/**
 * How a statement depends on rows that an earlier one of its file writes. `needs`: PostgreSQL refuses it while rows
 * are as they were before; `takes`: it drops what they are read from; `renames`: what the write names has another
 * name then.
 */
interface Dependent {
  operation: OperationNode;
  how: "needs" | "takes" | "renames";
}

/** The operations of a file that must not run before the writes have, in order; of writes themselves none. */
export function dependentsOn(code: SqlSourceCode, writes: readonly Write[]): Dependent[] {
  const [first] = writes;
  if (!first) return [];
  return operationsAfter(code, first).flatMap((operation) => {
    if (operation.type === "WriteData") return [];
    const [how] = writes.flatMap((write) =>
      isBefore(code, write, operation) ? (howItDepends(code, operation, write) ?? []) : [],
    );
    return how ? [{ operation, how }] : [];
  });
}

function howItDepends(code: SqlSourceCode, later: OperationNode, write: Write): Dependent["how"] | undefined {
  const { table, sets = [], reads = [] } = write;
  if (!("table" in later)) return undefined;
  const isSame = isSameName(later.table, table);
  const isRead = reads.includes(later.table.name);
  switch (later.type) {
    case "DropTable":
      if (!isRead || isSame) return undefined;
      // One that lives in this session only goes where the rows go anyway.
      return tableOf(code.catalogBefore(later).table(later.table))?.temporary ? undefined : "takes";
    case "DropColumn":
      return reads.includes(later.column) && (isSame || isRead) ? "takes" : undefined;
    case "RenameTable":
      return isSame || isRead ? "renames" : undefined;
    case "RenameColumn": {
      const isNamed = reads.includes(later.column) || sets.some(({ column }) => column === later.column);
      return isNamed && (isSame || isRead) ? "renames" : undefined;
    }
    default:
      return needsRows(code, later, write) ? "needs" : undefined;
  }
}

/** Whether PostgreSQL refuses an operation while the rows are as they were before the write. */
function needsRows(code: SqlSourceCode, later: OperationNode, write: Write): boolean {
  const { table, verb, sets = [] } = write;
  const isWritten = (columns: readonly string[]): boolean =>
    verb === "delete" || (verb !== "insert" && sets.some(({ column }) => columns.includes(column)));
  switch (later.type) {
    case "SetNotNull":
      return (
        isSameName(later.table, table) &&
        isWritten([later.column]) &&
        newColumn(code, write, later.column) !== "full"
      );
    case "AlterColumnType":
      return isSameName(later.table, table) && verb === "update" && isWritten([later.column]);
    case "AddConstraint": {
      const { constraint } = later;
      if (!constraint.validated) return false;
      const { references } = constraint;
      if (!isSameName(later.table, table)) {
        // The rows that a foreign key points to.
        if (verb !== "insert" || !references || !isSameName(references.table, table)) return false;
        return !constraint.columns.some((column) => newColumn(code, later, column) === "empty");
      }
      return isWritten(constraint.columns) && !isTrueOfNull(code, later, write);
    }
    case "CreateIndex":
      return (
        isSameName(later.table, table) &&
        later.unique &&
        isWritten([...later.columns, ...(later.uses ?? [])]) &&
        (isNullsNotDistinct(later.raw) || !later.columns.some((column) => isEmpty(code, write, column)))
      );
    default:
      return false;
  }
}

/** What in a CHECK may be false of a row without a value; of most conditions NULL makes it neither, and it passes. */
const OF_NULL = /\bnull\b|\bisnull\b|\bnotnull\b|\bnum_(?:non)?nulls\b|\bcoalesce\b|\bdistinct\b/i;

/** Whether a constraint passes while a new column of it has no values: measured in needed-rows.test.ts. */
function isTrueOfNull(
  code: SqlSourceCode,
  { constraint, raw }: OperationNodeOf<"AddConstraint">,
  write: Write,
): boolean {
  if (!constraint.columns.some((column) => isEmpty(code, write, column))) return false;
  switch (constraint.type) {
    case "foreignKey":
    case "exclude":
      return true;
    case "unique":
      return !isNullsNotDistinct(raw);
    case "check":
      return !OF_NULL.test(constraint.expression ?? "null");
    default:
      return false;
  }
}

/** Of a unique index, or of the command that adds a constraint. */
function isNullsNotDistinct(raw: Node): boolean {
  if ("IndexStmt" in raw) return raw.IndexStmt.nulls_not_distinct === true;
  const definition = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return definition && "Constraint" in definition ? definition.Constraint.nulls_not_distinct === true : false;
}

/** Whether the write is what first gives a column values. */
function isEmpty(code: SqlSourceCode, write: Write, column: string): boolean {
  return write.verb === "update" && newColumn(code, write, column) === "empty";
}

/** What a column that the file adds before an operation holds then: nothing, or a default. */
function newColumn(
  code: SqlSourceCode,
  operation: OperationNodeOf<"WriteData"> | OperationNodeOf<"AddConstraint">,
  column: string,
): "empty" | "full" | undefined {
  const added = operationsBefore(code, operation).findLast(
    (earlier): earlier is OperationNodeOf<"AddColumn"> =>
      earlier.type === "AddColumn" &&
      earlier.column.name === column &&
      isSameName(earlier.table, operation.table),
  );
  if (!added) return undefined;
  const { default: value, generated } = added.column;
  return (value === undefined || /^null\b/i.test(value)) && generated === undefined ? "empty" : "full";
}

/** How many statements there are beside the first. */
function othersIn(operations: readonly OperationNode[]): string {
  const more = new Set(operations.map(({ statement }) => statement)).size - 1;
  if (more === 0) return "";
  return more === 1 ? " and one more such statement" : ` and ${String(more)} more such statements`;
}

/** A statement as a message names it: `SET NOT NULL`, `DROP TABLE tokens`. */
function inShort(operation: OperationNode): string {
  switch (operation.type) {
    case "SetNotNull":
      return "SET NOT NULL";
    case "AlterColumnType":
      return `ALTER COLUMN ${quotedName(operation.column)} TYPE`;
    case "AddConstraint":
      return "ADD CONSTRAINT";
    case "CreateIndex":
      return operation.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
    case "DropTable":
      return `DROP TABLE ${displayName(operation.table)}`;
    case "DropColumn":
      return `DROP COLUMN ${quotedName(operation.column)}`;
    case "AddColumn":
      return `ADD COLUMN ${quotedName(operation.column.name)}`;
    case "CreateView":
      return `CREATE VIEW ${displayName(operation.name)}`;
    case "WriteData":
      return operation.verb.toUpperCase();
    case "RenameTable":
      return `RENAME TO ${quotedName(operation.to)}`;
    case "RenameColumn":
      return `RENAME COLUMN ${quotedName(operation.column)}`;
    default:
      return "the statement";
  }
}

const WHY: Record<Dependent["how"], string> = {
  needs: "which needs them",
  takes: "from which they are read",
  renames: "which renames what they are read from or written to",
};

/**
 * What has to go behind rows that move into a migration of their own, as the end of a sentence about them: the first
 * statement by its line, and how many more there are; empty when there is none.
 */
export function whatGoesBehind(code: SqlSourceCode, writes: readonly Write[]): string {
  const dependents = dependentsOn(code, writes);
  const [first] = dependents;
  if (!first) return "";
  const { operation, how } = first;
  const line = String(operation.loc.start.line);
  const others = othersIn(dependents.map((dependent) => dependent.operation));
  return `, and move ${inShort(operation)} in line ${line}, ${WHY[how]},${others} into a migration behind that`;
}

/**
 * What has to go along with a table or materialized view that is made of rows, when its making moves, as the end of a
 * sentence; empty when nothing in the file uses it.
 */
export function whatGoesAlong(code: SqlSourceCode, making: OperationNode, name: QualifiedName): string {
  const reads = making.type === "WriteData" ? (making.reads ?? []) : [];
  const users = operationsAfter(code, making).filter(
    (later) =>
      (later.type === "DropTable" && reads.includes(later.table.name)) ||
      ("table" in later && isSameName(later.table, name)) ||
      (later.type === "CreateView" && readsFrom(later, name)) ||
      (later.type === "WriteData" && later.reads?.includes(name.name)),
  );
  const [first] = users;
  if (!first) return "";
  const isOfIt = !(first.type === "DropTable" && !isSameName(first.table, name));
  const why = isOfIt ? "which needs it" : "from which it is made";
  const others = othersIn(users);
  const line = String(first.loc.start.line);
  return `, and take ${inShort(first)} in line ${line} along, ${why}${others === "" ? "" : `,${others}`}`;
}

function readsFrom({ query }: OperationNodeOf<"CreateView">, name: QualifiedName): boolean {
  return query?.from.some(({ table }) => table !== undefined && isSameName(table, name)) ?? false;
}

/**
 * The first trigger that the file makes behind a write and that fires on its rows once they come later; undefined
 * when there is none.
 */
export function triggerBehind(
  code: SqlSourceCode,
  writes: readonly Write[],
): { name: string; line: number } | undefined {
  const [first] = writes;
  if (!first) return undefined;
  for (const operation of operationsAfter(code, first)) {
    if (operation.type !== "Other") continue;
    for (const change of operation.changes ?? []) {
      if (change.action !== "createTrigger" || change.timing === "insteadOf") continue;
      const fires = writes.some(
        ({ table, verb, sets = [] }) =>
          isSameName(change.table, table) &&
          change.events.includes(verb === "copy" ? "insert" : verb) &&
          (verb !== "update" ||
            change.columns.length === 0 ||
            sets.some(({ column }) => change.columns.includes(column))),
      );
      if (fires) return { name: change.name, line: operation.loc.start.line };
    }
  }
  return undefined;
}
