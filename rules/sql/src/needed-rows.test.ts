/** Which statements PostgreSQL refuses while the rows are missing that the file writes before: it is asked itself. */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { SqlSourceCode } from "./language/source-code.ts";
import { parseFile } from "./language/parse.ts";
import { operationsIn } from "./later.ts";
import { dependentsOn } from "./needed-rows.ts";
import { Catalog } from "./catalog/catalog.ts";

const TABLES = `
  CREATE TABLE u (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, a int, b int);
  CREATE TABLE c (id int PRIMARY KEY, k int);
  INSERT INTO t SELECT i, CASE WHEN i > 2 THEN i END, 7 FROM generate_series(1, 9) AS i;
  INSERT INTO c SELECT i, i FROM generate_series(1, 9) AS i;`;

const ADD = "ALTER TABLE t ADD COLUMN x int;";

/** What stands before, the write, what comes behind it, and whether that needs the rows. */
const CASES: [before: string, write: string, next: string, needs: boolean][] = [
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ALTER COLUMN x SET NOT NULL", true],
  ["", "UPDATE t SET a = id", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", true],
  [
    "ALTER TABLE t ADD COLUMN x int DEFAULT 1;",
    "UPDATE t SET x = id",
    "ALTER TABLE t ALTER COLUMN x SET NOT NULL",
    false,
  ],
  [
    "ALTER TABLE t ADD COLUMN x int DEFAULT NULL;",
    "UPDATE t SET x = id",
    "ALTER TABLE t ALTER COLUMN x SET NOT NULL",
    true,
  ],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD CHECK (x > 0)", false],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD CHECK (x IS NOT NULL)", true],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD CHECK (num_nonnulls(x) = 1)", true],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD CHECK (x IS NOT NULL) NOT VALID", false],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD UNIQUE (x, b)", false],
  [ADD, "UPDATE t SET x = id", "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (x, b)", true],
  ["", "UPDATE t SET b = id", "ALTER TABLE t ADD UNIQUE (b)", true],
  [ADD, "UPDATE t SET x = id", "CREATE UNIQUE INDEX ON t (x)", false],
  [ADD, "UPDATE t SET x = id", "CREATE UNIQUE INDEX ON t (x) NULLS NOT DISTINCT", true],
  ["", "UPDATE t SET b = id", "CREATE UNIQUE INDEX ON t ((b + 1))", true],
  [
    "ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD COLUMN x int;",
    "UPDATE t SET x = id",
    "ALTER TABLE t ADD PRIMARY KEY (x)",
    true,
  ],
  [ADD, "UPDATE t SET x = NULL", "ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u (id)", false],
  ["", "UPDATE t SET b = NULL", "ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES u (id)", true],
  ["", "DELETE FROM t WHERE a IS NULL", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", true],
  ["", "INSERT INTO u SELECT id FROM t", "ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES u (id)", true],
  [
    "ALTER TABLE c ADD COLUMN x int;",
    "INSERT INTO u SELECT id FROM t",
    "ALTER TABLE c ADD FOREIGN KEY (x) REFERENCES u (id)",
    false,
  ],
];

/** How the last statement of a file depends on the rows that the one before it writes. */
function howOf(text: string): string[] {
  const details = {
    dialect: "postgresql",
    runner: "plain",
    version: "",
    direction: "up",
    transactional: true,
  } as const;
  const code = new SqlSourceCode(text, parseFile(text, details), details, () =>
    Catalog.empty({ complete: false }),
  );
  const writes = operationsIn(code, "up").flatMap((operation) =>
    operation.type === "WriteData" ? [operation] : [],
  );
  return dependentsOn(code, writes).map(({ how }) => how);
}

describe("what needs rows", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec(TABLES);
  });
  afterAll(() => database.close());

  /** Whether PostgreSQL refuses the last of the statements. */
  async function isRefused(...statements: readonly string[]): Promise<boolean> {
    await database.exec("BEGIN");
    try {
      for (const statement of statements.slice(0, -1)) await database.exec(statement);
      return await database.exec(statements.at(-1) ?? "").then(
        () => false,
        () => true,
      );
    } finally {
      await database.exec("ROLLBACK");
    }
  }

  test.each(CASES)("%s %s; %s: %s", async (before, write, next, needs) => {
    expect(await isRefused(before, next)).toBe(needs);
    expect(await isRefused(before, write, next)).toBe(false);
    expect(howOf(`${before} ${write}; ${next};`)).toEqual(needs ? ["needs"] : []);
  });

  it("a trigger fires on rows that come after it, and not on those before", async () => {
    const trigger = `
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.b := 0; RETURN NEW; END';
      CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();`;
    const check = "ALTER TABLE t ADD CHECK (b <> 0)";
    expect(await isRefused("UPDATE t SET a = 1", trigger, check)).toBe(false);
    expect(await isRefused(trigger, "UPDATE t SET a = 1", check)).toBe(true);
  });

  it("a check before the rows are filled refuses every UPDATE of those that are not", async () => {
    const check = "ALTER TABLE t ADD CHECK (x IS NOT NULL) NOT VALID";
    expect(await isRefused(ADD, check, "UPDATE t SET b = 8 WHERE id = 1")).toBe(true);
    expect(await isRefused(ADD, "UPDATE t SET x = 1", check, "UPDATE t SET b = 8 WHERE id = 1")).toBe(false);
  });
});
