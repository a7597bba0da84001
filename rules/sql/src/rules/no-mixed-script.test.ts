import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-mixed-script.ts";

const CREATE = "CREATE INDEX CONCURRENTLY i ON t (a);";
const flyway = given({ migration: { runner: "flyway", transactional: false, refusesMixed: true } });

sqlRuleTester().run("no-mixed-script", rule, {
  valid: [
    { code: `${CREATE} VACUUM t;`, ...flyway },
    { code: "ALTER TABLE t ADD a int; CREATE INDEX i ON t (a);", ...flyway },
    { name: "in a comment or a text", code: "-- VACUUM t;\nSELECT 'VACUUM';", ...flyway },
    {
      name: "a script that says how it runs, and other runners",
      code: `ALTER TABLE t ADD a int; ${CREATE}`,
      ...given({ migration: { runner: "flyway", transactional: false } }),
    },
  ],
  invalid: [
    {
      name: "a setting counts too",
      filename: "db/migration/V7__index.sql",
      code: `SET lock_timeout = '5s';\n-- slow\n${CREATE}\nVACUUM t;`,
      ...flyway,
      errors: [
        {
          messageId: "mixed",
          data: { line: "1", file: "V7__index.sql" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 37,
        },
      ],
    },
    {
      name: "in either order",
      filename: "V7__index.sql",
      code: `${CREATE}\nANALYZE t;`,
      ...flyway,
      errors: [
        {
          messageId: "mixed",
          data: { line: "2", file: "V7__index.sql" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 37,
        },
      ],
    },
  ],
});
