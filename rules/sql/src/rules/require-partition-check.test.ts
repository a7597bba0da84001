import { given, sqlRuleTester } from "../testing.ts";
import rule from "./require-partition-check.ts";

const code = "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);";
const place = { line: 1, column: 15, endLine: 1, endColumn: 62 };
const others = ", and so it is for the default partition of p, where there is one";

sqlRuleTester().run("require-partition-check", rule, {
  valid: [
    { name: "a table that nobody sees yet", code: `CREATE TABLE p1 (k int); ${code}` },
    {
      name: "a check that proves it, as far as can be told",
      code,
      ...given({
        history: ["CREATE TABLE p1 (k int NOT NULL)", "ALTER TABLE p1 ADD CHECK (k >= 1 AND k < 10)"],
      }),
    },
    "ALTER TABLE p DETACH PARTITION p1;",
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);",
    { code, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    { code, errors: [{ messageId: "scans", data: { partition: "p1", commit: "", others }, ...place }] },
    {
      name: "as the default partition",
      code: "ALTER TABLE p ATTACH PARTITION shop.p1 DEFAULT;",
      ...given({ history: ["CREATE TABLE shop.p1 (k int NOT NULL)"] }),
      errors: [
        {
          messageId: "scans",
          data: { partition: "shop.p1", commit: "", others: "" },
          line: 1,
          column: 15,
          endLine: 1,
          endColumn: 47,
        },
      ],
    },
    {
      name: "a check that is not valid",
      code,
      ...given({
        history: [
          "CREATE TABLE p1 (k int NOT NULL)",
          "ALTER TABLE p1 ADD CHECK (k >= 1 AND k < 10) NOT VALID",
        ],
      }),
      errors: [{ messageId: "notValidated", data: { partition: "p1", commit: "", others }, ...place }],
    },
  ],
});
