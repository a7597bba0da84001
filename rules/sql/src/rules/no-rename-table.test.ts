import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-rename-table.ts";

const code = "ALTER TABLE t RENAME TO u;";
const place = { line: 1, column: 1, endLine: 1, endColumn: 26 };
const data = { from: "t", to: "u" };
const inTransaction = given({ migration: { transactional: true } });
const outside = given({ migration: { transactional: false } });

sqlRuleTester().run("no-rename-table", rule, {
  valid: [
    "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;",
    "CREATE TEMP TABLE t (a int); ALTER TABLE t RENAME TO u;",
    "CREATE VIEW v AS SELECT 1; ALTER VIEW v RENAME TO w; CREATE VIEW x AS SELECT 1; ALTER TABLE x RENAME TO y;",
    "ALTER INDEX t RENAME TO u; ALTER SEQUENCE t RENAME TO u; ALTER TABLE t RENAME CONSTRAINT a TO b;",
    `-- @yantra-phase contract after=v2.4.0\n${code}`,
    { code, ...given({ migration: { direction: "down" } }) },
    {
      name: "an updatable view takes the name",
      code: `${code} CREATE VIEW t AS SELECT * FROM u;`,
      ...inTransaction,
    },
    `${code} CREATE VIEW t AS SELECT a, b AS old FROM public.u WHERE a > 0;`,
    `BEGIN; ${code} CREATE OR REPLACE VIEW t AS SELECT * FROM u; COMMIT;`,
    {
      name: "a swap: nobody sees the moment without a table",
      code: `${code} ALTER TABLE new_t RENAME TO t;`,
      ...inTransaction,
    },
    { name: "there and back again", code: `${code} ALTER TABLE u RENAME TO t;`, ...inTransaction },
    { code: `${code} CREATE TABLE t (a int);`, ...inTransaction },
    {
      name: "an index",
      code: "ALTER TABLE i RENAME TO j;",
      ...given({ history: ["CREATE TABLE t (a int); CREATE INDEX i ON t (a)"] }),
    },
    {
      name: "known to be gone",
      code: "ALTER TABLE IF EXISTS t RENAME TO u;",
      ...given({ history: ["CREATE TABLE t (a int)", "DROP TABLE t"] }),
    },
    "ALTER TABLE t_id_seq RENAME TO u_id_seq; ALTER TABLE t_pkey RENAME TO u_pkey;",
  ],
  invalid: [
    { code, errors: [{ messageId: "renamed", data, ...place }] },
    {
      name: "of an earlier migration",
      code: "ALTER TABLE IF EXISTS shop.t\n  RENAME TO u;",
      ...given({ history: ["CREATE TABLE shop.t (a int)"] }),
      errors: [
        {
          messageId: "renamed",
          data: { from: "shop.t", to: "shop.u" },
          line: 1,
          column: 1,
          endLine: 2,
          endColumn: 14,
        },
      ],
    },
    {
      name: "older than the history",
      code,
      ...given({ history: [] }),
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "renamed twice: the first name is the one that is asked for",
      code: `${code}\nALTER TABLE u RENAME TO w;`,
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "a view of another name",
      code: `${code} CREATE VIEW s.t AS SELECT * FROM u;`,
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "the view comes in another transaction",
      code: `${code}\nCREATE VIEW t AS SELECT * FROM u;`,
      ...outside,
      errors: [{ messageId: "gap", data, ...place }],
    },
    {
      name: "a swap in two transactions",
      code: `BEGIN;\n${code}\nCOMMIT;\nALTER TABLE new_t RENAME TO t;`,
      ...outside,
      errors: [{ messageId: "gap", data, ...place, line: 2, endLine: 2 }],
    },
    ...[
      "SELECT u.* FROM u JOIN w USING (id)",
      "SELECT DISTINCT a FROM u",
      "SELECT a FROM u GROUP BY a",
      "SELECT a FROM u LIMIT 5",
      "SELECT a FROM u UNION ALL SELECT a FROM w",
      "SELECT a FROM w",
      "SELECT 1 AS a",
    ].map((query) => ({
      name: `the view cannot be written to as the table was: ${query}`,
      code: `${code} CREATE VIEW t AS ${query};`,
      ...inTransaction,
      errors: [{ messageId: "notUpdatable", data, ...place }],
    })),
    {
      name: "views",
      code: "ALTER VIEW t RENAME TO u;\nALTER MATERIALIZED VIEW s.t RENAME TO u;\nALTER TABLE v RENAME TO w;",
      ...given({ history: ["CREATE VIEW v AS SELECT 1"] }),
      errors: [
        { messageId: "renamedView", data, line: 1, column: 1, endLine: 1, endColumn: 25 },
        {
          messageId: "renamedView",
          data: { from: "s.t", to: "s.u" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 40,
        },
        {
          messageId: "renamedView",
          data: { from: "v", to: "w" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 26,
        },
      ],
    },
    {
      name: "with columns that get other names: the view has to give the old ones",
      code: `${code}\nALTER TABLE u RENAME a TO b;`,
      errors: [{ messageId: "renamedWithColumns", data, ...place }],
    },
    ...["ALTER TABLE u DROP a;", "ALTER TABLE u ADD c int NOT NULL;"].map((more) => ({
      name: `no view makes up for it: ${more}`,
      code: `${code}\n${more}`,
      errors: [{ messageId: "renamedAndChanged" as const, data, ...place }],
    })),
  ],
});
