import { describe, expect, it, test } from "vitest";
import { DOWN, findings, IN_USE, ofPair, ORDERS, SHIPPED, USERS } from "../rollback.fixture.ts";

const NAME = "ALTER TABLE users ADD COLUMN name text NOT NULL";

describe("silent", () => {
  it("a way down that leads back", () => {
    expect(ofPair("ALTER TABLE orders ADD a int;", "ALTER TABLE orders DROP a;")).toEqual([]);
  });

  it("a way down whose way up is not the migration before", () => {
    const alone = { migration: { ...DOWN, version: "" }, history: [SHIPPED, "CREATE TABLE a (id int);"] };
    expect(findings("SELECT 1;", alone)).toEqual([]);
    expect(findings("DROP TABLE users;", { ...alone, history: [SHIPPED] })).toEqual([]);
    expect(findings("SELECT 1;", { migration: DOWN })).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["gives old rows a value", "DROP name", `${NAME} DEFAULT '';`],
    ["empties the table before", "DROP name", `TRUNCATE users CASCADE; ${NAME};`],
    [
      "leads back to a table that was empty",
      "ADD z int NOT NULL, DROP name",
      `ALTER TABLE users DROP z; ${NAME};`,
    ],
    [
      "drops indexes CONCURRENTLY one by one",
      "ADD z int",
      "DROP INDEX CONCURRENTLY IF EXISTS i; DROP INDEX CONCURRENTLY IF EXISTS j; ALTER TABLE users DROP z;",
    ],
    ["drops several at once", "ADD z int", "DROP INDEX IF EXISTS i, j; ALTER TABLE users DROP z;"],
    ["is said to be a risk", "DROP name", `-- @yantra-risk high -- the names are gone\n${NAME};`],
    [
      "drops a type with the table that uses it",
      "ADD z int; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE a (m mood)",
      "ALTER TABLE users DROP z; DROP TABLE a; DROP TYPE mood;",
    ],
    [
      "drops tables at once, one of which points to another and to itself",
      "ADD z int; CREATE TABLE a (id int PRIMARY KEY REFERENCES a); CREATE TABLE b (a int REFERENCES a)",
      "ALTER TABLE users DROP z; DROP TABLE a, b;",
    ],
    [
      "drops what is used with CASCADE",
      "ADD z int; CREATE TABLE a (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a",
      "ALTER TABLE users DROP z; DROP TABLE a CASCADE;",
    ],
  ])("a way down that %s", (_, up, down) => {
    expect(ofPair(`ALTER TABLE users ${up};`, down)).toEqual([]);
  });
});

describe("reports", () => {
  it("the first three differences, tables before columns and the rest, at the way down", () => {
    const up =
      "ALTER TABLE orders ADD a int, ADD b int;\nCREATE INDEX i ON orders (id);\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\n";
    expect(ofPair(up, "-- back\nSELECT 1;\n")).toEqual([
      expect.objectContaining({
        messageId: "differs",
        message:
          "This way down does not lead back: after it, table t is left; table u is left; column orders.a is left; and 2 more. The runner then takes the migration for undone: the code from before meets a schema that it does not know, and the next deployment runs the migration on it. Undo the rest here, or say why it cannot be: `-- @yantra-risk high -- <reason>`.",
        line: 2,
        column: 1,
        endLine: 2,
        endColumn: 9,
      }),
    ]);
  });

  test.each([
    ["up", "-- @yantra-risk high\nALTER TABLE orders DROP note CASCADE;", "SELECT 1;"],
    ["down", "ALTER TABLE orders DROP note CASCADE;", "-- @yantra-risk high\nSELECT 1;"],
  ])("what the way %s says to be a risk without a reason", (_, up, down) => {
    expect(ofPair(up, down)).toMatchObject([{ messageId: "differs" }]);
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

  it("where it adds a column that asks rows from before for a value", () => {
    const down = `${NAME};\nALTER TABLE users ADD again text NOT NULL, DROP again;`;
    expect(ofPair("ALTER TABLE users DROP name;", down)).toMatchObject([
      {
        messageId: "stops",
        line: 1,
        column: 19,
        endLine: 1,
        endColumn: 48,
        message:
          "This way down stops here as soon as users has rows, and the rollback with it: name is added NOT NULL and without a default, so PostgreSQL has no value for them (`contains null values`). Give it a DEFAULT, or add it without NOT NULL, fill it, and set NOT NULL then.",
      },
    ]);
  });

  it("where it drops several indexes CONCURRENTLY", () => {
    const up = "CREATE INDEX i ON orders (id);\nCREATE INDEX j ON orders (id);";
    const down = "\nDROP INDEX CONCURRENTLY i, j;\nDROP INDEX CONCURRENTLY i, j;";
    expect(ofPair(up, down)).toMatchObject([
      {
        messageId: "stopsAtSeveral",
        line: 2,
        column: 1,
        endLine: 2,
        endColumn: 29,
        message:
          "This way down stops here, and the rollback with it: PostgreSQL drops CONCURRENTLY one index at a time (`DROP INDEX CONCURRENTLY does not support dropping multiple objects`). Give each index a statement of its own.",
      },
    ]);
  });

  test.each(IN_USE)("where it drops a %s", (_, up, down, user, what) => {
    expect(ofPair(up, down)).toMatchObject([
      {
        messageId: "stopsAtUse",
        line: 1,
        column: 1,
        message: `This way down stops here, and the rollback with it: ${user} still uses ${what}, and PostgreSQL drops nothing that is in use (\`other objects depend on it\`). Let go first what the way up made last.`,
      },
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
