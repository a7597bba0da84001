import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-syntax-error.ts";

sqlRuleTester().run("no-syntax-error", rule, {
  valid: [
    "SELECT 1;",
    "",
    "-- nothing but a comment",
    ";;",
    "\\restrict abc\nSELECT 1;\n\\unrestrict abc",
    "COPY t FROM stdin;\n1\tit's\n\\.\nSELECT 1;",
    // Filled in before PostgreSQL sees it: a notice says that it was not read.
    "ALTER TABLE ${schema}.t ADD COLUMN a int;",
    "GRANT ALL ON {{ table }} TO PUBLIC;",
    "SELECT * FROM :table_name;",
    // Not PostgreSQL: not ours to judge.
    { code: "CREATE TABLE t (a INT) ENGINE=InnoDB", ...given({ migration: { dialect: "mysql" } }) },
  ],
  invalid: [
    {
      name: "only the faulty statement is reported, with its place after characters of several bytes",
      code: "SELECT 'é😀';\nSELECT 'é😀', FROM FROM t;\nSELECT 2;",
      errors: [
        {
          messageId: "syntax",
          data: { reason: 'syntax error at or near "FROM"' },
          line: 2,
          column: 15,
          endLine: 2,
          endColumn: 19,
        },
      ],
    },
    {
      name: "a missing semicolon",
      code: "ALTER TABLE a ADD COLUMN b int\r\nALTER TABLE a ADD COLUMN c int;\r\n",
      errors: [
        {
          messageId: "syntax",
          data: { reason: 'syntax error at or near "ALTER"' },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 6,
        },
      ],
    },
    {
      name: "an end that comes too early",
      code: "CREATE TABLE t (a int",
      errors: [
        {
          messageId: "syntax",
          data: { reason: "syntax error at end of input" },
          line: 1,
          column: 19,
          endLine: 1,
          endColumn: 22,
        },
      ],
    },
    {
      name: "a string that is never closed",
      code: "SELECT 'abc;\nSELECT 2;",
      errors: [
        {
          messageId: "syntax",
          data: { reason: 'unterminated quoted string at or near "\'abc;\nSELECT 2;"' },
          line: 1,
          column: 8,
          endLine: 1,
          endColumn: 13,
        },
      ],
    },
    {
      name: "a comment that is never closed hides what follows",
      code: "SELECT 1; /* SELECT 2;\nSELECT 3;",
      errors: [
        {
          messageId: "syntax",
          data: { reason: "unterminated /* comment" },
          line: 1,
          column: 11,
          endLine: 1,
          endColumn: 13,
        },
      ],
    },
    {
      name: "a NUL ends the text for the server",
      code: "SELECT 1;\0 DROP TABLE x",
      errors: [{ messageId: "nul", line: 1, column: 10, endLine: 1, endColumn: 11 }],
    },
    {
      name: "down migrations must run too",
      code: "DROP TABEL t;",
      ...given({ migration: { direction: "down" } }),
      errors: [
        {
          messageId: "syntax",
          data: { reason: 'syntax error at or near "TABEL"' },
          line: 1,
          column: 6,
          endLine: 1,
          endColumn: 11,
        },
      ],
    },
  ],
});
