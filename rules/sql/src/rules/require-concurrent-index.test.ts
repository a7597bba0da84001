import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-concurrent-index.ts";

const table = "CREATE TABLE t (a int)";
const code = "CREATE INDEX i ON t (a);";
const place = { line: 1, column: 1, endLine: 1, endColumn: 24 };
const outside = given({ migration: { transactional: false } });
const how = "give it a migration of its own that runs outside one";
const howAlone = "run this migration outside one";
const duplicates =
  " If it meets duplicates, it fails and leaves an INVALID index: drop that before the next attempt.";

const liquibase = (...lines: string[]): string =>
  `--liquibase formatted sql\n--changeset a:${lines.length}\n${lines.join("\n")}\n`;
/** Alters t, but for databases where `carts` has its column, and perhaps t is made by a later changeset. */
const passedBy = (onFail: string): object =>
  given({
    migration: { runner: "liquibase" },
    history: [
      liquibase(
        `--preconditions onFail:${onFail}`,
        "--precondition-sql-check expectedResult:0 SELECT count(*) FROM information_schema.columns WHERE table_name = 'carts' AND column_name = 'b'",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS b int;",
      ),
    ],
  });
const madeUnlessThere = liquibase("CREATE TABLE IF NOT EXISTS t (a int);", code);

const reads =
  "Every query on t waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from line 1 on. ";

sqlRuleTester().run("require-concurrent-index", rule, {
  valid: [
    {
      name: "a table of one row at most",
      code: "CREATE UNIQUE INDEX i ON t ((true)); CREATE UNIQUE INDEX j ON t ((1), ('a'::text));",
    },
    "CREATE INDEX CONCURRENTLY i ON t (a);",
    {
      name: "of a table that this file has emptied",
      code: "TRUNCATE t; INSERT INTO t VALUES (1); CREATE INDEX i ON t (a);",
    },
    {
      name: "of a partitioned table whose partitions have it: it is put together",
      code: "CREATE INDEX p_a ON p (a);",
      ...given({
        history: [
          "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE p1 PARTITION OF p DEFAULT",
          "CREATE INDEX CONCURRENTLY p0_a ON p0 (a)",
          "CREATE INDEX CONCURRENTLY p1_a ON p1 (a)",
        ],
      }),
    },
    `${table}; ${code}`,
    {
      name: "of a table that only a changeset has shown which may have been passed by",
      code: madeUnlessThere,
      ...passedBy("MARK_RAN"),
    },
    `${table}; INSERT INTO t VALUES (1), (2); ${code}`,
    {
      name: "nobody else sees the table",
      code: `${table}; INSERT INTO t SELECT 1 FROM u; ${code}`,
      ...given({ migration: { transactional: true } }),
    },
    `BEGIN; ${table}; COPY t FROM stdin;\n1\n\\.\n${code} COMMIT;`,
    {
      name: "nothing can be there before a complete history",
      code: `CREATE TABLE IF NOT EXISTS t (a int); ${code}`,
      ...given({ history: [] }),
    },
    {
      name: "no migration shows that the table was there before",
      code: `CREATE TABLE IF NOT EXISTS t (a int);\n${code}`,
      ...outside,
    },
    {
      name: "of a table that the branch of a block has made, or nobody",
      code: `DO $$ BEGIN IF now() > '2020-01-01' THEN ${table}; INSERT INTO t SELECT 1 FROM u; ${code} CREATE INDEX j ON t (a); END IF; END $$;`,
      ...given({ history: [], migration: { transactional: true } }),
    },
    {
      name: "of a partitioned table alone",
      code: "CREATE INDEX i ON ONLY t (a);",
      ...given({ history: ["CREATE TABLE t (a int) PARTITION BY RANGE (a)"] }),
    },
    {
      name: "the column before it could only be added because the table is empty",
      code: `ALTER TABLE t ADD COLUMN b varchar(3) NOT NULL; INSERT INTO t VALUES (1, 'b'); ${code}`,
      ...given({ history: [table], migration: { transactional: true } }),
    },
    "CREATE INDEX i ON ONLY t (a);",
    "CREATE TEMPORARY TABLE t (a int); INSERT INTO t SELECT 1 FROM u; CREATE INDEX i ON t (a);",
    "CREATE MATERIALIZED VIEW t AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON t (a);",
    {
      name: "it is there already",
      code: "CREATE INDEX IF NOT EXISTS i ON t (a);",
      ...given({ history: [table, "CREATE INDEX CONCURRENTLY i ON t (a)"] }),
    },
    { code, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      name: "of a table that a changeset has shown which runs in any case",
      code: madeUnlessThere,
      ...passedBy("WARN"),
      errors: [
        {
          messageId: "inTransaction",
          data: {
            table: "t",
            how: 'give it a changeset of its own with "runInTransaction:false"',
            also: "",
            commit: "",
            reads: "",
          },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 24,
        },
      ],
    },
    {
      name: "outside a transaction it is a suggestion: the migration may have run already",
      code,
      ...outside,
      errors: [
        {
          messageId: "blocksWrites",
          suggestions: [{ messageId: "addConcurrently", output: "CREATE INDEX CONCURRENTLY i ON t (a);" }],
          data: { table: "t", also: "", commit: "", reads: "" },
          ...place,
        },
      ],
    },
    {
      name: "the word goes behind INDEX, whatever stands before",
      code: "create /* a fast INDEX */ unique index if not exists i\n  on shop.t (a);",
      ...outside,
      errors: [
        {
          messageId: "blocksWrites",
          suggestions: [
            {
              messageId: "addConcurrently",
              output: "create /* a fast INDEX */ unique index CONCURRENTLY if not exists i\n  on shop.t (a);",
            },
          ],
          data: { table: "shop.t", also: duplicates, commit: "", reads: "" },
          line: 1,
          column: 1,
          endLine: 2,
          endColumn: 16,
        },
      ],
    },
    {
      name: "in a transaction CONCURRENTLY would fail: no suggestion",
      code,
      ...given({ migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how: howAlone, also: "", commit: "", reads: "" },
          ...place,
        },
      ],
    },
    {
      name: "the runner's own way out is named",
      code,
      ...given({ migration: { transactional: true, runner: "diesel" } }),
      errors: [
        {
          message:
            /^CREATE INDEX on t holds a SHARE lock .* cannot run in a transaction, so .*run_in_transaction = false.*\.$/,
          ...place,
        },
      ],
    },
    {
      name: "a transaction of the file's own",
      code: `BEGIN;\n${code}\nCOMMIT;\n${code}`,
      ...outside,
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how: "move it out of BEGIN … COMMIT", also: "", commit: "", reads: "" },
          ...place,
          line: 2,
          endLine: 2,
        },
        {
          messageId: "blocksWrites",
          suggestions: [
            {
              messageId: "addConcurrently",
              output: `BEGIN;\n${code}\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON t (a);`,
            },
          ],
          data: { table: "t", also: "", commit: "", reads: "" },
          ...place,
          line: 4,
          endLine: 4,
        },
      ],
    },
    {
      name: "a runner that is not known: a suggestion",
      code,
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how: howAlone, also: "", commit: "", reads: "" },
          ...place,
          suggestions: [{ messageId: "addConcurrently", output: "CREATE INDEX CONCURRENTLY i ON t (a);" }],
        },
      ],
    },
    ...["b text NOT NULL DEFAULT ''", "b serial NOT NULL", "b mood NOT NULL", "b text"].map((column) => ({
      name: `a column that rows do not forbid: ${column}`,
      code: `ALTER TABLE t ADD ${column};\n${code}`,
      ...given({ history: [table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how, also: "", commit: "", reads },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    })),
    {
      name: "filled again after the column that needed it empty",
      code: `ALTER TABLE t ADD b text NOT NULL;\nINSERT INTO t SELECT * FROM u;\n${code}`,
      ...given({ history: [table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how, also: "", commit: "", reads },
          ...place,
          line: 3,
          endLine: 3,
        },
      ],
    },
    {
      name: "IF NOT EXISTS of an index that went with its column",
      code: "CREATE INDEX IF NOT EXISTS i ON t (b);",
      ...given({
        history: ["CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)", "ALTER TABLE t DROP COLUMN a"],
        migration: { transactional: true },
      }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how: howAlone, also: "", commit: "", reads: "" },
          ...place,
          endColumn: 38,
        },
      ],
    },
    {
      name: "created by an earlier migration: rows may be there",
      code,
      ...given({ history: [table], migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how: howAlone, also: "", commit: "", reads: "" },
          ...place,
        },
      ],
    },
    {
      name: "IF NOT EXISTS makes nothing where an earlier migration has changed the table",
      code: `CREATE TABLE IF NOT EXISTS t (a int);\n${code}`,
      ...given({ history: ["ALTER TABLE t ADD COLUMN b int"], migration: { transactional: false } }),
      errors: [
        {
          messageId: "blocksWrites",
          suggestions: [
            {
              messageId: "addConcurrently",
              output: `CREATE TABLE IF NOT EXISTS t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);`,
            },
          ],
          data: { table: "t", also: "", commit: "", reads: "" },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "IF NOT EXISTS, and filled since, outside a transaction",
      code: `CREATE TABLE IF NOT EXISTS t (a int);\nINSERT INTO t SELECT 1 FROM u;\n${code}`,
      ...outside,
      errors: [
        {
          messageId: "blocksWrites",
          suggestions: [
            {
              messageId: "addConcurrently",
              output: `CREATE TABLE IF NOT EXISTS t (a int);\nINSERT INTO t SELECT 1 FROM u;\nCREATE INDEX CONCURRENTLY i ON t (a);`,
            },
          ],
          data: { table: "t", also: "", commit: "", reads: "" },
          ...place,
          line: 3,
          endLine: 3,
        },
      ],
    },
    {
      name: "filled in the same file, outside a transaction",
      code: `${table};\nINSERT INTO t SELECT generate_series(1, 1000000);\n${code}`,
      ...outside,
      errors: [
        {
          messageId: "blocksWrites",
          suggestions: [
            {
              messageId: "addConcurrently",
              output: `${table};\nINSERT INTO t SELECT generate_series(1, 1000000);\nCREATE INDEX CONCURRENTLY i ON t (a);`,
            },
          ],
          data: { table: "t", also: "", commit: "", reads: "" },
          ...place,
          line: 3,
          endLine: 3,
        },
      ],
    },
    {
      name: "reads wait too, where the transaction has locked the table before",
      code: `ALTER TABLE t ADD COLUMN c int;\n${code}`,
      ...given({ migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how, also: "", commit: "", reads },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "constants as keys, but of some rows only, of any number of them, or beside a column",
      code: "CREATE UNIQUE INDEX i ON t ((1)) WHERE a > 0;\nCREATE INDEX j ON t ((1));\nCREATE UNIQUE INDEX k ON t ((1), a);",
      ...outside,
      errors: [1, 2, 3].map((line) => ({ messageId: "blocksWrites" as const, line, suggestions: 1 })),
    },
    {
      name: "CONCURRENTLY is impossible",
      code: "CREATE INDEX i ON t (a);",
      ...given({ history: ["CREATE TABLE t (a int) PARTITION BY RANGE (a)"] }),
      errors: [
        {
          messageId: "partitioned",
          data: { table: "t", also: "", commit: "" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 24,
        },
      ],
    },
    {
      name: "the locks are held until the transaction commits",
      code: `BEGIN;\nALTER TABLE t RENAME TO s;\nCREATE INDEX i ON s (a);\nCREATE INDEX j ON p (a);\nDROP TABLE w;\nCOMMIT;`,
      ...given({ history: [table, "CREATE TABLE p (a int) PARTITION BY RANGE (a)"] }),
      errors: [
        {
          messageId: "inTransaction",
          data: {
            table: "s",
            also: "",
            commit: " and the transaction has committed, 2 statements later",
            reads:
              "Every query on s waits, reads included, for the ACCESS EXCLUSIVE lock that the transaction holds from line 2 on. ",
            how,
          },
          ...place,
          line: 3,
          endLine: 3,
        },
        {
          messageId: "partitioned",
          data: { table: "p", also: "", commit: " and the transaction has committed, 1 statement later" },
          ...place,
          line: 4,
          endLine: 4,
        },
      ],
    },
    {
      name: "a foreign key that is dropped locks the table that it points to",
      code: `ALTER TABLE c DROP CONSTRAINT c_a_fkey;\n${code}`,
      ...given({
        history: ["CREATE TABLE t (a int PRIMARY KEY)", "CREATE TABLE c (a int REFERENCES t)"],
        migration: { transactional: true },
      }),
      errors: [
        {
          messageId: "inTransaction",
          data: { table: "t", how, also: "", commit: "", reads },
          ...place,
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "in a DO block, which goes on; a lock that may not be taken counts for nothing",
      code: "DO $$ BEGIN\nIF a() THEN TRUNCATE t; END IF;\nCREATE INDEX i ON t (a);\nPERFORM 1; ALTER TABLE t ADD b int;\nCREATE INDEX i ON t (a);\nEND $$;",
      ...given({ history: [table, "CREATE TABLE u (a int)"], migration: { transactional: true } }),
      errors: [
        {
          messageId: "inTransaction",
          data: {
            table: "t",
            also: "",
            commit: " and the DO block has come to its end",
            reads: "",
            how: "take it out of the DO block, into a migration of its own that runs outside a transaction",
          },
          ...place,
          line: 3,
          endLine: 3,
        },
        {
          messageId: "inTransaction",
          data: {
            table: "t",
            also: "",
            commit: "",
            reads: reads.replace("line 1", "line 4"),
            how: "take it out of the DO block, into a migration of its own that runs outside a transaction",
          },
          ...place,
          line: 5,
          endLine: 5,
        },
      ],
    },
    ...[
      {
        name: "another index of that name",
        before: "DROP INDEX k;",
        create: "CREATE INDEX k ON t (b);",
        also: " Build it in a migration before the one that drops k (here line 1), and under another name; then DROP INDEX CONCURRENTLY k: otherwise neither is there while it builds.",
      },
      {
        name: "one that begins with the same column, by its new name",
        before: "DROP INDEX k; ALTER TABLE t RENAME COLUMN a TO c;",
        create: "CREATE INDEX l ON t (c, b);",
        also: " Build it in a migration before the one that drops k (here line 1); then DROP INDEX CONCURRENTLY k: otherwise neither is there while it builds.",
      },
      {
        name: "a constraint's, which keeps rows apart until then",
        before: "ALTER TABLE t DROP CONSTRAINT t_b_key;",
        create: "CREATE UNIQUE INDEX l ON t (b, a);",
        also: " Build it in a migration before the one that drops the constraint t_b_key (here line 1): otherwise neither is there while it builds, and nothing keeps duplicates out.",
      },
      {
        name: "the same columns after a rename",
        before: "DROP INDEX k; ALTER TABLE t RENAME COLUMN a TO c;",
        create: "CREATE INDEX l ON t (c);",
        also: " The index k, which line 1 drops, has the same columns: if it differs in nothing else, ALTER INDEX k RENAME TO l in place of both builds nothing.",
      },
      {
        name: "the same under the same name",
        before: "DROP INDEX k; ALTER TABLE t RENAME COLUMN a TO c;",
        create: "CREATE INDEX k ON t (c);",
        also: " The index k, which line 1 drops, has the same columns: if it differs in nothing else, leave both out, and nothing is built.",
      },
      {
        name: "the same column in another order, or of another type",
        before: "DROP INDEX k;",
        create: "CREATE INDEX l ON t (a DESC);",
        also: " Build it in a migration before the one that drops k (here line 1); then DROP INDEX CONCURRENTLY k: otherwise neither is there while it builds.",
      },
      {
        name: "one of other columns",
        before: "DROP INDEX k;",
        create: "CREATE INDEX l ON t (b, a);",
        also: "",
      },
      {
        name: "of several the one that has most columns in common, of the same rows",
        before: "DROP INDEX h1; DROP INDEX h2; DROP INDEX h3;",
        create: "CREATE INDEX l ON t (b, a DESC) WHERE a = 2;",
        also: " Build it in a migration before the one that drops h3 (here line 1); then DROP INDEX CONCURRENTLY h3: otherwise neither is there while it builds.",
      },
      {
        name: "of the same rows by the new name of a column",
        before: "DROP INDEX h3; ALTER TABLE t RENAME COLUMN a TO c;",
        create: "CREATE INDEX l ON t (b) WHERE c = 2;",
        also: " Build it in a migration before the one that drops h3 (here line 1); then DROP INDEX CONCURRENTLY h3: otherwise neither is there while it builds.",
      },
      {
        name: "of the same rows by what an earlier migration has renamed",
        before: "DROP INDEX x1;",
        create: "CREATE INDEX l ON x (b, a) WHERE done;",
        also: " Build it in a migration before the one that drops x1 (here line 1); then DROP INDEX CONCURRENTLY x1: otherwise neither is there while it builds.",
      },
      {
        name: "one of other rows",
        before: "DROP INDEX h1;",
        create: "CREATE INDEX l ON t (b, a) WHERE a = 2;",
        also: "",
      },
      {
        name: "it is of a column that the file adds",
        before: "ALTER TABLE t ADD COLUMN d int; DROP INDEX k;",
        create: "CREATE INDEX l ON t (a, d);",
        also: " Build it in a migration of its own, after the one that adds d (here line 1) and before the one that drops k (here line 1); then DROP INDEX CONCURRENTLY k: otherwise neither is there while it builds.",
      },
      {
        name: "none, and some of its columns are a key already",
        before: "SELECT 1;",
        create: "CREATE UNIQUE INDEX l ON t (b, a);",
        also: "",
      },
      {
        name: "one of another table",
        before: "DROP INDEX w_a;",
        create: "CREATE INDEX l ON t (a);",
        also: "",
      },
    ].map(({ name, before, create, also }) => ({
      name: `in place of an index that the file drops: ${name}`,
      code: `${before}\n${create}`,
      ...given({
        migration: { transactional: false },
        history: [
          "CREATE TABLE t (a int, b int UNIQUE)",
          "CREATE INDEX k ON t (a)",
          "CREATE INDEX h1 ON t (b, a) WHERE a = 1; CREATE INDEX h2 ON t (b) WHERE a = 2; CREATE INDEX h3 ON t (b, a) WHERE a = 2",
          "CREATE TABLE w (a int); CREATE INDEX w_a ON w (a)",
          "CREATE TABLE x (a int, b int, ready bool); CREATE INDEX x1 ON x (b) WHERE ready; ALTER TABLE x RENAME ready TO done",
        ],
      }),
      errors: [
        {
          messageId: "blocksWrites" as const,
          data: { table: / ON (\w)/.exec(create)?.[1] ?? "", also, commit: "", reads: "" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: create.length,
          suggestions: 1,
        },
      ],
    })),
    {
      name: "the old one goes afterwards, in the same transaction",
      code: "CREATE INDEX l ON t (a, b);\nDROP INDEX k;",
      ...given({
        migration: { transactional: true, runner: "diesel" },
        history: ["CREATE TABLE t (a int, b int)", "CREATE INDEX k ON t (a)"],
      }),
      errors: [
        {
          message:
            /beside its up\.sql\. Build it in a migration before the one that drops k \(here line 2\); then DROP INDEX CONCURRENTLY k: /,
          line: 1,
        },
      ],
    },
    ...Object.entries({
      diesel: /so run it with "run_in_transaction = false" in the metadata\.toml beside its up\.sql\.$/,
      dbmate: /so begin this migration with "-- migrate:up transaction:false"\.$/,
      sqlx: /so begin this migration with the line "-- no-transaction"\.$/,
      goose: /so put "-- \+goose NO TRANSACTION" at its top\.$/,
      "node-pg-migrate": /so give it a migration of its own in JavaScript or TypeScript /,
    }).map(([runner, message]) => ({
      name: `alone in its file: ${runner}`,
      code,
      ...given({ migration: { transactional: true, runner } }),
      errors: [{ message, ...place }],
    })),
  ],
});
