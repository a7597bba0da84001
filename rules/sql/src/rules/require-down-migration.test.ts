import { FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import rule from "./require-down-migration.ts";

const UP = "CREATE TABLE a (b int);\n";
const DOWN = "DROP TABLE a;\n";
/** A stream whose first migration has both ways. */
const PAIR = { "migrations/1_a.up.sql": UP, "migrations/1_a.down.sql": DOWN };
const DIESEL = {
  "migrations/2024-01-01-000000_a/up.sql": UP,
  "migrations/2024-01-01-000000_a/down.sql": DOWN,
};
const GOOSE = { "migrations/1_a.sql": `-- +goose Up\n${UP}-- +goose Down\n${DOWN}` };

function findings(files: Files): Finding[] {
  return runWorkspaceRule("yantra/sql/require-down-migration", rule, {
    facts: new FactIndex(factsIn(pack, files)),
    level: "warning",
  });
}

describe("silent", () => {
  test.each<[string, Files]>([
    ["both ways", PAIR],
    ["both ways in one file", GOOSE],
    [
      "a version of several numbers",
      { ...PAIR, "migrations/002_b.up.sql": UP, "migrations/002_b.down.sql": DOWN },
    ],
    [
      "a directory whose migrations have no ways down",
      { ...PAIR, "migrations/2_b.up.sql": UP, "migrations/3_c.up.sql": UP, "migrations/4_d.up.sql": UP },
    ],
    ["one of a directory without any", { "migrations/1_a.up.sql": UP, "migrations/2_b.up.sql": UP }],
    [
      "a runner without ways down",
      {
        "prisma/migrations/migration_lock.toml": 'provider = "postgresql"',
        "prisma/migrations/20240101000000_a/migration.sql": UP,
      },
    ],
    [
      "Flyway, whose undo scripts are sold",
      { "migrations/V1__a.sql": UP, "migrations/U1__a.sql": DOWN, "migrations/V2__b.sql": UP },
    ],
    ["sqlx without directions", { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n', "migrations/1_a.sql": UP }],
    ["files that do not look like pairs", { "migrations/1_a.sql": UP }],
    [
      "nothing to undo",
      { ...PAIR, "migrations/2_b.up.sql": "UPDATE a SET b = 1;", "migrations/2_b.down.sql": "" },
    ],
    [
      "an enum's value, which stays",
      { ...PAIR, "migrations/2_b.up.sql": "ALTER TYPE t ADD VALUE 'x';", "migrations/2_b.down.sql": "" },
    ],
    [
      "a way down that refuses",
      {
        ...PAIR,
        "migrations/2_b.up.sql": UP,
        "migrations/2_b.down.sql": "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$;",
      },
    ],
    [
      "a reason in the empty one",
      {
        ...PAIR,
        "migrations/2_b.up.sql": UP,
        "migrations/2_b.down.sql": "-- Not reversible: the rows are gone.\n",
      },
    ],
    [
      "an annotation with a reason, in the way up",
      { ...PAIR, "migrations/2_b.up.sql": `-- @yantra-risk high -- the rows are gone\n${UP}` },
    ],
    [
      "the same in the way down",
      {
        ...PAIR,
        "migrations/2_b.up.sql": UP,
        "migrations/2_b.down.sql": "-- @yantra-risk high -- the rows are gone\n",
      },
    ],
  ])("%s", (_, files) => {
    expect(findings(files)).toEqual([]);
  });
});

describe("a way down that is missing", () => {
  it("is told at the way up, with the file where it belongs", () => {
    expect(findings({ ...PAIR, "migrations/2_b.up.sql": UP })).toEqual([
      {
        ruleId: "yantra/sql/require-down-migration",
        messageId: "missing",
        level: "warning",
        path: "migrations/2_b.up.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 23,
        message:
          "This migration has no way down: a rollback either stops here or leaves the schema as it is while the runner takes it for undone, and the next deployment runs the migration a second time, on a schema that has it already. Write it in a file 2_b.down.sql beside it, or say why there is none: `-- @yantra-risk high -- <reason>`.",
        related: [],
      },
    ]);
  });

  test.each<[string, Files, string]>([
    [
      "Diesel",
      { ...DIESEL, "migrations/2024-01-02-000000_b/up.sql": UP },
      "while Diesel takes it for undone, and the next deployment runs the migration a second time, on a schema that has it already. Write it in a down.sql beside this file",
    ],
    [
      "Hasura",
      { "migrations/1_a/up.sql": UP, "migrations/1_a/down.sql": DOWN, "migrations/2_b/up.sql": UP },
      "Write it in a down.sql beside this file",
    ],
    [
      "goose",
      { ...GOOSE, "migrations/2_b.sql": `-- +goose Up\n${UP}` },
      'Write it under a line "-- +goose Down" in this file',
    ],
    [
      "dbmate",
      { "migrations/1_a.sql": `-- migrate:up\n${UP}` },
      'Write it under a line "-- migrate:down" in this file',
    ],
    [
      "sql-migrate",
      { "migrations/1_a.sql": `-- +migrate Up\n${UP}` },
      'Write it under a line "-- +migrate Down" in this file',
    ],
    [
      "golang-migrate",
      { "go.mod": "require github.com/golang-migrate/migrate/v4 v4.17.0\n", "migrations/1_a.up.sql": UP },
      "while golang-migrate takes it",
    ],
    [
      "sqlx",
      { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n', "migrations/1_a.up.sql": UP },
      "in a file 1_a.down.sql beside it",
    ],
  ])("%s", (_, files, message) => {
    expect(findings(files)).toMatchObject([
      { messageId: "missing", message: expect.stringContaining(message) },
    ]);
  });

  test.each(["low -- small", "high"])("is not excused by @yantra-risk %s", (said) => {
    const sql = `-- @yantra-risk ${said}\n${UP}`;
    expect(findings({ ...PAIR, "migrations/2_b.up.sql": sql })).toMatchObject([{ startLine: 2 }]);
  });
});

describe("a way down that is empty", () => {
  const empty = (down: string): Finding[] =>
    findings({ ...PAIR, "migrations/2_b.up.sql": UP, "migrations/2_b.down.sql": down });

  it("is told at the way up, with its place", () => {
    const found = empty("\n");
    expect(found).toMatchObject([
      {
        messageId: "empty",
        path: "migrations/2_b.up.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 23,
        related: [{ path: "migrations/2_b.down.sql", startLine: 1, startColumn: 1 }],
      },
    ]);
    expect(found[0]?.message).toContain("Undo there what this does, or say why there is none");
  });

  test.each(["-- This file should undo anything in `up.sql`\n", "-- Add down migration script here\n"])(
    "%s is no reason",
    (down) => {
      expect(empty(down)).toMatchObject([{ messageId: "empty" }]);
    },
  );

  it("nor are directives", () => {
    const sql = `-- +goose Up\n${UP}-- +goose Down\n-- +goose StatementBegin\n-- +goose StatementEnd\n`;
    expect(findings({ ...GOOSE, "migrations/2_b.sql": sql })).toMatchObject([{ messageId: "empty" }]);
  });

  it("names what is lost", () => {
    const found = findings({
      ...PAIR,
      "migrations/2_b.up.sql": "ALTER TABLE a DROP COLUMN b;",
      "migrations/2_b.down.sql": "",
    });
    expect(found).toMatchObject([{ messageId: "lost" }]);
    expect(found[0]?.message).toContain(
      "What DROP COLUMN a.b loses cannot come back, but the columns and tables can, so that the code before finds them; or say why there is none: `-- @yantra-risk high -- <reason>`, or in a comment there.",
    );
  });
});
