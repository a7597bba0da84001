import { type Fact, factsIn } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import pack from "./index.ts";

const factsOf = (path: string, text: string): Fact[] => factsIn(pack, { [path]: text });

describe("facts of a migration", () => {
  it("has one fact for each direction, with its operations", () => {
    const text =
      "-- migrate:up\nALTER TABLE a ADD COLUMN b int;\n-- migrate:down\nALTER TABLE a DROP COLUMN b;\n";
    expect(factsOf("db/migrations/20260101000000_b.sql", text)).toMatchObject([
      {
        type: "migration",
        runner: "dbmate",
        stream: "db/migrations",
        direction: "up",
        startLine: 2,
        operations: [{ kind: "AddColumn", table: { name: "a" }, column: { name: "b", type: "integer" } }],
      },
      {
        type: "migration",
        direction: "down",
        startLine: 4,
        operations: [{ kind: "DropColumn", column: "b" }],
      },
    ]);
  });

  it("states annotations and suppressions of its comments", () => {
    const text =
      "-- @yantra-phase contract after=v2\n-- eslint-disable-next-line yantra/sql/no-drop-column -- é😀\nSELECT 1;\n";
    expect(factsOf("migrations/0001_a.sql", text)).toMatchObject([
      { type: "migration", operations: [{ kind: "Other", tag: "SelectStmt" }] },
      {
        type: "annotation",
        name: "phase",
        value: "contract",
        options: { after: "v2" },
        startLine: 1,
        startColumn: 4,
      },
      { type: "suppression", rules: ["yantra/sql/no-drop-column"], reason: "é😀", startLine: 2 },
    ]);
  });

  it.each([
    [
      "CREATE TABLE a (b int) ENGINE=InnoDB;",
      "Migrations for MySQL are not checked: yantra-lint reads PostgreSQL so far.",
    ],
    [
      "CREATE TABLE a ON CLUSTER c (b UInt8) ENGINE = MergeTree ORDER BY b;",
      "Migrations for ClickHouse are not checked: yantra-lint reads PostgreSQL so far.",
    ],
  ])("says that another database's migration was not checked: %s", (text, message) => {
    expect(factsOf("migrations/0001_a.sql", text).filter(({ type }) => type === "notice")).toMatchObject([
      { id: "sql-dialect", message },
    ]);
  });
});
