import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-concurrently-if-not-exists.ts";

const CREATE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);";

sqlRuleTester().run("no-concurrently-if-not-exists", rule, {
  valid: [
    "CREATE INDEX CONCURRENTLY i ON t (a);",
    "CREATE INDEX IF NOT EXISTS i ON t (a);",
    `DROP INDEX CONCURRENTLY IF EXISTS i; ${CREATE}`,
    {
      name: "one query: what cannot run in a transaction stands alone, so that nothing can drop the index before it",
      code: CREATE,
      ...given({ migration: { runner: "golang-migrate", transactional: false, span: "query" } }),
    },
    { name: "a down migration", code: CREATE, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      name: "each index",
      code: `DROP INDEX CONCURRENTLY IF EXISTS other;\n${CREATE}\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS j ON t (b);`,
      errors: [
        { messageId: "passedOver", data: { index: "i" }, line: 2, column: 1, endLine: 2, endColumn: 51 },
        { messageId: "passedOver", data: { index: "j" }, line: 3, column: 1, endLine: 3, endColumn: 58 },
      ],
    },
  ],
});
