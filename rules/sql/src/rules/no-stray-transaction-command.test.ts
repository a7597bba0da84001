import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { given, sqlRuleTester, type SqlTestOptions } from "../testing.ts";
import rule from "./no-stray-transaction-command.ts";

const run = (migration: SqlTestOptions["migration"]): { languageOptions: Record<string, unknown> } =>
  given({ migration: { transactional: true, ...migration } });

const ADD = "ALTER TABLE t ADD a int;";
const diesel = { runner: "Diesel", Runner: "Diesel", shared: "", others: "" };

sqlRuleTester().run("no-stray-transaction-command", rule, {
  valid: [
    { code: ADD, ...run({ runner: "diesel" }) },
    { name: "a runner that is not known", code: `BEGIN; ${ADD} COMMIT;` },
    {
      name: "a runner that begins none",
      code: `BEGIN; ${ADD} COMMIT;`,
      ...run({ runner: "golang-migrate", span: "query" }),
    },
    {
      name: "no transaction",
      code: `BEGIN; ${ADD} COMMIT;`,
      ...run({ runner: "goose", transactional: false }),
    },
    {
      name: "savepoints",
      code: `SAVEPOINT s; ${ADD} ROLLBACK TO s; RELEASE s;`,
      ...run({ runner: "diesel" }),
    },
    {
      name: "a chain, which stays open",
      code: `${ADD} COMMIT AND CHAIN; ${ADD}`,
      ...run({ runner: "diesel" }),
    },
    { name: "the body of a block", code: `DO $$ BEGIN COMMIT; END $$; ${ADD}`, ...run({ runner: "diesel" }) },
    { name: "what was not read may end it", code: `BEGIN; ${ADD} {{ commit }};` },
    {
      name: "a section without a transaction",
      code: `-- migrate:up transaction:false\nBEGIN;\n${ADD}\nCOMMIT;\n-- migrate:down\n`,
      ...given({ migration: { runner: "dbmate", direction: "both" } }),
    },
  ],
  invalid: [
    {
      name: "a pair in the runner's transaction",
      code: `BEGIN;\n${ADD}\nCOMMIT;\nUPDATE t SET a = 1;`,
      ...run({ runner: "diesel" }),
      errors: [
        {
          messageId: "nested",
          data: { ...diesel, end: "COMMIT", line: "3" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 6,
        },
      ],
    },
    {
      name: "the transaction of all pending migrations, on the way down too",
      code: `START TRANSACTION;\n${ADD}\nROLLBACK;`,
      ...run({ runner: "drizzle", span: "run", direction: "down" }),
      errors: [
        {
          messageId: "nested",
          data: {
            runner: "Drizzle",
            Runner: "Drizzle",
            shared: ", one for all pending migrations",
            others: ", and the migrations that run after it have no transaction at all",
            end: "ROLLBACK",
            line: "3",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 18,
        },
      ],
    },
    {
      name: "BEGIN alone",
      code: `BEGIN;\n${ADD}`,
      ...run({ runner: "diesel" }),
      errors: [{ messageId: "useless", data: diesel, line: 1, column: 1, endLine: 1, endColumn: 6 }],
    },
    {
      name: "COMMIT alone; the pair behind it is the file's own",
      code: `${ADD}\nCOMMIT;\nBEGIN;\n${ADD}\nCOMMIT;`,
      ...run({ runner: "diesel" }),
      errors: [{ messageId: "commits", data: diesel, line: 2, column: 1, endLine: 2, endColumn: 7 }],
    },
    {
      name: "ROLLBACK alone, of a runner that the settings describe",
      code: `${ADD}\nROLLBACK;`,
      ...run({ runner: "plain" }),
      errors: [
        {
          messageId: "undoes",
          data: { runner: "the runner", Runner: "The runner", shared: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 9,
        },
      ],
    },
    {
      name: "nothing ends it, whatever the runner is",
      code: `BEGIN;\n${ADD}\nCOMMIT;\nBEGIN;\n${ADD}`,
      errors: [
        {
          messageId: "unclosed",
          data: { runner: "the runner" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 6,
        },
      ],
    },
  ],
});

describe("what PostgreSQL does", () => {
  let db: PGlite;
  beforeAll(async () => {
    db = await PGlite.create();
  }, 60_000);
  afterAll(() => db.close());

  /** Sends queries one after the other, closes the connection, and tells the warnings and which tables are left. */
  async function after(queries: string[]): Promise<{ warnings: string[]; left: string[] }> {
    const warnings: string[] = [];
    for (const query of queries) {
      const onNotice = ({ message = "" }: { message?: string | undefined }): void => {
        warnings.push(message);
      };
      await db.exec(query, { onNotice }).catch((error: unknown) => warnings.push(String(error)));
    }
    // What is still open when a connection closes is rolled back.
    await db.exec("ROLLBACK");
    const { rows } = await db.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    await db.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    return { warnings, left: rows.map(({ name }) => name) };
  }

  const MADE = "CREATE TABLE made ();";
  const OPEN = "there is already a transaction in progress";
  const NONE = "there is no transaction in progress";

  it.each<[string, string[], string[], string[]]>([
    [
      "nested: the pair ends the runner's transaction",
      ["BEGIN", "BEGIN", MADE, "COMMIT", "CREATE TABLE record ();", "ROLLBACK"],
      [OPEN, NONE],
      ["made", "record"],
    ],
    ["useless: BEGIN alone begins nothing", ["BEGIN", "BEGIN", MADE, "ROLLBACK"], [OPEN], []],
    ["undoes", ["BEGIN", MADE, "ROLLBACK", "CREATE TABLE record ();", "COMMIT"], [NONE], ["record"]],
    ["unclosed: what follows belongs to it", [`BEGIN; ${MADE}`, "CREATE TABLE record ();"], [], []],
    [
      "one query of the runner's own: BEGIN is right, and what follows COMMIT is the next transaction",
      [`BEGIN; ${MADE} COMMIT; CREATE TABLE later (); SELECT 1 / 0;`],
      ["error: division by zero"],
      ["made"],
    ],
  ])("%s", async (_, queries, warnings, left) => {
    expect(await after(queries)).toEqual({ warnings, left });
  });
});
