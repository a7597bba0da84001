import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-drop-column.ts";

const change =
  "and a rollback does not bring it back. It cannot be told from the migrations here whether the new column has the type of the old one: where that does not fit, queries of the release before this one fail.";

sqlRuleTester().run("no-drop-column", rule, {
  valid: [
    "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t DROP COLUMN a;",
    "CREATE TABLE t (a int, b int); ALTER TABLE t DROP COLUMN a;",
    "CREATE TEMP TABLE t AS SELECT 1 AS a; ALTER TABLE t DROP COLUMN a;",
    "ALTER TABLE t DROP CONSTRAINT a;",
    "-- @yantra-phase contract after=v2.4.0\nALTER TABLE t DROP COLUMN a;",
    "/*\n * @yantra-phase contract after=v2 -- nobody reads it\n */\nALTER TABLE t DROP COLUMN a, DROP COLUMN b;",
    "-- @yantra-phase contract after=v2\n\nSELECT 1;\nALTER TABLE t DROP COLUMN a;",
    // A column that is known to be gone.
    { code: "ALTER TABLE t DROP COLUMN IF EXISTS a;", ...given({ history: ["CREATE TABLE t (b int)"] }) },
    { code: "ALTER TABLE t DROP COLUMN a;", ...given({ migration: { direction: "down" } }) },
    {
      code: "-- +goose Up\nSELECT 1;\n-- +goose Down\nALTER TABLE t DROP COLUMN a;",
      ...given({ migration: { runner: "goose", direction: "both" } }),
    },
  ],
  invalid: [
    {
      name: "a column that this file has renamed, and makes anew: the running release knows its old name",
      code: "ALTER TABLE t RENAME COLUMN role TO kind;\nALTER TABLE t DROP COLUMN kind;\nALTER TABLE t ADD COLUMN kind int;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "role", lost: "the data are gone" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 31,
        },
      ],
    },
    {
      code: "ALTER TABLE orders DROP COLUMN note;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "orders", column: "note", lost: "the data are gone" },
          line: 1,
          column: 20,
          endLine: 1,
          endColumn: 36,
        },
      ],
    },
    {
      name: "each column has its own place",
      code: "ALTER TABLE IF EXISTS ONLY shop.orders\n  DROP é CASCADE, -- a comment\n  ADD COLUMN c int DEFAULT (1 + 2),\n  DROP COLUMN IF EXISTS b;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "shop.orders", column: '"é"', lost: "the data are gone" },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 17,
        },
        {
          messageId: "dropped",
          data: { table: "shop.orders", column: "b", lost: "the data are gone" },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 26,
        },
      ],
    },
    {
      name: "made anew by ADD COLUMN or by a rename, after it",
      code: "ALTER TABLE t DROP COLUMN a, ADD COLUMN a text;\nALTER TABLE t ADD c int, DROP b;\nALTER TABLE t RENAME c TO b;\nALTER TABLE u ADD d int;\nALTER TABLE t DROP d;",
      errors: [
        {
          messageId: "replaced",
          data: { table: "t", column: "a", change },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 28,
        },
        {
          messageId: "replaced",
          data: { table: "t", column: "b", change },
          line: 2,
          column: 26,
          endLine: 2,
          endColumn: 32,
        },
        {
          messageId: "dropped",
          data: { table: "t", column: "d", lost: "the data are gone" },
          line: 5,
          column: 15,
          endLine: 5,
          endColumn: 21,
        },
      ],
    },
    {
      name: "an earlier migration added it: a release may use it",
      code: "ALTER TABLE t DROP COLUMN a;",
      ...given({ history: ["CREATE TABLE t (a int)"] }),
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "a", lost: "the data are gone" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 28,
        },
      ],
    },
    {
      name: "ADD COLUMN IF NOT EXISTS may have added nothing",
      code: "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int; ALTER TABLE t DROP COLUMN a;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "a", lost: "the data are gone" },
          line: 1,
          column: 61,
          endLine: 1,
          endColumn: 74,
        },
      ],
    },
    {
      name: "an annotation without the release, of another phase, or not directly above",
      code: "SELECT 1;\n-- @yantra-phase contract\nALTER TABLE t DROP COLUMN a;\n-- @yantra-phase expand after=v1\nALTER TABLE t DROP COLUMN b;\n-- @yantra-phase contract after=v1\n\nALTER TABLE t DROP COLUMN c;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "a", lost: "the data are gone" },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 28,
        },
        {
          messageId: "dropped",
          data: { table: "t", column: "b", lost: "the data are gone" },
          line: 5,
          column: 15,
          endLine: 5,
          endColumn: 28,
        },
        {
          messageId: "dropped",
          data: { table: "t", column: "c", lost: "the data are gone" },
          line: 8,
          column: 15,
          endLine: 8,
          endColumn: 28,
        },
      ],
    },
    {
      name: "made anew with another type",
      code: "ALTER TABLE t DROP COLUMN a, ADD COLUMN a int;",
      ...given({ history: ["CREATE TABLE t (a text)"] }),
      errors: [
        {
          messageId: "replaced",
          data: {
            table: "t",
            column: "a",
            change:
              "a rollback does not bring it back, and queries of the release before this one fail where the type of the new column does not fit.",
          },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 28,
        },
      ],
    },
    {
      name: "made anew with the same type",
      code: "ALTER TABLE t DROP COLUMN a, ADD COLUMN a text;",
      ...given({ history: ["CREATE TABLE t (a text)"] }),
      errors: [
        {
          messageId: "replaced",
          data: { table: "t", column: "a", change: "and a rollback does not bring it back." },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 28,
        },
      ],
    },
    {
      name: "copied before: by UPDATE, and by INSERT … SELECT",
      code: "UPDATE t SET b = a;\nALTER TABLE t DROP COLUMN a;\nINSERT INTO v (c) SELECT c FROM u;\nALTER TABLE u DROP COLUMN c;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "a", lost: "what was not copied is gone" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 28,
        },
        {
          messageId: "dropped",
          data: { table: "u", column: "c", lost: "what was not copied is gone" },
          line: 4,
          column: 15,
          endLine: 4,
          endColumn: 28,
        },
      ],
    },
    {
      name: "the running release knows the table by its old name",
      code: "ALTER TABLE t RENAME TO u;\nALTER TABLE u DROP COLUMN a;",
      errors: [
        {
          messageId: "dropped",
          data: { table: "t", column: "a", lost: "the data are gone" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 28,
        },
      ],
    },
  ],
});
