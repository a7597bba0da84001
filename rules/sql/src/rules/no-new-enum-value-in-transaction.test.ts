import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-new-enum-value-in-transaction.ts";

const history = ["CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int, m mood, n text, l mood[])"];
const one = given({ history, migration: { transactional: true } });
const add = "ALTER TYPE mood ADD VALUE 'z';";

/** An error of line 2. */
function unsafe(endColumn: number, column = 1) {
  const data = { value: "z", type: "mood", line: "1" };
  return { messageId: "unsafe", data, line: 2, column, endLine: 2, endColumn };
}

sqlRuleTester().run("no-new-enum-value-in-transaction", rule, {
  valid: [
    { code: add, ...one },
    { name: "another value", code: `${add} UPDATE t SET m = 'a';`, ...one },
    { name: "a text of the same letters", code: `${add} UPDATE t SET n = 'z' WHERE m::text = 'z';`, ...one },
    { name: "another table", code: `${add} UPDATE u SET m = 'z'; INSERT INTO u VALUES ('z');`, ...one },
    {
      name: "in a transaction of its own",
      code: `BEGIN; ${add} COMMIT; UPDATE t SET m = 'z';`,
      ...given({ history, migration: { transactional: false } }),
    },
    { name: "nobody knows", code: `${add} UPDATE t SET m = 'z';`, ...given({ history }) },
    {
      name: "of a type that the same transaction makes",
      code: `CREATE TYPE own AS ENUM ('a'); ALTER TYPE own ADD VALUE 'z'; SELECT 'z'::own;`,
      ...one,
    },
    {
      name: "a value that was there",
      code: `ALTER TYPE mood RENAME VALUE 'a' TO 'z'; UPDATE t SET m = 'z';`,
      ...one,
    },
    {
      name: "a body that nobody has run yet",
      code: `${add} CREATE FUNCTION f() RETURNS mood LANGUAGE plpgsql AS 'begin return ''z''::mood; end';`,
      ...one,
    },
    { name: "used first", code: `SELECT 'z'::mood; ${add}`, ...one },
  ],
  invalid: [
    { name: "a cast", code: `${add}\nSELECT 'z'::mood;`, ...one, errors: [unsafe(17)] },
    { name: "set", code: `${add}\nUPDATE t SET m = 'z' WHERE id = 1;`, ...one, errors: [unsafe(34)] },
    {
      name: "compared",
      code: `${add}\nDELETE FROM t WHERE t.m IN ('a', 'z');`,
      ...one,
      errors: [unsafe(38)],
    },
    { name: "inserted", code: `${add}\nINSERT INTO t (m) VALUES ('z');`, ...one, errors: [unsafe(31)] },
    {
      name: "as a default",
      code: `${add}\nALTER TABLE t ALTER COLUMN m SET DEFAULT 'z';`,
      ...one,
      errors: [unsafe(45, 15)],
    },
    {
      name: "of a new column",
      code: `${add}\nALTER TABLE u ADD COLUMN m mood NOT NULL DEFAULT 'z'::mood;`,
      ...one,
      errors: [unsafe(59, 15)],
    },
    {
      name: "of a new table",
      code: `${add}\nCREATE TABLE u (m mood DEFAULT 'z');`,
      ...one,
      errors: [unsafe(36)],
    },
    {
      name: "in a check, or an index",
      code: `${add}\nALTER TABLE t ADD CHECK (m <> 'z') NOT VALID;\nCREATE INDEX ON t (id) WHERE m = 'z';`,
      ...one,
      errors: [
        unsafe(45, 15),
        {
          messageId: "unsafe",
          data: { value: "z", type: "mood", line: "1" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 37,
        },
      ],
    },
    {
      name: "in BEGIN … COMMIT, of a quoted type in a schema",
      code: `BEGIN; ALTER TYPE shop."Mood" ADD VALUE IF NOT EXISTS 'z';\nSELECT 'z'::shop."Mood"; COMMIT;`,
      errors: [
        {
          messageId: "unsafe",
          data: { value: "z", type: 'shop."Mood"', line: "1" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 24,
        },
      ],
    },
  ],
});
