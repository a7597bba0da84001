import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-concurrent-drop.ts";

const outside = { transactional: false };
const history = [
  "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE s.u (a int); CREATE INDEX j ON s.u (a)",
];

sqlRuleTester().run("require-concurrent-drop", rule, {
  valid: [
    "DROP INDEX CONCURRENTLY i;",
    "DROP TABLE t;",
    {
      name: "a table that nobody sees yet",
      code: "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i;",
    },
    {
      name: "an index of a partitioned table has no CONCURRENTLY",
      code: "DROP INDEX i;",
      ...given({ history: ["CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE INDEX i ON t (a)"] }),
    },
    "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY; ALTER TABLE p DETACH PARTITION p1 FINALIZE;",
    "CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p DETACH PARTITION p1;",
    { code: "DROP INDEX i;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      name: "one finding for a statement",
      code: "DROP INDEX i, k;\nDROP INDEX IF EXISTS s.j;\nDROP INDEX IF EXISTS k;\nDROP INDEX k2;",
      ...given({ history, migration: outside }),
      errors: [
        { messageId: "index", data: { table: "t", how: "" }, line: 1, column: 1, endLine: 1, endColumn: 16 },
        {
          messageId: "index",
          data: { table: "s.u", how: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 25,
        },
        {
          messageId: "index",
          data: { table: "the table of k2", how: "" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 14,
        },
      ],
    },
    {
      name: "in a runner's transaction",
      code: "DROP INDEX i;",
      ...given({ history, migration: { transactional: true, runner: "dbmate" } }),
      errors: [
        {
          messageId: "index",
          data: {
            table: "t",
            how: '; it cannot run in a transaction, so begin this migration with "-- migrate:up transaction:false"',
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 13,
        },
      ],
    },
    {
      code: "ALTER TABLE shop.p DETACH PARTITION shop.p1;",
      ...given({ migration: outside }),
      errors: [
        {
          messageId: "partition",
          data: { table: "shop.p", how: "" },
          line: 1,
          column: 20,
          endLine: 1,
          endColumn: 44,
        },
      ],
    },
  ],
});
