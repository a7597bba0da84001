import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-blocking-domain-constraint.ts";

const code = "ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0);";
const check =
  "Use ADD CONSTRAINT … CHECK (value IS NOT NULL) NOT VALID, which holds for new values and reads nothing";

function scans(what: string, way: string, endColumn: number, domain = "d") {
  return {
    messageId: "scans",
    data: { domain, what, way, commit: "" },
    line: 1,
    column: 1,
    endLine: 1,
    endColumn,
  };
}

sqlRuleTester().run("no-blocking-domain-constraint", rule, {
  valid: [
    "ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0) NOT VALID;",
    "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d DROP NOT NULL; ALTER DOMAIN d SET DEFAULT 1;",
    { name: "no table has a column of it yet", code: `CREATE DOMAIN d AS int; ${code}` },
    { code, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code,
      errors: [scans("ADD CHECK", "Add it NOT VALID, which holds for new values and reads nothing", 50)],
    },
    { code: "ALTER DOMAIN shop.d SET NOT NULL;", errors: [scans("SET NOT NULL", check, 33, "shop.d")] },
    { code: "ALTER DOMAIN d ADD NOT NULL;", errors: [scans("ADD NOT NULL", check, 28)] },
    {
      name: "of an earlier migration",
      code: "ALTER DOMAIN d VALIDATE CONSTRAINT c;",
      ...given({
        history: ["CREATE DOMAIN d AS int", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0) NOT VALID"],
      }),
      errors: [scans("VALIDATE CONSTRAINT c", "Leave it NOT VALID, as which it holds for new values", 37)],
    },
  ],
});
