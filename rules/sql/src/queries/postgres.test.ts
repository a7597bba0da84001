/** PostgreSQL is the judge: each query is prepared before and after each migration, and our answer is compared. */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { breaksOf, unprepared } from "./broken.ts";
import { query, release } from "./uses.fixture.ts";

const SCHEMA = `
  CREATE TYPE mood AS ENUM ('happy', 'sad');
  CREATE DOMAIN email AS text CHECK (value LIKE '%@%');
  CREATE SCHEMA billing;
  CREATE TABLE users (id bigint PRIMARY KEY, email email NOT NULL, name text, mood mood, "Full Name" text, active boolean, tags text[], data jsonb, born date);
  CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, note text, total integer, state text DEFAULT 'new', CONSTRAINT orders_state_key UNIQUE (user_id, state));
  CREATE TABLE billing.invoices (id bigint PRIMARY KEY, order_id bigint, amount numeric(10,2), code varchar(10));
  CREATE UNIQUE INDEX invoices_code ON billing.invoices (code);
  CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint, title text);
  CREATE VIEW order_notes AS SELECT o.id, o.note, u.name AS customer FROM orders o JOIN users u ON u.id = o.user_id;
  CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $$ SELECT upper(t) $$;
`;

const QUERIES = [
  "SELECT id, note FROM orders WHERE id = $1",
  "SELECT o.note FROM orders AS o",
  "SELECT * FROM orders",
  "SELECT orders.* FROM orders WHERE state = 'new'",
  "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE u.name = $1",
  "SELECT name FROM users JOIN orders ON orders.user_id = users.id",
  "SELECT note FROM orders, users WHERE users.id = user_id",
  "WITH recent AS (SELECT id, note FROM orders) SELECT note FROM recent",
  "WITH recent AS (SELECT * FROM orders) SELECT recent.note FROM recent",
  "WITH note AS (SELECT 1 AS note) SELECT note FROM note",
  "WITH RECURSIVE tree AS (SELECT id, title FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, n.title FROM nodes n JOIN tree t ON n.parent = t.id) SELECT title FROM tree",
  "WITH gone AS (DELETE FROM orders WHERE id = $1 RETURNING note) INSERT INTO nodes (id, title) SELECT 1, note FROM gone",
  "SELECT u.name FROM users u WHERE EXISTS (SELECT 1 FROM orders WHERE user_id = u.id AND note IS NULL)",
  "SELECT u.id, l.note FROM users u, LATERAL (SELECT note FROM orders o WHERE o.user_id = u.id) l",
  "SELECT id FROM orders UNION SELECT id FROM users",
  "SELECT * FROM orders UNION ALL SELECT * FROM orders",
  "SELECT * FROM nodes UNION ALL SELECT id, parent, title FROM nodes",
  'SELECT "Full Name" FROM users',
  'SELECT u."Full Name" FROM users u ORDER BY u."Full Name"',
  "SELECT customer FROM order_notes",
  "SELECT note FROM order_notes WHERE id = 1",
  "INSERT INTO orders (id, user_id, note) VALUES ($1, $2, $3)",
  "INSERT INTO orders VALUES ($1, $2, $3, $4, $5)",
  "INSERT INTO orders (id, user_id) VALUES (1, 2) ON CONFLICT (id) DO NOTHING",
  "INSERT INTO orders (id, user_id, state) VALUES (1, 2, 'x') ON CONFLICT (user_id, state) DO UPDATE SET note = excluded.note",
  "INSERT INTO orders (id) VALUES (1) ON CONFLICT ON CONSTRAINT orders_state_key DO NOTHING",
  "INSERT INTO billing.invoices (id, code) VALUES (1, 'a') ON CONFLICT (code) DO UPDATE SET amount = excluded.amount RETURNING amount",
  "INSERT INTO nodes SELECT * FROM nodes",
  "INSERT INTO nodes SELECT id, user_id, note FROM orders",
  "UPDATE orders SET note = $1 WHERE id = $2 RETURNING id",
  "UPDATE orders SET total = total + 1 WHERE note LIKE 'a%'",
  "UPDATE orders o SET note = u.name FROM users u WHERE u.id = o.user_id",
  "UPDATE users SET mood = 'sad' WHERE id = 1",
  "SELECT id FROM users WHERE mood = 'sad'",
  "SELECT id FROM users WHERE mood IN ('sad', 'happy')",
  "SELECT 'sad'::mood",
  "SELECT mood::text FROM users",
  "DELETE FROM orders WHERE note = 'x'",
  "DELETE FROM orders USING users WHERE users.id = orders.user_id AND users.name = 'x'",
  "SELECT code FROM billing.invoices",
  "SELECT billing.invoices.amount FROM billing.invoices",
  "SELECT i.id FROM billing.invoices AS i WHERE i.code = 'abc'",
  "SELECT sum(total) FROM orders GROUP BY state ORDER BY state",
  "SELECT state AS s, count(*) FROM orders GROUP BY s",
  "SELECT total * 2 AS double FROM orders ORDER BY double",
  "SELECT id FROM orders WHERE total > 5",
  "SELECT id FROM orders WHERE total = '5'",
  "SELECT lower(note) FROM orders",
  "SELECT shout(note) FROM orders",
  "SELECT shout('x')",
  "SELECT id FROM users WHERE active",
  "SELECT id FROM users WHERE NOT active AND id > 1",
  "SELECT data->>'a' FROM users WHERE data @> '{}'",
  "SELECT t FROM users, unnest(tags) AS t",
  "SELECT id FROM users WHERE 'a' = ANY(tags)",
  "SELECT row_to_json(o) FROM orders o",
  "SELECT COALESCE(note, '-') FROM orders",
  "SELECT CASE WHEN total > 1 THEN note ELSE state END FROM orders",
  "SELECT * FROM orders NATURAL JOIN billing.invoices",
  "SELECT id FROM orders JOIN nodes USING (id)",
  "SELECT x.id FROM (SELECT * FROM orders) AS x WHERE x.note = 'a'",
  "SELECT x.a FROM (SELECT id, note FROM orders) AS x (a, b)",
  "SELECT o.id, o.note FROM orders o ORDER BY o.note, 1",
  "SELECT count(*) FILTER (WHERE note IS NOT NULL) OVER (PARTITION BY user_id) FROM orders",
  "SELECT email FROM users WHERE email = 'a@b'",
  "SELECT id FROM users WHERE born > '2000-01-01'",
  "SELECT id FROM users WHERE name = email",
  "SELECT (SELECT note FROM orders WHERE user_id = u.id LIMIT 1) FROM users u",
  "SELECT id FROM users WHERE id IN (SELECT user_id FROM orders WHERE note = 'n')",
  "MERGE INTO orders o USING users u ON o.user_id = u.id WHEN MATCHED THEN UPDATE SET note = u.name WHEN NOT MATCHED THEN INSERT (id, user_id) VALUES (1, u.id)",
  "SELECT 'note' AS note, \"id\" FROM orders -- note",
  "SELECT title FROM nodes FOR UPDATE OF nodes",
  "SELECT note FROM orders WHERE (id, user_id) IN (SELECT 1, 2)",
  "SELECT EXTRACT(year FROM born) FROM users",
  "SELECT array_agg(name ORDER BY name) FROM users HAVING count(*) > 0",
  "VALUES (1, 'note')",
];

const MIGRATIONS = [
  "DROP VIEW order_notes; ALTER TABLE orders DROP COLUMN note",
  "ALTER TABLE orders DROP COLUMN note CASCADE",
  "ALTER TABLE orders RENAME COLUMN note TO remark",
  "ALTER TABLE orders RENAME TO purchases",
  "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases",
  "ALTER TABLE orders RENAME note TO remark; ALTER TABLE orders ADD COLUMN note text",
  "ALTER TABLE orders DROP COLUMN total; ALTER TABLE orders ADD COLUMN total text",
  "DROP VIEW order_notes; ALTER TABLE orders ALTER COLUMN note TYPE integer USING 1",
  "ALTER TABLE orders ALTER COLUMN total TYPE bigint",
  "ALTER TABLE orders ALTER COLUMN total TYPE text",
  "ALTER TABLE orders ALTER COLUMN state DROP DEFAULT, ALTER COLUMN state TYPE integer USING 1",
  "ALTER TABLE users ALTER COLUMN active TYPE integer USING 1",
  "ALTER TABLE users ALTER COLUMN tags TYPE text USING 'x'",
  "ALTER TABLE users ALTER COLUMN data TYPE text",
  "ALTER TABLE users ALTER COLUMN data TYPE json",
  "ALTER TABLE users ALTER COLUMN mood TYPE text",
  "ALTER TABLE orders ADD COLUMN name text",
  "ALTER TABLE orders ADD COLUMN note2 text",
  "ALTER TABLE nodes ADD COLUMN extra text",
  "ALTER TABLE nodes DROP COLUMN parent",
  'ALTER TABLE users DROP COLUMN "Full Name"',
  'ALTER TABLE users RENAME "Full Name" TO full_name',
  "DROP VIEW order_notes",
  "DROP VIEW order_notes; CREATE VIEW order_notes AS SELECT id, note FROM orders",
  "ALTER VIEW order_notes RENAME TO notes_of_orders",
  "ALTER VIEW order_notes RENAME COLUMN customer TO client",
  "DROP TABLE nodes",
  "DROP TABLE orders CASCADE",
  "DROP TABLE users CASCADE",
  "ALTER TABLE orders DROP CONSTRAINT orders_state_key",
  "ALTER TABLE orders RENAME CONSTRAINT orders_state_key TO other",
  "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
  "DROP INDEX billing.invoices_code",
  "DROP INDEX billing.invoices_code; CREATE UNIQUE INDEX invoices_code2 ON billing.invoices (code) WHERE amount > 0",
  "ALTER TABLE billing.invoices SET SCHEMA public",
  "ALTER TABLE billing.invoices ALTER COLUMN code TYPE integer USING 1",
  "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
  "ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('happy'); ALTER TABLE users ALTER mood TYPE mood USING mood::text::mood; DROP TYPE old",
  "CREATE TYPE new AS ENUM ('happy', 'calm'); ALTER TABLE users ALTER mood TYPE new USING mood::text::new; ALTER TYPE mood RENAME TO old; ALTER TYPE new RENAME TO mood",
  "ALTER TYPE mood ADD VALUE 'calm'",
  "ALTER TYPE mood RENAME TO feeling",
  "ALTER TABLE users ALTER mood TYPE text; DROP TYPE mood",
  "DROP FUNCTION shout(text)",
  "ALTER FUNCTION shout(text) RENAME TO yell",
  "DROP FUNCTION shout(text); CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $$ SELECT t $$",
  "ALTER SCHEMA billing RENAME TO accounts",
  "CREATE TABLE unrelated (note text)",
  "CREATE INDEX ON orders (note)",
];

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(SCHEMA);
});

afterAll(() => database.close());

/** The queries that PostgreSQL refuses. */
async function refused(queries: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const query of queries) {
    await database.exec("SAVEPOINT s");
    try {
      await database.exec(`DEALLOCATE ALL; PREPARE q AS ${query}`);
      // The planner looks for the index of ON CONFLICT.
      await database.exec(`EXPLAIN (GENERIC_PLAN) ${query}`);
    } catch (error) {
      found.set(query, String(error));
    }
    await database.exec("ROLLBACK TO s");
  }
  return found;
}

describe("what a migration breaks", () => {
  it("is prepared before", async () => {
    await database.exec("BEGIN");
    expect([...(await refused(QUERIES)).values()]).toEqual([]);
    await database.exec("ROLLBACK");
  });

  it.each(MIGRATIONS)("%s", async (migration) => {
    await database.exec("BEGIN");
    await database.exec(migration);
    const truth = await refused(QUERIES);
    await database.exec("ROLLBACK");
    const uses = QUERIES.map((sql, index) => query(sql, { path: `src/${index}.ts` }));
    const { facts, base } = release(uses, migration, { "migrations/0001_a.sql": SCHEMA });
    const ours = new Map(
      breaksOf(facts, base, unprepared).map((each) => [each.query.text, each.problem.what]),
    );
    expect(
      [...ours].filter(([text]) => !truth.has(text)),
      "false alarms",
    ).toEqual([]);
    expect(
      [...truth].filter(([text]) => !ours.has(text)),
      "misses",
    ).toEqual([]);
  });
});
