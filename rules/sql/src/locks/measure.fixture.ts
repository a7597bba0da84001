import type { PGlite, Transaction } from "@electric-sql/pglite";
import { LOCK_MODES, type LockMode } from "./types.ts";

/** What a statement did to the relations that were there before it, as PostgreSQL tells it. */
export interface Measured {
  /** The strongest lock held at its end, by table, without ACCESS SHARE. */
  locks: Readonly<Record<string, LockMode>>;
  /** Tables that have new storage with all their rows in it. */
  rewrites: readonly string[];
  /** Tables that were read in full to check something. */
  scans: readonly string[];
  /** Indexes that were built, by table. */
  builds: readonly { table: string; index: string }[];
}

type Database = Pick<PGlite | Transaction, "exec" | "query">;

interface Relation {
  oid: number;
  name: string;
  storage: number;
  /** A partitioned table has no rows of its own. */
  partitioned: boolean;
  /** How often the transaction has begun to read it or one of its indexes. */
  reads: number;
}

/**
 * The relations that the model speaks of: tables, partitioned tables, views and materialized views. Names are
 * written as messages write them, without `public`.
 */
async function relations(database: Database): Promise<Map<number, Relation>> {
  const { rows } = await database.query<Relation>(
    `SELECT c.oid::int, relfilenode::int AS storage,
            CASE WHEN nspname = 'public' OR nspname LIKE 'pg\\_temp%' THEN relname
                 ELSE nspname || '.' || relname END AS name,
            relkind = 'p' AS partitioned, pg_stat_get_xact_numscans(c.oid)::int AS reads
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  return new Map(rows.map((row) => [row.oid, row]));
}

const WORK =
  /^(verifying table|validating foreign key constraint|rewriting table|building index) "(.+?)"(?: on table "(.+)" serially)?/;

/**
 * Runs a statement in the transaction that is open, and tells what it did. The locks are all that the transaction
 * holds. Throws what PostgreSQL throws.
 */
export async function measure(database: Database, statement: string): Promise<Measured> {
  const before = await relations(database);
  const logged = await logOf(database, statement);
  const after = await relations(database);
  const replaced = [...after.values()].filter(({ oid, storage }) => {
    const old = before.get(oid);
    return old !== undefined && old.storage !== storage && storage !== 0;
  });
  const { scans, builds, keys } = workOf(logged);
  // These read tables without a word in the log.
  const silent = /\bPARTITION\s+OF\b|^\s*ALTER\s+DOMAIN\b/i.test(statement)
    ? [...after.values()].filter(({ oid, reads }) => reads > (before.get(oid)?.reads ?? reads))
    : [];
  // A message names a table without its schema.
  const names = new Map([...before.values()].map(({ name }) => [name.split(".").at(-1) ?? name, name]));
  const known = (name: string): string[] => [names.get(name) ?? []].flat();
  return {
    locks: await heldLocks(database, before),
    rewrites: unique(replaced.map(({ oid, name }) => before.get(oid)?.name ?? name)),
    scans: unique([
      ...silent.map(({ name }) => name),
      ...scans.flatMap(known),
      ...(await tablesOfKeys(database, keys, before)),
    ]),
    builds: builds.flatMap(({ table, index }) => known(table).map((name) => ({ table: name, index }))),
  };
}

/** What the log tells of tables that are read; `keys`: names of the foreign keys that are checked. */
export function workOf(
  logged: readonly string[],
): Pick<Measured, "scans" | "builds"> & { keys: readonly string[] } {
  const work = logged.flatMap((line) => {
    const [, verb = "", name = "", table = ""] = WORK.exec(line) ?? [];
    return verb === "" ? [] : [{ verb, name, table }];
  });
  return {
    scans: work.filter(({ verb }) => verb.startsWith("verifying")).map(({ name }) => name),
    keys: work.filter(({ verb }) => verb.startsWith("validating")).map(({ name }) => name),
    builds: work
      .filter(({ verb, table }) => verb.startsWith("building") && !table.startsWith("pg_toast"))
      .map(({ name, table }) => ({ table, index: name })),
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** What the server logs at debug1 while a statement runs. */
export async function logOf(database: Database, statement: string): Promise<string[]> {
  const logged: string[] = [];
  await database.exec("SET client_min_messages = debug1");
  await database.exec(statement, { onNotice: ({ message }) => logged.push(message ?? "") });
  return logged;
}

async function heldLocks(
  database: Database,
  before: ReadonlyMap<number, Relation>,
): Promise<Record<string, LockMode>> {
  const { rows } = await database.query<{ oid: number; mode: string }>(
    "SELECT relation::int AS oid, mode FROM pg_locks WHERE locktype = 'relation' AND granted",
  );
  const strongest: Record<string, LockMode> = {};
  for (const [oid, { name }] of before) {
    const held = rows.filter((row) => row.oid === oid).map(({ mode }) => asWritten(mode));
    const mode = LOCK_MODES.findLast((known) => held.includes(known));
    if (mode !== undefined && mode !== "ACCESS SHARE") strongest[name] = mode;
  }
  return strongest;
}

async function tablesOfKeys(
  database: Database,
  keys: readonly string[],
  before: ReadonlyMap<number, Relation>,
): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await database.query<{ oid: number }>(
    "SELECT conrelid::int AS oid FROM pg_constraint WHERE contype = 'f' AND conname = ANY ($1)",
    [keys],
  );
  return rows.flatMap(({ oid }) => {
    const relation = before.get(oid);
    return relation && !relation.partitioned ? [relation.name] : [];
  });
}

/** `ShareRowExclusiveLock` as the manual writes it. */
export function asWritten(mode: string): string {
  return mode
    .replace(/Lock$/, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}
