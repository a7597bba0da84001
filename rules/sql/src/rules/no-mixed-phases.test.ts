import { FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { Linter } from "eslint";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { language } from "../language/language.ts";
import { factsOfRelease } from "../testing.ts";
import drops from "./no-drop-in-same-release.ts";
import rule from "./no-mixed-phases.ts";
import required from "./no-required-column-without-default.ts";

const NAME = "yantra/sql/no-mixed-phases";
const ORDERS = { "migrations/0001_orders.sql": "CREATE TABLE orders (id int, note text, state text);" };
const ADD = "ALTER TABLE orders ADD COLUMN remark text;\n";
const BACKFILL = "UPDATE orders SET note = '' WHERE note IS NULL;\n";
const DEMAND = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n";

function findings(shipped: Files, added: Files): Finding[] {
  return runWorkspaceRule(NAME, rule, { facts: factsOfRelease(pack, shipped, added), level: "warning" });
}

/** The findings on one migration after that of ORDERS. */
function ofFile(sql: string): Finding[] {
  return findings(ORDERS, { "migrations/0002_a.sql": sql });
}

describe("silent", () => {
  test.each<[string, string]>([
    [
      "expand alone",
      `${ADD}ALTER TABLE orders ALTER state SET DEFAULT 'new'; CREATE INDEX i ON orders (note);`,
    ],
    ["migrate alone", BACKFILL],
    ["contract alone", DEMAND],
    [
      "demands on other columns than the prepared one",
      `${BACKFILL}ALTER TABLE orders ALTER state SET NOT NULL;`,
    ],
    ["demands on another table", `${BACKFILL}ALTER TABLE lines ALTER note SET NOT NULL;`],
    ["the demand first, rows afterwards", DEMAND + BACKFILL],
    [
      "a new column with a default",
      "ALTER TABLE orders ADD c int DEFAULT 0; ALTER TABLE orders ALTER c SET NOT NULL;",
    ],
    [
      "a default that comes later",
      `${ADD}ALTER TABLE orders ALTER remark SET NOT NULL, ALTER remark SET DEFAULT '';`,
    ],
    [
      "a default that goes from a column that may be NULL",
      "ALTER TABLE orders ADD c int DEFAULT 0; ALTER TABLE orders ALTER c DROP DEFAULT;",
    ],
    [
      "constraints that NULL meets",
      `${ADD}ALTER TABLE orders ADD UNIQUE (remark), ADD CHECK (remark <> '');`,
    ],
    [
      "what is taken back",
      `${ADD}ALTER TABLE orders ALTER remark SET NOT NULL; ALTER TABLE orders ALTER remark SET DEFAULT '', ALTER remark DROP NOT NULL;`,
    ],
    [
      "tables that the release makes",
      "CREATE TABLE t (a int); INSERT INTO t SELECT 1; UPDATE t SET a = 2; ALTER TABLE t ALTER a SET NOT NULL;",
    ],
    [
      "tables that it renames, which is no-rename-table's affair",
      `ALTER TABLE orders RENAME TO o; UPDATE o SET note = ''; ALTER TABLE o ALTER note SET NOT NULL;`,
    ],
    [
      "a constraint that is made anew",
      `ALTER TABLE orders DROP CONSTRAINT fk; ${BACKFILL}ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (note) REFERENCES n (a);`,
    ],
    [
      "a constraint without a name that is made anew",
      `ALTER TABLE orders DROP CONSTRAINT orders_note_key; ${BACKFILL}ALTER TABLE orders ADD UNIQUE (note);`,
    ],
    ["a column that is NOT NULL already", `ALTER TABLE orders ALTER note SET NOT NULL; ${BACKFILL}${DEMAND}`],
    ["rows deleted by another column", `DELETE FROM orders WHERE id < 0; ${DEMAND}`],
    [
      "a column that is renamed later, which is no-rename-column's affair",
      `${BACKFILL}${DEMAND} ALTER TABLE orders RENAME note TO remark;`,
    ],
    ["a wider type", `${BACKFILL}ALTER TABLE orders ALTER note TYPE text;`],
    [
      "a release that meets the demand has shipped",
      `${BACKFILL}-- @yantra-phase contract after=v2.4.0\n${DEMAND}`,
    ],
    ["the same, said at the top", `-- @yantra-phase contract after=v2.4.0\n\n${BACKFILL}${DEMAND}`],
  ])("%s", (_, sql) => {
    expect(ofFile(sql)).toEqual([]);
  });

  it("about what an earlier release has prepared", () => {
    expect(
      findings({ ...ORDERS, "migrations/0002_a.sql": BACKFILL }, { "migrations/0003_b.sql": DEMAND }),
    ).toEqual([]);
  });

  it("about two files without a base, which may be two releases", () => {
    const facts = factsIn(pack, { "migrations/1_a.sql": BACKFILL, "migrations/2_b.sql": DEMAND });
    expect(runWorkspaceRule(NAME, rule, { facts: new FactIndex(facts) })).toEqual([]);
  });
});

describe("rows that were there are prepared", () => {
  it("is told at the demand, with the place of the preparation, over the files of a release", () => {
    expect(findings(ORDERS, { "migrations/9_a.sql": BACKFILL, "migrations/10_b.sql": DEMAND })).toEqual([
      {
        ruleId: NAME,
        messageId: "prepared",
        level: "warning",
        path: "migrations/10_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 50,
        message:
          "SET NOT NULL relies on a clean-up of orders.note that this same release makes (UPDATE in migrations/9_a.sql): the release before this one still runs and writes as it did, so a row of the old kind that comes in between fails the migration, and one that comes afterwards is refused, after a rollback too. Make the demand in a migration of a later release; if a release that meets it has shipped already, say so above the statement: `-- @yantra-phase contract after=<that release>`.",
        related: [
          {
            path: "migrations/9_a.sql",
            startLine: 1,
            startColumn: 1,
            endLine: 1,
            endColumn: 47,
            message: "orders.note: UPDATE here.",
          },
        ],
      },
    ]);
  });

  test.each<[string, string]>([
    [
      `${BACKFILL}ALTER TABLE orders ADD CONSTRAINT c CHECK (note > '') NOT VALID;`,
      "ADD CONSTRAINT c relies on a clean-up of orders.note that this same release makes (UPDATE in line 1)",
    ],
    [
      `DELETE FROM orders WHERE note = state;\nALTER TABLE orders ADD UNIQUE (note, state);`,
      "ADD UNIQUE relies on a clean-up of orders.note and orders.state that this same release makes (DELETE in line 1): the release before this one still runs and writes as it did, so a duplicate that",
    ],
    [
      "DELETE FROM orders;\nCREATE UNIQUE INDEX CONCURRENTLY i ON orders (lower(note));",
      "CREATE UNIQUE INDEX relies on a clean-up of lower(note) of orders that",
    ],
    [
      `UPDATE orders SET note = left(note, 9);\nALTER TABLE orders ALTER note TYPE varchar(9);`,
      "ALTER COLUMN … TYPE character varying(9) relies",
    ],
    [
      `ALTER TABLE orders ALTER note SET DEFAULT '';\n${DEMAND}`,
      "relies on a default of orders.note that this same release makes (SET DEFAULT in line 1)",
    ],
  ])("%s", (sql, message) => {
    expect(ofFile(sql)).toMatchObject([
      { messageId: "prepared", startLine: 2, message: expect.stringContaining(message) },
    ]);
  });

  it("is one finding for a column, and for the columns of a statement", () => {
    const update = "UPDATE orders SET note = '', state = '';\n";
    const both = "ALTER TABLE orders ALTER note SET NOT NULL,\n  ALTER state SET NOT NULL;\n";
    expect(ofFile(`${update}${both}ALTER TABLE orders ADD UNIQUE (note);`)).toMatchObject([
      { startLine: 2, message: expect.stringContaining("orders.note and orders.state that") },
      { startLine: 4, message: expect.stringContaining("ADD UNIQUE relies on a clean-up of orders.note") },
    ]);
  });

  it("an annotation elsewhere says nothing of it", () => {
    expect(ofFile(`${BACKFILL}-- @yantra-phase contract after=v2\nSELECT 1;\n${DEMAND}`)).toMatchObject([
      { messageId: "prepared", startLine: 4 },
    ]);
    expect(ofFile(`${BACKFILL}-- @yantra-phase contract\n${DEMAND}`)).toMatchObject([{ startLine: 3 }]);
  });
});

describe("a column that the release adds", () => {
  it("must not demand a value", () => {
    const found = findings(ORDERS, {
      "migrations/0002_a.sql": ADD,
      "migrations/0003_b.sql": "ALTER TABLE orders ALTER COLUMN remark SET NOT NULL;",
    });
    expect(found).toMatchObject([
      {
        messageId: "added",
        path: "migrations/0003_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 52,
        related: [{ path: "migrations/0002_a.sql", startLine: 1, startColumn: 20 }],
      },
    ]);
    expect(found[0]?.message).toBe(
      "This release adds orders.remark (in migrations/0002_a.sql), and SET NOT NULL leaves neither NULL nor a default there: the release before this one still runs and does not know of it, so its INSERTs into orders fail, after a rollback too. Keep a default, or allow NULL until a release that writes the column has shipped, and make the demand in a migration of a later one.",
    );
  });

  it("must not lose its default", () => {
    const found = findings(ORDERS, {
      "migrations/0002_a.sql": "ALTER TABLE orders ADD c int NOT NULL DEFAULT 0;",
      "migrations/0003_b.sql": "ALTER TABLE orders ALTER c DROP DEFAULT;",
    });
    expect(found).toMatchObject([{ messageId: "added", path: "migrations/0003_b.sql", startLine: 1 }]);
  });

  test.each<[string, string]>([
    ["a primary key", `${ADD}ALTER TABLE orders ADD PRIMARY KEY (remark);`],
    ["a check", `${ADD}ALTER TABLE orders ADD CHECK (remark IS NOT NULL) NOT VALID;`],
    [
      "whatever an annotation says",
      `${ADD}-- @yantra-phase contract after=v1\nALTER TABLE orders ADD PRIMARY KEY (remark);`,
    ],
  ])("must not, in one file either, demand a value by %s", (_, sql) => {
    expect(ofFile(sql)).toMatchObject([{ messageId: "added", path: "migrations/0002_a.sql" }]);
  });

  test.each<[string, string]>([
    ["SET NOT NULL", `${ADD}ALTER TABLE orders ALTER remark SET NOT NULL, ADD PRIMARY KEY (remark);`],
    [
      "DROP DEFAULT",
      "ALTER TABLE orders ADD c int NOT NULL DEFAULT 0; ALTER TABLE orders ALTER c DROP DEFAULT;",
    ],
  ])("in one file is left to no-required-column-without-default: %s", (_, sql) => {
    expect(ofFile(sql)).toEqual([]);
    const messages = new Linter().verify(
      sql,
      {
        files: ["**/*.sql"],
        plugins: { yantra: { languages: { sql: language }, rules: { required } } },
        language: "yantra/sql",
        rules: { "yantra/required": "error" },
      },
      { filename: "migrations/0002_a.sql" },
    );
    expect(messages).toHaveLength(1);
  });
});

it("leaves drops to no-drop-in-same-release, and has demands to itself", () => {
  const sql = `${ADD}UPDATE orders SET remark = note, state = '';\nALTER TABLE orders DROP note;\nALTER TABLE orders ALTER state SET NOT NULL;`;
  const facts = factsOfRelease(pack, ORDERS, { "migrations/0002_a.sql": sql });
  expect(runWorkspaceRule(NAME, rule, { facts })).toMatchObject([{ messageId: "prepared", startLine: 4 }]);
  expect(runWorkspaceRule("yantra/sql/no-drop-in-same-release", drops, { facts })).toMatchObject([
    { messageId: "replaced", startLine: 3 },
  ]);
});
