import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import type { OperationNode, ReadStatementNode } from "../language/ast.ts";
import type { Question, Row } from "./row.ts";
import { ROWS } from "./rows.ts";
import { tableIn } from "./schema.ts";
import { tablesInRole } from "./tables.ts";
import { type Effects, isAtLeast, type Role, type Server, type TableLock, type TableWork } from "./types.ts";

/** The server that the model assumes where nobody says otherwise: the newest, whose time zone is not known. */
export const DEFAULT_SERVER: Server = { version: 18 };

const NOTHING: Effects = { locks: [], work: [], rows: [] };

/**
 * What an operation locks, reads and rewrites on a server, given the catalog before it. The model's rows (rows.ts)
 * say it; each is measured on PostgreSQL 18 (`model.test.ts`) or names the document it is taken from.
 */
function effectsOf(operation: OperationNode, catalog: Catalog, server: Server = DEFAULT_SERVER): Effects {
  const rows = rowsOf(operation);
  if (!rows) return { ...NOTHING, unknown: "a statement that the model has no row for" };
  const question = { operation, catalog, server };
  const found: Effects[] = [];
  for (const row of rows) {
    const answer = row.applies(question);
    if (answer === false) continue;
    const { unknown } = row.definition;
    found.push({
      locks: locksOfRow(row, question, answer === true),
      // A partitioned table has no rows of its own.
      work: row.work.flatMap(([role, kind]) =>
        tablesOfRole(role, question, answer === true)
          .filter(({ table }) => tableIn(catalog, table)?.partitioned !== true)
          .map((place) => ({ ...place, kind })),
      ),
      rows: [row.id],
      ...(unknown !== undefined ? { unknown } : {}),
    });
  }
  return together(found);
}

/** The locks alone that an operation asks for: the strongest on each table. */
export function locksOf(
  operation: OperationNode,
  catalog: Catalog,
  server: Server = DEFAULT_SERVER,
): TableLock[] {
  const question = { operation, catalog, server };
  const locks = (rowsOf(operation) ?? []).flatMap((row) => {
    const answer = row.locks.length > 0 && row.applies(question);
    return answer === false ? [] : locksOfRow(row, question, answer === true);
  });
  return locks.length < 2 ? locks : strongest(locks);
}

function rowsOf(operation: OperationNode): readonly Row[] | undefined {
  return ROWS.get(operation.type === "Other" ? operation.tag : operation.type);
}

function locksOfRow({ locks }: Row, question: Question, certain: boolean): TableLock[] {
  return locks.flatMap(([role, mode]) =>
    tablesOfRole(role, question, certain).map((place) => ({ ...place, mode })),
  );
}

function tablesOfRole(
  role: Role,
  { operation, catalog }: Question,
  applies: boolean,
): { table: QualifiedName; role: Role; certain: boolean }[] {
  return tablesInRole(role, operation, catalog)
    .filter(({ table }) => !isNew(table, operation))
    .map(({ table, certain }) => ({ table, role, certain: certain && applies }));
}

/** CREATE TABLE … AS makes the table that it fills: nobody else can wait for it. */
function isNew(table: QualifiedName, operation: OperationNode): boolean {
  if (operation.type !== "WriteData") return false;
  return operation.parent.operations.some(
    (other) => other.type === "CreateTable" && displayName(other.table) === displayName(table),
  );
}

/**
 * What a statement does as a whole. An operation inside a DO block that stands under a condition, or in a loop, may
 * not run at all: nothing of it is certain.
 */
export function effectsOfStatement(
  { operations }: ReadStatementNode,
  catalogBefore: (operation: OperationNode) => Catalog,
  server: Server = DEFAULT_SERVER,
): Effects {
  return together(
    operations.map((operation) => {
      const effects = effectsOf(operation, catalogBefore(operation), server);
      if (!("DoStmt" in operation.parent.raw) || operation.condition === undefined) return effects;
      return {
        ...effects,
        locks: effects.locks.map((lock) => ({ ...lock, certain: false })),
        work: effects.work.map((work) => ({ ...work, certain: false })),
      };
    }),
  );
}

/**
 * Effects of several operations of one statement as one. Of several locks on a table the strongest stands; a table
 * that is rewritten is neither read nor indexed besides.
 */
function together(all: readonly Effects[]): Effects {
  const work = new Map<string, TableWork>();
  for (const item of all.flatMap((effects) => effects.work)) {
    const key = `${item.kind} ${displayName(item.table)} ${item.index ?? ""}`;
    if (work.get(key)?.certain !== true) work.set(key, item);
  }
  const rewritten = new Set(
    [...work.values()].flatMap(({ kind, table, certain }) =>
      kind === "rewrite" && certain ? [displayName(table)] : [],
    ),
  );
  const unknown = all.find((effects) => effects.unknown !== undefined)?.unknown;
  return {
    locks: strongest(all.flatMap((effects) => effects.locks)),
    work: [...work.values()].filter(
      ({ kind, table }) => kind === "rewrite" || !rewritten.has(displayName(table)),
    ),
    rows: [...new Set(all.flatMap((effects) => effects.rows))],
    ...(unknown !== undefined ? { unknown } : {}),
  };
}

/** Of several locks on a table the strongest, and beside it a stronger one that is not certain. */
function strongest(all: readonly TableLock[]): TableLock[] {
  const locks = new Map<string, TableLock>();
  for (const lock of all) {
    const key = `${displayName(lock.table)} ${lock.certain ? "" : "?"}`;
    const known = locks.get(key);
    if (!known || isStronger(lock, known)) locks.set(key, lock);
  }
  const unsure = [...locks.values()].filter(({ certain }) => !certain);
  for (const lock of unsure) {
    const sure = locks.get(`${displayName(lock.table)} `);
    if (sure && isAtLeast(sure.mode, lock.mode)) locks.delete(`${displayName(lock.table)} ?`);
  }
  return [...locks.values()];
}

function isStronger(lock: TableLock, other: TableLock): boolean {
  return lock.mode !== other.mode && isAtLeast(lock.mode, other.mode);
}
