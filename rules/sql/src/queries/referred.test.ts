/** PostgreSQL is the judge: the release writes rows that refer, and then each removal of the base is tried. */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalsOf } from "./referred.ts";
import { query, release } from "./uses.fixture.ts";

const SCHEMA = `
  CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, name text);
  CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE, buyer int);
  CREATE TABLE old (id int PRIMARY KEY, user_id int, order_id int REFERENCES orders ON DELETE CASCADE);
  CREATE TABLE kept (id int PRIMARY KEY);
  CREATE TABLE marks (id int PRIMARY KEY, kept_id int REFERENCES kept);
  CREATE TABLE logged (id int PRIMARY KEY);
  CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF to_regclass('logs') IS NOT NULL THEN DELETE FROM logs; END IF; RETURN OLD; END $$;
  CREATE TRIGGER tidy BEFORE DELETE ON logged FOR EACH ROW EXECUTE FUNCTION tidy();
  INSERT INTO users VALUES (1, 'a@b', 'a'), (2, 'c@d', 'c');
  INSERT INTO orders VALUES (1, 1, NULL);
  INSERT INTO kept VALUES (1);
  INSERT INTO logged VALUES (1);
`;

const SESSIONS = "CREATE TABLE sessions (id int PRIMARY KEY, user_id int REFERENCES users);";
const SESSION = "INSERT INTO sessions VALUES (1, 1);";
const DELETE_USER = "DELETE FROM users WHERE id = 1";

/** A migration, what the new release writes, and a removal of the base that PostgreSQL takes before and refuses then. */
const TOLD: readonly [migration: string, written: string, removal: string, key: string][] = [
  [SESSIONS, SESSION, DELETE_USER, "sessions.user_id refers to users"],
  [
    SESSIONS,
    SESSION,
    "WITH d AS (DELETE FROM users RETURNING id) SELECT id FROM d",
    "sessions.user_id refers to users",
  ],
  [
    SESSIONS,
    SESSION,
    "DELETE FROM users USING orders WHERE orders.user_id = users.id",
    "sessions.user_id refers to users",
  ],
  [
    SESSIONS,
    SESSION,
    "MERGE INTO users USING orders ON orders.user_id = users.id WHEN MATCHED THEN DELETE",
    "sessions.user_id refers to users",
  ],
  [SESSIONS, SESSION, "UPDATE users SET id = 7 WHERE email = 'a@b'", "sessions.user_id refers to users"],
  [
    SESSIONS.replace("users)", "users ON DELETE RESTRICT)"),
    SESSION,
    DELETE_USER,
    "sessions.user_id refers to users",
  ],
  [
    SESSIONS.replace("users)", "users ON DELETE CASCADE)"),
    SESSION,
    "UPDATE users SET id = 7 WHERE email = 'a@b'",
    "sessions.user_id refers to users",
  ],
  [SESSIONS.replace("users)", "users DEFERRABLE)"), SESSION, DELETE_USER, "sessions.user_id refers to users"],
  [
    "CREATE TABLE sessions (email text, CONSTRAINT k FOREIGN KEY (email) REFERENCES users (email));",
    "INSERT INTO sessions VALUES ('a@b')",
    "UPDATE users SET email = 'x' WHERE id = 1",
    "sessions.email refers to users",
  ],
  [
    "ALTER TABLE old ADD COLUMN by int REFERENCES users",
    "INSERT INTO old (id, by) VALUES (1, 1)",
    DELETE_USER,
    "old.by refers to users",
  ],
  [
    "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (buyer) REFERENCES users NOT VALID",
    "UPDATE orders SET user_id = NULL, buyer = 2",
    "DELETE FROM users WHERE id = 2",
    "orders.buyer refers to users",
  ],
  [
    "CREATE SCHEMA shop; CREATE TABLE shop.items (a int, b int, order_id int REFERENCES orders);",
    "INSERT INTO shop.items VALUES (1, 1, 1)",
    DELETE_USER,
    "shop.items.order_id refers to orders",
  ],
  [
    "ALTER TABLE users ADD COLUMN parent int REFERENCES users",
    "UPDATE users SET parent = 1 WHERE id = 2",
    DELETE_USER,
    "users.parent refers to users",
  ],
];

/** A migration, what the new release writes, and a removal that PostgreSQL takes all the same. */
const QUIET: readonly [migration: string, written: string, removal: string][] = [
  [SESSIONS.replace("users)", "users ON DELETE CASCADE)"), SESSION, DELETE_USER],
  [SESSIONS.replace("users)", "users ON DELETE SET NULL)"), SESSION, DELETE_USER],
  [
    SESSIONS.replace("users)", "users ON UPDATE CASCADE)"),
    SESSION,
    "UPDATE users SET id = 7 WHERE email = 'a@b'",
  ],
  [SESSIONS, SESSION, "UPDATE users SET name = 'x'"],
  [SESSIONS, SESSION, "UPDATE users SET id = 1, name = 'x' WHERE id = 1"],
  [SESSIONS, SESSION, "DELETE FROM orders"],
  [
    SESSIONS.replace("REFERENCES users)", ", FOREIGN KEY (user_id) REFERENCES users NOT ENFORCED)"),
    SESSION,
    DELETE_USER,
  ],
  [SESSIONS.replace("users)", "users DEFERRABLE NOT ENFORCED)"), SESSION, DELETE_USER],
  [`${SESSIONS} DROP TABLE sessions;`, "SELECT 1", DELETE_USER],
  [`${SESSIONS} ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey;`, SESSION, DELETE_USER],
  ["CREATE TABLE logs (id int REFERENCES logged);", "INSERT INTO logs VALUES (1)", "DELETE FROM logged"],
  [
    "CREATE TABLE items (order_id int REFERENCES orders, user_id int REFERENCES users ON DELETE CASCADE);",
    "INSERT INTO items VALUES (1, 1)",
    DELETE_USER,
  ],
  [
    "ALTER TABLE old ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL",
    "INSERT INTO old VALUES (1, 1)",
    DELETE_USER,
  ],
  [
    "CREATE TABLE fresh (id int PRIMARY KEY); CREATE TABLE sub (id int REFERENCES fresh);",
    "SELECT 1",
    DELETE_USER,
  ],
  [
    "ALTER TABLE marks DROP CONSTRAINT marks_kept_id_fkey, ADD FOREIGN KEY (kept_id) REFERENCES kept ON DELETE RESTRICT",
    "SELECT 1",
    "DELETE FROM kept",
  ],
];

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(SCHEMA);
});

afterAll(() => database.close());

/** PostgreSQL's SQLSTATE for a removal; undefined: it takes it. */
async function stateOf(before: readonly string[], removal: string): Promise<string | undefined> {
  await database.exec("BEGIN");
  try {
    for (const step of before) await database.exec(step);
    await database.exec(removal);
    return undefined;
  } catch (error) {
    return typeof error === "object" && error !== null && "code" in error
      ? String(error.code)
      : String(error);
  } finally {
    await database.exec("ROLLBACK");
  }
}

function told(migration: string, ...texts: string[]): string[] {
  const shipped = { "migrations/0001_a.sql": SCHEMA };
  const queries = texts.map((sql, index) => query(sql, { path: `src/${index}.ts` }));
  const { facts, base } = release(queries, migration, shipped);
  return refusalsOf(facts, base).map(({ key }) => key);
}

describe("told", () => {
  it.each(TOLD)("%s: %s: %s", async (migration, written, removal, key) => {
    expect(await stateOf([], removal)).toBeUndefined();
    expect(await stateOf([migration], removal), "before the release writes").toBeUndefined();
    expect(await stateOf([migration, written], removal)).toBe(
      migration.includes("RESTRICT") ? "23001" : "23503",
    );
    expect(told(migration, removal)).toEqual([key]);
  });
});

describe("silent", () => {
  it.each(QUIET)("%s: %s: %s", async (migration, written, removal) => {
    expect(await stateOf([migration, written], removal)).toBeUndefined();
    expect(told(migration, removal)).toEqual([]);
  });

  it("where the base takes the rows away that refer, or where the query names them", () => {
    const migration = "ALTER TABLE old ADD FOREIGN KEY (user_id) REFERENCES users";
    expect(told(migration, DELETE_USER)).toEqual(["old.user_id refers to users"]);
    expect(told(migration, DELETE_USER, "DELETE FROM old WHERE user_id = $1")).toEqual([]);
    expect(told(migration, DELETE_USER, "UPDATE old SET user_id = NULL WHERE id = $1")).toEqual([]);
    expect(told(migration, DELETE_USER, "UPDATE old SET order_id = $1")).toHaveLength(1);
    expect(told(migration, `${DELETE_USER} AND NOT EXISTS (SELECT FROM old WHERE user_id = 1)`)).toEqual([]);
  });
});
