import type { PGlite } from "@electric-sql/pglite";

/** What a message of the server says, on one line. */
export function messageOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0] ?? "";
}

/**
 * Why the server refuses to prepare or plan a query; undefined when it takes it. Nothing is run. The planner is asked
 * too, because it alone looks for the index that ON CONFLICT needs (PostgreSQL 18, `infer_arbiter_indexes`).
 */
export async function refusalOf(database: PGlite, query: string): Promise<string | undefined> {
  return undone(database, async () => {
    try {
      await database.exec("DEALLOCATE ALL");
      await database.exec(`PREPARE yantra AS ${query}`);
      await database.exec(`EXPLAIN (GENERIC_PLAN) ${query}`);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  });
}

/**
 * Does something to a database that is then taken back. Throws when it cannot be, because what was done ended the
 * transaction: whatever is asked of the database next would rest on it.
 */
export async function undone<T>(database: PGlite, work: () => Promise<T>): Promise<T> {
  await database.exec("BEGIN; SAVEPOINT untouched");
  try {
    return await work();
  } finally {
    // Refused when the transaction that has this savepoint is over.
    await database.exec("ROLLBACK TO SAVEPOINT untouched; ROLLBACK");
  }
}
