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
    { code, errors: [{ messageId: "renamed", data: { ...data, refused: "" }, ...place }] },
    {
      name: "of an earlier migration",
      code: "ALTER TABLE IF EXISTS shop.t\n  RENAME TO u;",
      ...given({ history: ["CREATE TABLE shop.t (a int)"] }),
      errors: [
        {
          messageId: "renamed",
          data: { from: "shop.t", to: "shop.u", refused: "" },
          line: 1,
          column: 1,
          endLine: 2,
          endColumn: 14,
        },
      ],
    },
    {
      name: "in quotes where SQL wants them",
      code: 'ALTER TABLE "User" RENAME TO "order";',
      errors: [
        {
          messageId: "renamed",
          data: { from: '"User"', to: '"order"', refused: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 37,
        },
      ],
    },
    {
      name: "older than the history",
      code,
      ...given({ history: [] }),
      errors: [{ messageId: "renamed", data: { ...data, refused: "" }, ...place }],
    },
    {
      name: "renamed twice: the first name is the one that is asked for",
      code: `${code}\nALTER TABLE u RENAME TO w;`,
      errors: [{ messageId: "renamed", data: { ...data, refused: "" }, ...place }],
    },
    {
      name: "a view of another name",
      code: `${code} CREATE VIEW s.t AS SELECT * FROM u;`,
      errors: [{ messageId: "renamed", data: { ...data, refused: "" }, ...place }],
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
        {
          messageId: "renamedView",
          data: { ...data, what: "view" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 25,
        },
        {
          messageId: "renamedView",
          data: { from: "s.t", to: "s.u", what: "materialized view" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 40,
        },
        {
          messageId: "renamedView",
          data: { from: "v", to: "w", what: "view" },
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
      errors: [{ messageId: "renamedWithColumns", data: { ...data, refused: "" }, ...place }],
    },
    ...["ALTER TABLE u DROP a;", "ALTER TABLE u DROP a, ADD c int NOT NULL;"].map((more) => ({
      name: `no view makes up for it: ${more}`,
      code: `${code}\n${more}`,
      errors: [{ messageId: "renamedAndChanged" as const, data, ...place }],
    })),
    ...[
      "ALTER TABLE u ADD c int NOT NULL;",
      "ALTER TABLE u ADD c int NOT NULL DEFAULT 1; ALTER TABLE u ALTER c DROP DEFAULT;",
      "ALTER TABLE u ADD b int; ALTER TABLE u RENAME b TO c; UPDATE u SET c = 1; ALTER TABLE u ALTER c SET NOT NULL;",
    ].map((more) => ({
      name: `an INSERT through a view would not name the column: ${more}`,
      code: `${code}\n${more}`,
      errors: [
        {
          messageId: "renamedWithRequired" as const,
          data: { ...data, columns: "c", refused: "" },
          ...place,
        },
      ],
    })),
    {
      name: "columns that the file has added before; those that are filled all the same count for nothing",
      code: "ALTER TABLE t ADD c int, ADD d serial, ADD e int NOT NULL DEFAULT 1, ADD f int; ALTER TABLE t ALTER c SET NOT NULL;\nALTER TABLE t RENAME TO u;\nALTER TABLE u ADD g int NOT NULL DEFAULT 1, ADD h bigserial, ADD i int GENERATED ALWAYS AS IDENTITY, ALTER f SET NOT NULL, ALTER f DROP NOT NULL;",
      errors: [
        {
          messageId: "renamedWithRequired",
          data: { ...data, columns: "c", refused: "" },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "writes that are refused from then on",
      code: `${code}\nALTER TABLE u ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD UNIQUE (b), ALTER d SET NOT NULL, DROP CONSTRAINT t_a_key, ADD FOREIGN KEY (e) REFERENCES v;`,
      ...given({ history: ["CREATE TABLE t (a int UNIQUE, b int, d int, e int)"] }),
      errors: [
        {
          message:
            "t becomes u while the release before this one still asks for t: its queries fail, and a rollback fails with them. To keep both releases working, make a view under the old name in the same transaction, CREATE VIEW t AS SELECT * FROM u, which takes reads and writes, but for rows that break c, rows that break UNIQUE (b), rows without d and 2 more, which PostgreSQL refuses then; drop it in a later migration, with `-- @yantra-phase contract after=<the release that asks for u>` above the statement.",
          ...place,
        },
      ],
    },
    {
      name: "of columns that are new to it, or as before, the release knows nothing",
      code: `${code}\nALTER TABLE u ADD c int, ADD UNIQUE (c), ADD FOREIGN KEY (c) REFERENCES v, DROP CONSTRAINT t_a_key; CREATE UNIQUE INDEX i ON u (a); ALTER TABLE u DROP CONSTRAINT t_b_check, ADD CONSTRAINT t_b_check CHECK (b > 0);`,
      ...given({ history: ["CREATE TABLE t (a int UNIQUE, b int CHECK (b > 1))"] }),
      errors: [{ messageId: "renamed", data: { ...data, refused: "" }, ...place }],
    },
    {
      name: "ON CONFLICT needs what is dropped",
      code: `ALTER TABLE t DROP CONSTRAINT t_a_key;\n${code}\nALTER TABLE u RENAME a TO b;`,
      ...given({ history: ["CREATE TABLE t (a int UNIQUE)"] }),
      errors: [
        {
          messageId: "renamedWithColumns",
          data: { ...data, refused: ", but for INSERT … ON CONFLICT (a), which PostgreSQL refuses then" },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    },
  ],
});
