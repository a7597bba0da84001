import type { ConstraintDefinition } from "@yantra-lint/core";
import type { OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { areAtOnce, isSameName, operationsBefore } from "./later.ts";
import { isImplied } from "./queries/implied.ts";
import { madeHere, tableOf } from "./questions.ts";

/** An expression on one line, cut where it is long. */
export function inShort(expression: string): string {
  const line = expression.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** ADD COLUMN IF NOT EXISTS of a column that is known to be there. */
export function isThere(code: SqlSourceCode, operation: OperationNodeOf<"AddColumn">): boolean {
  const table = tableOf(code.catalogBefore(operation).table(operation.table));
  return operation.ifNotExists && table?.columns.has(operation.column.name) === true;
}

/** A foreign key of one column that the same file has just added without a value: REFERENCES there reads nothing. */
export function isOfNewColumn(code: SqlSourceCode, operation: OperationNodeOf<"AddConstraint">): boolean {
  const [column = "", ...others] = operation.constraint.columns;
  const known = tableOf(code.catalogBefore(operation).table(operation.table))?.columns.get(column);
  if (others.length > 0 || !madeHere(known?.added) || known?.default !== undefined) return false;
  return !operationsBefore(code, operation).some(
    (earlier) => earlier.type === "WriteData" && isSameName(earlier.table, operation.table),
  );
}

/**
 * Whether all rows pass a CHECK for certain, by what was demanded of them before this file: by the check that it
 * replaces, say. It is read all the same when it is added.
 */
export function holdsAlready(code: SqlSourceCode, operation: OperationNodeOf<"AddConstraint">): boolean {
  const { table, constraint } = operation;
  const before = operationsBefore(code, operation).filter(
    (earlier) => "table" in earlier && isSameName(earlier.table, table),
  );
  const drop = before.findIndex(({ type }) => type === "DropConstraint");
  const since = drop === -1 ? [] : before.slice(drop);
  const answer = code.catalogBefore(since[0] ?? operation).table(table);
  if (answer.state !== "known" || constraint.expression === undefined) return false;
  if (since.some(({ type }) => type !== "DropConstraint" && type !== "AddConstraint")) return false;
  const held = answer.table.constraints.filter(({ validated, enforced }) => validated && enforced !== false);
  return isImplied(constraint.expression, { ...answer.table, constraints: held });
}

/** Whether the columns are NOT NULL already, so that nothing is left to check. */
export function isProven(code: SqlSourceCode, operation: OperationNodeOf<"AddConstraint">): boolean {
  const columns = tableOf(code.catalogBefore(operation).table(operation.table))?.columns;
  return operation.constraint.columns.every((name) => columns?.get(name)?.notNull === true);
}

/**
 * The columns of a unique index that PRIMARY KEY USING INDEX has to look through, as far as the catalog knows them:
 * they may hold NULL, and no valid CHECK proves that they do not (measured on 18.6).
 */
export function nullableOf(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AddConstraint">,
  index: string,
): string[] {
  const [first = operation] = operation.parent.operations;
  const table = tableOf(code.catalogBefore(first).table(operation.table));
  const columns = table?.indexes.find(({ name }) => name === index)?.columns ?? [];
  const proven = (table?.constraints ?? []).flatMap(({ validated, provesNotNull }) =>
    validated ? provesNotNull : [],
  );
  return columns.filter((name) => {
    const column = table?.columns.get(name);
    return column?.notNull === false && column.added !== undefined && !proven.includes(name);
  });
}

/** The constraint, when the transaction that validates it has added it, and so holds the lock for that. */
export function addedAtOnce(
  code: SqlSourceCode,
  operation: OperationNodeOf<"ValidateConstraint">,
): ConstraintDefinition | undefined {
  const added = operationsBefore(code, operation).findLast(
    (earlier) =>
      earlier.type === "AddConstraint" &&
      earlier.constraint.name === operation.constraint &&
      isSameName(earlier.table, operation.table),
  );
  if (added?.type !== "AddConstraint") return undefined;
  const known = added.statement === operation.statement || operation.transaction !== "unknown";
  return known && areAtOnce(added, operation) ? added.constraint : undefined;
}
