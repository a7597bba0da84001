import type { QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isBefore, isSameName, operationsAfter, operationsBefore, operationsIn } from "./later.ts";
import { blockingLocks } from "./locks/blocking.ts";
import { shortName } from "./names.ts";
import { isOutOfSight } from "./questions.ts";
import { listed } from "./release.ts";
import { isOfFewRows } from "./row-writes.ts";

/** An ACCESS EXCLUSIVE lock on tables that others use, and the first operation of the transaction that took it. */
export interface HeldLock {
  by: OperationNode;
  tables: QualifiedName[];
}

/** Work of unknown length: a write of unknown many rows, or a query whose rows are kept. */
export type LongWork = OperationNodeOf<"WriteData"> | OperationNodeOf<"CreateView">;

/** The ACCESS EXCLUSIVE locks of a transaction, each by the first operation that asks for it. */
interface TransactionLocks {
  /** The first on tables that others use and that are still there when it is over; `from`: what asks for it there. */
  first: (HeldLock & { from: OperationNode }) | undefined;
  /** By table; one that is renamed stays locked under its new name. */
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
  const { byTable } = locks;
  for (const from of operationsIn(code, direction)) {
    // What stands in a DO block under a condition may not run.
    if (from.transaction !== transaction || from.condition === "maybe") continue;
    const catalog = code.catalogBefore(from);
    const tables = exclusivelyLocked(from, catalog);
    for (const table of tables) {
      const name = tableKey(table);
      if (!byTable.has(name)) byTable.set(name, from);
    }
    if (from.type === "RenameTable") {
      const taken = byTable.get(tableKey(from.table));
      if (taken) byTable.set(tableKey({ ...from.table, name: from.to }), taken);
    }
    if (locks.first || isLeaving(from)) continue;
    const used = tables.filter((table) => !isOutOfSight(catalog.table(table), from));
    const [by] = used
      .flatMap((table) => byTable.get(tableKey(table)) ?? [])
      .sort((one, other) => one.index - other.index);
    if (by) locks.first = { from, by, tables: used };
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
  return first && first.from.statement !== operation.statement && isBefore(code, first.from, operation)
    ? first
    : undefined;
}

/** Whether LOCK TABLE took the lock, and nothing between it and an operation of its transaction needs such a one. */
export function isLockedOnPurpose(code: SqlSourceCode, lock: HeldLock, operation: OperationNode): boolean {
  if (!("LockStmt" in lock.by.raw)) return false;
  return !operationsBefore(code, operation).some(
    (other) =>
      other.transaction === operation.transaction &&
      other.statement !== operation.statement &&
      !("LockStmt" in other.raw) &&
      exclusiveLocksOf(code, other).length > 0,
  );
}

/** The first operation behind another one of its transaction that asks for the same lock itself. */
export function exclusiveLockAfter(
  code: SqlSourceCode,
  { tables }: HeldLock,
  operation: OperationNode,
): OperationNode | undefined {
  return operationsAfter(code, operation).find(
    (other) =>
      other.transaction === operation.transaction &&
      exclusiveLocksOf(code, other).some((table) => tables.some((name) => isSameName(name, table))),
  );
}

/** The first operation whose ACCESS EXCLUSIVE lock on a table is held while this one runs. */
function exclusiveLockOn(
  code: SqlSourceCode,
  operation: OperationNode,
  table: QualifiedName,
): OperationNode | undefined {
  if (typeof operation.transaction === "number") {
    const by = locksWith(code, operation).byTable.get(tableKey(table));
    if (by && isBefore(code, by, operation)) return by;
  }
  // An ALTER TABLE takes the strongest lock that one of its commands needs before the first of them runs.
  if (!operation.altered) return undefined;
  return operation.parent.operations.find(
    (other) =>
      other !== operation &&
      other.altered === operation.altered &&
      exclusivelyLocked(other, code.catalogBefore(other)).some(
        (locked) => tableKey(locked) === tableKey(table),
      ),
  );
}

/**
 * Of reads of an operation's tables, which wait as well as writes where the transaction holds a stronger lock than
 * the operation needs: a sentence to begin with, and the space behind it; else nothing.
 */
export function waitingReads(
  code: SqlSourceCode,
  operation: OperationNode,
  tables: readonly QualifiedName[],
): string {
  const held = tables.flatMap((table) => {
    const by = exclusiveLockOn(code, operation, table);
    return by ? [{ table: shortName(table), by }] : [];
  });
  const isBeside = ({ by }: { by: OperationNode }): boolean =>
    operation.altered !== undefined && by.altered === operation.altered;
  const beside = held.filter(isBeside).map(({ table }) => table);
  const before = held.filter((lock) => !isBeside(lock));
  const on = listed(before.map(({ table }) => table));
  const lines = [...new Set(before.map(({ by }) => String(by.loc.start.line)))];
  return [
    before.length > 0
      ? `Every query on ${on} waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from ${lines.length > 1 ? "lines" : "line"} ${listed(lines)} on. `
      : "",
    beside.length > 0
      ? `Every query on ${listed(beside)} waits, reads included, for the ACCESS EXCLUSIVE lock that the other commands of this ALTER TABLE need. `
      : "",
  ].join("");
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
