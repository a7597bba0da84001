import { PGlite } from "@electric-sql/pglite";
import { parseSync, type Node } from "libpg-query";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import "./language/parse.ts";
import { Again } from "./repeatable.ts";

function statementsOf(sql: string): Node[] {
  return (parseSync(sql).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
}

/** What of a script cannot be run twice. */
function onces(sql: string): string[] {
  const again = new Again();
  return statementsOf(sql).flatMap((raw) => {
    const once = again.once(raw);
    again.after(raw);
    return once ? [`${once.messageId}: ${once.what}`] : [];
  });
}

describe("Again", () => {
  let db: PGlite;
  beforeAll(async () => {
    db = await PGlite.create();
  }, 60_000);
  afterAll(() => db.close());

  /** Whether PostgreSQL runs a script a second time, each statement by itself. */
  async function runsTwice(sql: string): Promise<boolean> {
    await db.exec(
      "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE t (id int PRIMARY KEY, old int CONSTRAINT c CHECK (old > 0)); CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';",
    );
    const run = async (): Promise<void> => {
      // One query is one transaction, which CONCURRENTLY refuses.
      for (const statement of sql.split("; ")) await db.exec(statement);
    };
    await run();
    return run().then(
      () => true,
      () => false,
    );
  }

  it.each<[string, string[]]>([
    ["CREATE INDEX CONCURRENTLY i ON t (old)", ["refused: CREATE INDEX i"]],
    ["DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX i ON t (old)", []],
    ["CREATE INDEX IF NOT EXISTS i ON t (old)", []],
    ["CREATE INDEX ON t (old)", []],
    ["CREATE TABLE a ()", ["refused: CREATE TABLE a"]],
    ["CREATE TABLE IF NOT EXISTS a ()", []],
    ["DROP TABLE IF EXISTS a; CREATE TABLE a ()", []],
    ["CREATE TABLE a AS SELECT 1", ["refused: CREATE TABLE a"]],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", ["refused: CREATE MATERIALIZED VIEW v"]],
    ["CREATE SEQUENCE s", ["refused: CREATE SEQUENCE s"]],
    ["CREATE SCHEMA IF NOT EXISTS s", []],
    ["CREATE VIEW v AS SELECT 1", ["refused: CREATE VIEW v"]],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", []],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", ["refused: CREATE FUNCTION f"]],
    ["CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION trg()", ["refused: CREATE TRIGGER g"]],
    ["CREATE OR REPLACE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION trg()", []],
    ["CREATE POLICY p ON t", ["refused: CREATE POLICY p"]],
    ["DROP POLICY IF EXISTS p ON t; CREATE POLICY p ON t", []],
    ["CREATE TYPE kind AS ENUM ('a')", ["refused: CREATE TYPE kind"]],
    ["ALTER TYPE mood ADD VALUE 'b'", ["refused: ADD VALUE 'b'"]],
    ["ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b'", []],
    ["ALTER TABLE t ADD a int", ["refused: ADD COLUMN a"]],
    ["ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", []],
    ["ALTER TABLE t DROP old", ["refused: DROP COLUMN old"]],
    ["ALTER TABLE t DROP CONSTRAINT c", ["refused: DROP CONSTRAINT c"]],
    ["ALTER TABLE t ADD CONSTRAINT d CHECK (id > 0)", ["refused: ADD CONSTRAINT d"]],
    ["ALTER TABLE t DROP CONSTRAINT IF EXISTS d; ALTER TABLE t ADD CONSTRAINT d CHECK (id > 0)", []],
    ["ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER old SET NOT NULL, ALTER old TYPE bigint", []],
    ["DROP TABLE t", ["refused: DROP t"]],
    ["INSERT INTO t VALUES (1)", ["doubled: t has the rows twice, or a unique index refuses them"]],
    ["INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", []],
    ["INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM t WHERE id = 1)", []],
    ["UPDATE t SET old = 1; DELETE FROM t; COMMENT ON TABLE t IS 'x'; ANALYZE t", []],
  ])("%s", async (sql, expected) => {
    expect(onces(sql)).toEqual(expected);
    expect(await runsTwice(sql)).toBe(expected.length === 0);
  });

  it.each<[string]>([
    ['CREATE INDEX "Old" ON t (old)'],
    ['CREATE SCHEMA "S"; CREATE TABLE "S"."T" (a int); CREATE INDEX CONCURRENTLY "T_a" ON "S"."T" (a)'],
    ['CREATE TABLE "T" (a int); ALTER TABLE "T" ADD CONSTRAINT "T_a" CHECK (a > 0)'],
    ['CREATE TABLE "T" (a int); CREATE POLICY "may read" ON "T"'],
  ])("advises a statement before it that works, of names with capitals: %s", async (sql) => {
    const again = new Again();
    const [last] = statementsOf(sql).slice(-1);
    const drop = last && /^Put `(.+);` before it$/.exec(again.once(last)?.how ?? "")?.[1];
    expect(drop).toBeTypeOf("string");
    const statements = sql.split("; ");
    const before = statements.slice(0, -1);
    expect(await runsTwice(statements.join("; "))).toBe(false);
    await db.exec('DROP SCHEMA IF EXISTS "S" CASCADE');
    const guarded = [...before.map(unlessThere), drop, statements.at(-1)].join("; ");
    expect(await runsTwice(guarded)).toBe(true);
  });

  function unlessThere(create: string): string {
    return create.replace(/^CREATE \w+/, "$& IF NOT EXISTS");
  }

  it("writes names as SQL wants them", () => {
    expect(
      onces(
        'ALTER TABLE t ADD "userId" int; CREATE TYPE "Kind" AS ENUM (); DROP TABLE "A", b; INSERT INTO "T" VALUES (1)',
      ),
    ).toEqual([
      'refused: ADD COLUMN "userId"',
      'refused: CREATE TYPE "Kind"',
      'refused: DROP "A", b',
      'doubled: "T" has the rows twice, or a unique index refuses them',
    ]);
  });

  it("tells the index that a failure leaves", () => {
    const passed = (sql: string): (string | undefined)[] => {
      const again = new Again();
      return statementsOf(sql).map((raw) => {
        again.after(raw);
        return again.passedOver(raw);
      });
    };
    const create = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (old)";
    expect(passed(create)).toEqual(["i"]);
    expect(passed('CREATE INDEX CONCURRENTLY IF NOT EXISTS "I" ON s.t (old)')).toEqual(['s."I"']);
    expect(passed(`DROP INDEX IF EXISTS s.i; ${create}`)).toEqual([undefined, undefined]);
    expect(passed("CREATE INDEX IF NOT EXISTS i ON t (old)")).toEqual([undefined]);
    expect(onces(create)).toEqual([]);
  });

  it("is right about it: IF NOT EXISTS passes over an invalid index", async () => {
    await db.exec(
      "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)",
    );
    const create = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
    await expect(db.exec(create)).rejects.toThrow("could not create unique index");
    await db.exec(create);
    const { rows } = await db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass");
    expect(rows).toEqual([{ indisvalid: false }]);
  });
});
