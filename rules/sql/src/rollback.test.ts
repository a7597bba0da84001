import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { IN_USE, ofPair, SHIPPED, upAndDown } from "./rollback.fixture.ts";

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
  ["a sequence", "CREATE SEQUENCE s;", "DROP SEQUENCE s;"],
  [
    "a sequence that goes with its column",
    "CREATE SEQUENCE s; ALTER TABLE orders ADD a int DEFAULT nextval('s'); ALTER SEQUENCE s OWNED BY orders.a;",
    "ALTER TABLE orders DROP a;",
  ],
  ["a schema", "CREATE SCHEMA z; CREATE TABLE z.t (id int);", "DROP SCHEMA z CASCADE;"],
  ["a view", "DROP VIEW notes;", "CREATE VIEW notes AS SELECT note FROM orders;"],
  [
    "a value that an enum keeps",
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b';",
    "DROP TYPE mood;",
  ],
  ["rows that stay", "INSERT INTO users VALUES (1, '');", "SELECT 1;"],
  ["a temporary table", "SELECT 1;", "CREATE TEMPORARY TABLE t (id int); DROP TABLE t;"],
  [
    "a table that is rebuilt with its rows",
    "ALTER TABLE orders ADD a int;",
    "CREATE TABLE copy AS SELECT * FROM users; DROP TABLE users CASCADE; CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL); ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users; ALTER TABLE places ADD CONSTRAINT places_author FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE ON UPDATE SET NULL; INSERT INTO users SELECT * FROM copy; DROP TABLE copy; ALTER TABLE orders DROP a;",
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
    "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql AS '\n  select ($1) -- all of it\n';",
  ],
  ["a type that holds the same", "ALTER TABLE orders ALTER note TYPE varchar;", "SELECT 1;"],
  [
    "text for text without a length",
    "ALTER TABLE orders ALTER note TYPE varchar(9);",
    "ALTER TABLE orders ALTER note TYPE varchar;",
  ],
  [
    "a default that NOT NULL needs for the rows that are there",
    "ALTER TABLE orders ADD a int; ALTER TABLE users DROP name;",
    "ALTER TABLE users ADD name text NOT NULL DEFAULT ''; ALTER TABLE orders DROP a;",
  ],
  ...(
    [
      ["table", "DROP TABLE IF EXISTS t;", "CREATE TABLE t (id int);"],
      ["column", "ALTER TABLE users DROP IF EXISTS c;", "ALTER TABLE users ADD c int;"],
      [
        "constraint",
        "ALTER TABLE users DROP CONSTRAINT IF EXISTS c;",
        "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0);",
      ],
      ["index", "DROP INDEX IF EXISTS i;", "CREATE INDEX i ON users (id);"],
      ["view", "DROP VIEW IF EXISTS v;", "CREATE VIEW v AS SELECT 1 AS one;"],
      ["type", "DROP TYPE IF EXISTS mood;", "CREATE TYPE mood AS ENUM ('a');"],
      [
        "function",
        "DROP FUNCTION IF EXISTS f();",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
      ],
      [
        "function of a name that others have",
        "CREATE FUNCTION tax(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION IF EXISTS tax(numeric);",
        "DROP FUNCTION tax(text); CREATE FUNCTION tax(numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';",
      ],
      ["sequence", "DROP SEQUENCE IF EXISTS s;", "CREATE SEQUENCE s;"],
      ["schema", "DROP SCHEMA IF EXISTS z;", "CREATE SCHEMA z;"],
      [
        "trigger",
        "DROP TRIGGER IF EXISTS t ON users;",
        "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep();",
      ],
    ] as const
  ).flatMap(([kind, up, down]): [string, string, string][] => [
    [`a ${kind} that no migration made, and that may have been there`, up, down],
    [`a ${kind} that no migration made, and that must have been there`, up.replace("IF EXISTS ", ""), down],
  ]),
  [
    "a column that no migration made, and that is altered",
    "ALTER TABLE users ALTER c TYPE bigint;",
    "ALTER TABLE users ALTER c TYPE int;",
  ],
  [
    "a schema that may have been there",
    "CREATE SCHEMA IF NOT EXISTS z; CREATE TABLE z.t (id int);",
    "DROP TABLE z.t;",
  ],
  ["a table that nobody knows", "ALTER TABLE elsewhere ADD a int;", "SELECT 1;"],
  [
    "what a text may have done",
    "CREATE TABLE a (id int);",
    "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$;",
  ],
  [
    "a schema that a text may have dropped",
    "CREATE SCHEMA z;",
    "DO $$ BEGIN EXECUTE format('DROP SCHEMA %I', 'z'); END $$;",
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
  ["table t is left", "DROP TABLE IF EXISTS t; CREATE TABLE t (id int);", "SELECT 1;"],
  ["column users.c is left", "ALTER TABLE users DROP IF EXISTS c; ALTER TABLE users ADD c int;", "SELECT 1;"],
  [
    "constraint c of users is left",
    "ALTER TABLE users DROP CONSTRAINT IF EXISTS c; ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0);",
    "SELECT 1;",
  ],
  ["index i of users is left", "DROP INDEX IF EXISTS i; CREATE INDEX i ON users (id);", "SELECT 1;"],
  ["view v is left", "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1 AS one;", "SELECT 1;"],
  ["type mood is left", "DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('a');", "SELECT 1;"],
  [
    "function tax(numeric) is left",
    "CREATE FUNCTION tax(numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "SELECT 1;",
  ],
  [
    "function f is left",
    "DROP FUNCTION IF EXISTS f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "SELECT 1;",
  ],
  [
    "trigger t of users is left",
    "DROP TRIGGER IF EXISTS t ON users; CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep();",
    "SELECT 1;",
  ],
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
  [
    "users.name keeps the default ''",
    "ALTER TABLE users ALTER name DROP NOT NULL;",
    "ALTER TABLE users ALTER name SET DEFAULT '', ALTER name SET NOT NULL;",
  ],
  [
    "users.name keeps the default ''",
    "DROP TABLE users CASCADE;",
    "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL DEFAULT ''); ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users; ALTER TABLE places ADD CONSTRAINT places_author FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE ON UPDATE SET NULL;",
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
    "constraint orders_pair of orders is on (author, id) and was on (id, author)",
    "ALTER TABLE orders DROP CONSTRAINT orders_pair;",
    "ALTER TABLE orders ADD CONSTRAINT orders_pair UNIQUE (author, id);",
  ],
  [
    "constraint orders_author of orders is on (id) and was on (author)",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (id) REFERENCES users;",
  ],
  [
    "constraint orders_author of orders is ON DELETE CASCADE and was not; constraint orders_pair of orders is of another kind",
    "ALTER TABLE orders DROP CONSTRAINT orders_author, DROP CONSTRAINT orders_pair;",
    "ALTER TABLE orders ADD CONSTRAINT orders_author FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE, ADD CONSTRAINT orders_pair CHECK (id > 0);",
  ],
  [
    "constraint orders_author of orders is called o, is ON UPDATE RESTRICT and was not",
    "ALTER TABLE orders DROP CONSTRAINT orders_author;",
    "ALTER TABLE orders ADD CONSTRAINT o FOREIGN KEY (author) REFERENCES users ON UPDATE RESTRICT;",
  ],
  [
    "constraint places_author of places points to orders (id) and pointed to users (id), is no longer ON DELETE CASCADE, is ON UPDATE CASCADE and was ON UPDATE SET NULL",
    "ALTER TABLE places DROP CONSTRAINT places_author;",
    "ALTER TABLE places ADD CONSTRAINT places_author FOREIGN KEY (author) REFERENCES orders ON UPDATE CASCADE;",
  ],
  ["index i of orders is left", "CREATE INDEX i ON orders (total);", "SELECT 1;"],
  ["index orders_note of orders is missing", "DROP INDEX orders_note;", "SELECT 1;"],
  ["index orders_note of orders is called i", "DROP INDEX orders_note;", "CREATE INDEX i ON orders (note);"],
  [
    "index orders_note of orders is UNIQUE and was not",
    "DROP INDEX orders_note;",
    "CREATE UNIQUE INDEX orders_note ON orders (note);",
  ],
  [
    "index orders_note of orders is on (id, note) and was on (note), has a WHERE and had none",
    "DROP INDEX orders_note;",
    "CREATE INDEX orders_note ON orders (id, note) WHERE total > 0;",
  ],
  [
    "index places_some of places is no longer UNIQUE, has another INCLUDE, has lost its WHERE, is of another method",
    "DROP INDEX places_some;",
    "CREATE INDEX places_some ON places USING hash (id);",
  ],
  ["view notes is missing", "DROP VIEW notes;", "SELECT 1;"],
  ["view v is left", "CREATE VIEW v AS SELECT 1 AS one;", "SELECT 1;"],
  ["sequence s is left", "CREATE SEQUENCE s;", "SELECT 1;"],
  ["schema z is left", "CREATE SCHEMA z;", "SELECT 1;"],
  ["table s.t is missing; schema s is missing", "DROP TABLE s.t; DROP SCHEMA s;", "SELECT 1;"],
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
    "trigger t of orders is left; function f is left",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();",
    "SELECT 1;",
  ],
];

/** What the only finding on a pair says is different. */
function differences(up: string, down: string): string | undefined {
  const [finding, ...more] = ofPair(up, down);
  expect(more).toEqual([]);
  return /after it, (.*)\. The runner then/.exec(finding?.message ?? "")?.[1];
}

describe("differencesOf", () => {
  test.each([...SAME, ...ALIKE])("finds nothing: %s", (_, up, down) => {
    expect(ofPair(up, down)).toEqual([]);
  });

  test.each(DIFFERENT)("finds %s", (expected, up, down) => {
    expect(differences(up, down)).toBe(expected);
  });
});

describe("PostgreSQL 18", () => {
  let db: PGlite;

  beforeAll(async () => {
    db = await PGlite.create();
    await db.exec(SHIPPED);
  });

  afterAll(async () => {
    await db.close();
  });

  test.each(SAME)("comes back: %s", async (_, up, down) => {
    const { before, back } = await upAndDown(db, up, down);
    expect(back).toEqual(before);
  });

  test.each(DIFFERENT)("does not: %s", async (_, up, down) => {
    const { before, back } = await upAndDown(db, up, down);
    expect(back).not.toEqual(before);
  });

  test.each(IN_USE)("does not drop a %s", async (_, up, down, __, what) => {
    await expect(upAndDown(db, up, down)).rejects.toThrow(
      new RegExp(`cannot drop ${what}(?:\\(\\))? because other objects depend on it`),
    );
  });

  it("drops one index at a time CONCURRENTLY", async () => {
    await expect(db.exec("DROP INDEX CONCURRENTLY orders_note, places_some;")).rejects.toThrow(
      "DROP INDEX CONCURRENTLY does not support dropping multiple objects",
    );
  });

  it("takes no NOT NULL without a default for rows that are there", async () => {
    await db.exec("BEGIN; INSERT INTO users VALUES (1, '');");
    await expect(db.exec("ALTER TABLE users ADD b text NOT NULL;")).rejects.toThrow(
      'column "b" of relation "users" contains null values',
    );
    await db.exec("ROLLBACK");
  });
});
