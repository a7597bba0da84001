import { type Fact, FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { entity, query, release } from "../queries/uses.fixture.ts";
import rule from "./no-broken-query.ts";

const NAME = "yantra/sql/no-broken-query";

const ORDERS = {
  "migrations/0001_orders.sql":
    "CREATE TABLE orders (id int PRIMARY KEY, note text, total int); CREATE TABLE users (id int, name text);",
};
const DROP = "ALTER TABLE orders DROP COLUMN note;\n";

/** The findings on a release that adds `added` while the base sends `uses`. */
function findings(uses: readonly Fact[], added: string | Files, shipped: Files = ORDERS): Finding[] {
  return runWorkspaceRule(NAME, rule, release(uses, added, shipped));
}

describe("silent", () => {
  test.each<[string, readonly Fact[], string]>([
    ["without queries", [], DROP],
    ["a query of other columns", [query("SELECT id FROM orders")], DROP],
    ["another table's column of that name", [query("SELECT note FROM (SELECT 1 AS note) x, orders")], DROP],
    ["SELECT *, which PostgreSQL still takes", [query("SELECT * FROM orders")], DROP],
    ["a word in a text or comment", [query("SELECT 'note' FROM orders -- note")], DROP],
    ["a table that is not known", [query("SELECT note FROM elsewhere, orders o")], DROP],
    ["a query of another database", [query("SELECT note FROM orders JOIN elsewhere USING (id)")], DROP],
    ["a text that is no query", [query("note of orders")], DROP],
    ["text that does not parse", [query("SELECT note FROM orders WHERE", { complete: false })], DROP],
    [
      "a view under the old name",
      [query("SELECT note FROM orders")],
      "ALTER TABLE orders RENAME TO o2; CREATE VIEW orders AS SELECT * FROM o2;",
    ],
    ["a drop that is undone", [query("SELECT note FROM orders")], `${DROP}ALTER TABLE orders ADD note text;`],
    ["an entity without the column", [entity(["id", "total"])], DROP],
    [
      "a wider type",
      [query("SELECT id FROM orders WHERE total > 1")],
      "ALTER TABLE orders ALTER total TYPE bigint",
    ],
  ])("%s", (_, uses, added) => {
    expect(findings(uses, added)).toEqual([]);
  });

  it("with a base and a release without migrations", () => {
    const facts = new FactIndex([...factsIn(pack, ORDERS), query("SELECT gone FROM orders")]);
    expect(runWorkspaceRule(NAME, rule, { facts, base: facts })).toEqual([]);
  });

  it("about a query beside another stream, whose tables have the same names", () => {
    const shipped = {
      "a/migrations/0001_o.sql": ORDERS["migrations/0001_orders.sql"],
      "b/migrations/0001_o.sql": ORDERS["migrations/0001_orders.sql"],
    };
    const added = { "a/migrations/0002_d.sql": DROP };
    expect(findings([query("SELECT note FROM orders", { path: "b/src/x.ts" })], added, shipped)).toEqual([]);
    expect(findings([query("SELECT note FROM orders", { path: "c/src/x.ts" })], added, shipped)).toEqual([]);
    expect(findings([query("SELECT note FROM orders", { path: "a/src/x.ts" })], added, shipped)).toHaveLength(
      1,
    );
  });
});

describe("reported", () => {
  it("what sqlx has written down of a Rust program's queries", () => {
    const path = ".sqlx/query-00ab.json";
    const data = '{ "db_name": "PostgreSQL",\n  "query": "SELECT note FROM orders WHERE id = $1" }';
    const [found] = findings(factsIn(pack, { [path]: data }), DROP);
    expect(found).toMatchObject({ messageId: "broken" });
    expect(found?.message).toContain(`${path}:2`);
  });

  it("at the operation, with each query", () => {
    const uses = [
      query("SELECT o.note FROM orders o", { name: "GetNote" }),
      ...[1, 2, 3].map((line) => query("UPDATE orders SET note = $1", { startLine: line, path: "src/b.ts" })),
    ];
    expect(findings(uses, DROP)).toEqual([
      {
        ruleId: NAME,
        messageId: "broken",
        level: "error",
        path: "migrations/0002_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 36,
        message:
          "orders.note is dropped, and the running release depends on how it was: the query GetNote (src/orders.ts:7), src/b.ts:1, src/b.ts:2 and 1 more. From the moment this migration has run PostgreSQL refuses them (orders.note does not exist), and it does so again when the code alone is rolled back. Ship a release that does without it first, and migrate in a later one.",
        related: [
          {
            path: "src/orders.ts",
            startLine: 7,
            startColumn: 3,
            endLine: 7,
            endColumn: 30,
            message: "The query GetNote is refused once this has run.",
          },
          ...[1, 2, 3].map((startLine) => ({
            path: "src/b.ts",
            startLine,
            startColumn: 3,
            endLine: 7,
            endColumn: 30,
            message: "A query is refused once this has run.",
          })),
        ],
      },
    ]);
  });

  it("an annotation that the queries prove wrong", () => {
    const [found] = findings(
      [query("SELECT note FROM orders")],
      `-- @yantra-phase contract after=v1.2.0\n${DROP}`,
    );
    expect(found?.message).toContain(
      "The annotation `contract after=v1.2.0` says that nothing uses it any more, which is not so.",
    );
  });

  test.each<[string, Fact, string, string]>([
    ["an entity", entity(["id", "note"]), DROP, "the entity Order (prisma/schema.prisma:3)"],
    [
      "a renamed column",
      query("SELECT note FROM orders"),
      "ALTER TABLE orders RENAME note TO remark",
      "orders.note becomes remark",
    ],
    [
      "a renamed table",
      query("SELECT 1 FROM orders"),
      "ALTER TABLE orders RENAME TO o2",
      "orders becomes o2",
    ],
    ["a dropped table", query("DELETE FROM orders"), "DROP TABLE orders", "(orders does not exist)"],
    [
      "a type",
      query("SELECT id FROM orders WHERE total + 1 > 2"),
      "ALTER TABLE orders ALTER total TYPE text",
      "there is no operator text + integer",
    ],
    [
      "the index of ON CONFLICT",
      query("INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO NOTHING"),
      "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
      "The constraint orders_pkey of orders is dropped",
    ],
    [
      "a column that makes a name ambiguous",
      query("SELECT name FROM orders JOIN users ON users.id = orders.id"),
      "ALTER TABLE orders ADD name text",
      "orders.name is added, and the running release depends on how it was: src/orders.ts:7. From the moment this migration has run PostgreSQL refuses it (name is ambiguous)",
    ],
  ])("%s", (_, use, added, message) => {
    expect(findings([use], added)).toMatchObject([
      { messageId: "broken", message: expect.stringContaining(message) },
    ]);
  });

  it("a table that is older than the history, by what the migration says of it", () => {
    const shipped = { "migrations/0001_a.sql": "ALTER TABLE orders ADD COLUMN x int;" };
    expect(findings([query("SELECT o.note FROM orders o")], DROP, shipped)).toHaveLength(1);
    expect(findings([query("SELECT o.other FROM orders o")], DROP, shipped)).toEqual([]);
    expect(findings([query("SELECT note FROM orders, elsewhere")], DROP, shipped)).toEqual([]);
  });

  it("what only looks like a query, less firmly", () => {
    expect(findings([query("SELECT note FROM orders", { certainty: "likely" })], DROP)).toMatchObject([
      { messageId: "likely", message: expect.stringContaining("If a running release sends it") },
    ]);
  });

  it("without a base, the queries that the code still has", () => {
    const files = { ...ORDERS, "migrations/0002_b.sql": DROP, "migrations/0003_c.sql": "SELECT 1;" };
    const facts = new FactIndex([...factsIn(pack, files), query("SELECT note FROM orders")]);
    expect(runWorkspaceRule(NAME, rule, { facts })).toMatchObject([
      { messageId: "standing", path: "migrations/0002_b.sql", startColumn: 20 },
    ]);
    const again = { ...files, "migrations/0003_c.sql": "ALTER TABLE orders ADD note text;" };
    const back = new FactIndex([...factsIn(pack, again), query("SELECT note FROM orders")]);
    expect(runWorkspaceRule(NAME, rule, { facts: back })).toEqual([]);
  });
});
