import { given, sqlRuleTester } from "../testing.ts";
import rule from "./valid-phase.ts";

const EXPAND = "ALTER TABLE t ADD a int;";
const CONTRACT = "ALTER TABLE t DROP b;";

sqlRuleTester().run("valid-phase", rule, {
  valid: [
    // The release before this one lives with these.
    "-- @yantra-phase expand\nDROP INDEX CONCURRENTLY IF EXISTS t_b;\nCREATE INDEX CONCURRENTLY t_b ON t (b);",
    "-- @yantra-phase expand\nALTER TABLE t DROP CONSTRAINT IF EXISTS t_ck;",
    "-- @yantra-phase expand\nDROP TRIGGER IF EXISTS trg ON t;\nCREATE TRIGGER trg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    "-- @yantra-phase expand\nDROP FUNCTION IF EXISTS f();\nCREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';",
    // A backfill waits for the release that writes the new column.
    "-- @yantra-phase migrate after=v1\nUPDATE t SET a = 1;",
    `${EXPAND} ${CONTRACT}`,
    `-- @yantra-phase expand\n${EXPAND}`,
    `-- @yantra-phase contract after=v1\n${CONTRACT}`,
    `-- @yantra-phase migrate\nUPDATE t SET a = 1;`,
    { name: "a backfill may go with either", code: `-- @yantra-phase expand\n${EXPAND} UPDATE t SET a = 1;` },
    { name: "data that go are a contract too", code: `-- @yantra-phase contract after=v1\nDELETE FROM t;` },
    { name: "the gravest step counts", code: `-- @yantra-phase contract after=v1\n${EXPAND} ${CONTRACT}` },
    {
      name: "a statement with its own annotation is none of the file's",
      code: `-- @yantra-phase expand\n${EXPAND}\n-- @yantra-phase contract after=v1\n${CONTRACT}`,
    },
    {
      name: "what the migration itself has made takes nothing away",
      code: "-- @yantra-phase expand\nCREATE TABLE n (a int, b int); ALTER TABLE n DROP b;",
    },
    {
      name: "the way down",
      code: `-- @yantra-phase expand\n${CONTRACT}`,
      ...given({ migration: { direction: "down" } }),
    },
    {
      code: `-- +goose Up\n${EXPAND}\n-- +goose Down\n-- @yantra-phase expand\n${CONTRACT}`,
      ...given({ migration: { runner: "goose", direction: "both" } }),
    },
    { name: "spelling is valid-annotation's affair", code: `-- @yantra-phase expnad\n${CONTRACT}` },
    { name: "nothing that has a phase", code: "-- @yantra-phase contract after=v1\nSELECT 1;" },
    { name: "nothing at all", code: "-- @yantra-phase contract after=v1\n" },
  ],
  invalid: [
    {
      code: `-- @yantra-phase expand -- only adds\n${EXPAND}\n${CONTRACT}`,
      errors: [
        {
          messageId: "contradicted",
          data: { value: "expand", what: "DROP b", line: "3" },
          line: 1,
          column: 4,
          endLine: 1,
          endColumn: 37,
          suggestions: [
            {
              messageId: "write",
              data: { value: "contract" },
              output: `-- @yantra-phase contract -- only adds\n${EXPAND}\n${CONTRACT}`,
            },
          ],
        },
      ],
    },
    {
      name: "above its statement",
      code: `SELECT 1;\n-- @yantra-phase migrate\nALTER TABLE t ADD CONSTRAINT a_rather_long_name\n  CHECK (a > 0 AND b > 0) NOT VALID;`,
      errors: [
        {
          messageId: "contradicted",
          data: {
            value: "migrate",
            what: "ADD CONSTRAINT a_rather_long_name CHECK (a > 0 AND b > 0)…",
            line: "3",
          },
          line: 2,
          column: 4,
          endLine: 2,
          endColumn: 25,
          suggestions: [
            {
              messageId: "write",
              data: { value: "contract" },
              output: `SELECT 1;\n-- @yantra-phase contract\nALTER TABLE t ADD CONSTRAINT a_rather_long_name\n  CHECK (a > 0 AND b > 0) NOT VALID;`,
            },
          ],
        },
      ],
    },
    {
      name: "contract of what only adds",
      code: `/* @yantra-phase contract after=v1 -- x */\n${EXPAND}`,
      errors: [
        {
          messageId: "onlyExpands",
          line: 1,
          column: 4,
          endLine: 1,
          endColumn: 40,
          suggestions: [
            {
              messageId: "write",
              data: { value: "expand" },
              output: `/* @yantra-phase expand -- x */\n${EXPAND}`,
            },
          ],
        },
      ],
    },
    {
      name: "after= of what is no contract, said beside the contradiction",
      code: `SELECT 1;\n-- @yantra-phase expand after=v1\nCREATE TABLE x (a int);\n-- @yantra-phase expand  after=v2\n${CONTRACT}`,
      errors: [
        {
          messageId: "afterIgnored",
          line: 2,
          column: 25,
          endLine: 2,
          endColumn: 33,
          suggestions: [
            {
              messageId: "remove",
              data: { word: "after=v1" },
              output: `SELECT 1;\n-- @yantra-phase expand\nCREATE TABLE x (a int);\n-- @yantra-phase expand  after=v2\n${CONTRACT}`,
            },
          ],
        },
        {
          messageId: "contradicted",
          data: { value: "expand", what: "DROP b", line: "5" },
          line: 4,
          column: 4,
          endLine: 4,
          endColumn: 34,
          suggestions: [
            {
              messageId: "write",
              data: { value: "contract" },
              output: `SELECT 1;\n-- @yantra-phase expand after=v1\nCREATE TABLE x (a int);\n-- @yantra-phase contract  after=v2\n${CONTRACT}`,
            },
          ],
        },
      ],
    },
    {
      name: "a trigger that is not made anew",
      code: "-- @yantra-phase expand\nDROP TRIGGER trg ON t;",
      errors: [
        {
          messageId: "contradicted",
          data: { value: "expand", what: "DROP TRIGGER trg ON t", line: "2" },
          line: 1,
          column: 4,
          endLine: 1,
          endColumn: 24,
          suggestions: [
            {
              messageId: "write",
              data: { value: "contract" },
              output: "-- @yantra-phase contract\nDROP TRIGGER trg ON t;",
            },
          ],
        },
      ],
    },
    {
      name: "a blank line between, and after all statements",
      code: `SELECT 1;\n-- @yantra-phase contract after=v1\n\n${CONTRACT}\n-- @yantra-phase expand\n`,
      errors: [
        { messageId: "detached", line: 2, column: 4, endLine: 2, endColumn: 35 },
        { messageId: "detached", line: 5, column: 4, endLine: 5, endColumn: 24 },
      ],
    },
  ],
});
