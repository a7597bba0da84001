import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-unbatched-backfill.ts";

sqlRuleTester().run("no-unbatched-backfill", rule, {
  valid: [
    "INSERT INTO t SELECT * FROM u; INSERT INTO t VALUES (1); TRUNCATE t;",
    "UPDATE t SET a = 1 WHERE id = 7; DELETE FROM t WHERE id IN (1, 2) AND a > 1;",
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 1000);",
    "CREATE TABLE t (a int); UPDATE t SET a = 1; DELETE FROM t WHERE a = 1;",
    "CREATE TEMP TABLE t AS SELECT * FROM u; UPDATE t SET a = 1;",
    { name: "no-truncate tells", code: "DELETE FROM t;" },
    {
      name: "no-work-under-exclusive-lock tells",
      code: "ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1;",
      ...given({ migration: { transactional: true } }),
    },
    {
      name: "by a key of its own",
      code: "UPDATE t SET a = 1 WHERE t.code = 'x'::text;",
      ...given({ history: ["CREATE TABLE t (code text PRIMARY KEY, a int)"] }),
    },
    { code: "UPDATE t SET a = 1;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: "UPDATE shop.t SET a = 1;",
      errors: [
        { messageId: "allRows", data: { tables: "shop.t" }, line: 1, column: 1, endLine: 1, endColumn: 24 },
      ],
    },
    {
      name: "one finding for a file",
      code: "SELECT 1;\nUPDATE t SET a = 1 WHERE a IS NULL;\nDELETE FROM u WHERE a > 1;\nUPDATE t SET b = 1;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t and u" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 35,
        },
      ],
    },
    {
      name: "a condition that says little",
      code: "UPDATE t SET a = 1 WHERE id = 7 OR a = 1; DELETE FROM u USING t WHERE t.a = u.a;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t and u" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 41,
        },
      ],
    },
    {
      name: "a column that is known not to be unique",
      code: "UPDATE t SET a = 1 WHERE id = 7;",
      ...given({ history: ["CREATE TABLE t (id int, a int)", "INSERT INTO t SELECT 1, 2 FROM u"] }),
      errors: [
        { messageId: "unknownRows", data: { tables: "t" }, line: 1, column: 1, endLine: 1, endColumn: 32 },
      ],
    },
    {
      name: "a part of a statement",
      code: "WITH gone AS (DELETE FROM t WHERE a > 1 RETURNING *) INSERT INTO u SELECT * FROM gone;",
      errors: [
        { messageId: "unknownRows", data: { tables: "t" }, line: 1, column: 1, endLine: 1, endColumn: 86 },
      ],
    },
  ],
});
