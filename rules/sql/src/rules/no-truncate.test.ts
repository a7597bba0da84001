import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-truncate.ts";

const one = { migration: { transactional: true } };

sqlRuleTester().run("no-truncate", rule, {
  valid: [
    "DELETE FROM t WHERE a IS NULL; DELETE FROM t USING u WHERE t.a = u.a; DELETE FROM t USING u; UPDATE t SET a = 1;",
    "CREATE TABLE t (a int); INSERT INTO t SELECT a FROM u; TRUNCATE t;",
    "CREATE TEMP TABLE t (a int); TRUNCATE t;",
    { name: "made before the first row", code: "CREATE TABLE t (a int); DELETE FROM t;" },
    "-- @yantra-phase contract after=v2.4.0\nTRUNCATE t;",
    { name: "no-drop-table tells", code: "TRUNCATE t; DROP TABLE t;" },
    { name: "computed anew, at once", code: "DELETE FROM t; INSERT INTO t SELECT a FROM u;", ...given(one) },
    {
      name: "rows that only migrations put there, and put there anew",
      code: "DELETE FROM t; INSERT INTO t VALUES (1, 'one'), (2, 'two');",
      ...given({ ...one, history: ["CREATE TABLE t (id int, a text)", "INSERT INTO t VALUES (1, 'on')"] }),
    },
    {
      name: "a DELETE whose rows go elsewhere",
      code: "WITH moved AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM moved;",
    },
    { code: "TRUNCATE t;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      name: "one finding for a statement",
      code: "TRUNCATE t, shop.u;\nTRUNCATE TABLE t RESTART IDENTITY CASCADE;\nDELETE FROM shop.t;",
      errors: [
        {
          messageId: "truncate",
          data: { tables: "t and shop.u" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 19,
        },
        { messageId: "cascade", data: { tables: "t" }, line: 2, column: 1, endLine: 2, endColumn: 42 },
        { messageId: "deleteAll", data: { tables: "shop.t" }, line: 3, column: 1, endLine: 3, endColumn: 19 },
      ],
    },
    {
      name: "filled with rows of the migration's own",
      code: "TRUNCATE t;\nINSERT INTO t VALUES (1);\nDELETE FROM u;\nINSERT INTO u VALUES (1);",
      ...given({ ...one, history: ["CREATE TABLE u (id int)", "INSERT INTO u SELECT a FROM s"] }),
      errors: [
        {
          messageId: "replaced",
          data: { tables: "t", line: "2" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 11,
        },
        {
          messageId: "replaced",
          data: { tables: "u", line: "4" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 14,
        },
      ],
    },
    {
      name: "with other tables, which stay empty",
      code: "TRUNCATE t CASCADE;\nINSERT INTO t VALUES (1);\nTRUNCATE u, v;\nINSERT INTO u VALUES (1);",
      ...given({ ...one, history: ["CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)"] }),
      errors: [
        { messageId: "cascade", data: { tables: "t" }, line: 1, column: 1, endLine: 1, endColumn: 19 },
        { messageId: "truncate", data: { tables: "u and v" }, line: 3, column: 1, endLine: 3, endColumn: 14 },
      ],
    },
    {
      name: "filled after a moment without any",
      code: "DELETE FROM u;\nCOMMIT;\nINSERT INTO u SELECT a FROM s;",
      ...given(one),
      errors: [
        { messageId: "deleteAll", data: { tables: "u" }, line: 1, column: 1, endLine: 1, endColumn: 14 },
      ],
    },
  ],
});
