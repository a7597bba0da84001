import { type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { factsOfRelease } from "../testing.ts";
import rule from "./no-out-of-order-migration.ts";

const A = "CREATE TABLE a (b int);\n";
const GOOSE = `-- +goose Up\n${A}-- +goose Down\nDROP TABLE a;\n`;
const SQLX = { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' };
const GO = { "go.mod": "module shop\n\nrequire github.com/golang-migrate/migrate/v4 v4.18.1\n" };

function journal(...entries: [tag: string, when: number][]): Files {
  const listed = entries.map(([tag, when], idx) => ({ idx, when, tag, breakpoints: true }));
  return { "drizzle/meta/_journal.json": JSON.stringify({ dialect: "postgresql", entries: listed }) };
}

function findings(shipped: Files, added: Files, options?: readonly unknown[]): Finding[] {
  return runWorkspaceRule("yantra/sql/no-out-of-order-migration", rule, {
    facts: factsOfRelease(pack, shipped, added),
    ...(options ? { options } : {}),
  });
}

describe("silent", () => {
  test.each<[string, Files, Files]>([
    ["behind the last", { "m/00002_b.sql": GOOSE }, { "m/00003_c.sql": GOOSE }],
    ["in another stream", { "m/00002_b.sql": GOOSE }, { "n/00001_a.sql": GOOSE }],
    ["several at once", { "m/00002_b.sql": GOOSE }, { "m/00004_d.sql": GOOSE, "m/00003_c.sql": GOOSE }],
    ["a runner that is not known", { "migrations/2_b.sql": A }, { "migrations/1_a.sql": A }],
    ["a runner that runs it late", { ...SQLX, "migrations/2_b.sql": A }, { "migrations/1_a.sql": A }],
    [
      "Flyway's repeatable scripts, and its two ways to write a version",
      { "db/migration/V1_2__b.sql": A, "db/migration/R__v.sql": A },
      { "db/migration/V1.10__c.sql": A, "db/migration/R__a.sql": A },
    ],
    [
      "a down migration",
      { ...GO, "sql/2_b.up.sql": A, "sql/1_a.up.sql": A },
      { "sql/1_a.down.sql": "DROP TABLE a;" },
    ],
    [
      "Drizzle, by the journal's times",
      { ...journal(["0005_a", 10], ["0004_b", 20]), "drizzle/0005_a.sql": A },
      { "drizzle/0004_b.sql": A },
    ],
    [
      "Liquibase, whose changelog has the order",
      { "db/changelog/2.sql": `--liquibase formatted sql\n--changeset a:1\n${A}` },
      { "db/changelog/1.sql": `--liquibase formatted sql\n--changeset a:2\n${A}` },
    ],
  ])("%s", (_, shipped, added) => {
    expect(findings(shipped, added)).toEqual([]);
  });
});

describe("reports", () => {
  it("what a runner refuses, once a file", () => {
    const [finding, ...others] = findings(
      { "m/00002_b.sql": GOOSE, "m/00003_c.sql": GOOSE },
      { "m/00001_a.sql": GOOSE },
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      messageId: "refuses",
      path: "m/00001_a.sql",
      startLine: 2,
      startColumn: 1,
      endLine: 2,
      endColumn: 23,
    });
    expect(finding?.message).toBe(
      "This migration is new, and its version 00001 is before 00003 (m/00003_c.sql), which the base has already. goose refuses to migrate a database that has run the later one, so the deployment stops there, unless it runs with `-allow-missing`. Give it a version behind 00003.",
    );
  });

  it.each<[string, Files, Files, string]>([
    ["Flyway", { "db/migration/V1_3__b.sql": A }, { "db/migration/V1.2__a.sql": A }, "refuses"],
    ["golang-migrate", { ...GO, "sql/2_b.up.sql": A }, { "sql/1_a.up.sql": A }, "skips"],
    [
      "Drizzle",
      { ...journal(["0005_b", 20], ["0006_a", 10]), "drizzle/0005_b.sql": A },
      { "drizzle/0006_a.sql": A },
      "skips",
    ],
    [
      "Supabase",
      { "supabase/migrations/20240201000000_b.sql": A },
      { "supabase/migrations/20240101000000_a.sql": A },
      "refuses",
    ],
    [
      "Atlas",
      { "db/atlas.sum": "h1:x\n", "db/20240201000000_b.sql": A },
      { "db/20240101000000_a.sql": A },
      "refuses",
    ],
    [
      "node-pg-migrate",
      { "package.json": '{"dependencies":{"node-pg-migrate":"8"}}', "migrations/2_b.sql": A },
      { "migrations/1_a.sql": A },
      "refuses",
    ],
  ])("%s", (_, shipped, added, messageId) => {
    expect(findings(shipped, added).map((finding) => finding.messageId)).toEqual([messageId]);
  });

  it("what a runner runs late, when it is asked to", () => {
    const [finding] = findings({ ...SQLX, "migrations/2_b.sql": A }, { "migrations/1_a.sql": A }, [
      { late: true },
    ]);
    expect(finding).toMatchObject({ messageId: "runs", path: "migrations/1_a.sql", startLine: 1 });
  });
});
