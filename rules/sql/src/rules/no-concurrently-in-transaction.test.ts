import { PGlite } from "@electric-sql/pglite";
import { describe, expect, it } from "vitest";
import type { OperationNode } from "../language/ast.ts";
import { parseFile } from "../language/parse.ts";
import { given, sqlRuleTester, type SqlTestOptions } from "../testing.ts";
import { refusedInTransaction } from "../transaction-block.ts";
import rule from "./no-concurrently-in-transaction.ts";

const CREATE = "CREATE INDEX CONCURRENTLY i ON t (a);";

const inside = (migration: SqlTestOptions["migration"]): { languageOptions: Record<string, unknown> } =>
  given({ migration: { transactional: true, ...migration } });

sqlRuleTester().run("no-concurrently-in-transaction", rule, {
  valid: [
    { name: "a runner that is not known", code: CREATE },
    { code: CREATE, ...given({ migration: { transactional: false } }) },
    { code: "CREATE INDEX i ON t (a); REINDEX INDEX i; ANALYZE t; CLUSTER t; DISCARD PLANS;", ...inside({}) },
    { code: "REFRESH MATERIALIZED VIEW CONCURRENTLY v;", ...inside({}) },
    { code: "ALTER TABLE p DETACH PARTITION q; ALTER TABLE p DETACH PARTITION q FINALIZE;", ...inside({}) },
    { code: "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false);", ...inside({}) },
    { name: "after COMMIT", code: `BEGIN; SELECT 1; COMMIT; ${CREATE}` },
    { name: "after the runner's transaction", code: `SELECT 1; COMMIT; ${CREATE}`, ...inside({}) },
    { name: "a down migration", code: CREATE, ...inside({ direction: "down" }) },
    {
      name: "goose without a transaction, alone in its block",
      code: `-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\n${CREATE}\n-- +goose StatementEnd\n`,
      ...given({ migration: { runner: "goose", direction: "both" } }),
    },
  ],
  invalid: [
    {
      name: "several indexes, whether in a transaction or not",
      code: "DROP INDEX CONCURRENTLY i, s.j;\nDROP INDEX CONCURRENTLY k;",
      ...given({ migration: { transactional: false } }),
      errors: [{ messageId: "several", line: 1, column: 1, endLine: 1, endColumn: 31 }],
    },
    {
      name: "Prisma sends several statements as one query",
      code: `SELECT 1;\n${CREATE}`,
      ...inside({ runner: "prisma" }),
      errors: [
        {
          messageId: "byRunner",
          data: {
            command: "CREATE INDEX CONCURRENTLY",
            runner: "Prisma",
            how: "give it a migration of its own: Prisma runs a single statement without a transaction",
          },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 37,
        },
      ],
    },
    {
      name: "a transaction of the runner, in which BEGIN changes nothing",
      code: "-- migrate:up\nBEGIN;\nDROP INDEX CONCURRENTLY i;",
      ...given({ migration: { runner: "dbmate", direction: "both" } }),
      errors: [
        {
          messageId: "byRunner",
          data: {
            command: "DROP INDEX CONCURRENTLY",
            runner: "dbmate",
            how: 'give it a migration of its own that begins with "-- migrate:up transaction:false"',
          },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 26,
        },
      ],
    },
    {
      name: "no transaction, but several statements in one query",
      code: "-- migrate:up transaction:false\nDROP INDEX CONCURRENTLY a;\nSELECT 1;\n-- migrate:down\n",
      ...given({ migration: { runner: "dbmate", direction: "both" } }),
      errors: [
        {
          messageId: "byQuery",
          data: { command: "DROP INDEX CONCURRENTLY", runner: "dbmate" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 26,
        },
      ],
    },
    {
      name: "an explicit BEGIN, whatever the runner",
      code: `BEGIN;\n${CREATE}\nCOMMIT;`,
      errors: [
        {
          messageId: "byBegin",
          data: { command: "CREATE INDEX CONCURRENTLY" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 37,
        },
      ],
    },
    {
      name: "a second transaction, after the runner's",
      code: `SELECT 1;\nCOMMIT;\nBEGIN;\nVACUUM t;`,
      ...inside({ runner: "golang-migrate" }),
      errors: [
        {
          messageId: "byBegin",
          data: { command: "VACUUM" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 9,
        },
      ],
    },
    {
      name: "a command of ALTER TABLE",
      code: "ALTER TABLE p\n  DETACH PARTITION q CONCURRENTLY;",
      ...inside({}),
      errors: [
        {
          messageId: "byRunner",
          data: {
            command: "ALTER TABLE … DETACH CONCURRENTLY",
            runner: "The runner",
            how: "give it a migration of its own that runs outside one",
          },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 34,
        },
      ],
    },
    {
      name: "goose without a transaction sends a block as one query",
      code: `-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\nREINDEX TABLE CONCURRENTLY t;\n-- +goose StatementEnd\n`,
      ...given({ migration: { runner: "goose", direction: "both" } }),
      errors: [
        {
          messageId: "byBlock",
          data: { command: "REINDEX CONCURRENTLY" },
          line: 5,
          column: 1,
          endLine: 5,
          endColumn: 29,
        },
      ],
    },
    {
      name: "a DO block, whatever is around it",
      code: "DO $$\nBEGIN\n  EXECUTE 'DROP INDEX CONCURRENTLY i';\nEND $$;",
      ...given({ migration: { transactional: false } }),
      errors: [
        {
          messageId: "inBody",
          data: { command: "DROP INDEX CONCURRENTLY" },
          line: 3,
          column: 12,
          endLine: 3,
          endColumn: 37,
        },
      ],
    },
  ],
});

describe("PostgreSQL itself", () => {
  const commands = [
    "CREATE INDEX CONCURRENTLY x ON t (a)",
    "DROP INDEX CONCURRENTLY i",
    "REINDEX INDEX CONCURRENTLY i",
    "REINDEX (CONCURRENTLY) TABLE t",
    "REINDEX SCHEMA public",
    "REINDEX DATABASE postgres",
    "REINDEX SYSTEM postgres",
    "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
    "VACUUM t",
    "CLUSTER",
    "ALTER SYSTEM SET work_mem = '5MB'",
    "CREATE DATABASE d",
    "DROP DATABASE d",
    "ALTER DATABASE d SET TABLESPACE pg_default",
    "CREATE TABLESPACE s LOCATION '/tmp/s'",
    "DROP TABLESPACE s",
    "DISCARD ALL",
    "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
    "REINDEX INDEX i",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    "ALTER TABLE p DETACH PARTITION q",
    "ANALYZE t",
    "DISCARD PLANS",
  ];

  function told(sql: string): string | undefined {
    const details = {
      dialect: "postgresql",
      runner: "plain",
      version: "",
      direction: "up",
      transactional: true,
    } as const;
    const node: OperationNode | undefined = parseFile(sql, details).steps[0]?.node;
    return node && refusedInTransaction(node);
  }

  it("refuses it in a DO block outside a transaction too", async () => {
    const database = new PGlite();
    await database.exec("CREATE TABLE t (a int)");
    const block = "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$";
    await expect(database.exec(block)).rejects.toThrow(
      "CREATE INDEX CONCURRENTLY cannot be executed from a function",
    );
    await database.close();
  }, 60_000);

  it("refuses in a transaction just what the rule says", async () => {
    const database = new PGlite();
    await database.exec(
      "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX vi ON v (a); CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE q PARTITION OF p FOR VALUES FROM (0) TO (9);",
    );
    const refused: string[] = [];
    for (const command of commands) {
      await database.exec("BEGIN");
      const error: unknown = await database.exec(command).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      await database.exec("ROLLBACK");
      if (error instanceof Error && error.message.includes("inside a transaction block"))
        refused.push(command);
    }
    await database.close();
    expect(refused).toEqual(commands.filter((command) => told(command) !== undefined));
    expect(refused).toHaveLength(18);
  }, 60_000);
});
