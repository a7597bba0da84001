import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-not-valid-constraint.ts";

const table = "CREATE TABLE t (a int, b int)";
const parent = "CREATE TABLE p (id int PRIMARY KEY)";
const known = given({ history: [parent, table] });
const foreignKey = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)";
const check = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)";
/** What is said of the table that is pointed to. */
const others =
  ", and so does every INSERT, UPDATE and DELETE on p, which is under a SHARE ROW EXCLUSIVE lock";
/** What is said of the index that is built before. */
const words = {
  nulls: "",
  how: " (it cannot run in a transaction, so give it a migration of its own that runs outside one)",
};
const inTransaction = given({ migration: { transactional: true } });
const outside = given({ migration: { transactional: false } });

/** A command after `ALTER TABLE t `, on the first line. */
const at = (command: string) => ({ line: 1, column: 15, endLine: 1, endColumn: 15 + command.length });

/** One finding of one command. */
const one = (command: string, messageId: string, data: Record<string, string>) => ({
  code: `ALTER TABLE t ${command};`,
  ...known,
  errors: [{ messageId, data: { table: "t", commit: "", ...data }, ...at(command) }],
});

/** ADD UNIQUE in line 2, behind what drops another one. */
function replacing(drop: string, old: string | undefined) {
  const history = [
    "CREATE TABLE t (a int UNIQUE, b int, c int, d int UNIQUE); CREATE UNIQUE INDEX i ON t (c); CREATE INDEX j ON t (a);",
  ];
  const replaced =
    old === undefined
      ? ""
      : ` Build the index before ${old} goes, which line 1 drops: drop that in the transaction that adds the new one, or nothing keeps duplicates out while the index is built.`;
  const data = { table: "t", columns: "a, b", kind: "UNIQUE", nulls: "", how: "", commit: "", replaced };
  return {
    code: `${drop}\nALTER TABLE t ADD UNIQUE (a, b);`,
    ...given({ history, migration: { transactional: false } }),
    errors: [{ messageId: "index", data, line: 2, column: 15, endLine: 2, endColumn: 32 }],
  };
}

sqlRuleTester().run("require-not-valid-constraint", rule, {
  valid: [
    `${foreignKey} NOT VALID;`,
    `${check} NOT VALID;`,
    "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;",
    { name: "PostgreSQL 18: never checked", code: `${check} NOT ENFORCED;` },
    `${table}; ${foreignKey}; ${check}; ALTER TABLE t ADD UNIQUE (a);`,
    {
      name: "nobody else sees the table",
      code: `${table}; INSERT INTO t SELECT * FROM u; ${check};`,
      ...inTransaction,
    },
    "CREATE TEMP TABLE t AS SELECT * FROM u; ALTER TABLE t ADD CHECK (a > 0);",
    {
      name: "known to be empty",
      code: `ALTER TABLE t ADD COLUMN c int NOT NULL; ${foreignKey};`,
      ...known,
    },
    {
      name: "a new table that points to an old one",
      code: `${table}; ${foreignKey};`,
      ...given({ history: [parent] }),
    },
    { code: `${check};`, ...given({ migration: { direction: "down" } }) },
    {
      name: "partitioned tables take no NOT VALID before version 18",
      code: `${foreignKey};`,
      ...given({ history: ["CREATE TABLE t (a int) PARTITION BY RANGE (a)"] }),
    },
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i; ALTER TABLE t ADD PRIMARY KEY USING INDEX j;",
    { name: "no-table-rewrite tells", code: "ALTER TABLE t ADD COLUMN c bigserial UNIQUE;" },
    {
      name: "an index of columns that are NOT NULL, or are proven to be",
      code: "ALTER TABLE t ADD PRIMARY KEY USING INDEX u; ALTER TABLE s ADD PRIMARY KEY USING INDEX v;",
      ...given({
        history: [
          "CREATE TABLE t (a int NOT NULL, b int, CHECK (b IS NOT NULL)); CREATE UNIQUE INDEX u ON t (a, b)",
          "ALTER TABLE s ALTER COLUMN a TYPE bigint; CREATE UNIQUE INDEX v ON s (a)",
        ],
      }),
    },
    {
      name: "REFERENCES without a default reads nothing",
      code: "ALTER TABLE t ADD COLUMN c int REFERENCES p;",
    },
    "ALTER TABLE t ADD COLUMN c int DEFAULT 5; ALTER TABLE t ADD COLUMN d bigserial;",
    {
      name: "no-required-column-without-default tells it",
      code: "ALTER TABLE t ADD COLUMN c int NOT NULL UNIQUE CHECK (c > 0);",
    },
    {
      name: "it is there already",
      code: "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int UNIQUE;",
      ...known,
    },
    {
      name: "nothing to check",
      code: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a;",
      ...given({ history: ["CREATE TABLE t (a int NOT NULL)"] }),
    },
    {
      name: "validated later",
      code: "ALTER TABLE t VALIDATE CONSTRAINT c;",
      ...given({ history: [table, `${check} NOT VALID`] }),
    },
    {
      name: "in two transactions",
      code: `${check} NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;`,
      ...outside,
    },
    {
      name: "the runner is not known",
      code: `${check} NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;`,
      ...given({ migration: { transactional: "unknown" } }),
    },
  ],
  invalid: [
    one("ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES shop.p (x, y)", "foreignKey", {
      columns: "a, b",
      tables: "t and shop.p",
      referenced: "shop.p",
      reads: "",
    }),
    {
      name: "to itself",
      ...one("ADD FOREIGN KEY (a) REFERENCES t (b)", "foreignKey", {
        columns: "a",
        tables: "t",
        referenced: "t",
        reads: "",
      }),
    },
    one("ADD CHECK (a > 0)", "check", { expression: "a > 0" }),
    {
      name: "a long expression is cut",
      ...one(`ADD CHECK (a IN (${"1, ".repeat(30)}2))`, "check", {
        expression: `a IN (${"1, ".repeat(17)}1,…`,
      }),
    },
    one("ADD CONSTRAINT n NOT NULL a", "notNull", { columns: "a" }),
    one("ADD CONSTRAINT u UNIQUE (a, b)", "index", {
      columns: "a, b",
      kind: "UNIQUE",
      replaced: "",
      ...words,
    }),
    one("ADD PRIMARY KEY (a)", "index", { columns: "a", kind: "PRIMARY KEY", replaced: "", ...words }),
    one("ADD COLUMN c int CHECK (c > 0)", "columnCheck", { columns: "c", expression: "c > 0" }),
    one("ADD COLUMN c int UNIQUE", "columnIndex", { columns: "c", kind: "UNIQUE", ...words }),
    one("ADD COLUMN c uuid DEFAULT current_setting('s') PRIMARY KEY", "columnIndex", {
      columns: "c",
      kind: "PRIMARY KEY",
      ...words,
    }),
    {
      name: "any default that is written, also NULL",
      ...one("ADD COLUMN c int DEFAULT NULL REFERENCES p", "columnReferences", {
        columns: "c",
        others,
        reads: "",
      }),
    },
    {
      name: "NOT NULL: there is no leaving the default out",
      ...one("ADD COLUMN c int NOT NULL DEFAULT 1 REFERENCES p", "columnReferencesNotNull", {
        columns: "c",
        others,
        reads: "",
      }),
    },
    {
      name: "the table that it points to is new",
      code: "CREATE TABLE q (id int PRIMARY KEY);\nALTER TABLE t ADD COLUMN c int DEFAULT 1 REFERENCES q;",
      ...known,
      errors: [
        {
          messageId: "columnReferences",
          data: { table: "t", commit: "", columns: "c", others: "", reads: "" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 54,
        },
      ],
    },
    one("ADD UNIQUE NULLS NOT DISTINCT (a)", "index", {
      columns: "a",
      kind: "UNIQUE",
      replaced: "",
      ...words,
      nulls: " NULLS NOT DISTINCT",
    }),
    {
      name: "in place of another one",
      ...replacing("ALTER TABLE t DROP CONSTRAINT t_a_key;", "the constraint t_a_key"),
    },
    {
      name: "in place of a unique index, after a rename",
      ...replacing("DROP INDEX i; ALTER TABLE t RENAME c TO a;", "i"),
    },
    {
      name: "beside another one that is dropped",
      ...replacing("ALTER TABLE t DROP CONSTRAINT t_d_key; DROP INDEX j;", undefined),
    },
    {
      name: "outside a transaction there is nothing to leave",
      code: "ALTER TABLE t ADD COLUMN c int UNIQUE NULLS NOT DISTINCT;",
      ...outside,
      errors: [
        {
          messageId: "columnIndex",
          data: {
            table: "t",
            commit: "",
            columns: "c",
            kind: "UNIQUE",
            nulls: " NULLS NOT DISTINCT",
            how: "",
          },
          ...at("ADD COLUMN c int UNIQUE NULLS NOT DISTINCT"),
        },
      ],
    },
    {
      name: "a column of this file could have said it at once",
      code: `ALTER TABLE t ADD COLUMN c int;\nALTER TABLE t ADD FOREIGN KEY (c) REFERENCES p;`,
      ...known,
      errors: [
        {
          messageId: "foreignKeyOfNewColumn",
          data: { table: "t", commit: "", columns: "c", tables: "t and p", referenced: "p", reads: "" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 47,
        },
      ],
    },
    {
      name: "but not when it is filled in between",
      code: `ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = a;\nALTER TABLE t ADD FOREIGN KEY (c) REFERENCES p;`,
      ...known,
      errors: [
        {
          messageId: "foreignKey",
          data: { table: "t", commit: "", columns: "c", tables: "t and p", referenced: "p", reads: "" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 47,
        },
      ],
    },
    {
      name: "validated while the lock is held: a check",
      code: `${check} NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;`,
      ...inTransaction,
      errors: [
        {
          messageId: "checkValidatedAtOnce",
          data: { table: "t", commit: "", constraint: "c" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 36,
        },
      ],
    },
    {
      name: "a foreign key",
      code: `BEGIN; ${foreignKey} NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT f; COMMIT;`,
      ...outside,
      errors: [
        {
          messageId: "foreignKeyValidatedAtOnce",
          data: { table: "t", commit: "", constraint: "f", tables: "t and p", reads: "" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 36,
        },
      ],
    },
    {
      name: "in one statement, whoever runs it",
      code: "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c;",
      errors: [
        {
          messageId: "checkValidatedAtOnce",
          data: { table: "t", commit: "", constraint: "c" },
          line: 1,
          column: 57,
          endLine: 1,
          endColumn: 78,
        },
      ],
    },
    ...["a IN ('x', 'y', 'z')", "a IN ('x', 'y') OR a IS NULL", "length(a) < 9"].map((wider) => ({
      name: `a check that lets more pass than the one before: ${wider}`,
      code: `ALTER TABLE t DROP CONSTRAINT c;\nALTER TABLE t ADD CONSTRAINT c CHECK (${wider});`,
      ...given({ history: ["CREATE TABLE t (a text CONSTRAINT c CHECK (a IN ('x', 'y')))"] }),
      errors: [
        {
          messageId: "checkThatHolds",
          data: { table: "t", commit: "", expression: wider },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 40 + wider.length,
        },
      ],
    })),
    {
      name: "a check with one arm more, in one statement",
      code: "ALTER TABLE t\nDROP CONSTRAINT c,\nADD CHECK (a > 1 OR b > 1 OR c > 1);",
      ...given({ history: ["CREATE TABLE t (a int, b int, c int, CONSTRAINT c CHECK (a > 1 OR b > 2))"] }),
      errors: [
        {
          messageId: "checkThatHolds",
          data: { table: "t", commit: "", expression: "a > 1 OR b > 1 OR c > 1" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 36,
        },
      ],
    },
    ...[
      ["refuses what the one before let pass", "CHECK (a IN ('x', 'y', 'z'))", ""],
      ["replaces one that was not valid", "CHECK (a IN ('x')) NOT VALID", ""],
      ["comes behind a write", "CHECK (a IN ('x'))", "UPDATE t SET a = 'q' WHERE a = 'x' AND id = 1; "],
    ].map(([name = "", old = "", write = ""]) => ({
      name: `a check that ${name}`,
      code: `ALTER TABLE t DROP CONSTRAINT c; ${write}\nALTER TABLE t ADD CONSTRAINT c CHECK (a IN ('x', 'y'));`,
      ...given({
        history: ["CREATE TABLE t (id int PRIMARY KEY, a text)", `ALTER TABLE t ADD CONSTRAINT c ${old}`],
      }),
      errors: [
        {
          messageId: "check",
          data: { table: "t", commit: "", expression: "a IN ('x', 'y')" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 55,
        },
      ],
    })),
    {
      name: "filled in the same file, outside a transaction",
      code: `${table}; INSERT INTO t SELECT * FROM u;\n${check};`,
      ...outside,
      errors: [
        {
          messageId: "check",
          data: { table: "t", commit: "", expression: "a > 0" },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 45,
        },
      ],
    },
    {
      name: "an index cannot be built before",
      code: "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =);",
      errors: [
        {
          messageId: "exclude",
          data: { table: "t", commit: "" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 48,
        },
      ],
    },
    {
      name: "columns that a primary key makes NOT NULL",
      code: "ALTER TABLE t ADD PRIMARY KEY USING INDEX u;",
      ...given({
        history: [
          "CREATE TABLE t (a int, b int, c int NOT NULL, CHECK (a > 0)); CREATE UNIQUE INDEX u ON t (a, b, c)",
          "ALTER TABLE t ADD CHECK (b IS NOT NULL) NOT VALID",
        ],
      }),
      errors: [
        {
          messageId: "primaryKeyScans",
          data: {
            table: "t",
            commit: "",
            index: "u",
            columns: "a, b",
            proof: "a IS NOT NULL AND b IS NOT NULL",
          },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 44,
        },
      ],
    },
    {
      name: "the lock is held until the transaction commits, and one of an earlier statement keeps reads out",
      code: `ALTER TABLE t ADD COLUMN c int DEFAULT 1;\nALTER TABLE t ADD FOREIGN KEY (c) REFERENCES p;\nUPDATE t SET a = 1;\nDROP TABLE w;`,
      ...given({ history: [parent, table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "foreignKey",
          data: {
            table: "t",
            columns: "c",
            tables: "t and p",
            referenced: "p",
            commit: " and the transaction has committed, 2 statements later",
            reads:
              "Every query on t waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from line 1 on. ",
          },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 47,
        },
      ],
    },
    {
      name: "of both tables",
      code: `TRUNCATE p;\nINSERT INTO p SELECT * FROM u;\nALTER TABLE t DROP COLUMN b;\n${foreignKey};`,
      ...given({ history: [parent, table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "foreignKey",
          data: {
            table: "t",
            columns: "a",
            tables: "t and p",
            referenced: "p",
            commit: "",
            reads:
              "Every query on t and p waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from lines 3 and 1 on. ",
          },
          line: 4,
          column: 15,
          endLine: 4,
          endColumn: 65,
        },
      ],
    },
    {
      name: "an ALTER TABLE takes the strongest lock of its commands, whoever runs it",
      code: "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p, ALTER COLUMN b SET DEFAULT 1;",
      ...given({ history: [parent, table], migration: { transactional: false } }),
      errors: [
        {
          messageId: "foreignKey",
          data: {
            table: "t",
            columns: "a",
            tables: "t and p",
            referenced: "p",
            commit: "",
            reads:
              "Every query on t waits, reads included, for the ACCESS EXCLUSIVE lock that the other commands of this ALTER TABLE need. ",
          },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 47,
        },
      ],
    },
    {
      name: "one table by another statement, the other one by this",
      code: `TRUNCATE p;\nINSERT INTO p SELECT * FROM u;\nALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p, DROP COLUMN b;`,
      ...given({ history: [parent, table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "foreignKey",
          data: {
            table: "t",
            columns: "a",
            tables: "t and p",
            referenced: "p",
            commit: "",
            reads:
              "Every query on p waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from line 1 on. Every query on t waits, reads included, for the ACCESS EXCLUSIVE lock that the other commands of this ALTER TABLE need. ",
          },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 47,
        },
      ],
    },
  ],
});

describe("an UPDATE of another column of a row that breaks a constraint which is NOT VALID", () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec(`${parent}; ${table}; INSERT INTO t VALUES (-1, 1);`);
  });

  afterAll(() => database.close());

  it.each([
    ["CHECK", `${check} NOT VALID`, "23514"],
    ["CHECK of no NULL", "ALTER TABLE t ADD CHECK (a IS NOT NULL AND a > 0) NOT VALID", "23514"],
    ["foreign key", `${foreignKey} NOT VALID`, undefined],
  ])("%s", async (_name, constraint, state) => {
    await database.exec(`BEGIN; ${constraint};`);
    const update = database.query("UPDATE t SET b = 8");
    if (state === undefined) await expect(update).resolves.toMatchObject({ affectedRows: 1 });
    else await expect(update).rejects.toMatchObject({ code: state });
    await database.exec("ROLLBACK");
  });

  it("NOT NULL, which PostgreSQL 18 takes as NOT VALID", async () => {
    await database.exec("BEGIN; UPDATE t SET a = NULL; ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;");
    await expect(database.query("UPDATE t SET b = 8")).rejects.toMatchObject({ code: "23502" });
    await database.exec("ROLLBACK");
  });
});
