import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-set-not-null.ts";

const table = "CREATE TABLE t (a int, b int)";
const unproven = "ALTER TABLE t ADD CONSTRAINT a_set CHECK (a IS NOT NULL) NOT VALID";
const validate = "ALTER TABLE t VALIDATE CONSTRAINT a_set";
const code = "ALTER TABLE t ALTER COLUMN a SET NOT NULL;";
const place = { line: 1, column: 15, endLine: 1, endColumn: 42 };
const scans = {
  messageId: "scans",
  data: { table: "t", commit: "", column: "a", proof: "a IS NOT NULL" },
  ...place,
};

sqlRuleTester().run("no-set-not-null", rule, {
  valid: [
    {
      name: "an earlier migration validated the check",
      code,
      ...given({ history: [table, unproven, validate] }),
    },
    {
      name: "the same, of a table the history did not make",
      code,
      ...given({ history: [unproven, validate] }),
    },
    `${unproven}; ${validate}; ${code}`,
    {
      name: "a check without NOT VALID",
      code,
      ...given({ history: ["ALTER TABLE t ADD CHECK (b > 0 AND a IS NOT NULL)"] }),
    },
    {
      name: "the proof follows renames",
      code,
      ...given({
        history: [
          "CREATE TABLE u (x int, CHECK (x IS NOT NULL))",
          "ALTER TABLE u RENAME x TO a; ALTER TABLE u RENAME TO t",
        ],
      }),
    },
    { name: "nothing to do", code, ...given({ history: ["CREATE TABLE t (a int PRIMARY KEY)"] }) },
    {
      name: "PostgreSQL 18",
      code,
      ...given({
        history: [
          "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
          "ALTER TABLE t VALIDATE CONSTRAINT n",
        ],
      }),
    },
    `${table}; INSERT INTO t VALUES (1, 2); ${code}`,
    {
      name: "nobody else sees the table",
      code: `${table}; INSERT INTO t SELECT * FROM u; ${code}`,
      ...given({ migration: { transactional: true } }),
    },
    `BEGIN; ${table}; INSERT INTO t SELECT * FROM u; ${code} COMMIT;`,
    "CREATE TEMP TABLE t AS SELECT * FROM u; ALTER TABLE t ALTER a SET NOT NULL;",
    { code, ...given({ migration: { direction: "down" } }) },
    {
      name: "a column of this file without a default: no-required-column-without-default tells that",
      code: `ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1; ${code}`,
    },
  ],
  invalid: [
    { code, errors: [scans] },
    { name: "a known table", code, ...given({ history: [table] }), errors: [scans] },
    {
      name: "a check that is not validated",
      code,
      ...given({ history: [table, unproven] }),
      errors: [
        {
          messageId: "notValidated",
          data: { table: "t", commit: "", column: "a", constraint: "a_set" },
          ...place,
        },
      ],
    },
    {
      name: "one ALTER TABLE scans once, for all of its commands",
      code: `${validate}, ALTER COLUMN a SET NOT NULL;`,
      ...given({ history: [table, unproven] }),
      errors: [
        {
          messageId: "sameStatement",
          data: { table: "t", commit: "", column: "a", constraint: "a_set" },
          line: 1,
          column: 42,
          endLine: 1,
          endColumn: 69,
        },
      ],
    },
    {
      name: "dropped in between",
      code,
      ...given({ history: [table, unproven, validate, "ALTER TABLE t DROP CONSTRAINT a_set"] }),
      errors: [scans],
    },
    {
      name: "the validation was rolled back",
      code,
      ...given({ history: [table, unproven, `BEGIN; ${validate}; ROLLBACK`] }),
      errors: [scans].map(() => ({
        messageId: "notValidated",
        data: { table: "t", commit: "", column: "a", constraint: "a_set" },
        ...place,
      })),
    },
    {
      name: "true of NULL",
      code,
      ...given({ history: [table, "ALTER TABLE t ADD CHECK (a > 0)"] }),
      errors: [scans],
    },
    {
      name: "an alternative is no proof",
      code,
      ...given({ history: [table, "ALTER TABLE t ADD CHECK (a IS NOT NULL OR b > 0)"] }),
      errors: [scans],
    },
    {
      name: "of another schema's table",
      code,
      ...given({ history: ["ALTER TABLE s.t ADD CHECK (a IS NOT NULL)"] }),
      errors: [scans],
    },
    {
      name: "a DO block may have dropped it",
      code,
      ...given({
        history: [table, unproven, validate, "DO $$ BEGIN ALTER TABLE t DROP CONSTRAINT a_set; END $$"],
      }),
      errors: [scans],
    },
    {
      name: "a column of this file that has a default",
      code: `ALTER TABLE t ADD COLUMN a int DEFAULT 1;\n${code}`,
      errors: [{ ...scans, line: 2, endLine: 2 }],
    },
    {
      name: "filled in the same file, outside a transaction",
      code: `${table};\nINSERT INTO t SELECT * FROM u;\n${code}`,
      ...given({ migration: { transactional: false } }),
      errors: [{ ...scans, line: 3, endLine: 3 }],
    },
    {
      name: "one finding for one scan",
      code: "ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL;",
      errors: [
        {
          messageId: "scans",
          data: { table: "t", commit: "", column: "a and t.b", proof: "a IS NOT NULL AND b IS NOT NULL" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 35,
        },
      ],
    },
    {
      name: "the lock is held until the transaction commits",
      code: "ALTER TABLE t ALTER COLUMN a SET NOT NULL; DROP TABLE w; DROP TABLE v;",
      ...given({ migration: { transactional: true } }),
      errors: [
        {
          ...scans,
          data: { ...scans.data, commit: " and the transaction has committed, 2 statements later" },
        },
      ],
    },
    ...[
      "UPDATE t SET a = b WHERE a IS NULL;",
      "ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := 1; RETURN NEW; END';",
    ].map((before) => ({
      name: `rows that have no value before the file runs: ${before}`,
      code: `${before}\n${code}`,
      errors: [{ ...scans, messageId: "scansFilled", line: 2, endLine: 2 }],
    })),
    {
      name: "another column is filled, or that of another table",
      code: `UPDATE t SET b = a; UPDATE u SET a = 1;\n${code}`,
      errors: [{ ...scans, line: 2, endLine: 2 }],
    },
  ],
});
