import type { QualifiedName } from "@yantra-lint/core";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { operationsBefore } from "./later.ts";
import { blockingLocks } from "./locks/blocking.ts";
import { isOutOfSight } from "./questions.ts";
import { isOfFewRows } from "./row-writes.ts";

/** An ACCESS EXCLUSIVE lock on tables that others use, and the operation that took it. */
export interface HeldLock {
  by: OperationNode;
  tables: QualifiedName[];
}

/** Work of unknown length: a write of unknown many rows, or a query whose rows are kept. */
export type LongWork = OperationNodeOf<"WriteData"> | OperationNodeOf<"CreateView">;

/**
 * The first ACCESS EXCLUSIVE lock that an earlier statement of the operation's transaction holds on a table that
 * others use, and still will find when it is over: what is dropped or renamed has rules of its own.
 */
export function exclusiveLockBefore(code: SqlSourceCode, operation: OperationNode): HeldLock | undefined {
  const { transaction, statement } = operation;
  if (typeof transaction !== "number") return undefined;
  for (const by of operationsBefore(code, operation)) {
    if (by.transaction !== transaction || by.statement === statement || isLeaving(by)) continue;
    const tables = exclusiveLocksOf(code, by);
    if (tables.length > 0) return { by, tables };
  }
  return undefined;
}

/** The tables that others use and that an operation asks for an ACCESS EXCLUSIVE lock on. */
export function exclusiveLocksOf(code: SqlSourceCode, operation: OperationNode): QualifiedName[] {
  const catalog = code.catalogBefore(operation);
  return blockingLocks(operation, catalog)
    .filter(
      ({ mode, table }) => mode === "ACCESS EXCLUSIVE" && !isOutOfSight(catalog.table(table), operation),
    )
    .map(({ table }) => table);
}

function isLeaving({ type }: OperationNode): boolean {
  return type === "DropTable" || type === "RenameTable" || type === "SetSchema" || type === "DropIndex";
}

/** Whether an operation may take long, because it writes or keeps rows of which nobody knows how many there are. */
export function isLongWork(code: SqlSourceCode, operation: OperationNode): operation is LongWork {
  if (operation.type === "CreateView") return operation.materialized && isFilled(operation);
  if (operation.type !== "WriteData" || operation.rows === "few" || operation.verb === "truncate")
    return false;
  const { verb, reads } = operation;
  if (verb === "insert") return reads !== undefined;
  if (verb === "copy") return true;
  // The system's own tables are as large as the schema.
  if (operation.table.name.startsWith("pg_") && (operation.table.schema ?? "pg_catalog") === "pg_catalog")
    return false;
  const catalog = code.catalogBefore(operation);
  return !isOutOfSight(catalog.table(operation.table), operation) && !isOfFewRows(operation, catalog);
}

function isFilled({ raw }: OperationNodeOf<"CreateView">): boolean {
  return !("CreateTableAsStmt" in raw && raw.CreateTableAsStmt.into?.skipData === true);
}
