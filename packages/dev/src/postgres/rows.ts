import type { PGlite } from "@electric-sql/pglite";

interface Column {
  table: string;
  name: string;
  category: string;
  type: string;
}

/** A value for a type, by its category in pg_type ("typcategory", PostgreSQL 18, chapter 52.64). */
const VALUES: Readonly<Record<string, string>> = {
  A: "'{}'",
  B: "true",
  D: "now()",
  I: "'10.0.0.1'",
  N: "1",
  S: "'a'",
  T: "'1 day'",
};

/** Puts a row into tables that have none, so that migrations find some as in production, and takes it out again. */
export class RowFiller {
  readonly #database: PGlite;
  readonly #filled = new Set<string>();
  readonly #tried = new Set<string>();

  constructor(database: PGlite) {
    this.#database = database;
  }

  /** One row in each ordinary table that has none; tables that refuse it stay empty. */
  async fill(): Promise<void> {
    const tables = await this.#query<{ table: string }>(
      `SELECT c.oid::regclass::text AS table FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`,
    );
    for (const { table } of tables) {
      if (this.#tried.has(table)) continue;
      this.#tried.add(table);
      if (await this.#insert(table)) this.#filled.add(table);
    }
  }

  /** Takes the rows that were put in out again; false when there are none. */
  async clear(): Promise<boolean> {
    if (this.#filled.size === 0) return false;
    const present = await this.#query<{ table: string }>(
      `SELECT name AS table FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL`,
      [[...this.#filled]],
    );
    this.#filled.clear();
    if (present.length === 0) return false;
    await this.#database.exec("SET session_replication_role = replica");
    for (const { table } of present) await this.#database.exec(`DELETE FROM ${table}`);
    await this.#database.exec("RESET session_replication_role");
    return true;
  }

  async #insert(table: string): Promise<boolean> {
    const columns = await this.#query<Column>(
      `SELECT quote_ident(attname) AS name, typcategory AS category, format_type(atttypid, NULL) AS type
       FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef
         AND attidentity = '' AND attgenerated = ''`,
      [table],
    );
    const names = columns.map(({ name }) => name).join(", ");
    const values = columns.map(({ category, type }) => VALUES[category] ?? OTHER[type] ?? "NULL").join(", ");
    const insert =
      columns.length === 0
        ? `INSERT INTO ${table} DEFAULT VALUES`
        : `INSERT INTO ${table} (${names}) VALUES (${values})`;
    try {
      await this.#database.exec(
        `BEGIN; SET LOCAL session_replication_role = replica;
         DO $$ BEGIN IF EXISTS (SELECT FROM ${table}) THEN RAISE 'it has rows'; END IF; END $$; ${insert}; COMMIT`,
      );
      return true;
    } catch {
      await this.#database.exec("ROLLBACK");
      return false;
    }
  }

  async #query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.#database.query<Row>(sql, parameters)).rows;
  }
}

/** Values for types whose category says too little. */
const OTHER: Readonly<Record<string, string>> = {
  uuid: "gen_random_uuid()",
  json: "'{}'",
  jsonb: "'{}'",
  bytea: "''",
  ltree: "'a'",
};
