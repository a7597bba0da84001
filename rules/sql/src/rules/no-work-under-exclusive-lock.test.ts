import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-work-under-exclusive-lock.ts";

const one = given({ migration: { transactional: true } });
const add = "ALTER TABLE t ADD COLUMN a int;";

/** An error of line 2. */
function work(what: string, endColumn: number, more: Partial<Record<"tables" | "statement", string>> = {}) {
  const data = { what, tables: "t", statement: "ALTER TABLE", ...more, line: "1" };
  return { messageId: "work", data, line: 2, column: 1, endLine: 2, endColumn };
}

sqlRuleTester().run("no-work-under-exclusive-lock", rule, {
  valid: [
    { name: "the lock comes last", code: `UPDATE t SET a = 1; ${add}`, ...one },
    {
      name: "a lock that may not be taken",
      code: "DO $$ BEGIN IF a() THEN TRUNCATE u; END IF; END $$; UPDATE t SET a = 1;",
      ...one,
    },
    { name: "the lock is gone", code: `BEGIN; ${add} COMMIT; UPDATE t SET a = 1;` },
    { name: "nobody knows whether it is", code: `${add} UPDATE t SET a = 1;` },
    { name: "a lock that lets reads pass", code: "CREATE INDEX i ON t (a); UPDATE t SET a = 1;", ...one },
    {
      name: "a handful of rows",
      code: `${add} INSERT INTO u VALUES (1); UPDATE t SET a = 1 WHERE id = 7;`,
      ...one,
    },
    {
      name: "by a key, or by LIMIT",
      code: `${add} UPDATE t SET a = 1 WHERE code IN ('x', 'y'); DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 100);`,
      ...given({
        migration: { transactional: true },
        history: ["CREATE TABLE t (id int, code text UNIQUE)"],
      }),
    },
    {
      name: "a table of one row",
      code: `${add} UPDATE t SET a = 1;`,
      ...given({
        migration: { transactional: true },
        history: ["CREATE TABLE t (b int); CREATE UNIQUE INDEX ON t ((true))"],
      }),
    },
    {
      name: "a table that nobody sees yet is locked",
      code: "CREATE TABLE t (b int); ALTER TABLE t ADD COLUMN a int; INSERT INTO t SELECT 1, 2 FROM u;",
      ...one,
    },
    { name: "and one is written", code: `CREATE TABLE u (a int); ${add} UPDATE u SET a = 1;`, ...one },
    { name: "what is dropped or renamed is gone anyway", code: "DROP TABLE t; UPDATE u SET a = 1;", ...one },
    {
      name: "nothing is read",
      code: `${add} CREATE MATERIALIZED VIEW m AS SELECT * FROM t WITH NO DATA;`,
      ...one,
    },
    {
      name: "the system's tables",
      code: `${add} UPDATE pg_index SET indisready = false WHERE indrelid = 1;`,
      ...one,
    },
    {
      code: `${add} UPDATE t SET a = 1;`,
      ...given({ migration: { transactional: true, direction: "down" } }),
    },
  ],
  invalid: [
    { code: `${add}\nUPDATE t SET a = 1;`, ...one, errors: [work("UPDATE of t", 19)] },
    {
      name: "on another table; one finding for a transaction",
      code: `${add}\nDELETE FROM shop.u WHERE b > 1;\nUPDATE t SET a = 1;`,
      ...one,
      errors: [work("DELETE of shop.u", 31)],
    },
    {
      name: "of a table whose keys are not asked for",
      code: `${add}\nUPDATE t SET a = 1 WHERE id > 7;`,
      ...one,
      errors: [work("UPDATE of t", 32)],
    },
    {
      name: "several tables may be locked by one statement",
      code: "BEGIN; TRUNCATE t, u;\nINSERT INTO t SELECT * FROM s; COMMIT;",
      errors: [work("INSERT INTO t … SELECT", 30, { statement: "TRUNCATE" })],
    },
    {
      code: `${add}\nCREATE TABLE u AS SELECT * FROM t;`,
      ...one,
      errors: [{ ...work("CREATE TABLE u AS …", 34), messageId: "made" }],
    },
    {
      code: `${add}\nCREATE MATERIALIZED VIEW m AS SELECT * FROM t;`,
      ...one,
      errors: [{ ...work("CREATE MATERIALIZED VIEW m", 46), messageId: "made" }],
    },
    {
      code: `${add}\nCOPY u FROM '/tmp/u';`,
      ...one,
      errors: [work("COPY u", 21)],
    },
    {
      name: "the lock is that of the first statement that took it, by whatever name the table had",
      code: `-- One.\nDROP INDEX i;\nALTER TABLE t RENAME TO s;\nALTER TABLE\n  s ADD COLUMN a int;\nUPDATE s SET a = 1;`,
      ...given({
        migration: { transactional: true },
        history: ["CREATE TABLE t (b int); CREATE INDEX i ON t (b)"],
      }),
      errors: [
        {
          messageId: "work",
          data: { what: "UPDATE of s", tables: "s", statement: "DROP INDEX", line: "2" },
          line: 6,
          column: 1,
          endLine: 6,
          endColumn: 19,
        },
      ],
    },
    {
      name: "where a statement begins, and where a block does it",
      code: `BEGIN;\nALTER TABLE t\n  ADD COLUMN a int;\nUPDATE t SET a = 1; COMMIT; BEGIN;\nDO $$ BEGIN\n  TRUNCATE u; END $$; DELETE FROM t; COMMIT;`,
      errors: [
        {
          messageId: "work",
          data: { what: "UPDATE of t", tables: "t", statement: "ALTER TABLE", line: "2" },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 19,
        },
        {
          messageId: "work",
          data: { what: "DELETE of t", tables: "u", statement: "the DO block", line: "6" },
          line: 6,
          column: 23,
          endLine: 6,
          endColumn: 36,
        },
      ],
    },
  ],
});
