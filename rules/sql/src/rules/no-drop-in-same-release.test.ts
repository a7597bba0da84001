import { FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { factsOfRelease } from "../testing.ts";
import rule from "./no-drop-in-same-release.ts";
import mixed from "./no-mixed-phases.ts";

const NAME = "yantra/sql/no-drop-in-same-release";

/** The findings on a release that adds the second files to the first ones. */
function findings(shipped: Files, added: Files): Finding[] {
  return runWorkspaceRule(NAME, rule, { facts: factsOfRelease(pack, shipped, added) });
}

function alone(files: Files): Finding[] {
  return runWorkspaceRule(NAME, rule, { facts: new FactIndex(factsIn(pack, files)) });
}

const ORDERS = { "migrations/0001_orders.sql": "CREATE TABLE orders (id int, note text, state text);" };
const ADD = "ALTER TABLE orders ADD COLUMN remark text;\n";
const COPY = "UPDATE orders SET remark = note;\n";
const DROP = "ALTER TABLE orders DROP COLUMN note;\n";

describe("silent", () => {
  test.each<[string, Files, Files]>([
    ["an addition", ORDERS, { "migrations/0002_a.sql": ADD + COPY }],
    ["a drop of what an earlier release has", ORDERS, { "migrations/0002_a.sql": DROP }],
    [
      "the replacement came with an earlier release",
      { ...ORDERS, "migrations/0002_a.sql": ADD + COPY },
      { "migrations/0003_b.sql": DROP },
    ],
    ["one column comes and another goes, and no data move", ORDERS, { "migrations/0002_a.sql": ADD + DROP }],
    [
      "data move to another column than the new one",
      ORDERS,
      { "migrations/0002_a.sql": `${ADD}UPDATE orders SET state = note;\n${DROP}` },
    ],
    [
      "the new column is filled from others",
      ORDERS,
      { "migrations/0002_a.sql": `${ADD}UPDATE orders SET remark = state;\n${DROP}` },
    ],
    [
      "a column changed in place, which is no-drop-column's affair",
      ORDERS,
      { "migrations/0002_a.sql": `${ADD}${COPY}${DROP}ALTER TABLE orders RENAME remark TO note;` },
    ],
    [
      "a table rebuilt under its name",
      ORDERS,
      {
        "migrations/0002_a.sql":
          "CREATE TABLE o2 (id int); INSERT INTO o2 SELECT id FROM orders; DROP TABLE orders; ALTER TABLE o2 RENAME TO orders;",
      },
    ],
    [
      "scratch space within one file",
      ORDERS,
      {
        "migrations/0002_a.sql": "CREATE TABLE s (a int); INSERT INTO orders SELECT a FROM s; DROP TABLE s;",
      },
    ],
    [
      "a down migration",
      ORDERS,
      { "migrations/0002_a.up.sql": ADD, "migrations/0002_a.down.sql": "ALTER TABLE orders DROP remark;" },
    ],
    [
      "tables of one name in two streams",
      { "a/migrations/0001_t.sql": "CREATE TABLE t (a int);" },
      { "b/migrations/0001_t.sql": "CREATE TABLE t (a int);", "a/migrations/0002_t.sql": "DROP TABLE t;" },
    ],
  ])("%s", (_, shipped, added) => {
    expect(findings(shipped, added)).toEqual([]);
  });

  it("about two files without a base, which may be two releases", () => {
    expect(alone({ ...ORDERS, "migrations/0002_a.sql": ADD + COPY, "migrations/0003_b.sql": DROP })).toEqual(
      [],
    );
  });
});

describe("the replacement is added and the old one dropped", () => {
  it("in a later file of the release, at the drop, with the place of the addition", () => {
    expect(findings(ORDERS, { "migrations/9_a.sql": ADD + COPY, "migrations/10_b.sql": DROP })).toEqual([
      {
        ruleId: NAME,
        messageId: "replaced",
        level: "error",
        path: "migrations/10_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 36,
        message:
          "This release drops orders.note and adds the replacement, orders.remark (in migrations/9_a.sql): the release before this one still runs and knows only what is dropped, so its queries fail, and a rollback fails with them. Ship a release that writes to both, then one that uses only orders.remark, and drop the old in a migration of a later release.",
        related: [
          {
            path: "migrations/9_a.sql",
            startLine: 1,
            startColumn: 20,
            endLine: 1,
            endColumn: 42,
            message: "orders.remark is added here.",
          },
        ],
      },
    ]);
  });

  it("in one file, also without a base", () => {
    const found = alone({ "migrations/0002_a.sql": ADD + COPY + DROP });
    expect(found).toMatchObject([
      { messageId: "replaced", startLine: 3, message: expect.stringContaining("orders.remark (in line 1)") },
    ]);
  });

  it("whatever an annotation says: nothing can have used the replacement yet", () => {
    const annotated = `-- @yantra-phase contract after=v2\n${DROP}`;
    expect(findings(ORDERS, { "migrations/0002_a.sql": ADD + COPY + annotated })).toMatchObject([
      { messageId: "replaced", startLine: 4 },
    ]);
  });

  test.each<[string, string, string]>([
    [
      "a table",
      "CREATE TABLE o2 (id int);\nINSERT INTO o2 SELECT id FROM orders;\nDROP TABLE orders;",
      "drops orders and adds the replacement, o2 (in line 1)",
    ],
    [
      "several columns that are filled from a table",
      "ALTER TABLE t ADD a int, ADD b int;\nUPDATE t SET a = o.a, b = o.b FROM (SELECT id AS a, note AS b FROM orders) AS o;\nDROP TABLE orders;",
      "columns of t (a and b)",
    ],
    ["a table made by a query", "CREATE TABLE o2 AS SELECT * FROM orders;\nDROP TABLE orders;", "o2"],
    [
      "a column that moves to a new table",
      "CREATE TABLE notes (a text);\nINSERT INTO notes SELECT note FROM orders;\nALTER TABLE orders DROP note;",
      "drops orders.note and adds the replacement, notes (in line 1)",
    ],
    [
      "a table that becomes a column of another",
      "ALTER TABLE users ADD city text;\nUPDATE users u SET city = a.city FROM addresses a WHERE a.id = u.id;\nDROP TABLE addresses;",
      "drops addresses and adds the replacement, users.city (in line 1)",
    ],
    [
      "data that a DO block moves",
      `${ADD}DO $$ BEGIN UPDATE orders SET remark = note; END $$;\n${DROP}`,
      "orders.remark (in line 1)",
    ],
  ])("%s", (_, sql, message) => {
    const found = findings({}, { "migrations/0002_a.sql": sql });
    expect(found).toMatchObject([{ messageId: "replaced", message: expect.stringContaining(message) }]);
  });

  it("is one finding for all columns that one thing replaces", () => {
    const columns = ["a", "b", "c", "d", "e"];
    const drops = columns.map((column) => `ALTER TABLE t DROP ${column};\n`).join("");
    const sql = `CREATE TABLE n (a int);\nINSERT INTO n SELECT a, b, c, d, e FROM t;\n${drops}`;
    const found = findings({}, { "migrations/0002_a.sql": sql });
    expect(found).toMatchObject([
      {
        startLine: 3,
        message: expect.stringContaining("drops t.a, t.b, t.c and 2 more and adds the replacement, n"),
        related: [{ startLine: 1 }, { startLine: 4 }, { startLine: 5 }, { startLine: 6 }, { startLine: 7 }],
      },
    ]);
  });

  it("is one finding: no-mixed-phases leaves drops to this rule", () => {
    const facts = factsOfRelease(pack, ORDERS, { "migrations/0002_a.sql": ADD + COPY + DROP });
    expect(runWorkspaceRule(NAME, rule, { facts })).toHaveLength(1);
    expect(runWorkspaceRule("yantra/sql/no-mixed-phases", mixed, { facts })).toEqual([]);
  });
});

describe("added and dropped in one release", () => {
  it("is told at the drop, when the two stand in different migrations", () => {
    const found = findings(ORDERS, {
      "migrations/0002_a.sql": ADD,
      "migrations/0003_b.sql": "ALTER TABLE orders DROP COLUMN remark;",
    });
    expect(found).toMatchObject([
      {
        messageId: "addedAndDropped",
        path: "migrations/0003_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 38,
        related: [{ path: "migrations/0002_a.sql", startLine: 1, startColumn: 20 }],
      },
    ]);
    expect(found[0]?.message).toBe(
      "This release adds orders.remark (in migrations/0002_a.sql) and drops it again: production gets it and loses it in one deployment, with whatever was put into it in between. Leave both out, or drop it in a later release if anything of this one is to use it.",
    );
  });

  it("holds for tables, and for columns of new tables", () => {
    expect(
      findings(
        {},
        { "migrations/0001_a.sql": ORDERS["migrations/0001_orders.sql"], "migrations/0002_b.sql": DROP },
      ),
    ).toMatchObject([{ messageId: "addedAndDropped", path: "migrations/0002_b.sql" }]);
    expect(
      findings(
        {},
        {
          "migrations/0001_a.sql": ORDERS["migrations/0001_orders.sql"],
          "migrations/0002_b.sql": "DROP TABLE orders;",
        },
      ),
    ).toMatchObject([{ messageId: "addedAndDropped", path: "migrations/0002_b.sql" }]);
  });
});
