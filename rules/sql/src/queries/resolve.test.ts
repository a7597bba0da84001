import { loadModule, parseSync } from "libpg-query";
import { expect, test } from "vitest";
import { Catalog } from "../catalog/catalog.ts";
import { foldSteps } from "../catalog/fold.ts";
import { parseFile } from "../language/parse.ts";
import { resolve } from "./resolve.ts";
import { NOTHING_GONE, Schema } from "./schema.ts";

await loadModule();

const TABLES =
  "CREATE TABLE orders (id int, note text); CREATE TABLE users (id int, name text); CREATE TABLE app.logs (line text);";
const DETAILS = {
  dialect: "postgresql",
  runner: "plain",
  version: "1",
  direction: "up",
  transactional: true,
} as const;
const catalog = foldSteps(Catalog.empty({ complete: true }), parseFile(TABLES, DETAILS).steps, "1.sql");
const schema = new Schema(catalog, NOTHING_GONE, ["app"]);

/** The uses as `access table.column@text`. */
function uses(sql: string): string[] {
  const statements = (parseSync(sql).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  return resolve(statements, sql, schema).uses.map(
    ({ table, column, access, range }) =>
      `${access} ${[table.schema, table.name, column].filter((part) => part !== undefined).join(".")}@${sql.slice(...range)}`,
  );
}

test.each<[string, string[]]>([
  ["SELECT o.note FROM orders o", ["read orders@orders", "read orders.note@o.note"]],
  ["SELECT 'é', note FROM orders", ["read orders@orders", "read orders.note@note"]],
  ["SELECT * FROM orders", ["read orders@orders", "read orders.*@"]],
  [
    "INSERT INTO orders (id) SELECT id FROM users RETURNING note",
    [
      "insert orders@orders",
      "insert orders.id@id",
      "read users@users",
      "read users.id@id",
      "read orders.note@note",
    ],
  ],
  [
    "UPDATE users u SET name = 'x' WHERE u.id = 1",
    ["update users@users", "update users.name@name", "read users.id@u.id"],
  ],
  ["DELETE FROM orders", ["delete orders@orders"]],
  ["WITH orders AS (SELECT 1 AS note) SELECT note FROM orders", []],
  ["SELECT line FROM logs", ["read logs@logs", "read logs.line@line"]],
  ["SELECT logs.line FROM app.logs", ["read app.logs@app.logs", "read app.logs.line@logs.line"]],
])("%s", (sql, expected) => {
  expect(uses(sql)).toEqual(expected);
});
