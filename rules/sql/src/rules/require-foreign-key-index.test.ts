import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-foreign-key-index.ts";

const add = "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p;";

sqlRuleTester().run("require-foreign-key-index", rule, {
  valid: [
    "CREATE TABLE t (p int REFERENCES p); CREATE INDEX ON t (p);",
    "CREATE TABLE t (p int REFERENCES p UNIQUE); CREATE TABLE u (p int PRIMARY KEY REFERENCES p);",
    "CREATE TABLE t (a int, p int REFERENCES p, PRIMARY KEY (p, a));",
    {
      name: "in another order",
      code: "CREATE TABLE t (a int, b int, PRIMARY KEY (b, a), FOREIGN KEY (a, b) REFERENCES p);",
    },
    "ALTER TABLE t ADD COLUMN p int REFERENCES p; CREATE INDEX ON t (p, a);",
    "CREATE TEMP TABLE t (p int REFERENCES p); CREATE TABLE u (p int REFERENCES p); DROP TABLE u;",
    { name: "a table that nobody knows", code: add },
    {
      name: "an index of an earlier migration",
      code: add,
      ...given({ history: ["CREATE TABLE t (p int); CREATE INDEX i ON t (p)"] }),
    },
    { code: "CREATE TABLE t (p int REFERENCES p);", ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: "CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p, a int, b int, FOREIGN KEY (a, b) REFERENCES shop.q, PRIMARY KEY (b));\nCREATE INDEX ON t (id, p);",
      errors: [
        {
          messageId: "missing",
          data: { table: "t", columns: "p", referenced: "p" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 125,
        },
        {
          messageId: "missing",
          data: { table: "t", columns: "a, b", referenced: "shop.q" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 125,
        },
      ],
    },
    {
      name: "a new column has no index yet, whatever else the table has",
      code: "ALTER TABLE t ADD COLUMN p int REFERENCES p;",
      errors: [
        {
          messageId: "missing",
          data: { table: "t", columns: "p", referenced: "p" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 44,
        },
      ],
    },
    {
      name: "a table that the history tells of",
      code: add,
      ...given({ history: ["CREATE TABLE t (a int, p int); CREATE INDEX i ON t (a, p)"] }),
      errors: [
        {
          messageId: "missing",
          data: { table: "t", columns: "p", referenced: "p" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 47,
        },
      ],
    },
  ],
});
