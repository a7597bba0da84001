import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-rename-column.ts";

const code = "ALTER TABLE t RENAME COLUMN a TO b;";
const place = { line: 1, column: 1, endLine: 1, endColumn: 35 };
const data = { table: "t", from: "a", to: "b" };
const inTransaction = given({ migration: { transactional: true } });
const outside = given({ migration: { transactional: false } });

sqlRuleTester().run("no-rename-column", rule, {
  valid: [
    `CREATE TABLE t (a int); ${code}`,
    `ALTER TABLE t ADD COLUMN a int; ${code}`,
    `CREATE TEMP TABLE t (a int); ${code}`,
    `-- @yantra-phase contract after=v2.4.0\n${code}`,
    { code, ...given({ migration: { direction: "down" } }) },
    {
      name: "a swap: nobody sees the moment without the column",
      code: `${code} ALTER TABLE t RENAME new_a TO a;`,
      ...inTransaction,
    },
    { code: `${code} ALTER TABLE t ADD COLUMN a bigint;`, ...inTransaction },
    {
      name: "the running release sees the view",
      code: `ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b; CREATE VIEW t AS SELECT b AS a FROM u;`,
      ...inTransaction,
    },
    {
      name: "the same, the column first",
      code: `${code} ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT b AS a FROM u;`,
      ...inTransaction,
    },
    "CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v RENAME COLUMN a TO b; ALTER VIEW w RENAME a TO b; DROP VIEW w; CREATE VIEW w AS SELECT 1 AS a;",
    "-- @yantra-phase contract after=v2.4.0\nALTER VIEW v RENAME COLUMN a TO b;",
    "ALTER TABLE t RENAME CONSTRAINT a TO b; ALTER TYPE t RENAME ATTRIBUTE a TO b;",
  ],
  invalid: [
    { code, errors: [{ messageId: "renamed", data, ...place }] },
    {
      name: "of an earlier migration",
      code: 'ALTER TABLE IF EXISTS ONLY shop."T"\n  RENAME "É" TO b;',
      ...given({ history: ['CREATE TABLE shop."T" ("É" int)'] }),
      errors: [
        {
          messageId: "renamed",
          data: { table: 'shop."T"', from: '"É"', to: "b" },
          line: 1,
          column: 1,
          endLine: 2,
          endColumn: 18,
        },
      ],
    },
    {
      name: "renamed twice: the first name is the one that is asked for",
      code: `${code}\nALTER TABLE t RENAME b TO c;`,
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "a swap in two transactions",
      code: `${code}\nALTER TABLE t RENAME new_a TO a;`,
      ...outside,
      errors: [{ messageId: "gap", data, ...place }],
    },
    {
      name: "a column of another table",
      code: `${code} ALTER TABLE u ADD COLUMN a int;`,
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "the table gets another name, and nothing takes the old one: both are told",
      code: `${code} ALTER TABLE t RENAME TO u;`,
      errors: [{ messageId: "renamed", data, ...place }],
    },
    {
      name: "ADD COLUMN IF NOT EXISTS may have added nothing",
      code: `ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;\n${code}`,
      errors: [{ messageId: "renamed", data, ...place, line: 2, endLine: 2 }],
    },
    {
      name: "a name that another column had",
      code: "ALTER TABLE t DROP COLUMN b;\nALTER TABLE t RENAME COLUMN a TO b;",
      errors: [
        {
          messageId: "takesName",
          data: { table: "t", from: "a", to: "b", line: "1" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 35,
        },
      ],
    },
    {
      name: "a view can give a column under both names",
      code: "ALTER TABLE v RENAME COLUMN a TO b;\nALTER VIEW v RENAME a TO b;\nALTER MATERIALIZED VIEW shop.m RENAME COLUMN a TO b;",
      ...given({ history: ["CREATE VIEW v AS SELECT 1 AS a"] }),
      errors: [
        {
          message:
            "v.a becomes b while the release before this one still asks for a: its queries that name the column fail, and a rollback fails with them. Let CREATE OR REPLACE VIEW give it under both names instead, b as the last column, ship a release that asks for b only, and take a away in a later migration, with `-- @yantra-phase contract after=<that release>` above the statement.",
          ...place,
        },
        {
          messageId: "renamedInView",
          data: {
            ...data,
            table: "v",
            way: "Let CREATE OR REPLACE VIEW give it under both names instead, b as the last column",
          },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 27,
        },
        {
          messageId: "renamedInView",
          data: {
            ...data,
            table: "shop.m",
            way: "Make a second materialized view that calls it b instead",
          },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 52,
        },
      ],
    },
  ],
});
