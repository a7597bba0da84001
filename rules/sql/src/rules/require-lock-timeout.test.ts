import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-lock-timeout.ts";

const ADD = "ALTER TABLE t ADD a int;";
const inside = given({ migration: { transactional: true } });
const outside = given({ migration: { transactional: false } });
const EXCLUSIVE = { mode: "ACCESS EXCLUSIVE", uses: "uses", queue: "queries" };

/** The place of `ALTER TABLE t ADD a int;` in a line: its command. */
const at = (line: number): { line: number; column: number; endLine: number; endColumn: number } => ({
  line,
  column: 15,
  endLine: line,
  endColumn: 24,
});

sqlRuleTester().run("require-lock-timeout", rule, {
  valid: [
    "SELECT 1; UPDATE t SET a = 1; CREATE INDEX CONCURRENTLY i ON t (a); ALTER TABLE t VALIDATE CONSTRAINT c;",
    `SET lock_timeout = '5s'; ${ADD}`,
    `SET lock_timeout TO 5000; ${ADD} DROP TABLE u;`,
    `SELECT set_config('lock_timeout', '1s', false); ${ADD}`,
    { code: `SET LOCAL lock_timeout = '5s'; ${ADD}`, ...inside },
    {
      name: "a runner that is not known may have a transaction",
      code: `SET LOCAL lock_timeout = '5s'; ${ADD}`,
    },
    `BEGIN; SET LOCAL lock_timeout = '5s'; ${ADD} COMMIT;`,
    `SET statement_timeout = '3s'; ${ADD}`,
    `SET lock_timeout = 0; SET statement_timeout = '3s'; ${ADD}`,
    { code: `SET lock_timeout = '1min'; ${ADD}`, options: [{ max: 60 }] },
    // What it is set to is not to be seen.
    `SET lock_timeout = '\${timeout}'; ${ADD}`,
    `DO $$ BEGIN PERFORM set_config('lock_timeout', '5s', false); END $$; ${ADD}`,
    "CREATE TABLE t (a int); ALTER TABLE t ADD b int; CREATE INDEX i ON t (b); DROP INDEX i; DROP TABLE t;",
    "CREATE TEMP TABLE t (a int); DROP TABLE t;",
    { code: "DROP TABLE IF EXISTS t;", ...given({ history: ["CREATE TABLE u (a int)"] }) },
    { code: "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t);", ...given({ history: [""] }) },
    { code: ADD, ...given({ migration: { direction: "down" } }) },
    {
      name: "further timeouts that are set",
      code: "SET lock_timeout = '2s'; SET statement_timeout = '1min'; ALTER TABLE t ADD COLUMN a int;",
      options: [{ also: ["statement_timeout"] }],
    },
  ],
  invalid: [
    {
      code: ADD,
      errors: [
        {
          messageId: "missing",
          data: { table: "t", ...EXCLUSIVE, set: "SET lock_timeout = '5s';" },
          ...at(1),
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: `SET lock_timeout = '5s';\n${ADD}`,
            },
          ],
        },
      ],
    },
    {
      name: "one finding a section; annotations stay with their statement",
      code: `-- a word\n-- @yantra-phase contract after=v1\nDROP TABLE t;\nDROP TABLE u;`,
      ...inside,
      errors: [
        {
          messageId: "missing",
          data: { table: "t", ...EXCLUSIVE, set: "SET LOCAL lock_timeout = '5s';" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 13,
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET LOCAL lock_timeout = '5s';" },
              output: `-- a word\nSET LOCAL lock_timeout = '5s';\n-- @yantra-phase contract after=v1\nDROP TABLE t;\nDROP TABLE u;`,
            },
          ],
        },
      ],
    },
    {
      name: "writers alone wait for a SHARE lock",
      code: "CREATE INDEX i ON t (a);",
      errors: [
        {
          messageId: "missing",
          data: {
            table: "t",
            mode: "SHARE",
            uses: "writes to",
            queue: "INSERTs, UPDATEs and DELETEs",
            set: "SET lock_timeout = '5s';",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 24,
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: "SET lock_timeout = '5s';\nCREATE INDEX i ON t (a);",
            },
          ],
        },
      ],
    },
    {
      name: "a new table locks the one it refers to; the directive stays first",
      code: "-- migrate:up\nCREATE TABLE u (a int REFERENCES t (a));",
      ...given({ migration: { runner: "dbmate", direction: "both" }, history: ["CREATE TABLE t (a int)"] }),
      errors: [
        {
          messageId: "missing",
          data: {
            table: "t",
            mode: "SHARE ROW EXCLUSIVE",
            uses: "writes to",
            queue: "INSERTs, UPDATEs and DELETEs",
            set: "SET LOCAL lock_timeout = '5s';",
          },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 40,
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET LOCAL lock_timeout = '5s';" },
              output:
                "-- migrate:up\nSET LOCAL lock_timeout = '5s';\nCREATE TABLE u (a int REFERENCES t (a));",
            },
          ],
        },
      ],
    },
    {
      name: "an index of a table that was there before",
      code: "DROP INDEX i;",
      ...given({ history: ["CREATE TABLE t (a int); CREATE INDEX i ON t (a);"] }),
      errors: [
        {
          messageId: "missing",
          data: { table: "public.t", ...EXCLUSIVE, set: "SET lock_timeout = '5s';" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 13,
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: "SET lock_timeout = '5s';\nDROP INDEX i;",
            },
          ],
        },
      ],
    },
    {
      name: "a table that the history does not tell of",
      code: "DROP TABLE t;",
      ...given({ history: [""] }),
      errors: [
        {
          messageId: "missing",
          data: { table: "t", ...EXCLUSIVE, set: "SET lock_timeout = '5s';" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 13,
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: "SET lock_timeout = '5s';\nDROP TABLE t;",
            },
          ],
        },
      ],
    },
    {
      name: "SET LOCAL outside a transaction",
      code: `SET LOCAL lock_timeout = '5s';\n${ADD}`,
      ...outside,
      errors: [
        {
          messageId: "noEffect",
          data: { table: "t", ...EXCLUSIVE, line: "2", set: "SET lock_timeout = '5s';" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 30,
        },
      ],
    },
    {
      name: "SET LOCAL of a transaction that is over",
      code: `BEGIN;\nSET LOCAL lock_timeout = '5s';\nCOMMIT;\n${ADD}`,
      errors: [
        {
          messageId: "missing",
          data: { table: "t", ...EXCLUSIVE, set: "SET lock_timeout = '5s';" },
          ...at(4),
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: `BEGIN;\nSET LOCAL lock_timeout = '5s';\nCOMMIT;\nSET lock_timeout = '5s';\n${ADD}`,
            },
          ],
        },
      ],
    },
    ...[
      "RESET lock_timeout;",
      "SET lock_timeout TO DEFAULT;",
      "BEGIN; SET lock_timeout = '1s'; ROLLBACK;",
    ].map((taken) => ({
      name: `taken back: ${taken}`,
      code: `${taken.startsWith("BEGIN") ? "" : "SET lock_timeout = '1s'; "}${taken}\n${ADD}`,
      errors: [
        {
          messageId: "missing",
          data: { table: "t", ...EXCLUSIVE, set: "SET lock_timeout = '5s';" },
          ...at(2),
          suggestions: [
            {
              messageId: "insert",
              data: { set: "SET lock_timeout = '5s';" },
              output: `${taken.startsWith("BEGIN") ? "" : "SET lock_timeout = '1s'; "}${taken}\nSET lock_timeout = '5s';\n${ADD}`,
            },
          ],
        },
      ],
    })),
    {
      name: "no limit, as pg_dump has it",
      code: `SET statement_timeout = 0;\nSET lock_timeout = 0;\n${ADD}`,
      errors: [
        {
          messageId: "off",
          data: { table: "t", ...EXCLUSIVE, line: "3" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 21,
        },
      ],
    },
    {
      name: "a limit that is too long",
      code: `SET statement_timeout = '1h';\nSET lock_timeout = '1min';\n${ADD}`,
      errors: [
        {
          messageId: "tooLong",
          data: { table: "t", ...EXCLUSIVE, line: "3", value: "1min", max: "10" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 26,
        },
      ],
    },
    {
      name: "one that is too long for the project",
      code: `SET lock_timeout = '3s';\n${ADD}`,
      options: [{ max: 2 }],
      errors: [
        {
          messageId: "tooLong",
          data: { table: "t", ...EXCLUSIVE, line: "2", value: "3s", max: "2" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 24,
        },
      ],
    },
    {
      name: "further timeouts, each of its own",
      code: "SET lock_timeout = '2s';\nSET statement_timeout = 0;\nALTER TABLE t ADD COLUMN a int;\nALTER TABLE t ADD COLUMN b int;",
      options: [{ also: ["statement_timeout", "idle_in_transaction_session_timeout"] }],
      ...given({ migration: { transactional: true } }),
      errors: [
        {
          messageId: "alsoMissing",
          data: {
            table: "t",
            mode: "ACCESS EXCLUSIVE",
            what: "how long the statement may run",
            queue: "queries",
            set: "SET LOCAL statement_timeout = '30s';",
          },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 31,
        },
        {
          messageId: "alsoMissing",
          data: {
            table: "t",
            mode: "ACCESS EXCLUSIVE",
            what: "how long its transaction may stay open when the runner hangs or is cut off",
            queue: "queries",
            set: "SET LOCAL idle_in_transaction_session_timeout = '30s';",
          },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 31,
        },
      ],
    },
  ],
});
