import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-work-under-exclusive-lock.ts";

const one = given({ migration: { transactional: true } });
const add = "ALTER TABLE t ADD COLUMN a int;";

/** An error of line 2. */
function work(
  what: string,
  endColumn: number,
  more: Partial<Record<"tables" | "statement" | "along" | "trigger", string>> = {},
) {
  const data = { what, tables: "t", statement: "ALTER TABLE", along: "", trigger: "", ...more, line: "1" };
  return { messageId: "work", data, line: 2, column: 1, endLine: 2, endColumn };
}

/** An error of line 2, whose lock LOCK TABLE takes. */
function locked(later: string, tables = "t") {
  const data = { what: "DELETE of t", tables, statement: "LOCK TABLE", line: "1", later };
  return { messageId: "locked", data, line: 2, column: 1, endLine: 2, endColumn: 26 };
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
    {
      name: "one that LOCK TABLE takes",
      code: "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE; DELETE FROM t WHERE a > 1;",
      ...one,
    },
    {
      name: "a trigger that no migration here has made may not be there",
      code: "DROP TRIGGER IF EXISTS g ON t; UPDATE t SET a = 1;",
      ...one,
    },
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
    {
      name: "a trigger that an older migration has made is there, IF EXISTS or not",
      code: "DROP TRIGGER IF EXISTS g ON t;\nUPDATE t SET a = 1;",
      ...given({
        migration: { transactional: true },
        history: [
          "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        ],
      }),
      errors: [work("UPDATE of t", 19, { statement: "DROP TRIGGER" })],
    },
    {
      name: "DROP FUNCTION that takes a table's trigger along",
      code: "DROP FUNCTION f() CASCADE;\nUPDATE t SET a = 1;",
      ...given({
        migration: { transactional: true },
        history: [
          "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        ],
      }),
      errors: [work("UPDATE of t", 19, { statement: "DROP FUNCTION" })],
    },
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
          data: {
            what: "UPDATE of s",
            tables: "s",
            statement: "DROP INDEX",
            along: "",
            trigger: "",
            line: "2",
          },
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
          data: {
            what: "UPDATE of t",
            tables: "t",
            statement: "ALTER TABLE",
            along: "",
            trigger: "",
            line: "2",
          },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 19,
        },
        {
          messageId: "work",
          data: {
            what: "DELETE of t",
            tables: "u",
            statement: "the DO block",
            along: "",
            trigger: "",
            line: "6",
          },
          line: 6,
          column: 23,
          endLine: 6,
          endColumn: 36,
        },
      ],
    },
    ...[
      [
        "UPDATE t SET a = 1;",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        ", and move SET NOT NULL in line 3, which needs them, into a migration behind that",
      ],
      [
        "UPDATE t SET a = b;",
        "ALTER TABLE t ADD PRIMARY KEY (a);\nALTER TABLE t DROP COLUMN b, ALTER COLUMN a SET NOT NULL;",
        ", and move ADD CONSTRAINT in line 3, which needs them, and one more such statement into a migration behind that",
      ],
      [
        "UPDATE t SET a = u.a FROM u WHERE u.id = t.b;",
        "DROP TABLE u;\nALTER TABLE t RENAME COLUMN a TO c;\nALTER TABLE t RENAME TO w;",
        ", and move DROP TABLE u in line 3, from which they are read, and 2 more such statements into a migration behind that",
      ],
      [
        "UPDATE t SET a = b;",
        "ALTER TABLE t DROP COLUMN b;",
        ", and move DROP COLUMN b in line 3, from which they are read, into a migration behind that",
      ],
      [
        "UPDATE t SET a = b;",
        "ALTER TABLE t RENAME COLUMN b TO c;",
        ", and move RENAME COLUMN b in line 3, which renames what they are read from or written to, into a migration behind that",
      ],
      [
        "DELETE FROM t WHERE b > 1;",
        "CREATE UNIQUE INDEX ON t (b);",
        ", and move CREATE UNIQUE INDEX in line 3, which needs them, into a migration behind that",
      ],
      [
        "UPDATE u SET b = 1;",
        "UPDATE t SET a = 1;\nALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        ", and move SET NOT NULL in line 4, which needs them, into a migration behind that",
      ],
      ["UPDATE t SET a = 1;", "ALTER TABLE t ALTER COLUMN b SET NOT NULL;\nDROP TABLE u;", ""],
      ["UPDATE t SET a = 1;", "ALTER TABLE t ADD UNIQUE (a), ADD CHECK (a > 0);", ""],
      [
        "UPDATE t SET a = s.a FROM s WHERE s.id = t.b;",
        "DROP TABLE s;",
        "",
        "CREATE TEMP TABLE s AS SELECT 1 AS id, 2 AS a; ",
      ],
    ].map(([write = "", next = "", along = "", before = ""]) => ({
      name: `what moves along: ${next}`,
      code: `${before}${add}\n${write}\n${next}`,
      ...one,
      errors: [
        work(`${write.split(" ")[0] ?? ""} of ${/[tu](?= )/.exec(write)?.[0] ?? ""}`, write.length, {
          along,
        }),
      ],
    })),
    {
      name: "a trigger that fires on the rows once they come later",
      code: `${add}\nUPDATE t SET a = 1;\nCREATE TRIGGER x BEFORE UPDATE OF b ON t EXECUTE FUNCTION f();\nCREATE TRIGGER y AFTER INSERT OR UPDATE ON t EXECUTE FUNCTION f();`,
      ...one,
      errors: [
        work("UPDATE of t", 19, {
          trigger:
            " The trigger y of line 4 fires on them then: if it must not, make it behind them as well.",
        }),
      ],
    },
    {
      name: "what is done with a table that is made of rows goes along with it",
      code: `${add}\nCREATE TABLE u AS SELECT * FROM w;\nCREATE INDEX ON u (b);\nDROP TABLE w;`,
      ...one,
      errors: [
        {
          ...work("CREATE TABLE u AS …", 34, {
            along: ", and take CREATE INDEX in line 3 along, which needs it, and one more such statement",
          }),
          messageId: "made",
        },
      ],
    },
    {
      name: "what takes away its source as well",
      code: `${add}\nCREATE TABLE u AS SELECT * FROM w;\nDROP TABLE w;`,
      ...one,
      errors: [
        {
          ...work("CREATE TABLE u AS …", 34, {
            along: ", and take DROP TABLE w in line 3 along, from which it is made",
          }),
          messageId: "made",
        },
      ],
    },
    {
      name: "LOCK TABLE for the work's sake",
      code: "LOCK TABLE t IN ACCESS EXCLUSIVE MODE;\nDELETE FROM t WHERE a > 1;\nCREATE UNIQUE INDEX i ON t (a);",
      ...one,
      errors: [locked("")],
    },
    {
      name: "and for what comes behind it",
      code: "LOCK TABLE t, u;\nDELETE FROM t WHERE a > 1;\nDROP TABLE w;\nALTER TABLE u ADD COLUMN b int;",
      ...one,
      errors: [
        locked(
          " ALTER TABLE in line 4 needs ACCESS EXCLUSIVE itself: put it into a migration of its own behind this one, because a lock that is raised waits for all reads, and may end in a deadlock with one of them that goes on to write.",
          "t and u",
        ),
      ],
    },
    {
      name: "LOCK TABLE for the sake of what comes before the work",
      code: `LOCK TABLE t; ${add}\nUPDATE t SET a = 1;`,
      ...one,
      errors: [work("UPDATE of t", 19, { statement: "LOCK TABLE" })],
    },
  ],
});
