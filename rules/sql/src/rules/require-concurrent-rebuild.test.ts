import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-concurrent-rebuild.ts";

const outside = { transactional: false };
const reindex = "REINDEX TABLE t;";
const refresh = "REFRESH MATERIALIZED VIEW m;";

sqlRuleTester().run("require-concurrent-rebuild", rule, {
  valid: [
    "REINDEX TABLE CONCURRENTLY t; REINDEX (CONCURRENTLY) INDEX i; REINDEX (VERBOSE, CONCURRENTLY true) TABLE t;",
    { name: "CONCURRENTLY knows no such form", code: "REINDEX SYSTEM shop;" },
    { name: "a table that nobody sees yet", code: "CREATE TABLE t (a int PRIMARY KEY); REINDEX TABLE t;" },
    { name: "an index of one", code: "CREATE TABLE t (a int); CREATE INDEX i ON t (a); REINDEX INDEX i;" },
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m;",
    { name: "nothing is computed", code: "REFRESH MATERIALIZED VIEW m WITH NO DATA;" },
    {
      name: "made by the file",
      code: `CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA; ${refresh}`,
    },
    { code: reindex, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: reindex,
      ...given({ migration: outside }),
      errors: [
        {
          messageId: "reindex",
          data: { command: "REINDEX TABLE", table: "t", how: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 16,
        },
      ],
    },
    {
      name: "in a runner's transaction",
      code: "REINDEX (CONCURRENTLY off) TABLE shop.t;",
      ...given({ migration: { transactional: true, runner: "dbmate" } }),
      errors: [
        {
          messageId: "reindex",
          data: {
            command: "REINDEX TABLE",
            table: "shop.t",
            how: '; it cannot run in a transaction, so give it a migration of its own that begins with "-- migrate:up transaction:false"',
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 40,
        },
      ],
    },
    {
      name: "indexes stand for their tables, where these are known",
      code: "REINDEX INDEX i;\nREINDEX INDEX j;\nREINDEX SCHEMA public;",
      ...given({ migration: outside, history: ["CREATE TABLE t (a int); CREATE INDEX i ON t (a)"] }),
      errors: [
        {
          messageId: "reindex",
          data: { command: "REINDEX INDEX", table: "t", how: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 16,
        },
        {
          messageId: "reindex",
          data: { command: "REINDEX INDEX", table: "the table of j", how: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 16,
        },
        {
          messageId: "reindex",
          data: { command: "REINDEX SCHEMA", table: "each table", how: "" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 22,
        },
      ],
    },
    {
      name: "a view of an earlier migration, and one that is not known",
      code: `${refresh}\nREFRESH MATERIALIZED VIEW shop.n;`,
      ...given({ history: ["CREATE MATERIALIZED VIEW m AS SELECT 1 AS a"] }),
      errors: [
        { messageId: "refresh", data: { view: "m" }, line: 1, column: 1, endLine: 1, endColumn: 28 },
        { messageId: "refresh", data: { view: "shop.n" }, line: 2, column: 1, endLine: 2, endColumn: 33 },
      ],
    },
  ],
});
