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
          data: { command: "REINDEX TABLE", table: "t", reads: "", commit: "", how: "" },
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
            reads: "",
            commit: "",
            how: '; it cannot run in a transaction, so begin this migration with "-- migrate:up transaction:false"',
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
          data: { command: "REINDEX INDEX", table: "t", reads: "", commit: "", how: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 16,
        },
        {
          messageId: "reindex",
          data: { command: "REINDEX INDEX", table: "the table of j", reads: "", commit: "", how: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 16,
        },
        {
          messageId: "reindex",
          data: { command: "REINDEX SCHEMA", table: "each table", reads: "", commit: "", how: "" },
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
        {
          messageId: "refresh",
          data: { view: "m", reads: "", commit: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 28,
        },
        {
          messageId: "refresh",
          data: { view: "shop.n", reads: "", commit: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 33,
        },
      ],
    },
    {
      name: "the locks are held until the transaction commits",
      code: `BEGIN;\n${refresh}\n${reindex}\nCREATE TABLE u (a int);\nCOMMIT;`,
      ...given({ migration: outside }),
      errors: [
        {
          messageId: "refresh",
          data: { view: "m", reads: "", commit: " and the transaction has committed, 2 statements later" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 28,
        },
        {
          messageId: "reindex",
          data: {
            command: "REINDEX TABLE",
            table: "t",
            reads: "",
            commit: " and the transaction has committed, 1 statement later",
            how: "; it cannot run in a transaction, so move it out of BEGIN … COMMIT",
          },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 16,
        },
      ],
    },
    {
      name: "what was switched off by hand must not wait for CONCURRENTLY",
      code: [
        "UPDATE pg_catalog.pg_index SET indisready = false WHERE indrelid = 'shop.T'::regclass;",
        "UPDATE t SET a = a + 1;",
        "UPDATE pg_index SET indisready = true WHERE indrelid = 't'::regclass;",
        "REINDEX TABLE t;",
        "REINDEX TABLE u;",
      ].join("\n"),
      ...given({ migration: { transactional: true } }),
      errors: [
        {
          messageId: "reindexOfDisabled",
          data: {
            command: "REINDEX TABLE",
            table: "t",
            reads: "",
            commit: " and the transaction has committed, 1 statement later",
            line: "1",
          },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 16,
        },
        {
          messageId: "reindex",
          data: {
            command: "REINDEX TABLE",
            table: "u",
            reads: "",
            commit: "",
            how: "; it cannot run in a transaction, so give it a migration of its own that runs outside one",
          },
          line: 5,
          column: 1,
          endLine: 5,
          endColumn: 16,
        },
      ],
    },
    {
      name: "by the name of an index",
      code: "UPDATE pg_index SET indisready = false WHERE indexrelid = 'i'::regclass;\nREINDEX INDEX i;",
      ...given({ migration: outside, history: ["CREATE TABLE t (a int); CREATE INDEX i ON t (a)"] }),
      errors: [
        {
          messageId: "reindexOfDisabled",
          data: { command: "REINDEX INDEX", table: "t", reads: "", commit: "", line: "1" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 16,
        },
      ],
    },
    {
      name: "other migrations may follow in the same transaction",
      code: refresh,
      ...given({ migration: { runner: "node-pg-migrate", transactional: true, span: "run" } }),
      errors: [
        {
          messageId: "refresh",
          data: {
            view: "m",
            reads: "",
            commit: " and the transaction has committed, which all pending migrations share",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 28,
        },
      ],
    },
    {
      name: "the transaction has locked the table as a whole",
      code: "ALTER TABLE t ADD COLUMN b int;\nREINDEX INDEX i;",
      ...given({
        migration: { transactional: true },
        history: ["CREATE TABLE t (a int); CREATE INDEX i ON t (a)"],
      }),
      errors: [
        {
          messageId: "reindex",
          data: {
            command: "REINDEX INDEX",
            table: "t",
            commit: "",
            reads:
              "Every query on t waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from line 1 on. ",
            how: "; it cannot run in a transaction, so give it a migration of its own that runs outside one",
          },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 16,
        },
      ],
    },
  ],
});
