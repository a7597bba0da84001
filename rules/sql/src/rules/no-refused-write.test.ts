import { type Fact, FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { entity, PLACE, query, release } from "../queries/uses.fixture.ts";
import rule from "./no-refused-write.ts";

const NAME = "yantra/sql/no-refused-write";

const ORDERS = {
  "migrations/0001_orders.sql":
    "CREATE TABLE orders (id int PRIMARY KEY, note text, state text DEFAULT 'new', total int);",
};

function findings(uses: readonly Fact[], added: string, shipped: Files = ORDERS): Finding[] {
  return runWorkspaceRule(NAME, rule, release(uses, added, shipped));
}

const INSERT = "INSERT INTO orders (id) VALUES ($1)";
const REQUIRE = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;";

describe("silent", () => {
  test.each<[string, readonly Fact[], string]>([
    ["without queries", [], REQUIRE],
    ["a query that only reads", [query("SELECT note FROM orders")], REQUIRE],
    [
      "an INSERT that gives the column a parameter",
      [query("INSERT INTO orders (id, note) VALUES ($1, $2)")],
      REQUIRE,
    ],
    ["a default fills it", [query(INSERT)], "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;"],
    ["a new column with a default", [query(INSERT)], "ALTER TABLE orders ADD d int NOT NULL DEFAULT 0;"],
    [
      "a new column that may be empty",
      [query("INSERT INTO orders VALUES (1)")],
      "ALTER TABLE orders ADD d int;",
    ],
    ["a table of another name", [query("INSERT INTO others (id) VALUES (1)")], REQUIRE],
    ["a unique index, which only rows can break", [query(INSERT)], "CREATE UNIQUE INDEX i ON orders (note);"],
    [
      "a check that a parameter may pass",
      [query("UPDATE orders SET total = $1")],
      "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID;",
    ],
    [
      "a check that the literal passes",
      [query("UPDATE orders SET state = 'paid'")],
      "ALTER TABLE orders ADD CHECK (state IN ('new', 'paid')) NOT VALID;",
    ],
    ["an entity that knows the column", [entity(["id", "note"])], REQUIRE],
  ])("%s", (_, uses, added) => {
    expect(findings(uses, added)).toEqual([]);
  });

  it("where a trigger may fill the column", () => {
    const trigger =
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := ''; RETURN NEW; END $$; CREATE TRIGGER f BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();";
    const shipped = { "migrations/0001_orders.sql": `${ORDERS["migrations/0001_orders.sql"]} ${trigger}` };
    expect(findings([query(INSERT)], REQUIRE, shipped)).toEqual([]);
  });

  it("about the default of a column that is older than the history", () => {
    const shipped = { "migrations/0001_a.sql": "ALTER TABLE orders ADD COLUMN x int;" };
    expect(findings([query(INSERT)], REQUIRE, shipped)).toEqual([]);
    expect(findings([query(INSERT)], "ALTER TABLE orders ADD y int NOT NULL;", shipped)).toHaveLength(1);
  });
});

describe("reported", () => {
  it("at the demand, with each query", () => {
    expect(findings([query(INSERT, { name: "CreateOrder" })], REQUIRE)).toEqual([
      {
        ruleId: NAME,
        messageId: "refused",
        level: "error",
        path: "migrations/0002_b.sql",
        startLine: 1,
        startColumn: 20,
        endLine: 1,
        endColumn: 50,
        message:
          "orders.note becomes NOT NULL, and the running release writes rows that do not fit: the query CreateOrder (src/orders.ts:7). From the moment this migration has run PostgreSQL refuses it (orders.note is NOT NULL, has no default, and is left out), and it does so again when the code alone is rolled back. Ship a release whose writes fit first, or keep a default that fills the column, and demand it in a later release.",
        related: [
          { path: "src/orders.ts", ...PLACE, message: "The query CreateOrder is refused once this has run." },
        ],
      },
    ]);
  });

  test.each<[string, string, string]>([
    [
      "becomes NOT NULL",
      "ALTER DOMAIN filled SET NOT NULL;",
      "The domain filled becomes NOT NULL, and the running release writes rows that do not fit: src/orders.ts:7. From the moment this migration has run PostgreSQL refuses it (people.name is NOT NULL, has no default, and is left out)",
    ],
    ["loses its default", "ALTER DOMAIN named DROP DEFAULT;", "The domain named loses its default, and"],
    [
      "gets a check",
      "ALTER DOMAIN mail ADD CONSTRAINT k CHECK (value <> '-') NOT VALID;",
      "(the value breaks k of the domain mail (value <> '-'))",
    ],
  ])("a domain that %s", (_, added, message) => {
    const shipped = {
      "migrations/0001_people.sql":
        "CREATE DOMAIN filled AS text; CREATE DOMAIN named AS text DEFAULT 'x' NOT NULL; CREATE DOMAIN mail AS text; CREATE TABLE people (id int, name filled, other named, mail mail);",
    };
    const use = query("INSERT INTO people (id, mail) VALUES ($1, '-')");
    expect(findings([use], added, shipped)).toMatchObject([
      { messageId: "refused", message: expect.stringContaining(message) },
    ]);
  });

  test.each<[string, Fact, string, string]>([
    [
      "a default that goes",
      query(INSERT),
      "ALTER TABLE orders ALTER state SET NOT NULL, ALTER state DROP DEFAULT;",
      "orders.state loses its default",
    ],
    [
      "a new column without a value",
      query("INSERT INTO orders VALUES (1, 'a')"),
      "ALTER TABLE orders ADD d int NOT NULL;",
      "orders.d is added",
    ],
    ["NULL", query("UPDATE orders SET note = NULL"), REQUIRE, "is given NULL"],
    [
      "a check that the literal breaks",
      query("UPDATE orders SET state = 'gone'"),
      "ALTER TABLE orders ADD CONSTRAINT k CHECK (state IN ('new', 'paid')) NOT VALID;",
      "the value breaks k",
    ],
    [
      "a literal that is too long",
      query("UPDATE orders SET state = 'cancelled'"),
      "ALTER TABLE orders ALTER state TYPE varchar(4);",
      "'cancelled' is longer than character varying(4)",
    ],
    [
      "a generated column",
      query("UPDATE orders SET total = 1"),
      "ALTER TABLE orders DROP total, ADD total int GENERATED ALWAYS AS (id * 2) STORED;",
      "orders.total is generated",
    ],
    ["an entity", entity(["id", "state"]), REQUIRE, "the entity Order (prisma/schema.prisma:3)"],
  ])("%s", (_, use, added, message) => {
    expect(findings([use], added)).toMatchObject([
      { messageId: "refused", message: expect.stringContaining(message) },
    ]);
  });

  it("types of Kysely and what only looks like a query, less firmly", () => {
    expect(findings([entity(["id"], { tool: "kysely" })], REQUIRE)).toMatchObject([{ messageId: "likely" }]);
    expect(findings([query(INSERT, { certainty: "likely" })], REQUIRE)).toMatchObject([
      { messageId: "likely" },
    ]);
  });

  it("without a base, the writes that the code still has", () => {
    const files = { ...ORDERS, "migrations/0002_b.sql": REQUIRE };
    const facts = new FactIndex([...factsIn(pack, files), query(INSERT)]);
    expect(runWorkspaceRule(NAME, rule, { facts })).toMatchObject([
      { messageId: "standing", path: "migrations/0002_b.sql", startColumn: 20 },
    ]);
  });
});
