import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compare, type Comparison } from "./n1.ts";

/** The base: two migrations, and a program that sends its queries in several ways. */
const BASE = {
  "migrations/0001_shop.sql": `
    CREATE TYPE state AS ENUM ('placed', 'paid');
    CREATE TABLE customers (id bigint PRIMARY KEY, email text UNIQUE, "Full Name" text);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, note text, total integer, state state);
    CREATE VIEW paid AS SELECT o.id, o.total, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'paid';
  `,
  "migrations/0002_codes.sql": "CREATE TABLE codes (code text PRIMARY KEY, value integer);",
  "package.json": '{ "name": "shop", "dependencies": { "pg": "8" } }',
  "src/orders.ts": `
    import pg from "pg";
    const pool = new pg.Pool();
    export const all = () => pool.query("SELECT * FROM orders");
    export const notes = (id: string) => pool.query("SELECT o.note FROM orders AS o WHERE o.id = $1", [id]);
    export const recent = () => pool.query(\`WITH r AS (SELECT id, note FROM orders) SELECT r.note FROM r\`);
    export const totals = () => pool.query("SELECT customer_id, sum(total) AS sum FROM orders GROUP BY 1 ORDER BY sum");
    export const open = () => pool.query("SELECT id FROM orders WHERE state = 'placed'");
    export const add = (id: string) => pool.query("INSERT INTO orders (id, total) VALUES ($1, 0) ON CONFLICT (id) DO NOTHING", [id]);
    export const mark = (id: string) => pool.query("UPDATE orders SET state = 'paid' WHERE id = $1 RETURNING total + 1", [id]);
  `,
  "src/customers.ts": `
    import pg from "pg";
    const pool = new pg.Pool();
    export const names = () => pool.query('SELECT "Full Name" FROM customers');
    export const paid = () => pool.query("SELECT email FROM paid WHERE total > 10");
    export const joined = () => pool.query("SELECT email, total FROM customers JOIN orders ON customer_id = customers.id");
    export const upsert = (email: string) => pool.query("INSERT INTO customers (id, email) VALUES (1, $1) ON CONFLICT (email) DO UPDATE SET email = excluded.email", [email]);
    export const code = () => pool.query("SELECT value FROM codes WHERE code LIKE 'a%'");
    export const every = () => pool.query("SELECT id FROM orders UNION SELECT id FROM customers");
    export const wrong = () => pool.query("SELECT nothing FROM orders");
  `,
};

const HEAD = {
  "migrations/0003_expand.sql": "ALTER TABLE orders ADD COLUMN remark text; CREATE INDEX ON orders (total);",
  "migrations/0004_note.sql": "ALTER TABLE orders DROP COLUMN note;",
  "migrations/0005_names.sql": 'ALTER TABLE customers RENAME COLUMN "Full Name" TO full_name;',
  "migrations/0006_state.sql": "ALTER TYPE state RENAME VALUE 'placed' TO 'open';",
  "migrations/0007_codes.sql": "ALTER TABLE codes RENAME TO vouchers;",
  "migrations/0008_email.sql": "ALTER TABLE customers DROP CONSTRAINT customers_email_key;",
  "migrations/0009_total.sql":
    "DROP VIEW paid; ALTER TABLE orders ALTER COLUMN total TYPE text; ALTER TABLE orders ADD COLUMN email text;",
};

let repository: string;
let comparison: Comparison;

function git(...args: string[]): void {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
    cwd: repository,
    env: { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" },
  });
}

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(repository, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(repository, name), text);
  }
  git("add", "--all");
  git("commit", "--quiet", "--message=x");
}

beforeAll(async () => {
  repository = mkdtempSync(path.join(tmpdir(), "yantra-n1-test-"));
  git("init", "--quiet", "--initial-branch=main");
  commit(BASE);
  git("checkout", "--quiet", "-b", "change");
  // What the head's own code sends is not asked.
  commit({ ...HEAD, "src/orders.ts": "export {};\n" });
  comparison = await compare(repository, "main", "change");
});

afterAll(() => {
  rmSync(repository, { recursive: true });
});

it("runs all migrations and finds all queries, one of which is refused already", () => {
  expect(comparison.failed).toEqual([]);
  expect(comparison.left.map(({ query }) => query.text)).toEqual(["SELECT nothing FROM orders"]);
  expect(new Set(comparison.pairs.map(({ query }) => query.text)).size).toBe(13);
  expect(comparison.pairs.length).toBeGreaterThan(60);
});

it("has PostgreSQL and the rules agree on every pair", () => {
  const wrong = comparison.pairs.filter(
    ({ server, ours }) => (server === undefined) !== (ours === undefined),
  );
  expect(wrong.map(({ query, migration, server, ours }) => [query.text, migration, server, ours])).toEqual(
    [],
  );
});

it("breaks at each of these migrations but the first", () => {
  const broken = comparison.pairs.flatMap(({ server, migration }) =>
    server === undefined ? [] : [migration],
  );
  const counts = Object.keys(HEAD).map((file) => broken.filter((migration) => migration === file).length);
  expect(counts).toEqual([0, 2, 1, 1, 1, 1, 4]);
});
