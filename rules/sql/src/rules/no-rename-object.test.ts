import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-rename-object.ts";

const one = given({ migration: { transactional: true } });

/** An error of line 1. */
function renamed(what: string, from: string, to: string, endColumn: number) {
  const way =
    what === "schema"
      ? "Make the new schema beside it, with views of the old tables, and ship a release that asks there"
      : what === "type" || what === "domain"
        ? `Leave the ${what} its name, which code can map to one of its own, or make a second ${what} beside it for new columns`
        : `Make a second ${what} of the new name beside it`;
  return { messageId: "renamed", data: { what, from, to, way }, line: 1, column: 1, endLine: 1, endColumn };
}

sqlRuleTester().run("no-rename-object", rule, {
  valid: [
    "ALTER TYPE mood ADD VALUE 'z'; ALTER INDEX i RENAME TO j; ALTER TABLE t RENAME CONSTRAINT a TO b;",
    { name: "no-rename-table tells", code: "ALTER TABLE t RENAME TO u; ALTER VIEW v RENAME TO w;" },
    { name: "no-rename-enum-value tells", code: "ALTER TYPE mood RENAME VALUE 'a' TO 'b';" },
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood RENAME TO feeling;",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() RENAME TO g;",
    {
      name: "made here under another name",
      code: "CREATE SEQUENCE a; ALTER SEQUENCE a RENAME TO b; ALTER SEQUENCE b RENAME TO c; CREATE DOMAIN d AS int; ALTER DOMAIN d RENAME TO e; ALTER DOMAIN e RENAME TO f;",
    },
    {
      name: "a trigger's function",
      code: "ALTER FUNCTION f() RENAME TO g;",
      ...given({
        history: ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'"],
      }),
    },
    { name: "the sequence of a serial column", code: "ALTER SEQUENCE users_id_seq RENAME TO people_id_seq;" },
    {
      name: "a type that takes the other's place",
      code: "CREATE TYPE new_mood AS ENUM ('a'); ALTER TYPE mood RENAME TO old_mood; ALTER TYPE new_mood RENAME TO mood;",
      ...one,
    },
    {
      name: "and one that is made anew",
      code: "ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('a');",
      ...one,
    },
    "-- @yantra-phase contract after=v2\nALTER SCHEMA shop RENAME TO store;",
    { code: "ALTER SCHEMA shop RENAME TO store;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    { code: "ALTER SCHEMA shop RENAME TO store;", errors: [renamed("schema", "shop", "store", 34)] },
    {
      code: "ALTER TYPE shop.mood RENAME TO feeling;",
      errors: [renamed("type", "shop.mood", "shop.feeling", 39)],
    },
    { code: "ALTER DOMAIN mail RENAME TO email;", errors: [renamed("domain", "mail", "email", 34)] },
    { code: "ALTER FUNCTION f(int) RENAME TO g;", errors: [renamed("function", "f", "g", 34)] },
    { code: "ALTER PROCEDURE f RENAME TO g;", errors: [renamed("procedure", "f", "g", 30)] },
    { code: "ALTER SEQUENCE numbers RENAME TO ids;", errors: [renamed("sequence", "numbers", "ids", 37)] },
    {
      name: "made anew after a moment without",
      code: "ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('a');",
      ...given({ migration: { transactional: false } }),
      errors: [renamed("type", "mood", "old_mood", 35)],
    },
  ],
});
