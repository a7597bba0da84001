import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usesOf } from "./uses.ts";

/** The uses of a body in few words: tables, columns, and those of NEW and OLD. */
function uses(body: string, language = "plpgsql", returns = "integer"): string {
  const found = usesOf({ language, body, returns });
  const columns = found.columns.map(({ table, column }) => `${table.name}.${column}`);
  const tables = found.tables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`));
  const parts = [
    tables,
    [...new Set(columns)],
    [...new Set(found.ofRow.map(({ row, column }) => `${row}.${column}`))],
    found.dynamic ? ["dynamic"] : [],
  ];
  return parts
    .map((part) => part.join(" "))
    .join(" | ")
    .replace(/(?: \| )+$/, "");
}

describe("what a body uses", () => {
  it.each<[name: string, sql: string, expected: string]>([
    ["one table", "SELECT a, b + c FROM t WHERE d = 1 ORDER BY e", "t | t.a t.b t.c t.d t.e"],
    ["an alias", "SELECT x.a, y.b FROM s.t x JOIN u y ON x.c = y.d", "s.t u | t.a u.b t.c u.d"],
    ["a name that may be of either", "SELECT a FROM t, u", "t u | t.a u.a"],
    ["USING", "SELECT 1 FROM t JOIN u USING (a)", "t u | t.a u.a"],
    ["an output name in ORDER BY", "SELECT t.a AS b FROM t ORDER BY b", "t | t.a"],
    ["UNION", "SELECT a FROM t UNION SELECT b FROM u ORDER BY a", "t u | t.a u.b"],
    ["a subquery", "SELECT a FROM t WHERE EXISTS (SELECT FROM u WHERE u.b = t.c)", "t u | t.a u.b t.c"],
    ["a subquery in FROM", "SELECT q.a FROM (SELECT b AS a FROM t) q", "t | t.b"],
    ["WITH", "WITH t AS (SELECT b FROM u) SELECT t.a FROM t", "u | u.b"],
    ["INSERT", "INSERT INTO t (a, b) VALUES (c, d)", "t | t.a t.b"],
    [
      "ON CONFLICT",
      "INSERT INTO t AS x (a) SELECT b FROM u ON CONFLICT (c) DO UPDATE SET d = excluded.e WHERE x.f > 1 RETURNING g",
      "t u | t.a u.b t.c t.d t.e t.f t.g",
    ],
    ["UPDATE", "UPDATE t SET a = b FROM u WHERE u.c = t.d", "u t | t.a u.b t.b u.c t.d"],
    ["DELETE", "DELETE FROM t USING u WHERE t.a = u.b", "u t | t.a u.b"],
    ["a parameter", "SELECT $1, x.a", ""],
    ["several statements", "DELETE FROM t; DELETE FROM u;", "t u"],
    ["its own temporary table", "CREATE TEMP TABLE t AS SELECT a FROM u; SELECT b FROM t", "u | u.a"],
    ["what is wrong", "SELEC 1", " |  |  | dynamic"],
  ])("SQL: %s", (_name, body, expected) => {
    const norm = (text: string): string =>
      text
        .split(" | ")
        .map((part) => part.split(" ").sort().join(" "))
        .join(" | ");
    expect(norm(uses(body, "sql"))).toBe(norm(expected));
  });

  it.each<[name: string, body: string, returns: string, expected: string]>([
    [
      "a trigger",
      "BEGIN UPDATE t SET a = NEW.b WHERE id = OLD.c; NEW.d := 1; RETURN NEW; END",
      "trigger",
      "t | t.a t.id | new.b old.c new.d",
    ],
    [
      "parameters that it assigns to, and a set",
      "DECLARE n t.a%TYPE; r u%ROWTYPE; BEGIN x := (SELECT count(b) FROM v); RETURN QUERY SELECT 1; END",
      "record",
      "v t u | v.b t.a",
    ],
    ["nothing to return", "BEGIN DELETE FROM t; RETURN; END", "", "t"],
    [
      "EXECUTE",
      "BEGIN EXECUTE 'DELETE FROM t'; EXECUTE 'DELETE FROM ' || x; END",
      "void",
      "t |  |  | dynamic",
    ],
    [
      "loops",
      "DECLARE r record; BEGIN FOR r IN SELECT a FROM t LOOP IF r.b THEN NULL; END IF; END LOOP; END",
      "void",
      "t | t.a",
    ],
    ["what is wrong", "BEGIN SELEC 1; END", "void", " |  |  | dynamic"],
  ])("PL/pgSQL: %s", (_name, body, returns, expected) => {
    const found = uses(body, "plpgsql", returns);
    expect(found).toBe(expected);
  });

  it("does not read other languages, nor bodies that PostgreSQL reads itself", () => {
    expect(uses("return 1", "plv8")).toBe(" |  |  | dynamic");
    expect(uses("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT a FROM t; END", "sql")).toBe("");
  });
});

/** That PostgreSQL lets a body go wrong without a word, and what it says when the body runs. */
describe("PostgreSQL", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
  });
  afterAll(async () => {
    await database.close();
  });

  const said = async (sql: string): Promise<string> =>
    database.exec(sql).then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it.each([
    ["plpgsql", "BEGIN RETURN (SELECT count(a) FROM t); END"],
    ["sql", "SELECT count(a) FROM t"],
  ])("does not see that a function of %s uses a column or a table", async (language, body) => {
    await database.exec(
      `CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS bigint LANGUAGE ${language} AS $$${body}$$; SELECT f()`,
    );
    expect(await said("ALTER TABLE t RENAME a TO z")).toBe("");
    expect(await said("SELECT f()")).toBe('column "a" does not exist');
    expect(await said("ALTER TABLE t RENAME z TO a; ALTER TABLE t RENAME TO u")).toBe("");
    expect(await said("SELECT f()")).toBe('relation "t" does not exist');
    expect(await said("DROP TABLE u")).toBe("");
    await database.exec("DROP FUNCTION f");
  });

  it("does not see that a trigger's function does, and every statement that fires it fails", async () => {
    await database.exec(
      `CREATE TABLE t (a int, b int);
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.a := 1; RETURN NEW; END$$;
       CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
       ALTER TABLE t DROP a`,
    );
    expect(await said("INSERT INTO t VALUES (1)")).toBe('record "new" has no field "a"');
    await database.exec("DROP TABLE t; DROP FUNCTION f");
  });

  it("holds what BEGIN ATOMIC uses", async () => {
    await database.exec(
      "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(a) FROM t; END",
    );
    expect(await said("ALTER TABLE t RENAME a TO z; SELECT f()")).toBe("");
    expect(await said("ALTER TABLE t DROP z")).toMatch(/^cannot drop column z of table t/);
  });

  it("takes a name for a column, and a variable of that name for a fault", async () => {
    await database.exec(
      `CREATE TABLE w (a int); INSERT INTO w VALUES (1);
       CREATE FUNCTION v() RETURNS int LANGUAGE plpgsql AS $$DECLARE a int; BEGIN RETURN (SELECT a FROM w); END$$`,
    );
    expect(await said("SELECT v()")).toBe('column reference "a" is ambiguous');
  });
});
