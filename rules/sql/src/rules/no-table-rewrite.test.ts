import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-table-rewrite.ts";

/** An error at a command of `ALTER TABLE t` in line 1. */
function at(messageId: string, data: Record<string, string>, column: number, endColumn: number) {
  return {
    messageId,
    data: { table: "t", commit: "", without: "", then: "", ...data },
    line: 1,
    column,
    endLine: 1,
    endColumn,
  };
}

/** What is said of what rows without a value do not meet. */
function after(demands: string): string {
  return `; ${demands} for a migration after that, when no row lacks a value any more`;
}

sqlRuleTester().run("no-table-rewrite", rule, {
  valid: [
    "ALTER TABLE t ADD COLUMN a int;",
    "ALTER TABLE t ADD COLUMN a int DEFAULT 5;",
    "ALTER TABLE t ADD COLUMN a timestamptz NOT NULL DEFAULT now();",
    "ALTER TABLE t ADD COLUMN a timestamptz DEFAULT CURRENT_TIMESTAMP, ADD b text DEFAULT lower('X');",
    "ALTER TABLE t ADD COLUMN a int[] DEFAULT ARRAY[]::int[];",
    "ALTER TABLE t ADD COLUMN a timestamptz DEFAULT pg_catalog.now() AT TIME ZONE 'UTC';",
    "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b * 2) VIRTUAL;",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT gen_random_uuid();",
    "ALTER TABLE t SET (fillfactor = 70);",
    "VACUUM t; VACUUM (FULL false, ANALYZE) t; VACUUM (FULL 0) t; ANALYZE t;",
    "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b serial; CLUSTER t USING i;",
    "CREATE TEMP TABLE t AS SELECT * FROM u; ALTER TABLE t ADD COLUMN id serial;",
    {
      name: "a domain without constraints, and an array of one with",
      code: "ALTER TABLE t ADD a plain, ADD b price[];",
      ...given({
        history: ["CREATE DOMAIN plain AS text DEFAULT 'x'; CREATE DOMAIN price AS int CHECK (value > 0)"],
      }),
    },
    {
      name: "a function of the migrations' own that is stable, or has become so",
      code: "ALTER TABLE t ADD a int DEFAULT settled(), ADD b int DEFAULT turned();",
      ...given({
        history: [
          "CREATE FUNCTION settled() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END'",
          "CREATE FUNCTION turned() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; ALTER FUNCTION turned() IMMUTABLE",
        ],
      }),
    },
    { name: "a materialized view", code: "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CLUSTER m USING i;" },
    {
      name: "it is there already",
      code: "ALTER TABLE t ADD COLUMN IF NOT EXISTS a serial;",
      ...given({ history: ["CREATE TABLE t (a int)"] }),
    },
    {
      name: "the table must be empty",
      code: "ALTER TABLE t ADD COLUMN a int NOT NULL, ADD COLUMN b serial;",
    },
    { code: "ALTER TABLE t ADD COLUMN a serial;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid();",
      errors: [at("volatile", { column: "a", function: "gen_random_uuid" }, 15, 58)],
    },
    {
      name: "somewhere in an expression",
      code: "ALTER TABLE t ADD a int DEFAULT (pg_catalog.random() * 5)::int;",
      errors: [at("volatile", { column: "a", function: "pg_catalog.random" }, 15, 63)],
    },
    {
      name: "columns that the same default fills are told together",
      code: "ALTER TABLE t ADD a uuid DEFAULT uuid_generate_v4(), ADD b uuid DEFAULT uuid_generate_v4(), ADD c serial;",
      errors: [at("volatile", { column: "a and b", function: "uuid_generate_v4" }, 15, 52)],
    },
    {
      name: "nobody knows of what a function of one's own may do",
      code: "ALTER TABLE t ADD COLUMN a text DEFAULT make_token(lower('X'));",
      errors: [at("unlessStable", { column: "a", function: "make_token" }, 15, 63)],
    },
    {
      name: "of one that the migrations make it is known: without a word it is volatile",
      code: "ALTER TABLE t ADD COLUMN a text DEFAULT make_token('x');",
      ...given({
        history: ["CREATE FUNCTION make_token(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'"],
      }),
      errors: [at("volatile", { column: "a", function: "make_token" }, 15, 56)],
    },
    ...[
      ["SELECT ''x'' || substr(md5(random()::text), 0, 9)", "volatile"],
      ["SELECT max(n)::text FROM generate_series(1, 9) n", "volatile"],
      ["SELECT (SELECT $1)", "volatile"],
      ["SELECT $1 || ''!''", "unlessStable"],
      ["SELECT make_token($1)", "unlessStable"],
    ].map(([body = "", messageId = ""]) => ({
      name: `the body of one in SQL may take its place: ${body}`,
      code: "ALTER TABLE t ADD COLUMN a text DEFAULT make_token('x');",
      ...given({ history: [`CREATE FUNCTION make_token(text) RETURNS text LANGUAGE sql AS '${body}'`] }),
      errors: [at(messageId, { column: "a", function: "make_token" }, 15, 56)],
    })),
    {
      code: "ALTER TABLE t ADD COLUMN a bigserial PRIMARY KEY;",
      errors: [at("serial", { column: "a", then: after("PRIMARY KEY is") }, 15, 49)],
    },
    {
      code: "ALTER TABLE t ADD COLUMN a int GENERATED BY DEFAULT AS IDENTITY;",
      errors: [at("identity", { column: "a" }, 15, 64)],
    },
    {
      code: "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b * 2) STORED;",
      errors: [at("stored", { column: "a" }, 15, 66)],
    },
    {
      code: "ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b * 3);",
      errors: [at("expression", { column: "a" }, 15, 55)],
    },
    {
      code: "ALTER TABLE t SET UNLOGGED;",
      errors: [at("command", { command: "ALTER TABLE … SET UNLOGGED" }, 15, 27)],
    },
    {
      code: "ALTER TABLE t SET LOGGED;",
      errors: [at("command", { command: "ALTER TABLE … SET LOGGED" }, 15, 25)],
    },
    {
      code: "ALTER TABLE t SET TABLESPACE fast;",
      errors: [at("copied", { command: "ALTER TABLE … SET TABLESPACE" }, 15, 34)],
    },
    { code: "CLUSTER t USING i;", errors: [at("command", { command: "CLUSTER" }, 1, 18)] },
    {
      code: "VACUUM FULL shop.t;",
      errors: [at("command", { command: "VACUUM FULL", table: "shop.t" }, 1, 19)],
    },
    {
      code: "VACUUM (FULL);",
      errors: [at("command", { command: "VACUUM FULL", table: "each table" }, 1, 14)],
    },
    {
      name: "made before, and filled since",
      code: "ALTER TABLE t ADD COLUMN b serial;",
      ...given({ history: ["CREATE TABLE t (a int)"] }),
      errors: [at("serial", { column: "b", then: after("NOT NULL is") }, 15, 34)],
    },
    {
      name: "a domain with constraints, whatever the default",
      code: "ALTER TABLE t ADD a price, ADD b price DEFAULT 1, ADD c shop.name;",
      ...given({
        history: ["CREATE DOMAIN price AS int CHECK (value > 0)", "CREATE DOMAIN shop.name AS text NOT NULL"],
      }),
      errors: [at("domain", { column: "a and b", domain: "price" }, 15, 26)],
    },
    {
      name: "rows without a value do not meet NOT NULL",
      code: "ALTER TABLE t ADD a uuid NOT NULL DEFAULT gen_random_uuid();",
      errors: [
        {
          message:
            "ADD COLUMN a with a default that calls gen_random_uuid(), and so gives each row a value of its own, rewrites the whole table and its indexes under an ACCESS EXCLUSIVE lock: every query on t, reads included, waits until it is done. Add the column without the default and without NOT NULL; then ALTER COLUMN … SET DEFAULT, which holds for new rows, and let a later migration fill the old rows in batches; NOT NULL is for a migration after that, when no row lacks a value any more.",
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 60,
        },
      ],
    },
    {
      name: "nor do the others that are told with them",
      code: "ALTER TABLE t ADD a uuid DEFAULT uuidv4(), ADD b uuid DEFAULT uuidv4() NOT NULL UNIQUE;",
      errors: [
        at(
          "volatile",
          {
            column: "a and b",
            function: "uuidv4",
            without: " and without NOT NULL and without UNIQUE",
            then: after("NOT NULL and UNIQUE are"),
          },
          15,
          42,
        ),
      ],
    },
    {
      name: "inside a DO block",
      code: "DO $$ BEGIN ALTER TABLE t SET UNLOGGED; END $$",
      errors: [at("command", { command: "ALTER TABLE … SET UNLOGGED" }, 27, 39)],
    },
    {
      name: "the lock is held until the transaction commits",
      code: "BEGIN; SELECT 1;\nCLUSTER t USING i; UPDATE u SET a = 1; DROP TABLE w; COMMIT;",
      errors: [
        {
          ...at(
            "command",
            { command: "CLUSTER", commit: " and the transaction has committed, 2 statements later" },
            1,
            18,
          ),
          line: 2,
          endLine: 2,
        },
      ],
    },
  ],
});
