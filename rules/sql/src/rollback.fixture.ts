import type { PGlite } from "@electric-sql/pglite";
import { Linter } from "eslint";
import { language } from "./language/language.ts";
import rule from "./rules/valid-down-migration.ts";
import { given, type SqlTestOptions } from "./testing.ts";

export const USERS = `CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE places (
  id int,
  author int CONSTRAINT places_author REFERENCES users ON DELETE CASCADE ON UPDATE SET NULL
);
CREATE UNIQUE INDEX places_some ON places (id) INCLUDE (author) WHERE author IS NOT NULL;
CREATE SCHEMA s;
CREATE TABLE s.t (id int);
CREATE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
`;
export const ORDERS = `CREATE TABLE orders (
  id int PRIMARY KEY,
  author int CONSTRAINT orders_author REFERENCES users,
  note text NOT NULL DEFAULT '',
  total numeric CHECK (total > 0),
  CONSTRAINT orders_pair UNIQUE (id, author)
);
CREATE INDEX orders_note ON orders (note);
CREATE VIEW notes AS SELECT note FROM orders;
CREATE TRIGGER taxed BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION keep();
`;
/** The migrations before the pair in question. */
export const SHIPPED = USERS + ORDERS;
/** How the way down of a pair is run. */
export const DOWN = { runner: "plain", version: "2", direction: "down" } as const;

/** What valid-down-migration says of a file. */
export function findings(text: string, options: SqlTestOptions): Linter.LintMessage[] {
  const { languageOptions } = given(options);
  return new Linter().verify(
    text,
    [
      {
        files: ["**/*.sql"],
        plugins: { yantra: { languages: { sql: language }, rules: { rule } } },
        language: "yantra/sql",
        languageOptions,
        rules: { "yantra/rule": "error" },
      },
    ] as Linter.Config[],
    { filename: "2_b.down.sql" },
  );
}

/** What it says of a pair; `up` is the last migration that ran, and `down` its way back. */
export function ofPair(up: string, down: string): Linter.LintMessage[] {
  return findings(down, { migration: DOWN, history: [SHIPPED, up] });
}

/** What PostgreSQL's schema holds, a line for each thing that the rule compares. */
async function schemaOf(db: PGlite): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`
    SELECT concat_ws(' ', c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relkind <> 'i'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT conname || conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class i ON i.oid = indexrelid
    WHERE i.relnamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg%'
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

/** What PostgreSQL holds before a pair, and after its way up and its way down; nothing of them stays. */
export async function upAndDown(
  db: PGlite,
  up: string,
  down: string,
): Promise<{ before: string[]; back: string[] }> {
  const before = await schemaOf(db);
  await db.exec("BEGIN");
  try {
    await db.exec(up);
    await db.exec(down);
    return { before, back: await schemaOf(db) };
  } finally {
    await db.exec("ROLLBACK");
  }
}

/** Pairs whose way down drops first what is still in use: which kind, the pair, what uses it, and what it is. */
export const IN_USE: [string, string, string, string, string][] = [
  [
    "type",
    "CREATE TYPE mood AS ENUM ('a'); ALTER TABLE users ADD m mood[];",
    "DROP TYPE mood; ALTER TABLE users DROP m;",
    "table users",
    "type mood",
  ],
  [
    "table that a foreign key points to",
    "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a);",
    "DROP TABLE a; DROP TABLE b;",
    "a foreign key of b",
    "table a",
  ],
  [
    "table of a view",
    "CREATE TABLE a (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a;",
    "DROP TABLE a; DROP VIEW v;",
    "view v",
    "table a",
  ],
  [
    "view of a view",
    "CREATE VIEW u AS SELECT id FROM users; CREATE VIEW v AS SELECT id FROM u;",
    "DROP VIEW u; DROP VIEW v;",
    "view v",
    "view u",
  ],
  [
    "function of a trigger",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();",
    "DROP FUNCTION f; DROP TRIGGER t ON users;",
    "trigger t of users",
    "function f",
  ],
];
