import { describe, expect, it } from "vitest";
import { parseFile } from "../language/parse.ts";
import { Catalog } from "./catalog.ts";
import { foldSteps } from "./fold.ts";

const details = {
  dialect: "postgresql",
  runner: "plain",
  version: "1",
  direction: "up",
  transactional: true,
} as const;

function after(files: readonly string[], complete = true): Catalog {
  return files.reduce(
    (catalog, sql, index) => foldSteps(catalog, parseFile(sql, details).steps, `${index}.sql`),
    Catalog.empty({ complete }),
  );
}

/** A table in few words: state, columns with their marks, constraints, indexes. */
function summary(catalog: Catalog, name: string, schema?: string): string {
  const answer = catalog.table(schema === undefined ? { name } : { schema, name });
  if (answer.state === "absent") return "absent";
  const { columns, constraints, indexes } = answer.table;
  const parts = [
    [...columns.values()].map((column) => `${column.name}${column.notNull ? "!" : ""}`).join(" "),
    constraints.map((c) => `${c.name ?? c.type}${c.validated ? "" : "?"}`).join(" "),
    indexes.map((index) => index.name ?? "-").join(" "),
  ];
  return `${answer.state}: ${parts.join(" | ")}`.trimEnd();
}

describe("Catalog", () => {
  it.each<[name: string, files: string[], expected: string]>([
    ["a table", ["CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL, c int)"], "known: a! b! c | t_pkey |"],
    [
      "columns",
      ["CREATE TABLE t (a int, b int)", "ALTER TABLE t ADD c int, DROP a, ALTER b SET NOT NULL"],
      "known: b! c |  |",
    ],
    [
      "a column's constraints and indexes go with it",
      [
        "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > b), CONSTRAINT d CHECK (b > 0)); CREATE INDEX i ON t (a, b); CREATE INDEX j ON t (b)",
        "ALTER TABLE t DROP a",
      ],
      "known: b | d | j",
    ],
    [
      "a renamed column",
      [
        "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); CREATE INDEX i ON t (a)",
        "ALTER TABLE t RENAME a TO z",
        "ALTER TABLE t DROP z",
      ],
      "known:  |  |",
    ],
    [
      "CREATE TABLE IF NOT EXISTS after a row for a schema that is another's",
      [
        "INSERT INTO storage.buckets VALUES (1); INSERT INTO storage.objects VALUES (1)",
        "CREATE TABLE IF NOT EXISTS t (a int)",
      ],
      "known: a |  |",
    ],
    [
      "CREATE TABLE IF NOT EXISTS after a row for a table of its own that nothing made",
      ["INSERT INTO u VALUES (1)", "CREATE TABLE IF NOT EXISTS t (a int)"],
      "unknown: a |  |",
    ],
    [
      "ADD COLUMN IF NOT EXISTS",
      ["CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a text"],
      "known: a! |  |",
    ],
    [
      "constraints",
      [
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD CONSTRAINT d UNIQUE (a)",
        "ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t RENAME CONSTRAINT d TO e",
      ],
      "known: a | c e |",
    ],
    [
      "a constraint not yet valid",
      ["CREATE TABLE t (a int)", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"],
      "known: a | c? |",
    ],
    [
      "an unnamed constraint has the name that PostgreSQL gives it",
      [
        "CREATE TABLE t (a int CHECK (a > 0), CONSTRAINT c CHECK (a > 1))",
        "ALTER TABLE t DROP CONSTRAINT t_a_check",
      ],
      "known: a | c |",
    ],
    [
      "NOT NULL of PostgreSQL 18",
      [
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT n",
      ],
      "known: a! | n |",
    ],
    [
      "its default name",
      ["CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t DROP CONSTRAINT t_a_not_null"],
      "known: a |  |",
    ],
    [
      "indexes",
      [
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a); CREATE INDEX ON t (a)",
        "DROP INDEX i",
      ],
      "known: a |  | j t_a_idx",
    ],
    [
      "a renamed table",
      ["CREATE TABLE s (a int); CREATE INDEX i ON s (a)", "ALTER TABLE s RENAME TO t", "DROP INDEX i"],
      "known: a |  |",
    ],
    ["another schema", ["CREATE TABLE s.t (a int)", "ALTER TABLE s.t SET SCHEMA public"], "known: a |  |"],
    [
      "search_path lasts for its file",
      ["SET search_path TO s; CREATE TABLE t (a int)", "CREATE TABLE t (b int)"],
      "known: b |  |",
    ],
    ["dropped", ["CREATE TABLE t (a int)", "DROP TABLE t"], "absent"],
    ["never made by a complete history", ["SELECT 1"], "absent"],
    ["older than the history", ["ALTER TABLE t ADD COLUMN a int"], "unknown: a |  |"],
    [
      "IF NOT EXISTS of a table that is there",
      ["CREATE TABLE t (a int)", "CREATE TABLE IF NOT EXISTS t (b int)"],
      "known: a |  |",
    ],
    [
      "rolled back",
      ["CREATE TABLE t (a int)", "ALTER TABLE t ADD b int; ROLLBACK; ALTER TABLE t ADD c int"],
      "known: a c |  |",
    ],
    [
      "a DO block that names it",
      [
        "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || 'C'::name; END $$",
      ],
      "unknown: a |  |",
    ],
    [
      "a DO block that names another",
      ["CREATE TABLE t (a int)", "DO $$ BEGIN DROP TABLE u; END $$"],
      "known: a |  |",
    ],
    [
      "a statement that cannot be read names it",
      ["CREATE TABLE t (a int)", "ALTER TABLE t FROB"],
      "unknown: a |  |",
    ],
    ["DROP SCHEMA", ["CREATE TABLE t (a int)", "DROP SCHEMA public CASCADE"], "absent"],
    ["a view is no table", ["CREATE VIEW t AS SELECT 1"], "absent"],
  ])("%s", (_name, files, expected) => {
    expect(summary(after(files), "t")).toBe(expected);
  });

  it("is not certain of what an incomplete history lacks", () => {
    expect(summary(after(["SELECT 1"], false), "t")).toBe("unknown:  |  |");
    expect(after(["CREATE TABLE IF NOT EXISTS t (a int)"], false).table({ name: "t" })).toMatchObject({
      state: "unknown",
      table: { created: undefined, perhapsMade: { file: { path: "0.sql" } } },
    });
    const changed = ["ALTER TABLE t ADD b int", "CREATE TABLE IF NOT EXISTS t (a int)"];
    expect(after(changed, false).table({ name: "t" })).not.toHaveProperty("table.perhapsMade");
  });

  it("does not know whether the branch of a block has run, but knows what may have made a table", () => {
    const block = "DO $$ BEGIN IF now() > '2020-01-01' THEN CREATE TABLE t (a int); END IF; END $$";
    expect(after([block]).table({ name: "t" })).toMatchObject({
      state: "unknown",
      table: { columnsComplete: false, created: undefined, perhapsMade: { file: { path: "0.sql" } } },
    });
    expect(after(["CREATE TABLE t (b int)", block]).table({ name: "t" })).not.toHaveProperty(
      "table.perhapsMade",
    );
  });

  it("takes a change of an unknown table as a sign that the history is not all", () => {
    expect(summary(after(["ALTER TABLE old ADD a int", "SELECT 1"]), "t")).toBe("unknown:  |  |");
    expect(summary(after(["DROP TABLE IF EXISTS old"]), "t")).toBe("absent");
  });

  it("takes a file that psql includes as a sign too", () => {
    expect(summary(after(["\\i base.sql"]), "t")).toBe("unknown:  |  |");
  });

  it.each<[sql: string, rows: string]>([
    ["", "none"],
    ["INSERT INTO t VALUES (1)", "few"],
    ["UPDATE t SET a = 1; DELETE FROM t", "none"],
    ["INSERT INTO t SELECT * FROM u", "unknown"],
    ["INSERT INTO t SELECT * FROM u; INSERT INTO t VALUES (1)", "unknown"],
    ["COPY t FROM stdin;\n1\n\\.", "unknown"],
    ["DO $$ BEGIN INSERT INTO t SELECT 1; END $$", "few"],
    ["DO $$ BEGIN IF now() > '2020-01-01' THEN INSERT INTO t VALUES (1); END IF; END $$", "unknown"],
  ])("knows what a new table holds after %j", (sql, rows) => {
    expect(after([`CREATE TABLE t (a int); ${sql}`]).table({ name: "t" })).toMatchObject({ table: { rows } });
  });

  it("knows where things were made", () => {
    expect(
      after(["CREATE TABLE t (a int)", "BEGIN; ALTER TABLE t ADD b int"]).table({ name: "t" }),
    ).toMatchObject({
      table: { created: { file: { path: "0.sql", now: false }, transaction: 0 } },
    });
  });

  it("gives snapshots that later changes do not touch, also when two go on from one", () => {
    const before = after(["CREATE TABLE t (a int)"]);
    const one = foldSteps(before, parseFile("ALTER TABLE t ADD b int", details).steps, "1.sql");
    const two = foldSteps(
      before,
      parseFile("ALTER TABLE t ADD c int; DROP TABLE IF EXISTS u", details).steps,
      "2.sql",
    );
    const three = foldSteps(one, parseFile("ALTER TABLE t DROP a", details).steps, "3.sql");
    expect(summary(before, "t")).toBe("known: a |  |");
    expect(summary(one, "t")).toBe("known: a b |  |");
    expect(summary(two, "t")).toBe("known: a c |  |");
    expect(summary(three, "t")).toBe("known: b |  |");
  });

  it("knows nothing of a schema that is another's but what it names", () => {
    const catalog = after(["INSERT INTO storage.buckets VALUES (1)"]);
    expect(summary(catalog, "objects", "storage")).toMatch(/^unknown/);
    expect(summary(catalog, "buckets", "storage")).toMatch(/^unknown/);
    expect(summary(catalog, "t")).toBe("absent");
    expect(catalog.holdsRelations("public")).toBe(false);
  });

  it("forgets functions of pg_temp with the session", () => {
    const make = "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT n FROM t'";
    expect(after([make]).functionsNamed("f")).toHaveLength(1);
    expect(after([make]).atFileStart().functionsNamed("f")).toEqual([]);
  });
});
