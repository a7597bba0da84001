import { PGlite } from "@electric-sql/pglite";
import { afterAll, expect, it } from "vitest";
import { Catalog } from "../catalog/catalog.ts";
import { foldSteps } from "../catalog/fold.ts";
import { parseFile, type ParsedFile } from "../language/parse.ts";
import { blockingLocks } from "./blocking.ts";

const SCHEMA = `
  CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b text, c int GENERATED ALWAYS AS IDENTITY, d int NOT NULL);
  CREATE INDEX i ON t (b);
  CREATE TABLE r (id int) PARTITION BY RANGE (id);
  CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (0) TO (9);
  ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
`;

const STATEMENTS = [
  "ALTER TABLE t ADD x int REFERENCES p (id)",
  "ALTER TABLE t DROP b",
  "ALTER TABLE t RENAME b TO x",
  "ALTER TABLE t ALTER b TYPE varchar(9)",
  "ALTER TABLE t ALTER b SET NOT NULL",
  "ALTER TABLE t ALTER a DROP NOT NULL",
  "ALTER TABLE t ALTER b SET DEFAULT ''",
  "ALTER TABLE t ALTER a DROP DEFAULT",
  "ALTER TABLE t ADD CHECK (a < 9) NOT VALID",
  "ALTER TABLE t ADD UNIQUE (b)",
  "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id) NOT VALID",
  "ALTER TABLE t DROP CONSTRAINT later",
  "ALTER TABLE t RENAME CONSTRAINT later TO x",
  "ALTER TABLE t VALIDATE CONSTRAINT later",
  "ALTER TABLE t RENAME TO x",
  "ALTER TABLE t SET SCHEMA public",
  "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE t NO FORCE ROW LEVEL SECURITY",
  "ALTER TABLE t OWNER TO CURRENT_USER",
  "ALTER TABLE t SET UNLOGGED",
  "ALTER TABLE t ALTER d ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE t ALTER c DROP IDENTITY",
  "ALTER TABLE t REPLICA IDENTITY FULL",
  "ALTER TABLE t DISABLE TRIGGER g",
  "ALTER TABLE t DISABLE TRIGGER ALL",
  "ALTER TABLE t ALTER a SET STATISTICS 9",
  "ALTER TABLE t SET (fillfactor = 90)",
  "ALTER TABLE t CLUSTER ON i",
  "ALTER TABLE r DETACH PARTITION r1",
  "CREATE TABLE r2 PARTITION OF r FOR VALUES FROM (10) TO (19)",
  "CREATE TABLE q (id int REFERENCES p (id), FOREIGN KEY (id) REFERENCES t (id))",
  "CREATE TABLE q (id int PRIMARY KEY, parent int REFERENCES q (id))",
  "CREATE INDEX ON t (a)",
  "DROP INDEX i",
  "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
  "TRUNCATE t",
  "CLUSTER t USING i",
  "DROP TABLE t",
  "UPDATE t SET a = 2",
  "ANALYZE t",
];

const WEIGHT = ["SHARE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"];
const heaviest = (modes: string[]): string =>
  modes.sort((a, b) => WEIGHT.indexOf(b) - WEIGHT.indexOf(a))[0] ?? "";

function parsed(sql: string): ParsedFile {
  return parseFile(sql, {
    dialect: "postgresql",
    runner: "plain",
    version: "",
    direction: "up",
    transactional: true,
  });
}

const catalog = foldSteps(Catalog.empty({ complete: true }), parsed(SCHEMA).steps, "1.sql");

/** The heaviest blocking lock of each table, by name. */
function told(sql: string): Record<string, string> {
  const locks = parsed(sql).steps.flatMap(({ node }) => (node ? blockingLocks(node, catalog) : []));
  const names = [...new Set(locks.map(({ table }) => table.name))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      heaviest(locks.filter(({ table }) => table.name === name).map(({ mode }) => mode)),
    ]),
  );
}

const database = new PGlite();
const ready = database.exec(SCHEMA);
afterAll(() => database.close());

/** The locks that a statement holds at its end. */
async function heldBy(sql: string): Promise<{ oid: number; mode: string }[]> {
  await database.exec("BEGIN");
  try {
    await database.exec(sql);
    const { rows } = await database.query<{ oid: number; mode: string }>(
      "SELECT relation::int AS oid, mode FROM pg_locks WHERE locktype = 'relation' AND granted",
    );
    return rows;
  } finally {
    await database.exec("ROLLBACK");
  }
}

it.each(STATEMENTS)("the same inside a DO block: %s", (sql) => {
  expect(told(`DO $$ BEGIN ${sql}; END $$`)).toEqual(told(sql));
});

it.each(STATEMENTS)(
  "PostgreSQL takes just these blocking locks: %s",
  async (sql) => {
    await ready;
    const { rows: before } = await database.query<{ oid: number; name: string }>(
      "SELECT oid::int, relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
    );
    const held = await heldBy(sql);
    const locks: Record<string, string[]> = {};
    for (const { oid, mode } of held) {
      const name = before.find((table) => table.oid === oid)?.name;
      const words = mode
        .replace(/Lock$/, "")
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
        .toUpperCase();
      if (name !== undefined && WEIGHT.includes(words)) (locks[name] ??= []).push(words);
    }
    const measured = Object.fromEntries(
      Object.entries(locks).map(([name, modes]) => [name, heaviest(modes)]),
    );
    expect(told(sql)).toEqual(measured);
  },
  60_000,
);
