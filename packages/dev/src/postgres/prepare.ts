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
  await database.exec("BEGIN");
  try {
    await database.exec("DEALLOCATE ALL");
    await database.exec(`PREPARE yantra AS ${query}`);
    await database.exec(`EXPLAIN (GENERIC_PLAN) ${query}`);
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await database.exec("ROLLBACK");
  }
}
