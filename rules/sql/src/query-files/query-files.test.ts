import { DEFAULT_SETTINGS, type Fact, type FileKind } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { recogniseSql, useFacts } from "./index.ts";

interface Given {
  named?: boolean;
  files?: Record<string, string>;
}

function kindOf(path: string, text: string, { named = false, files = {} }: Given = {}): FileKind | undefined {
  const neighbour = (other: string): string | undefined => files[other];
  return recogniseSql({ path, text, named, neighbour, settings: DEFAULT_SETTINGS });
}

function factsOf(text: string, path = "queries/users.sql"): Fact[] {
  const kind = kindOf(path, text);
  return kind ? useFacts({ path, text, kind }) : [];
}

/** `name: sql` on one line, with `…` when it is not complete. */
function told(text: string, path?: string): string[] {
  return factsOf(text, path).flatMap((fact) =>
    fact.type === "query"
      ? [`${fact.name ?? "-"}: ${fact.sql.replace(/\s+/g, " ")}${fact.complete ? "" : " …"}`]
      : [],
  );
}

const SQLC = "-- name: GetUser :one\nSELECT * FROM users WHERE id = $1;\n";

test.each<[string, string, Given, string | undefined]>([
  ["db/query.sql", SQLC, {}, "queries"],
  ["src/users.sql", "/* @name GetUser */\nSELECT 1;", {}, "queries"],
  ["src/users.sql", "/*\n  @name GetUser\n  @param ids -> (...)\n*/\nSELECT 1;", {}, "queries"],
  ["src/users.sql", "-- :name get-user :? :1\nSELECT 1", {}, "queries"],
  ["resources/queries/users.sql", "SELECT * FROM users;", {}, "queries"],
  ["prisma/sql/getUsers.sql", "SELECT * FROM users;", {}, "queries"],
  ["db/query.sql", SQLC, { named: true }, "queries"],
  ["db/users.sql", "SELECT * FROM users;", {}, undefined],
  ["db/users.sql", "SELECT * FROM users;", { named: true }, "migration"],
  ["queries/schema.sql", "CREATE TABLE users (id int);", {}, undefined],
  ["db/migrations/0001_users.sql", "-- name: users\nCREATE TABLE users (id int);", {}, "migration"],
  ["db/migrations/0001_users.sql", "CREATE TABLE users (id int);", {}, "migration"],
  ["db/dump.sql", "-- Name: users; Type: TABLE; Schema: public\nCREATE TABLE users (id int);", {}, undefined],
  ["test/query.sql", SQLC, {}, undefined],
  ["vendor/a/query.sql", SQLC, {}, undefined],
  ["db/sqlite/query.sql", SQLC, {}, undefined],
  ["db/query.sql", SQLC, { files: { "sqlc.yaml": "sql:\n  - engine: sqlite\n" } }, undefined],
  ["db/query.sql", SQLC, { files: { "sqlc.yaml": 'sql:\n  - engine: "postgresql"\n' } }, "queries"],
  ["db/query.sql", SQLC, { files: { "package.json": '{"dependencies":{"mysql2":"3"}}' } }, undefined],
])("%s %j %o is %s", (path, text, given, expected) => {
  expect(kindOf(path, text, given)?.name).toBe(expected);
});

const SQLX = `{
  "db_name": "PostgreSQL",
  "query": "\\n  SELECT \\"query\\": 1, name FROM users\\n  WHERE id = $1",
  "describe": { "columns": [{ "ordinal": 0, "name": "query", "type_info": "Text" }] },
  "hash": "00ab"
}
`;
const OLD_SQLX = `{ "db": "PostgreSQL", "00ab": { "describe": {}, "query": "SELECT 1" }, "00cd": { "query": "SELECT 2" } }`;

test.each<[path: string, text: string, expected: string | undefined]>([
  ["crates/db/.sqlx/query-00ab.json", SQLX, "sqlx"],
  ["sqlx-data.json", OLD_SQLX, "sqlx"],
  [".sqlx/query-00ab.json", SQLX.replace("PostgreSQL", "SQLite"), undefined],
  ["tests/.sqlx/query-00ab.json", SQLX, undefined],
  ["query-00ab.json", SQLX, undefined],
])("sqlx's data in %s", (path, text, expected) => {
  expect(kindOf(path, text)?.name).toBe(expected);
});

test("sqlx's data hold a query each, at its own place", () => {
  const path = ".sqlx/query-00ab.json";
  expect(factsOf(SQLX, path)).toEqual([
    {
      type: "query",
      path: "",
      startLine: 3,
      startColumn: 12,
      endLine: 3,
      endColumn: 71,
      sql: '\n  SELECT "query": 1, name FROM users\n  WHERE id = $1',
      source: "file",
      certainty: "certain",
      complete: true,
    },
  ]);
  expect(told(OLD_SQLX, "sqlx-data.json")).toEqual(["-: SELECT 1", "-: SELECT 2"]);
});

test("sqlx's data that are not whole, or very long", () => {
  const path = "sqlx-data.json";
  expect(told(OLD_SQLX.slice(0, -12), path)).toEqual(["-: SELECT 1"]);
  const long = `SELECT '${"\\\\n".repeat(3_000_000)}'`;
  expect(factsOf(`{ "db": "PostgreSQL", "00ab": { "query": "${long}" } }`, path)).toHaveLength(1);
});

test("a query file is in no stream and read for facts only: no rule about migrations sees it", () => {
  expect(kindOf("db/query.sql", SQLC)).toEqual({ name: "queries", factsOnly: true });
});

test.each<[string, string, string[]]>([
  [
    "sqlc",
    `${SQLC}\n-- name: ListUsers :many\nSELECT id FROM users;\n`,
    ["GetUser: SELECT * FROM users WHERE id = $1", "ListUsers: SELECT id FROM users"],
  ],
  [
    "sqlc's macros",
    "-- name: A :exec\nUPDATE t SET a = sqlc.arg(a), b = sqlc.narg('b') WHERE c = $1 AND d = sqlc.arg(a);",
    ["A: UPDATE t SET a = $2, b = $3 WHERE c = $1 AND d = $2"],
  ],
  [
    "sqlc's embed",
    "-- name: A :many\nSELECT sqlc.embed(t), u.id FROM t JOIN u ON true WHERE u.id = ANY(sqlc.slice('ids'));",
    ["A: SELECT t.*, u.id FROM t JOIN u ON true WHERE u.id = ANY($1)"],
  ],
  [
    "sqlc's names",
    "-- name: A :one\nSELECT @a::text, b @> '{}' FROM t WHERE c = @c AND d = @a AND e <@ f;",
    ["A: SELECT $1::text, b @> '{}' FROM t WHERE c = $2 AND d = $1 AND e <@ f"],
  ],
  [
    "PgTyped",
    "/* @name GetUser */\nSELECT a::int FROM t WHERE b = :b! AND c = :c::text AND d = ':d';",
    ["GetUser: SELECT a::int FROM t WHERE b = $1 AND c = $2::text AND d = ':d'"],
  ],
  [
    "PgTyped's spreads",
    "/*\n @name A\n @param ids -> (...)\n @param user -> (name, age!)\n @param users -> ((name, age)...)\n*/\nSELECT 1 FROM t WHERE id IN :ids AND (n, a) = :user AND (n, a) IN (VALUES :users);",
    ["A: SELECT 1 FROM t WHERE id IN ($1) AND (n, a) = ($2, $3) AND (n, a) IN (VALUES ($4, $5))"],
  ],
  [
    "yesql, without semicolons",
    "-- name: get-user\n-- One user.\nSELECT a FROM t WHERE b = :b\n\n-- name: put-user!\nINSERT INTO t (a) VALUES (:a)\n",
    ["get-user: SELECT a FROM t WHERE b = $1", "put-user: INSERT INTO t (a) VALUES ($1)"],
  ],
  [
    "no name for a slice",
    "-- name: a\nSELECT b[1:n] FROM t WHERE c = :c",
    ["a: SELECT b[1:n] FROM t WHERE c = $1"],
  ],
  ["what stands before the first name", "SELECT 0;\n-- name: a :one\nSELECT 1;", ["a: SELECT 1"]],
  ["a file with one query", "SELECT a FROM t WHERE b = $1", ["users: SELECT a FROM t WHERE b = $1"]],
  ["a file with two", "SELECT a FROM t; DELETE FROM t", ["-: SELECT a FROM t", "-: DELETE FROM t"]],
  ["a template", "-- name: a :one\nSELECT a FROM {{table}}", ["a: SELECT a FROM {{table}} …"]],
  ["psql", "-- name: a :one\n\\i other.sql\nSELECT 1", ["a: SELECT 1"]],
])("%s", (_, text, expected) => {
  expect(told(text)).toEqual(expected);
});

test("a query's place is its statement", () => {
  expect(factsOf("-- name: Né :one\nSELECT 'é',\n  @a;\n")).toMatchObject([
    {
      type: "query",
      source: "file",
      certainty: "certain",
      startLine: 2,
      startColumn: 1,
      endLine: 3,
      endColumn: 5,
    },
  ]);
});

test.each([
  `-- name: a :one\nSELECT ${":a, ".repeat(50_000)}1`,
  `-- name: a :one\n${"/*".repeat(100_000)}`,
  "-- name: a :one\nSELECT 1;\n".repeat(10_000),
  `-- name: a :one\nSELECT '${"'a".repeat(100_000)}`,
  `/* @name a ${"@param a -> (".repeat(20_000)} */ SELECT 1`,
])("hostile input ends soon", (text) => {
  const started = performance.now();
  expect(() => factsOf(text)).not.toThrow();
  expect(performance.now() - started).toBeLessThan(4000);
});
