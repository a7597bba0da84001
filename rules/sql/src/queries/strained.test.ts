/** PostgreSQL is the judge: writes are done with several values before and after each migration, and ours is compared. */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { strainsOf } from "./strained.ts";
import { query, release } from "./uses.fixture.ts";

const SCHEMA = `
  CREATE DOMAIN address AS text CHECK (value LIKE '%@%');
  CREATE DOMAIN anything AS text;
  CREATE TYPE mood AS ENUM ('happy', 'sad');
  CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);
  CREATE TABLE t (
    id serial PRIMARY KEY, a integer, b varchar(20), c text DEFAULT 'new', big bigint, price numeric(10, 2),
    user_id integer, code varchar(10), state text CHECK (state IN ('new', 'paid')), n integer NOT NULL DEFAULT 1 CHECK (n >= 0),
    short text CHECK (char_length(short) <= 5), uid uuid DEFAULT gen_random_uuid(), removed timestamptz,
    room integer, mood text, main boolean NOT NULL DEFAULT false,
    CONSTRAINT t_code UNIQUE (code)
  );
  CREATE TABLE filled (id integer PRIMARY KEY, x text, y text);
  CREATE TABLE d (id integer PRIMARY KEY, mail address, "any" anything, other integer);
  CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.x := coalesce(NEW.x, 'f'); RETURN NEW; END $$;
  CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON filled FOR EACH ROW EXECUTE FUNCTION fill();
  INSERT INTO users VALUES (1, 'a@b'), (2, 'c@d');
  INSERT INTO t (id, a, b, c, big, price, user_id, code, state, room) VALUES (1000, 7, 'x', 'old', 1, 1, 1, 'k', 'new', 7);
  INSERT INTO t (id, a, big, b, main) VALUES (1001, 3, 9, 'main', true);
  INSERT INTO filled VALUES (1, 'x', 'y');
`;

type Values = readonly unknown[];

/** A migration, a write, and values with which PostgreSQL takes the write before it and after it, or refuses it then. */
const STRAINED: readonly [migration: string, write: string, taken: Values, refused: Values, state: string][] =
  [
    ["ALTER TABLE t ALTER a SET NOT NULL", "INSERT INTO t (a) VALUES ($1)", [1], [null], "23502"],
    ["ALTER TABLE t ALTER a SET NOT NULL", "UPDATE t SET a = $1 WHERE id = 1000", [1], [null], "23502"],
    ["ALTER TABLE t ALTER a SET NOT NULL", "UPDATE t SET a = NULLIF(a, $1)", [1], [7], "23502"],
    ["ALTER TABLE t ALTER a SET NOT NULL", "INSERT INTO t (a) SELECT $1::int", [1], [null], "23502"],
    [
      "ALTER TABLE t ALTER a SET NOT NULL",
      "INSERT INTO t (id, a) VALUES ($1, 5) ON CONFLICT (id) DO UPDATE SET a = $2",
      [1000, 1],
      [1000, null],
      "23502",
    ],
    [
      "ALTER TABLE t ALTER a SET NOT NULL",
      "INSERT INTO t (id, a) VALUES (1000, $1) ON CONFLICT (id) DO UPDATE SET a = excluded.a",
      [1],
      [null],
      "23502",
    ],
    ["ALTER TABLE t ALTER a SET NOT NULL", "UPDATE t SET (a, c) = ($1, 'x')", [1], [null], "23502"],
    [
      "ALTER TABLE t ADD CHECK (a IS NOT NULL) NOT VALID",
      "INSERT INTO t (a) VALUES ($1)",
      [1],
      [null],
      "23514",
    ],
    [
      "ALTER TABLE t ADD CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL",
      "INSERT INTO t (a) VALUES ($1)",
      [1],
      [null],
      "23502",
    ],
    [
      "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k; ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t DROP CONSTRAINT k",
      "INSERT INTO t (a) VALUES ($1)",
      [1],
      [null],
      "23502",
    ],
    ["ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "INSERT INTO t (a) VALUES ($1)", [1], [0], "23514"],
    ["ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "UPDATE t SET a = $1", [null], [-1], "23514"],
    [
      "ALTER TABLE t ADD CHECK (a < big) NOT VALID",
      "INSERT INTO t (a, big) VALUES (5, $1)",
      [6],
      [5],
      "23514",
    ],
    ["ALTER TABLE t ADD CHECK (a < big) NOT VALID", "UPDATE t SET big = $1", [9], [5], "23514"],
    [
      "ALTER TABLE t DROP CONSTRAINT t_state_check, ADD CHECK (state IN ('new'))",
      "UPDATE t SET state = $1",
      ["new"],
      ["paid"],
      "23514",
    ],
    [
      "ALTER TABLE t ADD CHECK (state IS NOT NULL AND state <> '') NOT VALID",
      "UPDATE t SET state = $1",
      ["new"],
      [null],
      "23514",
    ],
    ["ALTER TABLE t ADD CHECK (n > 0) NOT VALID", "UPDATE t SET n = $1", [1], [0], "23514"],
    ["CREATE UNIQUE INDEX ON t (b)", "INSERT INTO t (b) VALUES ($1)", ["y"], ["x"], "23505"],
    ["CREATE UNIQUE INDEX ON t (b)", "INSERT INTO t (b) VALUES ('x')", [], [], "23505"],
    ["CREATE UNIQUE INDEX ON t (lower(b))", "INSERT INTO t (b) VALUES ($1)", ["y"], ["X"], "23505"],
    [
      "CREATE UNIQUE INDEX ON t (b)",
      "INSERT INTO t (id, b) VALUES (5, $1) ON CONFLICT (id) DO NOTHING",
      ["y"],
      ["x"],
      "23505",
    ],
    [
      "ALTER TABLE t ADD UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED",
      "INSERT INTO t (a, b) VALUES (7, $1)",
      ["y"],
      ["x"],
      "23505",
    ],
    [
      "CREATE UNIQUE INDEX ON t (b) WHERE removed IS NULL",
      "INSERT INTO t (b, removed) VALUES ('x', $1)",
      ["2020-01-01"],
      [null],
      "23505",
    ],
    [
      "CREATE UNIQUE INDEX ON t (b) NULLS NOT DISTINCT",
      "INSERT INTO t (b) VALUES ($1)",
      ["y"],
      ["x"],
      "23505",
    ],
    [
      "CREATE UNIQUE INDEX i ON t (b); ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i",
      "INSERT INTO t (b) VALUES ($1)",
      ["y"],
      ["x"],
      "23505",
    ],
    [
      "ALTER TABLE t ADD COLUMN kind text DEFAULT 'x'; CREATE UNIQUE INDEX ON t (b, kind)",
      "INSERT INTO t (b) VALUES ($1)",
      ["y"],
      ["x"],
      "23505",
    ],
    [
      "ALTER TABLE t ALTER a SET NOT NULL",
      "MERGE INTO t USING users ON t.id = users.id WHEN NOT MATCHED THEN INSERT (a) VALUES ($1)",
      [1],
      [null],
      "23502",
    ],
    [
      "ALTER TABLE t ALTER a SET NOT NULL",
      "MERGE INTO t USING users ON t.user_id = users.id WHEN MATCHED THEN UPDATE SET a = $1",
      [1],
      [null],
      "23502",
    ],
    ["ALTER TABLE t ADD EXCLUDE (room WITH =)", "INSERT INTO t (room) VALUES ($1)", [8], [7], "23P01"],
    [
      "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID",
      "INSERT INTO t (user_id) VALUES ($1)",
      [2],
      [9],
      "23503",
    ],
    [
      "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
      "UPDATE t SET user_id = $1",
      [null],
      [9],
      "23503",
    ],
    [
      "ALTER TABLE t ALTER b TYPE varchar(5)",
      "INSERT INTO t (b) VALUES ($1)",
      ["12345"],
      ["123456"],
      "22001",
    ],
    ["ALTER TABLE t ALTER c TYPE varchar(5)", "UPDATE t SET c = $1", ["12345"], ["123456"], "22001"],
    ["ALTER TABLE t ALTER big TYPE integer", "INSERT INTO t (big) VALUES ($1)", [1], ["5000000000"], "22003"],
    ["ALTER TABLE t ALTER price TYPE numeric(4, 2)", "UPDATE t SET price = $1", ["9.999"], ["100"], "22003"],
    [
      "ALTER TABLE t ALTER mood TYPE mood USING mood::mood",
      "UPDATE t SET mood = $1",
      ["sad"],
      ["calm"],
      "22P02",
    ],
    [
      "ALTER TABLE t ALTER mood TYPE uuid USING mood::uuid",
      "UPDATE t SET mood = $1",
      ["00000000-0000-0000-0000-000000000000"],
      ["x"],
      "22P02",
    ],
    [
      "ALTER DOMAIN address ADD CHECK (value <> '@') NOT VALID",
      "INSERT INTO d (id, mail) VALUES (1, $1)",
      ["a@"],
      ["@"],
      "23514",
    ],
    [
      "ALTER DOMAIN anything ADD CONSTRAINT c CHECK (VALUE <> 'value')",
      'INSERT INTO d (id, "any") VALUES (1, $1)',
      [null],
      ["value"],
      "23514",
    ],
    ["ALTER DOMAIN address SET NOT NULL", "INSERT INTO d (id, mail) VALUES (1, $1)", ["a@"], [null], "23502"],
    [
      "ALTER DOMAIN anything ADD CHECK (value IS NOT NULL)",
      'INSERT INTO d (id, "any") VALUES (1, $1)',
      ["a"],
      [null],
      "23514",
    ],
    [
      "ALTER TABLE filled ALTER y SET NOT NULL",
      "INSERT INTO filled (id, y) VALUES (5, $1)",
      ["z"],
      [null],
      "23502",
    ],
  ];

/** A migration, a write, and values that PostgreSQL takes before and after it. */
const QUIET: readonly [migration: string, write: string, ...taken: Values[]][] = [
  ["ALTER TABLE t ALTER a SET NOT NULL", "INSERT INTO t (a) VALUES (COALESCE($1, 0))", [null], [1]],
  ["ALTER TABLE t ALTER a SET NOT NULL", "UPDATE t SET a = a + 1", []],
  ["ALTER TABLE t ALTER a SET NOT NULL", "UPDATE t SET b = $1", [null], ["x"]],
  ["ALTER TABLE t ALTER a SET NOT NULL", "INSERT INTO t (a) SELECT id FROM users", []],
  ["ALTER TABLE t ALTER c SET NOT NULL", "INSERT INTO t (a) VALUES ($1)", [null], [1]],
  ["ALTER TABLE filled ALTER x SET NOT NULL", "INSERT INTO filled (id, x) VALUES (5, $1)", [null], ["x"]],
  ["ALTER TABLE t ADD CHECK (n >= 0) NOT VALID", "UPDATE t SET n = $1", [0], [1]],
  ["ALTER TABLE t ADD CHECK (n > 99) NOT ENFORCED", "UPDATE t SET n = $1", [0], [100]],
  ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES users NOT ENFORCED", "UPDATE t SET a = $1", [999]],
  ["ALTER TABLE t ADD CHECK (n >= -5) NOT VALID", "UPDATE t SET n = $1", [0], [1]],
  ["ALTER TABLE t ADD CHECK (n IS NOT NULL) NOT VALID", "UPDATE t SET n = $1", [0], [1]],
  [
    "ALTER TABLE t ADD CHECK (length(b) <= 20) NOT VALID",
    "UPDATE t SET b = $1",
    ["12345678901234567890"],
    [null],
  ],
  ["ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "UPDATE t SET a = 5, b = $1", ["x"], [null]],
  [
    "ALTER TABLE t ADD CHECK (a IS NOT NULL OR b IS NOT NULL) NOT VALID",
    "INSERT INTO t (a, b) VALUES (1, $1)",
    ["x"],
    [null],
  ],
  [
    "ALTER TABLE t DROP CONSTRAINT t_state_check, ADD CHECK (state IN ('new', 'paid', 'gone'))",
    "UPDATE t SET state = $1",
    ["new"],
    ["paid"],
    [null],
  ],
  [
    "ALTER TABLE t DROP CONSTRAINT t_code; CREATE UNIQUE INDEX ON t (code)",
    "INSERT INTO t (code) VALUES ($1)",
    ["l"],
    [null],
  ],
  ["CREATE UNIQUE INDEX ON t (code, b)", "INSERT INTO t (code, b) VALUES ($1, 'x')", ["l"], [null]],
  ["CREATE UNIQUE INDEX ON t (uid)", "INSERT INTO t (a) VALUES ($1)", [1], [2]],
  ["CREATE UNIQUE INDEX ON t (uid)", "UPDATE t SET uid = gen_random_uuid()", []],
  ["CREATE UNIQUE INDEX ON t (b)", "INSERT INTO t (b) VALUES ($1) ON CONFLICT DO NOTHING", ["x"], ["y"]],
  ["CREATE UNIQUE INDEX ON t (b)", "INSERT INTO t (a) VALUES ($1)", [1], [2]],
  [
    "CREATE UNIQUE INDEX ON t (b)",
    "INSERT INTO t (b) SELECT $1::varchar WHERE NOT EXISTS (SELECT 1 FROM t WHERE b = $1::varchar)",
    ["x"],
    ["y"],
  ],
  [
    "CREATE UNIQUE INDEX ON t (b) WHERE removed IS NULL",
    "INSERT INTO t (b, removed) VALUES ($1, now())",
    ["x"],
    ["y"],
  ],
  ["CREATE UNIQUE INDEX ON t (b) WHERE removed IS NULL", "UPDATE t SET removed = now() WHERE a = $1", [7]],
  ["CREATE UNIQUE INDEX i ON t (b); DROP INDEX i", "INSERT INTO t (b) VALUES ($1)", ["x"], ["y"]],
  ["ALTER TABLE t ADD EXCLUDE (id WITH =)", "UPDATE t SET a = $1", [1]],
  [
    "ALTER TABLE t ADD EXCLUDE (room WITH =)",
    "INSERT INTO t (room) VALUES ($1) ON CONFLICT DO NOTHING",
    [7],
    [8],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
    "INSERT INTO t (user_id) SELECT id FROM users WHERE email = $1",
    ["a@b"],
    ["?"],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
    "INSERT INTO t (user_id) VALUES ((SELECT id FROM users WHERE email = $1))",
    ["a@b"],
    ["?"],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
    "UPDATE t SET user_id = users.id FROM users WHERE email = $1",
    ["a@b"],
  ],
  ["ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users", "INSERT INTO t (a) VALUES ($1)", [1]],
  ["ALTER TABLE t ALTER b TYPE varchar(50)", "UPDATE t SET b = $1", ["12345678901234567890"]],
  ["ALTER TABLE t ALTER short TYPE varchar(5)", "UPDATE t SET short = $1", ["12345"], [null]],
  ["ALTER TABLE t ALTER a TYPE bigint", "UPDATE t SET a = $1", ["2147483647"]],
  ["ALTER TABLE t ALTER price TYPE numeric(9, 1)", "UPDATE t SET price = $1", ["99999999.94"]],
  [
    "ALTER TABLE t ALTER big TYPE integer",
    "INSERT INTO t (big) VALUES ($1::integer)",
    ["2147483647"],
    [null],
  ],
  ["ALTER TABLE t ALTER big TYPE integer", "INSERT INTO t (big) VALUES (5)", []],
  ["ALTER TABLE t ALTER b TYPE varchar(5)", "UPDATE t SET b = 'short', a = $1", [1]],
  [
    "ALTER TABLE t ADD COLUMN kind text; CREATE UNIQUE INDEX ON t (b, kind)",
    "INSERT INTO t (b) VALUES ($1)",
    ["x"],
    ["y"],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
    "MERGE INTO t USING users ON t.id = users.id WHEN NOT MATCHED THEN INSERT (user_id, a) VALUES (users.id, $1)",
    [1],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users",
    "INSERT INTO t (id, user_id) SELECT 1000, id FROM users WHERE email = $1 ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id",
    ["a@b"],
  ],
  ["CREATE UNIQUE INDEX ON t (b) WHERE main", "INSERT INTO t (b) VALUES ($1)", ["x"], ["y"]],
  ["CREATE UNIQUE INDEX ON t (b) WHERE main IS NOT FALSE", "UPDATE t SET main = false WHERE a = $1", [7]],
  [
    "ALTER DOMAIN address ADD CHECK (value <> '@') NOT VALID",
    "INSERT INTO d (id, other) VALUES (1, $1)",
    [1],
  ],
  [
    "ALTER DOMAIN address ADD CHECK (value LIKE '%@%')",
    "INSERT INTO d (id, mail) VALUES (1, $1)",
    ["a@"],
    [null],
  ],
  ["ALTER DOMAIN address SET DEFAULT 'a@b'", "INSERT INTO d (id, mail) VALUES (1, $1)", ["a@"], [null]],
  [
    "ALTER DOMAIN address SET NOT NULL; ALTER DOMAIN address DROP NOT NULL",
    "INSERT INTO d (id, mail) VALUES (1, $1)",
    [null],
  ],
  [
    "ALTER DOMAIN address RENAME TO mail; ALTER TABLE d ALTER other TYPE bigint",
    "INSERT INTO d (id, mail) VALUES (1, $1)",
    ["a@"],
  ],
  ["ALTER TABLE users ALTER email TYPE anything", "UPDATE users SET email = $1", ["x"]],
  ["ALTER TABLE t ADD COLUMN d integer UNIQUE", "INSERT INTO t (a) VALUES ($1)", [1], [2]],
  ["CREATE TABLE t2 (b text UNIQUE)", "INSERT INTO t (b) VALUES ($1)", ["x"]],
];

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(SCHEMA);
});

afterAll(() => database.close());

/** PostgreSQL's SQLSTATE for a write; undefined: it takes it. What is deferred is checked at once. */
async function stateOf(
  migration: string | undefined,
  write: string,
  values: Values,
): Promise<string | undefined> {
  await database.exec("BEGIN");
  try {
    if (migration !== undefined) await database.exec(migration);
    await database.exec("SET CONSTRAINTS ALL IMMEDIATE");
    try {
      await database.query(write, [...values]);
      return undefined;
    } catch (error) {
      return typeof error === "object" && error !== null && "code" in error
        ? String(error.code)
        : String(error);
    }
  } finally {
    await database.exec("ROLLBACK");
  }
}

function reasons(migration: string, write: string): string[] {
  const shipped = { "migrations/0001_a.sql": SCHEMA };
  const { facts, base } = release([query(write)], migration, shipped);
  return strainsOf(facts, base).map(({ problem }) => problem.what);
}

describe("told", () => {
  it.each(STRAINED)("%s: %s", async (migration, write, taken, refused, state) => {
    expect(await stateOf(undefined, write, taken)).toBeUndefined();
    expect(await stateOf(undefined, write, refused)).toBeUndefined();
    // A literal that is the same each time goes in once, and not again.
    const isLiteral = refused.length === 0;
    if (!isLiteral) expect(await stateOf(migration, write, taken)).toBeUndefined();
    expect(await stateOf(migration, write, refused)).toBe(state);
    expect(reasons(migration, write)).toEqual([expect.stringContaining(`SQLSTATE ${state}`)]);
  });
});

describe("silent", () => {
  it.each(QUIET)("%s: %s", async (migration, write, ...taken) => {
    for (const values of taken) {
      expect(await stateOf(undefined, write, values)).toBeUndefined();
      expect(await stateOf(migration, write, values)).toBeUndefined();
    }
    expect(reasons(migration, write)).toEqual([]);
  });
});
