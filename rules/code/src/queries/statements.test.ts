import type { QueryFact } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { factsOf, kindOf } from "../testing.ts";
import { assemble, isQuery, numbered } from "./text.ts";

function queries(code: string, files: Record<string, string> = {}): QueryFact[] {
  return factsOf({ ...files, "src/db.ts": code }).filter((fact) => fact.type === "query");
}

/** A query's text on one line, with `…` when a part is missing and `?` when it is only likely. */
function told(code: string, files: Record<string, string> = {}): string[] {
  return queries(code, files).map(
    ({ sql, complete, certainty }) =>
      `${certainty === "likely" ? "? " : ""}${sql.trim().replace(/\s+/g, " ")}${complete ? "" : " …"}`,
  );
}

const PG = `import { Pool } from "pg"; const pool = new Pool();`;
const SLONIK = `import { sql } from "slonik";`;

test.each<[string, string, string[]]>([
  // Tagged templates
  ["slonik", `${SLONIK} q(sql\`SELECT a FROM t WHERE id = \${id}\`)`, ["SELECT a FROM t WHERE id = $1"]],
  [
    "slonik's types",
    `${SLONIK} q(sql.type(row)\`SELECT a FROM t WHERE id = \${id}\`)`,
    ["SELECT a FROM t WHERE id = $1"],
  ],
  [
    "postgres.js",
    `import postgres from "postgres"; const sql = postgres(); await sql\`select a from t where b = \${b}\``,
    ["select a from t where b = $1"],
  ],
  [
    "postgres.js' transaction",
    `import postgres from "postgres"; const sql = postgres(); sql.begin(async (tx) => { await tx\`delete from t where b = \${b}\`; })`,
    ["delete from t where b = $1"],
  ],
  [
    "a list after IN",
    `import postgres from "postgres"; const sql = postgres(); sql\`select a from t where b in \${sql(ids)}\``,
    ["select a from t where b in ($1)"],
  ],
  [
    "columns of a helper",
    `import postgres from "postgres"; const sql = postgres(); sql\`insert into t \${sql(rows)}\``,
    ["insert into t …"],
  ],
  [
    "@vercel/postgres",
    `import { sql } from "@vercel/postgres"; sql<Row[]>\`select a from t\``,
    ["select a from t"],
  ],
  [
    "Drizzle",
    `import { sql } from "drizzle-orm"; db.execute(sql\`update t set a = \${a}\`)`,
    ["update t set a = $1"],
  ],
  [
    "Drizzle's tables",
    `import { sql } from "drizzle-orm"; import { users } from "./schema"; sql\`select 1 from \${users}\``,
    ["select 1 from …"],
  ],
  [
    "Kysely",
    `import { sql } from "kysely"; sql<{ n: number }>\`select n from t where a = \${sql.val(a)} and \${sql.ref(c)} > 1\`.execute(db)`,
    ["select n from t where a = $1 and $2 > 1 …"],
  ],
  [
    "Prisma",
    `const r = await prisma.$queryRaw\`SELECT a FROM t WHERE b = \${b}\``,
    ["SELECT a FROM t WHERE b = $1"],
  ],
  [
    "Prisma's executeRaw",
    `await this.prisma.$executeRaw\`UPDATE t SET a = \${a}::jsonb\``,
    ["UPDATE t SET a = $1::jsonb"],
  ],
  [
    "Prisma.sql and join",
    `import { Prisma } from "@prisma/client"; const q = Prisma.sql\`SELECT a FROM t WHERE b IN (\${Prisma.join(ids)})\``,
    ["SELECT a FROM t WHERE b IN ($1)"],
  ],
  [
    "Prisma.raw",
    `import { Prisma } from "@prisma/client"; Prisma.sql\`SELECT a FROM t ORDER BY \${Prisma.raw(order)}\``,
    ["SELECT a FROM t ORDER BY $1 …"],
  ],
  [
    "Prisma.empty",
    `import { Prisma } from "@prisma/client"; Prisma.sql\`SELECT a FROM t \${Prisma.empty}\``,
    ["SELECT a FROM t"],
  ],
  [
    "a fragment of the file",
    `${SLONIK} const w = sql.fragment\`b = \${b}\`; sql\`SELECT a FROM t WHERE \${w} AND c = \${c}\``,
    ["SELECT a FROM t WHERE b = $1 AND c = $2"],
  ],
  [
    "a fragment within",
    `${SLONIK} sql\`SELECT a FROM t \${sql.fragment\`WHERE b = \${b}\`}\``,
    ["SELECT a FROM t WHERE b = $1"],
  ],
  [
    "a fragment that may be",
    `${SLONIK} sql\`SELECT a FROM t WHERE b = 1 \${x ? sql.fragment\`AND c\` : sql.fragment\`\`}\``,
    ["SELECT a FROM t WHERE b = 1 …"],
  ],
  [
    "an identifier",
    `${SLONIK} sql\`SELECT a FROM \${sql.identifier(["t"])} WHERE b = \${b}\``,
    ["SELECT a FROM WHERE b = $1 …"],
  ],
  ["a condition given", `${SLONIK} sql\`SELECT a FROM t WHERE \${where}\``, ["SELECT a FROM t WHERE $1 …"]],
  [
    "fragments alone are no queries",
    `${SLONIK} sql\`WHERE a = 1\`; sql\`count(*)\`; sql\`(SELECT 1 FROM t) AS n\``,
    [],
  ],
  [
    "a tag of another module",
    `import { sql } from "./client"; sql\`SELECT a FROM t\``,
    ["? SELECT a FROM t"],
  ],
  [
    "a tag of no database",
    `import { html } from "lit"; html\`<b>select a from t</b>\`; gql\`query { a }\`; const sql = 1;`,
    [],
  ],
  // Calls
  ["pg", `${PG} pool.query("SELECT a FROM t WHERE b = $1", [b])`, ["SELECT a FROM t WHERE b = $1"]],
  [
    "pg's client",
    `${PG} const client = await pool.connect(); client.query(\`DELETE FROM t\`)`,
    ["DELETE FROM t"],
  ],
  [
    "pg's config",
    `${PG} pool.query({ name: "get", text: "SELECT a FROM t", values: [] })`,
    ["SELECT a FROM t"],
  ],
  [
    "a parameter's type",
    `import type { PoolClient } from "pg"; export const f = (c: PoolClient) => c.query("SELECT a FROM t");`,
    ["SELECT a FROM t"],
  ],
  [
    "a property's type",
    `import { Pool } from "pg"; class R { constructor(private readonly db: Pool) {} f() { return this.db.query("SELECT a FROM t"); } }`,
    ["SELECT a FROM t"],
  ],
  [
    "a property that is set",
    `import { Pool } from "pg"; class R { db = new Pool(); f() { return this.db.query("SELECT a FROM t"); } }`,
    ["SELECT a FROM t"],
  ],
  ["require", `const { Pool } = require("pg"); new Pool().query("SELECT a FROM t")`, ["SELECT a FROM t"]],
  ["an unknown receiver", `export const f = (db) => db.query("SELECT a FROM t")`, ["? SELECT a FROM t"]],
  ["a constant", `${PG} const GET = "SELECT a FROM t"; pool.query(GET)`, ["SELECT a FROM t"]],
  [
    "a constant of an object",
    `${PG} const Q = { get: "SELECT a FROM t" }; pool.query(Q.get)`,
    ["SELECT a FROM t"],
  ],
  ["a sum", `${PG} pool.query("SELECT a " + "FROM t " + 'WHERE b = $1')`, ["SELECT a FROM t WHERE b = $1"]],
  ["lines", `${PG} pool.query(["SELECT a", "FROM t"].join("\\n"))`, ["SELECT a FROM t"]],
  [
    "a number of the file",
    `${PG} const PAGE = 50; pool.query(\`SELECT a FROM t LIMIT \${PAGE}\`)`,
    ["SELECT a FROM t LIMIT 50"],
  ],
  [
    "a value put into the text",
    `${PG} pool.query(\`SELECT a FROM t WHERE b = $1 LIMIT \${n}\`)`,
    ["SELECT a FROM t WHERE b = $1 LIMIT $2 …"],
  ],
  [
    "a schema put into the text",
    `${PG} pool.query(\`SELECT a FROM \${schema}.t\`); pool.query(\`SELECT a FROM "\${schema}"."u"\`)`,
    ["SELECT a FROM t …", 'SELECT a FROM "u" …'],
  ],
  [
    "a value put into a string",
    `${PG} pool.query(\`SELECT a FROM t WHERE b = '\${b}' AND c = $1\`)`,
    ["SELECT a FROM t WHERE b = '' AND c = $1 …"],
  ],
  [
    "a name that means another thing there",
    `${PG} const Q = "SELECT a FROM t"; export function f(Q) { return pool.query(Q); }`,
    [],
  ],
  ["a name that changes", `${PG} let q = "SELECT a FROM t"; q = q + " WHERE true"; pool.query(q)`, []],
  [
    "Prisma's unsafe calls",
    `prisma.$queryRawUnsafe("SELECT a FROM t WHERE b = $1", b)`,
    ["SELECT a FROM t WHERE b = $1"],
  ],
  [
    "postgres.js' unsafe",
    `import postgres from "postgres"; const sql = postgres(); sql.unsafe("select a from t")`,
    ["select a from t"],
  ],
  [
    "knex",
    `import knex from "knex"; const db = knex({}); db.raw("SELECT a FROM t WHERE b = ? AND c = ?", [1, 2])`,
    ["SELECT a FROM t WHERE b = $1 AND c = $2"],
  ],
  [
    "knex' names",
    `import { Knex } from "knex"; const f = (db: Knex) => db.raw("SELECT a FROM t WHERE b = :b AND c = :b::int")`,
    ["SELECT a FROM t WHERE b = $1 AND c = $1::int"],
  ],
  [
    "knex' identifiers",
    `import { Knex } from "knex"; const f = (db: Knex) => db.raw("SELECT a FROM ?? WHERE b \\\\? 'x'")`,
    ["SELECT a FROM WHERE b ? 'x' …"],
  ],
  [
    "Sequelize",
    `import { Sequelize } from "sequelize"; const s = new Sequelize(url); s.query("SELECT a FROM t WHERE b = :b", { replacements: { b } })`,
    ["SELECT a FROM t WHERE b = $1"],
  ],
  [
    "TypeORM",
    `import { DataSource } from "typeorm"; class A { constructor(private ds: DataSource) {} f() { return this.ds.manager.query("SELECT a FROM t WHERE b = $1", [1]); } }`,
    ["SELECT a FROM t WHERE b = $1"],
  ],
  [
    "TypeORM's transaction",
    `import { DataSource } from "typeorm"; const ds = new DataSource({}); ds.transaction(async (m) => m.query("SELECT a FROM t"))`,
    ["SELECT a FROM t"],
  ],
  [
    "pg-promise",
    `import pgp from "pg-promise"; const db = pgp()(url); db.one("SELECT a FROM t WHERE b = $<b> AND c = \${c:csv}", { b, c })`,
    ["SELECT a FROM t WHERE b = $1 AND c = $2"],
  ],
  [
    "pg-promise's names",
    `import pgp from "pg-promise"; const db = pgp()(url); db.any("SELECT a FROM $1:name", ["t"])`,
    ["SELECT a FROM …"],
  ],
  ["a cursor", `import Cursor from "pg-cursor"; new Cursor("SELECT a FROM t")`, ["SELECT a FROM t"]],
  [
    "CALL, MERGE and WITH",
    `${PG} pool.query("CALL p(1)"); pool.query("MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING"); pool.query("WITH x AS (SELECT 1) SELECT * FROM x")`,
    [
      "CALL p(1)",
      "MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING",
      "WITH x AS (SELECT 1) SELECT * FROM x",
    ],
  ],
  // No queries
  [
    "prose",
    `api.query("Select a plan from the list"); ui.query("Update failed"); x.query("With love"); el.one("select a from b");`,
    ["? Select a plan from the list"],
  ],
  ["schema changes", `${PG} pool.query("CREATE TABLE t (a int)"); pool.query("ALTER TABLE t ADD b int")`, []],
  [
    "MySQL",
    `import mysql from "mysql2/promise"; const db = mysql.createPool({}); db.query("SELECT a FROM t WHERE b = ?", [b])`,
    [],
  ],
  [
    "SQLite",
    `import Database from "better-sqlite3"; const db = new Database("x"); db.exec("DELETE FROM t"); other.query("SELECT a FROM t")`,
    [],
  ],
  [
    "ClickHouse",
    `import { createClient } from "@clickhouse/client"; createClient().query({ query: "SELECT a FROM t" })`,
    [],
  ],
  [
    "Drizzle on SQLite",
    `import { sql } from "drizzle-orm"; import { drizzle } from "drizzle-orm/better-sqlite3"; sql\`select a from t\``,
    [],
  ],
  ["placeholders of others", `export const f = (db) => db.query("SELECT a FROM t WHERE b = ?", [1])`, []],
])("%s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});

test("a text's place is exact, without quotes and the space around", () => {
  const code = `${PG}\nconst é = "é"; pool.query("SELECT a FROM t");\npool.query(\`\n    SELECT b\n    FROM t\n  \`);\n`;
  expect(queries(code)).toMatchObject([
    { source: "call", startLine: 2, startColumn: 28, endLine: 2, endColumn: 43, sql: "SELECT a FROM t" },
    { source: "call", startLine: 4, startColumn: 5, endLine: 5, endColumn: 11 },
  ]);
});

test("a text used twice is one query, where it is written; its name is the code's", () => {
  const code = `${PG}\nconst getUser = \`SELECT a FROM users\`;\npool.query(getUser);\npool.query({ name: "get-user", text: getUser });\n`;
  expect(queries(code)).toMatchObject([{ startLine: 2, startColumn: 18, endLine: 2, endColumn: 37 }]);
  expect(queries(code)).toHaveLength(1);
  const tagged = `${SLONIK}\nconst getUser = sql\`SELECT a FROM users\`;\n`;
  expect(queries(tagged)).toMatchObject([
    { source: "template", name: "getUser", startLine: 2, startColumn: 21, endLine: 2, endColumn: 40 },
  ]);
});

test("the package's database decides for libraries that know several", () => {
  const code = `import knex from "knex"; knex({}).raw("SELECT a FROM t");`;
  const mysql = { "package.json": `{"dependencies":{"knex":"3","mysql2":"3"}}` };
  expect(told(code, mysql)).toEqual([]);
  const both = { "package.json": `{"dependencies":{"knex":"3","mysql2":"3","pg":"8"}}` };
  expect(told(code, both)).toEqual(["SELECT a FROM t"]);
  const prisma = "await prisma.$queryRaw`SELECT a FROM t`";
  const schema = (provider: string): string => `datasource db {\n  provider = "${provider}"\n}\n`;
  expect(told(prisma, { "package.json": "{}", "prisma/schema.prisma": schema("sqlite") })).toEqual([]);
  expect(told(prisma, { "package.json": "{}", "prisma/schema.prisma": schema("postgresql") })).toHaveLength(
    1,
  );
});

test.each([
  ["src/db.ts", true],
  ["src/db.test.ts", false],
  ["tests/db.ts", false],
  ["src/migrations/1_users.ts", false],
  ["db/seeds/users.ts", false],
  ["scripts/fix.ts", false],
  ["node_modules/a/index.js", false],
])("%s: the program's own queries only", (path, expected) => {
  const code = `${PG} pool.query("SELECT a FROM t");`;
  expect(kindOf(path, { [path]: code })?.name).toBe(expected ? "queries" : undefined);
});

test("a file that only sends queries is read for facts; one with routes as well", () => {
  const code = `${PG} pool.query("SELECT a FROM t");`;
  expect(kindOf("src/a.ts", { "src/a.ts": code })).toMatchObject({ name: "queries", factsOnly: true });
  const both = `import express from "express"; const app = express(); app.get("/a", h); ${code}`;
  expect(factsOf({ "src/a.ts": both }).map(({ type }) => type)).toEqual(["route", "query"]);
});

test.each([
  `import { sql } from "slonik"; sql\`select a from t where a in (${"${x}, ".repeat(20_000)}1)\``,
  `import pg from "pg"; new pg.Pool().query("select a from t where b = '${"é".repeat(300_000)}'")`,
  `import pg from "pg"; new pg.Pool().query(${'"select a from t " + '.repeat(1500)}"")`,
  `import { sql } from "slonik"; ${"sql`select a from t where b = ${".repeat(80)}1${"}`".repeat(80)}`,
  `import pg from "pg"; new pg.Pool().query("select a from t ${"/*".repeat(100_000)}")`,
  `import pgp from "pg-promise"; pgp().one("select a from t ${"${a".repeat(100_000)}")`,
  `import knex from "knex"; knex({}).raw("select a from t ${"'a".repeat(100_001)}")`,
  `import pg from "pg"; const q = "select a from t " + q; new pg.Pool().query(q);`,
  `import { sql } from "slonik"; const a = sql\`select a from t where \${b}\`; const b = sql\`\${a}\`;`,
  "import pg from 'pg'; pool.query(`select a from t",
])("hostile input ends soon", (code) => {
  const started = performance.now();
  expect(() => queries(code)).not.toThrow();
  expect(performance.now() - started).toBeLessThan(4000);
});

test("two thousand files that have nothing to say cost little", () => {
  const text = `import { trpc } from "./trpc";\n${'export const a = trpc.query(async () => fetch("/select"), "a select b");\n'.repeat(200)}`;
  const started = performance.now();
  for (let index = 0; index < 2000; index += 1)
    expect(kindOf(`src/a${index}.ts`, { [`src/a${index}.ts`]: text })).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(8000);
});

test.each<[string, boolean]>([
  ["SELECT 1", true],
  ["  -- who\n  SELECT a FROM t", true],
  ["/* a */ (select a from t) union (select b from u)", true],
  ["INSERT INTO t VALUES (1)", true],
  ["UPDATE t SET a = 1", true],
  ["UPDATE of the year", false],
  ["WITH you", false],
  ["select one", false],
  ["FROM t", false],
  ["", false],
])("%j is a query: %s", (text, expected) => {
  expect(isQuery(text)).toBe(expected);
});

test("parameters are numbered behind those of the text, and strings and comments are left alone", () => {
  expect(assemble([{ text: "SELECT $3, '?' WHERE a = " }, { hole: "value" }, { text: "and b" }])).toEqual({
    sql: "SELECT $3, '?' WHERE a = $4 and b",
    complete: true,
  });
  expect(assemble([{ text: "SELECT a -- " }, { hole: "value" }, { text: "\nFROM t" }])).toEqual({
    sql: "SELECT a -- \nFROM t",
    complete: true,
  });
  expect(numbered("SELECT '?', \"?\" -- ?\n, a::int FROM t WHERE b = ? AND c = :c", "question")).toEqual({
    sql: "SELECT '?', \"?\" -- ?\n, a::int FROM t WHERE b = $1 AND c = $2",
    complete: true,
  });
});
