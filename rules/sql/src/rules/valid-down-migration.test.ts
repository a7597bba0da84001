import { PGlite } from "@electric-sql/pglite";
import { Linter } from "eslint";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { language } from "../language/language.ts";
import { given, type SqlTestOptions } from "../testing.ts";
import rule from "./valid-down-migration.ts";

const USERS = `CREATE TABLE users (id int PRIMARY KEY);
CREATE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
`;
const ORDERS = `CREATE TABLE orders (
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
const SHIPPED = USERS + ORDERS;
const DOWN = { runner: "plain", version: "2", direction: "down" } as const;

function findings(text: string, options: SqlTestOptions): Linter.LintMessage[] {
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

/** `up` is the last migration that ran, and `down` its way back. */
function ofPair(up: string, down: string): Linter.LintMessage[] {
  return findings(down, { migration: DOWN, history: [SHIPPED, up] });
}

/** What the only finding says is different. */
function differences(up: string, down: string): string | undefined {
  const [finding, ...more] = ofPair(up, down);
  expect(more).toEqual([]);
  return /after it, (.*)\. The runner then/.exec(finding?.message ?? "")?.[1];
}

/** A way up and one down that PostgreSQL takes back to the same schema. */
const SAME: [string, string, string][] = [
  ["a table", "CREATE TABLE a (id int);", "DROP TABLE a;"],
  [
    "a column with all that it has",
    "ALTER TABLE orders ADD COLUMN a int UNIQUE;",
    "ALTER TABLE orders DROP COLUMN a;",
  ],
  [
    "a column that comes back as the last one",
    "ALTER TABLE users ADD b int; ALTER TABLE orders DROP total;",
    "ALTER TABLE orders ADD total numeric CHECK (total > 0); ALTER TABLE users DROP b;",
  ],
  [
    "a column's new name",
    "ALTER TABLE orders RENAME note TO remark;",
    "ALTER TABLE orders RENAME remark TO note;",
  ],
  ["a table's new name", "ALTER TABLE orders RENAME TO o;", "ALTER TABLE o RENAME TO orders;"],
  [
    "a default in other words",
    "ALTER TABLE orders ALTER note DROP DEFAULT;",
    "ALTER TABLE orders ALTER note SET DEFAULT ''::text;",
  ],
  ["an index", "DROP INDEX orders_note;", "CREATE INDEX orders_note ON orders USING btree (note);"],
  [
    "a function",
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';",
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1';",
  ],
  ["a view", "DROP VIEW notes;", "CREATE VIEW notes AS SELECT note FROM orders;"],
  [
    "a value that an enum keeps",
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b';",
    "DROP TYPE mood;",
  ],
  ["rows that stay", "INSERT INTO users VALUES (1);", "SELECT 1;"],
  ["a temporary table", "SELECT 1;", "CREATE TEMPORARY TABLE t (id int); DROP TABLE t;"],
  [
    "a table that is rebuilt with its rows",
    "ALTER TABLE orders ADD a int;",
    "CREATE TABLE copy AS SELECT * FROM users; DROP TABLE users CASCADE; CREATE TABLE users (id int PRIMARY KEY); ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users; INSERT INTO users SELECT id FROM copy; DROP TABLE copy; ALTER TABLE orders DROP a;",
  ],
];

/** Those that differ in what does not count, are another rule's, or of which the history does not tell. */
const ALIKE: [string, string, string][] = [
  [
    "a foreign key that comes back without its old rows being read",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users NOT VALID;",
  ],
  [
    "a check in another spelling",
    "ALTER TABLE orders DROP CONSTRAINT orders_total_check;",
    "ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (0 < total);",
  ],
  [
    "a function in another spelling",
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';",
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS '\n  select $1 -- all of it\n';",
  ],
  ["a type that holds the same", "ALTER TABLE orders ALTER note TYPE varchar;", "SELECT 1;"],
  [
    "text for text without a length",
    "ALTER TABLE orders ALTER note TYPE varchar(9);",
    "ALTER TABLE orders ALTER note TYPE varchar;",
  ],
  ["a table that nobody knows", "ALTER TABLE elsewhere ADD a int;", "SELECT 1;"],
  [
    "what a text may have done",
    "CREATE TABLE a (id int);",
    "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$;",
  ],
  [
    "what is said to have no way back",
    "-- @yantra-risk high -- the notes are gone\nALTER TABLE orders DROP note CASCADE;",
    "SELECT 1;",
  ],
  [
    "the same, said in the way down",
    "ALTER TABLE orders DROP note CASCADE;",
    "-- @yantra-risk high -- the notes are gone\nSELECT 1;",
  ],
  ["an empty way down, which is another rule's", "CREATE TABLE a (id int);", "-- nothing\n"],
];

/** Those that do not lead back, by what is told of them. */
const DIFFERENT: [string, string, string][] = [
  ["table a is left", "CREATE TABLE a (id int);", "SELECT 1;"],
  ["table users is missing", "DROP TABLE users CASCADE;", "SELECT 1;"],
  ["column orders.b is left", "ALTER TABLE orders ADD a int, ADD b int;", "ALTER TABLE orders DROP a;"],
  [
    "column orders.total is missing",
    "ALTER TABLE orders ALTER total TYPE bigint;",
    "ALTER TABLE orders DROP total;",
  ],
  [
    "orders.total is bigint and was numeric",
    "ALTER TABLE orders ALTER total TYPE int;",
    "ALTER TABLE orders ALTER total TYPE bigint;",
  ],
  ["orders.note is no longer NOT NULL", "SELECT 1;", "ALTER TABLE orders ALTER note DROP NOT NULL;"],
  ["orders.total is NOT NULL and was not", "SELECT 1;", "ALTER TABLE orders ALTER total SET NOT NULL;"],
  [
    "orders.note has lost its default",
    "ALTER TABLE orders ALTER note SET DEFAULT 'x';",
    "ALTER TABLE orders ALTER note DROP DEFAULT;",
  ],
  ["orders.total keeps the default 0", "ALTER TABLE orders ALTER total SET DEFAULT 0;", "SELECT 1;"],
  [
    "orders.note has the default 'x' and had ''",
    "ALTER TABLE orders ALTER note SET DEFAULT 'x';",
    "SELECT 1;",
  ],
  [
    "constraint orders_author of orders is missing",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "SELECT 1;",
  ],
  ["constraint c of orders is left", "ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0);", "SELECT 1;"],
  [
    "constraint orders_author of orders is called other",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "ALTER TABLE orders ADD CONSTRAINT other FOREIGN KEY (author) REFERENCES users;",
  ],
  [
    "constraint orders_pair of orders is another one",
    "ALTER TABLE orders DROP CONSTRAINT orders_pair;",
    "ALTER TABLE orders ADD CONSTRAINT orders_pair UNIQUE (author, id);",
  ],
  [
    "constraint orders_author of orders is another one",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (id) REFERENCES users;",
  ],
  [
    "constraint orders_author of orders is another one",
    "ALTER TABLE orders DROP CONSTRAINT orders_author; ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE;",
    "ALTER TABLE orders DROP CONSTRAINT orders_author; ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users ON UPDATE RESTRICT;",
  ],
  ["index i of orders is left", "CREATE INDEX i ON orders (total);", "SELECT 1;"],
  ["index orders_note of orders is missing", "DROP INDEX orders_note;", "SELECT 1;"],
  ["index orders_note of orders is called i", "DROP INDEX orders_note;", "CREATE INDEX i ON orders (note);"],
  [
    "index orders_note of orders is another one",
    "DROP INDEX orders_note;",
    "CREATE UNIQUE INDEX orders_note ON orders (note);",
  ],
  ["view notes is missing", "DROP VIEW notes;", "SELECT 1;"],
  ["view v is left", "CREATE VIEW v AS SELECT 1 AS one;", "SELECT 1;"],
  ["type mood is left", "CREATE TYPE mood AS ENUM ('a');", "SELECT 1;"],
  [
    "function tax does something else",
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';",
    "SELECT 1;",
  ],
  [
    "trigger taxed of orders is another one",
    "SELECT 1;",
    "CREATE OR REPLACE TRIGGER taxed BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep();",
  ],
  [
    "trigger t of orders is left and function f is left",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();",
    "SELECT 1;",
  ],
];

describe("silent", () => {
  test.each([...SAME, ...ALIKE])("%s", (_, up, down) => {
    expect(ofPair(up, down)).toEqual([]);
  });

  it("a way down whose way up is not the migration before", () => {
    const alone = { migration: { ...DOWN, version: "" }, history: [SHIPPED, "CREATE TABLE a (id int);"] };
    expect(findings("SELECT 1;", alone)).toEqual([]);
    expect(findings("SELECT 1;", { migration: DOWN })).toEqual([]);
  });
});

describe("reports", () => {
  test.each(DIFFERENT)("%s", (expected, up, down) => {
    expect(differences(up, down)).toBe(expected);
  });

  it("the first three differences, tables before columns and the rest, at the way down", () => {
    const up =
      "ALTER TABLE orders ADD a int, ADD b int;\nCREATE INDEX i ON orders (id);\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\n";
    expect(ofPair(up, "-- back\nSELECT 1;\n")).toEqual([
      expect.objectContaining({
        messageId: "differs",
        message:
          "This way down does not lead back: after it, table t is left, table u is left, column orders.a is left and 2 more. The runner then takes the migration for undone: the code from before meets a schema that it does not know, and the next deployment runs the migration on it. Undo the rest here, or say why it cannot be: `-- @yantra-risk high -- <reason>`.",
        line: 2,
        column: 1,
        endLine: 2,
        endColumn: 9,
      }),
    ]);
  });

  it("sections of one file", () => {
    const text =
      "-- +goose Up\nALTER TABLE users ADD a int;\n-- +goose Down\nALTER TABLE users DROP COLUMN IF EXISTS b;\n";
    const migration = { runner: "goose", version: "2", direction: "both" } as const;
    expect(findings(text, { migration, history: [`-- +goose Up\n${USERS}`] })).toMatchObject([
      {
        messageId: "differs",
        line: 4,
        message: expect.stringContaining("Goose then takes") as string,
      },
    ]);
  });

  it("the ways down of several migrations in a file, the last one first", () => {
    const changes = (back: string): string =>
      `--liquibase formatted sql\n--changeset a:1\nCREATE TABLE t (id int);\n--rollback DROP TABLE t;\n--changeset a:2\nALTER TABLE t RENAME TO u;\n--rollback ${back}\n`;
    const migration = { runner: "liquibase", version: "2", direction: "both" } as const;
    expect(findings(changes("ALTER TABLE u RENAME TO t;"), { migration, history: [] })).toEqual([]);
    expect(findings(changes("SELECT 1;"), { migration, history: [] })).toMatchObject([
      { messageId: "differs", message: expect.stringContaining("table u is left") as string },
    ]);
  });

  it("data from before that the way down makes anew, empty", () => {
    const table = ofPair("ALTER TABLE orders ADD a int;", `DROP TABLE orders CASCADE;\n${ORDERS}`);
    expect(table).toMatchObject([
      {
        messageId: "loses",
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 26,
        message:
          "This way down drops table orders and makes it anew, empty: the data from before the migration are gone, though the migration has not touched them. Change it in place, or copy what it holds before.",
      },
    ]);
    const column = ofPair(
      "ALTER TABLE users ADD a int;",
      "ALTER TABLE users DROP a;\nALTER TABLE orders DROP total;\nALTER TABLE orders ADD total numeric CHECK (total > 0);\n",
    );
    expect(column).toMatchObject([
      {
        messageId: "loses",
        message: expect.stringContaining("drops column orders.total and makes") as string,
      },
    ]);
  });
});

describe("PostgreSQL 18", () => {
  let db: PGlite;

  beforeAll(async () => {
    db = await PGlite.create();
    await db.exec(USERS + ORDERS);
  });

  afterAll(async () => {
    await db.close();
  });

  /** What the schema holds, a line for each thing that the rule compares. */
  async function schema(): Promise<string[]> {
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
      UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
      UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      ORDER BY 1`);
    return rows.map(({ line }) => line);
  }

  async function upAndDown(up: string, down: string): Promise<{ before: string[]; back: string[] }> {
    const before = await schema();
    await db.exec("BEGIN");
    try {
      await db.exec(up);
      await db.exec(down);
      return { before, back: await schema() };
    } finally {
      await db.exec("ROLLBACK");
    }
  }

  test.each(SAME)("comes back: %s", async (_, up, down) => {
    const { before, back } = await upAndDown(up, down);
    expect(back).toEqual(before);
  });

  test.each(DIFFERENT)("does not: %s", async (_, up, down) => {
    const { before, back } = await upAndDown(up, down);
    expect(back).not.toEqual(before);
  });
});
