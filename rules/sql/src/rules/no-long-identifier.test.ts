import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-long-identifier.ts";

const name = "a".repeat(63);

sqlRuleTester().run("no-long-identifier", rule, {
  valid: [
    `CREATE INDEX ${name} ON t (a);`,
    `CREATE TABLE "${"é".repeat(31)}" (a int);`,
    { name: "texts and comments are no names", code: `SELECT '${name}b' /* ${name}b */;` },
    { code: `DROP INDEX ${name}b;`, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      name: "once in a statement",
      code: `CREATE INDEX ${name.toUpperCase()}B ON t (a);\nALTER TABLE t ADD ${name}b int, ADD CHECK (${name}b > 0);`,
      errors: [
        { messageId: "cut", data: { name }, line: 1, column: 14, endLine: 1, endColumn: 78 },
        { messageId: "cut", data: { name }, line: 2, column: 19, endLine: 2, endColumn: 83 },
      ],
    },
    {
      name: "bytes, not characters",
      code: `CREATE TABLE "${"é".repeat(32)}" (a int);`,
      errors: [
        { messageId: "cut", data: { name: "é".repeat(31) }, line: 1, column: 14, endLine: 1, endColumn: 48 },
      ],
    },
  ],
});
