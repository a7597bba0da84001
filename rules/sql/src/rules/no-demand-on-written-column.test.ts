import { type Fact, FactIndex, factsIn, type Files, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { entity, PLACE, query, release } from "../queries/uses.fixture.ts";
import rule from "./no-demand-on-written-column.ts";

const NAME = "yantra/sql/no-demand-on-written-column";

const ORDERS = {
  "migrations/0001_orders.sql":
    "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, note text, user_id int, total bigint);",
};

function findings(uses: readonly Fact[], added: string, shipped: Files = ORDERS): Finding[] {
  return runWorkspaceRule(NAME, rule, release(uses, added, shipped));
}

const INSERT = "INSERT INTO orders (id, note) VALUES ($1, $2)";
const UNIQUE = "CREATE UNIQUE INDEX orders_note ON orders (note);";
const SESSIONS =
  "CREATE TABLE sessions (user_id int REFERENCES users, order_id int REFERENCES orders, at timestamptz);";
const REQUIRE = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;";

describe("silent", () => {
  test.each<[string, readonly Fact[], string]>([
    ["without queries", [], UNIQUE],
    ["a query that only reads", [query("SELECT note FROM orders")], UNIQUE],
    ["a write of other columns", [query("UPDATE orders SET total = $1")], UNIQUE],
    ["a table of another name", [query("INSERT INTO others (note) VALUES ($1)")], UNIQUE],
    ["what no-refused-write tells", [query("INSERT INTO orders (id) VALUES ($1)")], REQUIRE],
    [
      "what no-refused-write tells of another value",
      [query("UPDATE orders SET note = $1, total = 5000000000")],
      `ALTER TABLE orders ALTER total TYPE int; ${REQUIRE}`,
    ],
    ["what no-broken-query tells", [query("UPDATE orders SET note = $1")], `${UNIQUE} DROP TABLE orders;`],
    [
      "an earlier release that meets the demand",
      [query(INSERT)],
      `-- @yantra-phase contract after=1.4\n${UNIQUE}`,
    ],
    ["an index that is not unique", [query(INSERT)], "CREATE INDEX orders_note ON orders (note);"],
    [
      "a table that the release makes",
      [query("INSERT INTO t (note) VALUES ($1)")],
      "CREATE TABLE t (note text UNIQUE);",
    ],
    ["a column that the release adds", [query(INSERT)], "ALTER TABLE orders ADD COLUMN d int UNIQUE;"],
    ["a field that is never null", [entity(["id", "note"])], REQUIRE],
    ["a field that the database fills", [entity(["id", { name: "note", filledBy: "database" }])], UNIQUE],
    ["an entity without the column", [entity(["id", "total"])], UNIQUE],
  ])("%s", (_, uses, added) => {
    expect(findings(uses, added)).toEqual([]);
  });

  it("about what the table demanded before", () => {
    const shipped = { "migrations/0001_orders.sql": `${ORDERS["migrations/0001_orders.sql"]} ${UNIQUE}` };
    expect(
      findings([query(INSERT)], "ALTER TABLE orders ADD UNIQUE USING INDEX orders_note;", shipped),
    ).toEqual([]);
    expect(findings([query(INSERT)], "CREATE UNIQUE INDEX ON orders (note, total);", shipped)).toEqual([]);
  });

  it("about what a release may make anew in a table that is older than the history", () => {
    const shipped = { "migrations/0001_a.sql": "ALTER TABLE orders ADD COLUMN x int;" };
    const anew = "ALTER TABLE orders DROP CONSTRAINT k; ALTER TABLE orders ADD CONSTRAINT k2 UNIQUE (note);";
    expect(findings([query(INSERT)], anew, shipped)).toEqual([]);
    expect(findings([query(INSERT)], UNIQUE, shipped)).toHaveLength(1);
  });

  it("without a base", () => {
    const facts = new FactIndex([
      ...factsIn(pack, { ...ORDERS, "migrations/0002_b.sql": UNIQUE }),
      query(INSERT),
    ]);
    expect(runWorkspaceRule(NAME, rule, { facts })).toEqual([]);
  });
});

describe("reported", () => {
  it("at the demand, with each query", () => {
    const uses = [
      query(INSERT, { name: "CreateOrder" }),
      query("UPDATE orders SET note = $1", { path: "src/notes.ts" }),
      query("UPDATE orders SET total = $1", { path: "src/totals.ts" }),
    ];
    expect(findings(uses, UNIQUE)).toEqual([
      {
        ruleId: NAME,
        messageId: "strained",
        level: "error",
        path: "migrations/0002_b.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 49,
        message:
          "orders gets the unique index orders_note, and the running release writes there what its text does not limit: the query CreateOrder (src/orders.ts:7) and src/notes.ts:7. From the moment this migration has run PostgreSQL refuses a value of orders.note that another row has: SQLSTATE 23505; and it does so again when the code alone is rolled back. Ship a release first that writes each orders.note once and handles the conflict, and demand it in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
        related: [
          {
            path: "src/orders.ts",
            ...PLACE,
            message: "The query CreateOrder may be refused once this has run.",
          },
          { path: "src/notes.ts", ...PLACE, message: "A query may be refused once this has run." },
        ],
      },
    ]);
  });

  test.each<[string, Fact, string, string]>([
    [
      "a primary key",
      query(INSERT),
      "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (note);",
      "a NULL for orders.note: SQLSTATE 23502 and a value of orders.note that another row has: SQLSTATE 23505; and",
    ],
    [
      "a column that becomes NOT NULL",
      query(INSERT),
      REQUIRE,
      "orders.note becomes NOT NULL, and the running release writes there",
    ],
    [
      "a foreign key",
      query("UPDATE orders SET user_id = $1"),
      "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users NOT VALID;",
      "a value of orders.user_id that users has no row for: SQLSTATE 23503",
    ],
    [
      "a check",
      query(INSERT),
      "ALTER TABLE orders ADD CONSTRAINT k CHECK (note <> '') NOT VALID;",
      "a row for which note <> '' is false: SQLSTATE 23514",
    ],
    [
      "an exclusion",
      query(INSERT),
      "ALTER TABLE orders ADD CONSTRAINT k EXCLUDE (note WITH =);",
      "a row that another one excludes: SQLSTATE 23P01",
    ],
    [
      "a shorter text",
      query(INSERT),
      "ALTER TABLE orders ALTER note TYPE varchar(20);",
      "a value that is no character varying(20): SQLSTATE 22001",
    ],
    [
      "fewer digits",
      query("UPDATE orders SET total = $1"),
      "ALTER TABLE orders ALTER total TYPE int;",
      "a value that is no integer: SQLSTATE 22003",
    ],
    [
      "an entity whose field may be null",
      entity(["id", { name: "note", nullable: true, optional: true }]),
      REQUIRE,
      "the entity Order (prisma/schema.prisma:3)",
    ],
    [
      "an entity of a column that becomes unique",
      entity(["id", "note"]),
      UNIQUE,
      "the entity Order (prisma/schema.prisma:3)",
    ],
  ])("%s", (_, use, added, message) => {
    expect(findings([use], added)).toMatchObject([
      { messageId: "strained", message: expect.stringContaining(message) },
    ]);
  });

  it("types of Kysely and what only looks like a query, less firmly", () => {
    expect(findings([entity(["id", "note"], { tool: "kysely" })], UNIQUE)).toMatchObject([
      { messageId: "likely" },
    ]);
    expect(findings([query(INSERT, { certainty: "likely" })], UNIQUE)).toMatchObject([
      { messageId: "likely" },
    ]);
  });

  it("at what a domain demands", () => {
    const shipped = {
      "migrations/0001_a.sql": "CREATE DOMAIN mail AS text; CREATE TABLE people (id int, mail mail);",
    };
    const added = "ALTER DOMAIN mail ADD CONSTRAINT k CHECK (value LIKE '%@%') NOT VALID;";
    const use = query("INSERT INTO people (id, mail) VALUES ($1, $2)");
    expect(findings([use], added, shipped)).toMatchObject([
      {
        messageId: "strained",
        message: expect.stringMatching(
          /^The domain mail gets the check k, and .* refuses a row for which mail LIKE '%@%' is false: SQLSTATE 23514;/,
        ),
      },
    ]);
  });

  it("once, where a release demands it in steps", () => {
    const steps = `${UNIQUE} ALTER TABLE orders ADD CONSTRAINT k UNIQUE USING INDEX orders_note;`;
    expect(findings([query(INSERT)], steps)).toMatchObject([{ endColumn: 49 }]);
  });

  it("at a foreign key that may forbid what the base deletes, with each query", () => {
    const uses = [query("DELETE FROM users WHERE id = $1"), query(INSERT)];
    expect(findings(uses, SESSIONS)).toEqual([
      {
        ruleId: NAME,
        messageId: "refers",
        level: "error",
        path: "migrations/0002_b.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 101,
        message:
          "From now on sessions.user_id refers to users, and the running release deletes such rows: src/orders.ts:7. As soon as a row refers to one of them, and the new release writes such, PostgreSQL refuses to delete a row of users while a row of sessions refers to it: SQLSTATE 23503; and it does so again when the code alone is rolled back. Give the foreign key ON DELETE CASCADE (or SET NULL, where the column may be NULL), or ship a release first that takes the rows of sessions away itself, and write some in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
        related: [
          {
            path: "src/orders.ts",
            ...PLACE,
            message: "A query may be refused once rows refer to its own.",
          },
        ],
      },
    ]);
    expect(findings([query("UPDATE users SET id = $1", { certainty: "likely" })], SESSIONS)).toMatchObject([
      {
        messageId: "likelyRefers",
        message: expect.stringContaining("Give the foreign key ON UPDATE CASCADE, or"),
      },
    ]);
    expect(findings(uses, `-- @yantra-phase contract after=1.4\n${SESSIONS}`)).toEqual([]);
  });
});
