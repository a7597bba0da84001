import type { ColumnDefinition } from "@yantra-lint/core";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { lowerCaseWords } from "./language/lower.ts";
import { isSerial } from "./language/types.ts";
import { areAtOnce, isSameName, operationsAfter, operationsBefore, operationsWith } from "./later.ts";
import { madeHere, madeInThisFile, tableOf } from "./questions.ts";

/** Whether an INSERT that does not name the column is refused. */
export function demandsValue(column: ColumnDefinition): boolean {
  return column.notNull && column.default === undefined && fillsNothing(column);
}

function fillsNothing({ type, generated }: ColumnDefinition): boolean {
  return generated === undefined && !isSerial(type);
}

/**
 * Whether SET NOT NULL or DROP DEFAULT makes the running release's INSERTs fail: the same file has added the column
 * to a table that was there before, so that no release that runs names it, and nothing fills it from here on.
 */
export function shutsOutInserts(
  code: SqlSourceCode,
  operation: OperationNodeOf<"SetNotNull"> | OperationNodeOf<"DropDefault">,
): boolean {
  const table = tableOf(code.catalogBefore(operation).table(operation.table));
  const column = table?.columns.get(operation.column);
  if (!table || !column || table.temporary || madeHere(table.created) || !madeInThisFile(column.added))
    return false;
  if (operation.type === "SetNotNull" ? column.default !== undefined : !column.notNull) return false;
  const added = operationsBefore(code, operation).find(
    (other) => other.type === "AddColumn" && concerns(other, operation),
  );
  if (added?.type !== "AddColumn" || !fillsNothing(added.column)) return false;
  if (isMadeAnew(code, added) || isFilledByFunction(code, operation)) return false;
  return !operationsAfter(code, operation).some(
    (other) =>
      (other.type === "SetDefault" || other.type === "DropNotNull" || other.type === "DropColumn") &&
      concerns(other, operation),
  );
}

/** Whether the same transaction has deleted all rows of the table before, and put none into it since. */
export function isEmptied(code: SqlSourceCode, added: OperationNodeOf<"AddColumn">): boolean {
  const last = operationsBefore(code, added).findLast(
    (other) => other.type === "WriteData" && other.verb !== "update" && isSameName(other.table, added.table),
  );
  if (last?.type !== "WriteData" || !areAtOnce(last, added)) return false;
  return last.verb === "truncate" || (last.verb === "delete" && last.reads === undefined);
}

/** Whether the file has dropped or renamed a column of that name before: then the running release names it. */
export function isMadeAnew(code: SqlSourceCode, added: OperationNodeOf<"AddColumn">): boolean {
  return operationsBefore(code, added).some(
    (other) => (other.type === "DropColumn" || other.type === "RenameColumn") && concerns(other, added),
  );
}

/** Whether the file makes a function that names the column: a trigger that fills it, as far as can be told. */
function isFilledByFunction(code: SqlSourceCode, operation: OfColumn): boolean {
  const name = nameOfColumn(operation).toLowerCase();
  return operationsWith(code, operation).some(
    ({ raw, range }) =>
      "CreateFunctionStmt" in raw && lowerCaseWords(code.text.slice(...range)).includes(name),
  );
}

type OfColumn = Extract<OperationNode, { column: string | ColumnDefinition }>;

/** Whether two operations are about the same column of the same table. */
function concerns(one: OfColumn, other: OfColumn): boolean {
  return nameOfColumn(one) === nameOfColumn(other) && isSameName(one.table, other.table);
}

function nameOfColumn({ column }: OfColumn): string {
  return typeof column === "string" ? column : column.name;
}
