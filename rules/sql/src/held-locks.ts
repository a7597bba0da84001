import type { QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isBefore, operationsIn } from "./later.ts";
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

/** The ACCESS EXCLUSIVE locks of a transaction, each by the first operation that asks for it. */
interface TransactionLocks {
  /** The first on tables that others use and that are still there when it is over. */
  first: HeldLock | undefined;
  /** By table. */
  byTable: Map<string, OperationNode>;
}

/** Rules ask at each operation, and a transaction may have thousands. */
const TRANSACTIONS = new WeakMap<SqlSourceCode, Map<string, TransactionLocks>>();

function locksWith(code: SqlSourceCode, { direction, transaction }: OperationNode): TransactionLocks {
  const transactions = TRANSACTIONS.get(code) ?? new Map<string, TransactionLocks>();
  TRANSACTIONS.set(code, transactions);
  const key = `${direction} ${String(transaction)}`;
  const known = transactions.get(key);
  if (known) return known;
  const locks: TransactionLocks = { first: undefined, byTable: new Map() };
  transactions.set(key, locks);
  for (const by of operationsIn(code, direction)) {
    if (by.transaction !== transaction) continue;
    const catalog = code.catalogBefore(by);
    const tables = exclusivelyLocked(by, catalog);
    for (const table of tables) {
      const name = tableKey(table);
      if (!locks.byTable.has(name)) locks.byTable.set(name, by);
    }
    if (locks.first || isLeaving(by)) continue;
    const used = tables.filter((table) => !isOutOfSight(catalog.table(table), by));
    if (used.length > 0) locks.first = { by, tables: used };
  }
  return locks;
}

function tableKey({ schema = "public", name }: QualifiedName): string {
  return `${schema}.${name}`;
}

function exclusivelyLocked(operation: OperationNode, catalog: Catalog): QualifiedName[] {
  return blockingLocks(operation, catalog).flatMap(({ mode, table }) =>
    mode === "ACCESS EXCLUSIVE" ? [table] : [],
  );
}

/**
 * The first ACCESS EXCLUSIVE lock that an earlier statement of the operation's transaction holds on a table that
 * others use, and still will find when it is over: what is dropped or renamed has rules of its own.
 */
export function exclusiveLockBefore(code: SqlSourceCode, operation: OperationNode): HeldLock | undefined {
  if (typeof operation.transaction !== "number") return undefined;
  const { first } = locksWith(code, operation);
  return first && first.by.statement !== operation.statement && isBefore(code, first.by, operation)
    ? first
    : undefined;
}

/** The operation before this one whose ACCESS EXCLUSIVE lock on a table its transaction still holds. */
export function exclusiveLockOn(
  code: SqlSourceCode,
  operation: OperationNode,
  table: QualifiedName,
): OperationNode | undefined {
  if (typeof operation.transaction !== "number") return undefined;
  const by = locksWith(code, operation).byTable.get(tableKey(table));
  return by && isBefore(code, by, operation) ? by : undefined;
}

/** The tables that others use and that an operation asks for an ACCESS EXCLUSIVE lock on. */
export function exclusiveLocksOf(code: SqlSourceCode, operation: OperationNode): QualifiedName[] {
  const catalog = code.catalogBefore(operation);
  return exclusivelyLocked(operation, catalog).filter(
    (table) => !isOutOfSight(catalog.table(table), operation),
  );
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
