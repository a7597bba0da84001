import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-drop-table.ts";

const code = "DROP TABLE t;";
const place = { line: 1, column: 1, endLine: 1, endColumn: 13 };

sqlRuleTester().run("no-drop-table", rule, {
  valid: [
    {
      name: "what is derived from another table is derived anew, at once",
      code: "DROP TABLE d; CREATE TABLE d AS SELECT * FROM s; CREATE TABLE f AS SELECT * FROM s; DROP TABLE e; ALTER TABLE f RENAME TO e;",
      ...given({
        history: [
          "CREATE TABLE s (a int); CREATE TABLE d AS SELECT * FROM s; CREATE TABLE e AS SELECT * FROM s",
        ],
        migration: { transactional: true },
      }),
    },
    "CREATE TABLE t (a int); DROP TABLE t;",
    "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; DROP TABLE u;",
    "CREATE TEMP TABLE t AS SELECT 1 AS a; DROP TABLE t;",
    "-- @yantra-phase contract after=v2.4.0\nDROP TABLE t;",
    "-- @yantra-phase contract after=v2\nDROP VIEW v;",
    "-- @yantra-phase contract after=v2\nDROP SCHEMA s CASCADE;",
    {
      name: "known to be gone",
      code: "DROP TABLE IF EXISTS t;",
      ...given({ history: [`CREATE TABLE t ()`, code] }),
    },
    { name: "never made", code: "DROP TABLE IF EXISTS t; DROP VIEW IF EXISTS v;", ...given({ history: [] }) },
    { code, ...given({ migration: { direction: "down" } }) },
    {
      name: "a foreign table gives way to one that holds the rows",
      code: "DROP FOREIGN TABLE f; ALTER TABLE copied RENAME TO f;",
      ...given({ migration: { transactional: true } }),
    },
    {
      name: "a view made again, with other columns perhaps: that is another question",
      code: "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS a;",
    },
    "DROP MATERIALIZED VIEW v; CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;",
    "CREATE VIEW v AS SELECT 1 AS a; DROP VIEW v;",
    { name: "a schema that is not empty refuses", code: "DROP SCHEMA s;" },
    "DROP SCHEMA IF EXISTS r CASCADE; CREATE SCHEMA r;",
    {
      name: "a schema that holds functions only, as far as a complete history tells",
      code: "DROP SCHEMA r CASCADE;",
      ...given({
        history: ["CREATE SCHEMA r; CREATE FUNCTION r.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
      }),
    },
  ],
  invalid: [
    { code, errors: [{ messageId: "dropped", data: { table: "t" }, ...place }] },
    {
      name: "several in one statement have their own places",
      code: 'DROP TABLE IF EXISTS shop.a,\n  "B" , c RESTRICT;',
      errors: [
        {
          messageId: "dropped",
          data: { table: "shop.a" },
          line: 1,
          column: 22,
          endLine: 1,
          endColumn: 28,
        },
        { messageId: "dropped", data: { table: '"B"' }, line: 2, column: 3, endLine: 2, endColumn: 6 },
        { messageId: "dropped", data: { table: "c" }, line: 2, column: 9, endLine: 2, endColumn: 10 },
      ],
    },
    {
      name: "tables that it references are locked with it, but for itself and those that go too",
      code: "DROP TABLE t, u;",
      ...given({
        history: [
          "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY)",
          "CREATE TABLE u (id int PRIMARY KEY REFERENCES q); CREATE TABLE t (id int PRIMARY KEY REFERENCES t, p int REFERENCES p, q int REFERENCES q, u int REFERENCES u)",
        ],
      }),
      errors: [
        {
          messageId: "droppedWithReferences",
          data: { table: "t", referenced: "p and q", until: "" },
          line: 1,
          column: 12,
          endLine: 1,
          endColumn: 13,
        },
        {
          messageId: "droppedWithReferences",
          data: { table: "u", referenced: "q", until: "" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 16,
        },
      ],
    },
    {
      name: "a foreign key whose table has another name by now",
      code,
      ...given({
        history: [
          "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p)",
          "ALTER TABLE p RENAME TO parents",
        ],
      }),
      errors: [
        {
          messageId: "droppedWithReferences",
          data: { table: "t", referenced: "parents", until: "" },
          ...place,
        },
      ],
    },
    {
      name: "made anew: by a rename, by CREATE TABLE, or before the drop",
      code: "CREATE TABLE new_t (a int);\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;\nDROP TABLE public.u;\nCREATE TABLE u (a int);\nALTER TABLE w RENAME TO old_w;\nCREATE TABLE w (a int);\nDROP TABLE old_w;",
      errors: [
        { messageId: "replaced", data: { table: "t" }, line: 2, column: 1, endLine: 2, endColumn: 13 },
        {
          messageId: "replacedAfter",
          data: { table: "public.u" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 20,
        },
        { messageId: "replaced", data: { table: "w" }, line: 8, column: 1, endLine: 8, endColumn: 17 },
      ],
    },
    {
      name: "renamed first: the running release knows the old name",
      code: "ALTER TABLE t RENAME TO old_t;\nDROP TABLE old_t;",
      errors: [{ messageId: "dropped", data: { table: "t" }, line: 2, column: 1, endLine: 2, endColumn: 17 }],
    },
    {
      name: "IF NOT EXISTS may have made nothing",
      code: "CREATE TABLE IF NOT EXISTS t (a int);\nDROP TABLE IF EXISTS t;",
      errors: [{ messageId: "dropped", data: { table: "t" }, line: 2, column: 1, endLine: 2, endColumn: 23 }],
    },
    {
      name: "views that are not made again",
      code: "DROP VIEW v, s.w CASCADE;\nDROP MATERIALIZED VIEW m;\nCREATE VIEW w AS SELECT 1;",
      ...given({ history: ["CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1"] }),
      errors: [
        {
          messageId: "view",
          data: { command: "DROP VIEW", view: "v and s.w" },
          line: 1,
          column: 11,
          endLine: 1,
          endColumn: 12,
        },
        {
          messageId: "view",
          data: { command: "DROP MATERIALIZED VIEW", view: "m" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 25,
        },
      ],
    },
    {
      name: "a schema that holds a table, and one of which nothing is known",
      code: "DROP SCHEMA s CASCADE;",
      ...given({ history: ["CREATE TABLE s.t (a int)"] }),
      errors: [{ messageId: "schema", data: { schema: "s" }, line: 1, column: 1, endLine: 1, endColumn: 22 }],
    },
    {
      code: "DROP SCHEMA IF EXISTS s, r CASCADE;",
      errors: [
        { messageId: "schemaUnknown", data: { schema: "s" }, line: 1, column: 1, endLine: 1, endColumn: 35 },
        { messageId: "schemaUnknown", data: { schema: "r" }, line: 1, column: 1, endLine: 1, endColumn: 35 },
      ],
    },
    {
      name: "an annotation of another phase, or without the release",
      code: "-- @yantra-phase contract\nDROP TABLE t;\n-- @yantra-phase expand after=v1\nDROP VIEW v;",
      errors: [
        { messageId: "dropped", data: { table: "t" }, line: 2, column: 1, endLine: 2, endColumn: 13 },
        {
          messageId: "view",
          data: { command: "DROP VIEW", view: "v" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 12,
        },
      ],
    },
    {
      name: "derived anew, but written to before, or from another table",
      code: "DROP TABLE d;\nCREATE TABLE d AS SELECT * FROM s;\nDROP TABLE e;\nCREATE TABLE e AS SELECT * FROM r;",
      ...given({
        history: [
          "CREATE TABLE s (a int); CREATE TABLE r (a int); CREATE TABLE d AS SELECT * FROM s; CREATE TABLE e AS SELECT * FROM s",
          "INSERT INTO d VALUES (1)",
        ],
        migration: { transactional: true },
      }),
      errors: [
        { messageId: "replacedAfter", data: { table: "d" }, line: 1, column: 1, endLine: 1, endColumn: 13 },
        { messageId: "replacedAfter", data: { table: "e" }, line: 3, column: 1, endLine: 3, endColumn: 13 },
      ],
    },
    {
      name: "DROP CONSTRAINT takes the one foreign key that has such a name",
      code,
      ...given({
        history: [
          "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p, q int REFERENCES q)",
          "ALTER TABLE t DROP CONSTRAINT t_p_fkey",
        ],
      }),
      errors: [
        { messageId: "droppedWithReferences", data: { table: "t", referenced: "q", until: "" }, ...place },
      ],
    },
    {
      name: "a database",
      code: "DROP DATABASE IF EXISTS shop;\n-- @yantra-phase contract after=v2\nDROP DATABASE old;",
      errors: [
        { messageId: "database", data: { database: "shop" }, line: 1, column: 1, endLine: 1, endColumn: 29 },
      ],
    },
    {
      name: "a foreign table holds no rows itself",
      code: "DROP FOREIGN TABLE f;\nDROP FOREIGN TABLE g;\nCREATE TABLE g (a int);",
      ...given({ migration: { transactional: false } }),
      errors: [
        { messageId: "foreignTable", data: { table: "f" }, line: 1, column: 1, endLine: 1, endColumn: 21 },
        { messageId: "foreignTable", data: { table: "g" }, line: 2, column: 1, endLine: 2, endColumn: 21 },
      ],
    },
    {
      name: "the locks of its foreign keys are held until the transaction commits",
      code: "BEGIN; DROP TABLE t; UPDATE u SET a = 1; COMMIT;",
      ...given({ history: ["CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p)"] }),
      errors: [
        {
          messageId: "droppedWithReferences",
          data: {
            table: "t",
            referenced: "p",
            until: " until the transaction commits, 1 statement later",
          },
          line: 1,
          column: 8,
          endLine: 1,
          endColumn: 20,
        },
      ],
    },
  ],
});
