import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-drop-unique-constraint.ts";

const after = (...history: string[]) => given({ history });
const TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a, b))";
const code = "ALTER TABLE t DROP CONSTRAINT t_a_b_key;";
const reads = "; queries that pick rows by them lose its index";
const data = { what: "UNIQUE (a, b)", table: "t", columns: "a, b", reads };
const place = { line: 1, column: 15, endLine: 1, endColumn: 40 };

sqlRuleTester().run("no-drop-unique-constraint", rule, {
  valid: [
    { name: "nobody knows what it is", code: "ALTER TABLE t DROP CONSTRAINT t_a_key; DROP INDEX t_a_idx;" },
    {
      name: "no key",
      code: "ALTER TABLE t DROP CONSTRAINT c;",
      ...after("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))"),
    },
    { code: "DROP INDEX i;", ...after("CREATE TABLE t (a int); CREATE INDEX i ON t (a)") },
    {
      name: "unique in some rows only",
      code: "DROP INDEX i;",
      ...after("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a) WHERE a > 0"),
    },
    {
      name: "of a materialized view",
      code: "DROP INDEX i;",
      ...after("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a)"),
    },
    { name: "replaced after it", code: `${code} CREATE UNIQUE INDEX i ON t (b, a);`, ...after(TABLE) },
    {
      name: "in the same statement",
      code: "ALTER TABLE t DROP CONSTRAINT t_a_b_key, ADD CONSTRAINT k UNIQUE (a, b);",
      ...after(TABLE),
    },
    {
      name: "replaced before it",
      code: "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY USING INDEX i;",
      ...after(TABLE, "CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)"),
    },
    {
      name: "what is unique in one column is so in two",
      code,
      ...after(TABLE, "CREATE UNIQUE INDEX i ON t (a)"),
    },
    {
      name: "a key of the file's own",
      code: "CREATE UNIQUE INDEX i ON t (b); DROP INDEX i; ALTER TABLE t ADD CONSTRAINT k UNIQUE (b); ALTER TABLE t DROP CONSTRAINT k;",
      ...after(TABLE),
    },
    { name: "a new table", code: `${TABLE}; ${code}` },
    {
      name: "a new column",
      code: "ALTER TABLE t ADD c int UNIQUE; ALTER TABLE t DROP CONSTRAINT t_c_key;",
      ...after(TABLE),
    },
    {
      name: "other rules tell of what goes with it",
      code: `${code} ALTER TABLE t DROP COLUMN a; ALTER TABLE u DROP CONSTRAINT u_pkey CASCADE; DROP TABLE u;`,
      ...after(TABLE, "CREATE TABLE u (id int PRIMARY KEY)"),
    },
    {
      name: "or of what gets another name",
      code: `ALTER TABLE t RENAME a TO c; ${code} ALTER TABLE t ADD UNIQUE (c, b);`,
      ...after(TABLE),
    },
    { code: `-- @yantra-phase contract after=v2\n${code}`, ...after(TABLE) },
    { code, ...given({ history: [TABLE], migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code,
      ...after(TABLE),
      errors: [
        {
          message:
            "UNIQUE (a, b) of t is dropped, and nothing in this migration or before it is unique over the same columns: where the release before this one sends INSERT … ON CONFLICT (a, b), PostgreSQL refuses it, after a rollback too, and rows that come twice from now on keep the key from being made again; queries that pick rows by them lose its index. Build CREATE UNIQUE INDEX CONCURRENTLY over these columns first; or, when no release relies on them being unique, say so with `-- @yantra-phase contract after=<that release>` above the statement.",
          ...place,
        },
      ],
    },
    {
      name: "more columns, or fewer rows, are no replacement; another index serves the reads",
      code: `${code}\nCREATE UNIQUE INDEX i ON t (a, b, id);\nCREATE UNIQUE INDEX j ON t (a, b) WHERE a > 0;`,
      ...after(TABLE, "CREATE INDEX k ON t (a)"),
      errors: [{ messageId: "dropped", data: { ...data, reads: "" }, ...place }],
    },
    {
      name: "nor is one that is dropped, too",
      code: `DROP INDEX i;\n${code}`,
      ...after(TABLE, "CREATE UNIQUE INDEX i ON t (a, b)"),
      errors: [{ messageId: "dropped", data, ...place, line: 2, endLine: 2 }],
    },
    {
      name: "a primary key that gets more columns, and a unique index of an expression",
      code: "ALTER TABLE s.u DROP CONSTRAINT u_pkey, ADD PRIMARY KEY (id, a);\nDROP INDEX s.i;",
      ...after("CREATE TABLE s.u (id int PRIMARY KEY, a text); CREATE UNIQUE INDEX i ON s.u (lower(a))"),
      errors: [
        {
          messageId: "dropped",
          data: { what: "PRIMARY KEY (id)", table: "s.u", columns: "id", reads },
          line: 1,
          column: 17,
          endLine: 1,
          endColumn: 39,
        },
        {
          messageId: "dropped",
          data: { what: "The unique index i (lower(a))", table: "s.u", columns: "lower(a)", reads },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 15,
        },
      ],
    },
  ],
});
