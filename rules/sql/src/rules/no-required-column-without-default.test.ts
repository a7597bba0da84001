import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-required-column-without-default.ts";

const code = "ALTER TABLE t ADD COLUMN a int NOT NULL;";
const data = { table: "t", column: "a" };
const place = { line: 1, column: 15, endLine: 1, endColumn: 40 };
const set = "ALTER TABLE t ALTER COLUMN a SET NOT NULL;";
const setPlace = { line: 2, column: 15, endLine: 2, endColumn: 42 };
const drop = "ALTER TABLE t ALTER COLUMN a DROP DEFAULT;";
const dropPlace = { line: 2, column: 15, endLine: 2, endColumn: 42 };

sqlRuleTester().run("no-required-column-without-default", rule, {
  valid: [
    "ALTER TABLE t ADD COLUMN a int;",
    "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0;",
    "ALTER TABLE t ADD COLUMN a bigserial; ALTER TABLE t ADD COLUMN b serial PRIMARY KEY;",
    "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS IDENTITY;",
    "ALTER TABLE t ADD COLUMN a int NOT NULL GENERATED ALWAYS AS (b * 2) STORED;",
    `CREATE TABLE t (b int); ${code}`,
    `CREATE TEMP TABLE t AS SELECT 1 AS b; ${code}`,
    { code, ...given({ migration: { direction: "down" } }) },
    {
      name: "it is there already",
      code: "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL;",
      ...given({ history: ["CREATE TABLE t (a int)"] }),
    },
    { name: "an older column, which the running release knows", code: `${set} ${drop}` },
    `ALTER TABLE t ADD COLUMN a int DEFAULT 0; ${set}`,
    `ALTER TABLE t ADD COLUMN a int DEFAULT 0; ${drop}`,
    `ALTER TABLE t ADD COLUMN a int; ${set} ALTER TABLE t ALTER a SET DEFAULT 0;`,
    `ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0; ${drop} ALTER TABLE t ALTER a DROP NOT NULL;`,
    `ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0; ${drop} ALTER TABLE t DROP a;`,
    `CREATE TABLE t (b int); ALTER TABLE t ADD COLUMN a int; ${set}`,
    {
      name: "the running release names it: it takes the place of one that the file has dropped",
      code: `ALTER TABLE t DROP a; ALTER TABLE t ADD COLUMN a int; ${set}`,
    },
    {
      name: "the same by a rename",
      code: `ALTER TABLE t ADD COLUMN b int; ALTER TABLE t RENAME a TO old; ALTER TABLE t RENAME b TO a; ${set}`,
    },
    {
      name: "a function that names the column may be the trigger that fills it",
      code: `ALTER TABLE t ADD COLUMN a int; ${set} CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := 1; RETURN NEW; END';`,
    },
  ],
  invalid: [
    { code, errors: [{ messageId: "required", data, ...place }] },
    {
      name: "a primary key, a type of the schema's own, several columns",
      code: 'ALTER TABLE IF EXISTS shop."T"\n  ADD id uuid PRIMARY KEY,\n  ADD IF NOT EXISTS "M" mood NOT NULL CHECK ("M" <> \'bad\');',
      errors: [
        {
          messageId: "required",
          data: { table: 'shop."T"', column: "id" },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 26,
        },
        {
          messageId: "required",
          data: { table: 'shop."T"', column: '"M"' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 59,
        },
      ],
    },
    {
      name: "rows or not, a second one is refused like the first",
      code: `${code}\nALTER TABLE t ADD COLUMN b int NOT NULL;`,
      ...given({ history: ["CREATE TABLE t (c int)"] }),
      errors: [
        { messageId: "required", data, ...place },
        { messageId: "required", data: { table: "t", column: "b" }, ...place, line: 2, endLine: 2 },
      ],
    },
    {
      name: "in place of a column that is dropped",
      code: "ALTER TABLE t DROP COLUMN a, ADD COLUMN a text NOT NULL;",
      errors: [{ messageId: "requiredAnew", data, line: 1, column: 30, endLine: 1, endColumn: 56 }],
    },
    {
      name: "filled and made NOT NULL at once",
      code: `ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1;\n${set}`,
      errors: [{ messageId: "madeRequired", data, ...setPlace }],
    },
    {
      name: "a default that is dropped again",
      code: `ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0;\n${drop}`,
      errors: [{ messageId: "defaultDropped", data, ...dropPlace }],
    },
    {
      name: "the default first, then NOT NULL",
      code: `ALTER TABLE t ADD COLUMN a int DEFAULT 0; ALTER TABLE public.t ALTER a DROP DEFAULT;\n${set}`,
      errors: [{ messageId: "madeRequired", data, ...setPlace }],
    },
    {
      name: "a function of another column",
      code: `ALTER TABLE t ADD COLUMN a int;\n${set} CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT b FROM t';`,
      errors: [{ messageId: "madeRequired", data, ...setPlace }],
    },
    ...["TRUNCATE t;", "DELETE FROM t;"].map((empty) => ({
      name: `the statement succeeds, the running release's INSERTs do not: ${empty}`,
      code: `${empty}\nALTER TABLE t ADD COLUMN a int NOT NULL;`,
      ...given({ migration: { transactional: true } }),
      errors: [
        { messageId: "requiredOfEmptied" as const, data, line: 2, column: 15, endLine: 2, endColumn: 40 },
      ],
    })),
    ...["DELETE FROM t WHERE b > 0;", "DELETE FROM t; INSERT INTO t (b) SELECT c FROM u;"].map((write) => ({
      name: `rows are left: ${write}`,
      code: `${write}\nALTER TABLE t ADD COLUMN a int NOT NULL;`,
      ...given({ migration: { transactional: true } }),
      errors: [{ messageId: "required" as const, data, line: 2, column: 15, endLine: 2, endColumn: 40 }],
    })),
    {
      name: "of a table whose name the file gives only the statement is told of",
      code: "ALTER TABLE s RENAME TO t;\nALTER TABLE t ADD COLUMN a int NOT NULL;",
      errors: [{ messageId: "requiredAnew", data, line: 2, column: 15, endLine: 2, endColumn: 40 }],
    },
  ],
});
