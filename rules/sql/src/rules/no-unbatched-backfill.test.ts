import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-unbatched-backfill.ts";

const block = (how: string): string =>
  `, or by a DO block that loops and commits (it cannot run in a transaction, so ${how})`;
const alone = block("run this migration outside one");
const among = block("give it a migration of its own that runs outside one");

const BY_RUNNER: readonly [runner: string, transactional: boolean | "unknown", how: string][] = [
  ["goose", true, block('put "-- +goose NO TRANSACTION" at its top')],
  ["goose", false, ", or by a DO block that loops and commits"],
  [
    "prisma",
    "unknown",
    block("give it a migration of its own: Prisma runs a single statement without a transaction"),
  ],
  ["drizzle", true, ""],
];

sqlRuleTester().run("no-unbatched-backfill", rule, {
  valid: [
    "INSERT INTO t SELECT * FROM u; INSERT INTO t VALUES (1); TRUNCATE t;",
    "UPDATE t SET a = 1 WHERE id = 7; DELETE FROM t WHERE id IN (1, 2) AND a > 1;",
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 1000);",
    "CREATE TABLE t (a int); UPDATE t SET a = 1; DELETE FROM t WHERE a = 1;",
    "CREATE TEMP TABLE t AS SELECT * FROM u; UPDATE t SET a = 1;",
    {
      name: "a new table, which the running release does not know",
      code: "CREATE TABLE t (a int); INSERT INTO t SELECT a FROM u; UPDATE t SET a = 1 WHERE a > 1;",
      ...given({ migration: { transactional: false } }),
    },
    { name: "no-truncate tells", code: "DELETE FROM t;" },
    {
      name: "no-work-under-exclusive-lock tells",
      code: "ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1;",
      ...given({ migration: { transactional: true } }),
    },
    {
      name: "by a key of its own",
      code: "UPDATE t SET a = 1 WHERE t.code = 'x'::text;",
      ...given({ history: ["CREATE TABLE t (code text PRIMARY KEY, a int)"] }),
    },
    {
      name: "by all columns of a key",
      code: "UPDATE t SET a = 1 WHERE shop = 3 AND 'x' = code; DELETE FROM t WHERE code IN ('x', 'y') AND shop = 3;",
      ...given({ history: ["CREATE TABLE t (shop int, code text, a int, UNIQUE (shop, code))"] }),
    },
    {
      name: "by rows that are listed",
      code: `
        UPDATE t SET a = v.a FROM (VALUES (1, 10), (2, 20)) AS v (id, a) WHERE t.id = v.id;
        WITH v (id, a) AS (VALUES (1, 10)) UPDATE t SET a = w.a FROM v AS w WHERE w.id = t.id;
        DELETE FROM t USING (VALUES (1)) AS v (id) WHERE t.id = v.id;
        UPDATE t SET a = 1 WHERE id = ANY ('{1,2}');
        UPDATE t SET a = 1 WHERE id = ANY (ARRAY[1, 2]);`,
    },
    {
      name: "by the one value of a subquery",
      code: "UPDATE t SET a = 1 WHERE id = (SELECT min(id) FROM t); DELETE FROM t WHERE id = (SELECT u.t_id FROM u WHERE u.name = 'x');",
    },
    {
      name: "batches, written in one of the usual ways",
      code: `
        DO $$ DECLARE low int := 0; BEGIN LOOP
          UPDATE t SET a = 1 WHERE id >= low AND id < low + 5000;
          EXIT WHEN NOT FOUND; COMMIT; low := low + 5000;
        END LOOP; END $$;
        WITH batch AS (SELECT id FROM t WHERE a IS NULL LIMIT 5000) UPDATE t SET a = 1 FROM batch b WHERE t.id = b.id;
        WITH batch AS (SELECT id FROM t WHERE a IS NULL LIMIT 5000) DELETE FROM t WHERE id IN (SELECT id FROM batch);
        UPDATE t SET a = 1 FROM (SELECT ctid FROM t LIMIT 5000 FOR UPDATE SKIP LOCKED) b WHERE t.ctid = b.ctid;
        UPDATE t SET a = 1 WHERE ctid = ANY (ARRAY(SELECT ctid FROM t WHERE a IS NULL LIMIT 5000));
        UPDATE t SET a = 1 WHERE id BETWEEN 5001 AND 10000;
        UPDATE t SET a = 1 WHERE id > 0 AND id <= 5000 AND a IS NULL;`,
      ...given({ migration: { transactional: false } }),
    },
    {
      name: "a table with room for one row",
      code: "UPDATE settings SET a = 1; UPDATE flags SET a = 1; UPDATE state SET a = 1;",
      ...given({
        history: [
          "CREATE TABLE settings (id int PRIMARY KEY CHECK (id = 1), a int)",
          "CREATE TABLE flags (one boolean PRIMARY KEY DEFAULT true, a int, CHECK (one))",
          "CREATE TABLE state (a int)",
          "CREATE UNIQUE INDEX one ON state ((true))",
        ],
      }),
    },
    { code: "UPDATE t SET a = 1;", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: "UPDATE shop.t SET a = 1;",
      errors: [
        {
          messageId: "allRows",
          data: { tables: "shop.t", written: "updated", block: alone, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 24,
        },
      ],
    },
    {
      name: "one finding for a file",
      code: "SELECT 1;\nUPDATE t SET a = 1 WHERE a IS NULL;\nDELETE FROM u WHERE a > 1;\nUPDATE t SET b = 1;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t and u", written: "updated or deleted", block: among, then: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 35,
        },
      ],
    },
    {
      name: "a condition that says little",
      code: "UPDATE t SET a = 1 WHERE id = 7 OR a = 1; DELETE FROM u USING t WHERE t.a = u.a;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t and u", written: "updated or deleted", block: among, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 41,
        },
      ],
    },
    {
      name: "a column that is known not to be unique",
      code: "UPDATE t SET a = 1 WHERE id = 7;",
      ...given({ history: ["CREATE TABLE t (id int, a int)", "INSERT INTO t SELECT 1, 2 FROM u"] }),
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t", written: "updated", block: alone, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 32,
        },
      ],
    },
    {
      name: "a part of a statement",
      code: "WITH gone AS (DELETE FROM t WHERE a > 1 RETURNING *) INSERT INTO u SELECT * FROM gone;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t", written: "deleted", block: among, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 86,
        },
      ],
    },
    ...[
      "UPDATE t SET a = 1 WHERE shop = 3;",
      "UPDATE t SET a = 1 WHERE code = 'y';",
      "UPDATE t SET a = 1 FROM u WHERE t.shop = u.shop AND u.id = 7;",
      "UPDATE t SET a = v.a FROM (SELECT id, a FROM u) AS v WHERE t.id = v.id;",
      "UPDATE t SET a = 1 WHERE id = (SELECT max(u.id) FROM u WHERE u.t_id = t.id);",
      "UPDATE t SET a = 1 WHERE id = ANY (SELECT id FROM u);",
      "UPDATE t SET a = 1 WHERE EXISTS (SELECT 1 FROM u WHERE u.t_id = t.id LIMIT 1);",
      "UPDATE t SET a = 1 WHERE shop = (SELECT id FROM u LIMIT 1);",
      "UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 9000000;",
      "UPDATE t SET a = 1 WHERE id > 0 AND shop < 7;",
      "UPDATE t SET a = 1 FROM u, LATERAL (SELECT id FROM v WHERE v.u = u.id LIMIT 1) w WHERE t.id = w.id;",
      "WITH b AS (SELECT id FROM u LIMIT 9) UPDATE t SET a = 1 WHERE shop IN (SELECT id FROM b);",
      "WITH b AS (SELECT id FROM u) UPDATE t SET a = 1 WHERE id IN (SELECT id FROM b);",
      "UPDATE state SET a = 1 WHERE a = 2;",
      "UPDATE settings SET a = 1 WHERE a = 2;",
    ].map((code) => ({
      name: `what comes close to a few rows, and is not: ${code}`,
      code,
      ...given({
        history: [
          "CREATE TABLE t (id int PRIMARY KEY, shop int, code text, a int, active boolean, UNIQUE (shop, code))",
          "CREATE UNIQUE INDEX ON t (code) WHERE active",
          "INSERT INTO t SELECT * FROM u",
          "CREATE TABLE state (id int, a int)",
          "CREATE UNIQUE INDEX one ON state ((true)) WHERE a = 1",
          "CREATE TABLE settings (id int UNIQUE CHECK (id = 1), a int)",
        ],
      }),
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: /UPDATE (\w+)/.exec(code)?.[1] ?? "", written: "updated", block: alone, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: code.length,
        },
      ],
    })),
    ...BY_RUNNER.map(([runner, transactional, how]) => ({
      name: `how batches leave the transaction of ${runner}, transactional: ${String(transactional)}`,
      code: `UPDATE t SET a = 1;`,
      ...given({ migration: { runner, transactional } }),
      errors: [
        {
          messageId: "allRows",
          data: { tables: "t", block: how, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 19,
        },
      ],
    })),
    {
      name: "a transaction of the file's own",
      code: "BEGIN;\nUPDATE t SET a = 1;\nCOMMIT;",
      ...given({ migration: { transactional: false } }),
      errors: [
        {
          messageId: "allRows",
          data: { tables: "t", block: block("move it out of BEGIN … COMMIT"), then: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 19,
        },
      ],
    },
    {
      name: "a part of a statement, whose condition is not its own",
      code: "WITH gone AS (DELETE FROM t WHERE a > 1 RETURNING *) UPDATE u SET a = 1 WHERE id = 7;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t", written: "deleted", block: among, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 85,
        },
      ],
    },
    {
      name: "a DO block that commits, but goes round nothing",
      code: "DO $$ BEGIN UPDATE t SET a = 1 WHERE a > 3; COMMIT; END $$;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t", written: "updated", block: alone, then: "" },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 43,
        },
      ],
    },
    ...[
      ["UPDATE t SET a = 0 WHERE a IS NULL;", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"],
      ["UPDATE t SET a = 0 WHERE a < 0;", "ALTER TABLE t ADD CONSTRAINT c CHECK (a >= 0);"],
      ["UPDATE t SET a = 9 WHERE a > 9;", "ALTER TABLE t ALTER COLUMN a TYPE numeric(1);"],
      ["UPDATE t SET a = b WHERE a IS NULL;", "ALTER TABLE t DROP COLUMN b;"],
      ["UPDATE t SET a = u.a FROM u WHERE u.id = t.id;", "DROP TABLE u;"],
      ["UPDATE t SET a = u.c FROM u WHERE u.id = t.id;", "ALTER TABLE u DROP COLUMN c;"],
      ["DELETE FROM t USING t AS u WHERE u.a = t.a AND u.id < t.id;", "CREATE UNIQUE INDEX ON t (a);"],
    ].map(([write = "", next = ""]) => ({
      name: `what relies on it: ${next}`,
      code: `${write}\nCREATE INDEX ON t (a);\nALTER TABLE v DROP COLUMN b;\n${next}`,
      errors: [
        {
          messageId: "unknownRows",
          data: {
            tables: "t",
            written: write.startsWith("DELETE") ? "deleted" : "updated",
            block: among,
            then: "; line 4 relies on it and belongs in a migration after the last batch",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: write.length,
        },
      ],
    })),
    {
      name: "what does not rely on it",
      code: "UPDATE t SET a = 0 WHERE a IS NULL;\nALTER TABLE t ALTER COLUMN b SET NOT NULL, ADD CHECK (a > 0) NOT VALID;\nALTER TABLE u ALTER COLUMN a SET NOT NULL;",
      errors: [
        {
          messageId: "unknownRows",
          data: { tables: "t", written: "updated", block: among, then: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 35,
        },
      ],
    },
  ],
});
