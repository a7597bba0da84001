import { given, sqlRuleTester, type SqlTestOptions } from "../testing.ts";
import rule from "./require-repeatable-statements.ts";

const outside = (migration: SqlTestOptions["migration"] = {}): { languageOptions: Record<string, unknown> } =>
  given({ migration: { runner: "goose", transactional: false, ...migration } });

const A = "ALTER TABLE t ADD a int;";
const B = "ALTER TABLE t ADD b int;";
const CREATE = "CREATE INDEX CONCURRENTLY i ON t (a);";
const GUARDED = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);";
const DROP = "DROP INDEX CONCURRENTLY IF EXISTS i;";

sqlRuleTester().run("require-repeatable-statements", rule, {
  valid: [
    { name: "it is not known whether there is a transaction", code: `${A} ${B}` },
    { name: "a transaction", code: `${A} ${B}`, ...outside({ transactional: true }) },
    { name: "one statement fails as a whole", code: A, ...outside() },
    {
      name: "settings are nothing to repeat",
      code: `SET lock_timeout = '5s'; ${CREATE} RESET lock_timeout;`,
      ...outside(),
    },
    { name: "one transaction of its own", code: `BEGIN; ${A} ${B} COMMIT;`, ...outside() },
    { name: "the last one may be what it is", code: `ANALYZE t; ${A}`, ...outside() },
    { name: "guarded", code: `ALTER TABLE t ADD COLUMN IF NOT EXISTS a int; ${B}`, ...outside() },
    { name: "dropped before", code: `${GUARDED} ${DROP} ${CREATE} ANALYZE t;`, ...outside() },
    { name: "a down migration", code: `${A} ${B}`, ...outside({ direction: "down" }) },
  ],
  invalid: [
    {
      name: "the first is enough",
      code: `${A}\n${B}\n${CREATE}`,
      ...outside(),
      errors: [
        {
          messageId: "refused",
          data: { what: "ADD COLUMN a", runner: "goose", how: "Write ADD COLUMN IF NOT EXISTS" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 24,
        },
      ],
    },
    {
      name: "an index, with what makes it repeatable",
      code: `${CREATE}\nANALYZE t;`,
      ...outside({ runner: "plain" }),
      errors: [
        {
          messageId: "refused",
          data: {
            what: "CREATE INDEX i",
            runner: "the runner",
            how: "Put `DROP INDEX CONCURRENTLY IF EXISTS i;` before it",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 37,
        },
      ],
    },
    {
      name: "a transaction of its own, before something else",
      code: `BEGIN;\n${A}\nCOMMIT;\n${CREATE}`,
      ...outside(),
      errors: [
        {
          messageId: "refused",
          data: { what: "ADD COLUMN a", runner: "goose", how: "Write ADD COLUMN IF NOT EXISTS" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 24,
        },
      ],
    },
    {
      name: "rows",
      code: `INSERT INTO t VALUES (1);\n${CREATE}`,
      ...outside(),
      errors: [
        {
          messageId: "doubled",
          data: {
            what: "t has the rows twice, or a unique index refuses them",
            how: "Write ON CONFLICT DO NOTHING",
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 25,
        },
      ],
    },
  ],
});
