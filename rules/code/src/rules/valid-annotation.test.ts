import { RuleTester } from "eslint";
import { describe, it } from "vitest";
import { languageOptions } from "../parse.ts";
import rule from "./valid-annotation.ts";

RuleTester.describe = describe;
RuleTester.it = it;

const KNOWN = "@yantra-risk, @yantra-owner, @yantra-health, @yantra-depends, @yantra-phase";
const tester = new RuleTester({ languageOptions: languageOptions("src/example.ts") });
const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  line,
  column,
  endLine,
  endColumn,
});

tester.run("valid-annotation", rule, {
  valid: [
    "// @yantra-risk high until=2026-12-31 -- the ledger is migrated by hand\nconst a = 1;",
    "/**\n * @yantra-owner payments\n * @yantra-health /healthz checks=db,queue\n * @yantra-depends stripe\n */\nexport {};",
    "/* @yantra-phase contract after=v12 */",
    // A missing reason is require-annotation-reason's affair.
    "// @yantra-risk high",
    // Prose, packages and strings are no annotations.
    "// see the @yantra-risk annotation",
    "// @yantra-lint/core has the types",
    'const s = "// @yantra-rsk";',
    "// @yantra",
    "",
  ],
  invalid: [
    {
      name: "a misspelled name gets the nearest",
      code: "// @yantra-rsik low -- x",
      errors: [
        {
          messageId: "unknownName",
          data: { word: "@yantra-rsik", expected: KNOWN },
          ...at(1, 4, 1, 16),
          suggestions: [
            {
              messageId: "replace",
              data: { suggestion: "@yantra-risk" },
              output: "// @yantra-risk low -- x",
            },
          ],
        },
      ],
    },
    {
      name: "a name near to none",
      code: "/* @yantra-schedule nightly */",
      errors: [
        { messageId: "unknownName", data: { word: "@yantra-schedule", expected: KNOWN }, ...at(1, 4, 1, 20) },
      ],
    },
    {
      name: "wrong case is repaired, name and value",
      code: "// @yantra-Risk HIGH -- x",
      output: "// @yantra-risk high -- x",
      errors: [
        { messageId: "unknownName", data: { word: "@yantra-Risk", expected: KNOWN }, ...at(1, 4, 1, 16) },
        {
          messageId: "invalidValue",
          data: { word: "HIGH", name: "@yantra-risk", expected: "low, medium or high" },
          ...at(1, 17, 1, 21),
        },
      ],
    },
    {
      name: "several annotations of one block, each at its word",
      code: "/**\n * @yantra-owner\n * é😀\n * @yantra-phase contrct\n */\nexport {};",
      errors: [
        {
          messageId: "missingValue",
          data: { word: "@yantra-owner", expected: "a team" },
          ...at(2, 4, 2, 17),
        },
        {
          messageId: "invalidValue",
          data: { word: "contrct", name: "@yantra-phase", expected: "expand, migrate or contract" },
          ...at(4, 18, 4, 25),
          suggestions: [
            {
              messageId: "replace",
              data: { suggestion: "contract" },
              output: "/**\n * @yantra-owner\n * é😀\n * @yantra-phase contract\n */\nexport {};",
            },
          ],
        },
      ],
    },
    {
      name: "an unknown option gets the nearest",
      code: "const a = 1; // @yantra-risk low untill=2026-12-31 -- x",
      errors: [
        {
          messageId: "unknownOption",
          data: { word: "untill", name: "@yantra-risk", expected: "until=" },
          ...at(1, 34, 1, 40),
          suggestions: [
            {
              messageId: "replace",
              data: { suggestion: "until" },
              output: "const a = 1; // @yantra-risk low until=2026-12-31 -- x",
            },
          ],
        },
      ],
    },
    {
      name: "a date that no calendar has",
      code: "// @yantra-risk low until=2026-02-30 -- x",
      errors: [
        {
          messageId: "invalidOption",
          data: { word: "until=2026-02-30", expected: "a date, YYYY-MM-DD" },
          ...at(1, 27, 1, 37),
        },
      ],
    },
    {
      name: "an option twice",
      code: "// @yantra-health /h checks=a checks=b",
      errors: [
        { messageId: "repeatedOption", data: { word: "checks", expected: "it once" }, ...at(1, 31, 1, 39) },
      ],
    },
    {
      name: "a reason without its dashes",
      code: "// @yantra-owner payments team",
      errors: [
        {
          messageId: "unexpectedWord",
          data: { word: "team", name: "@yantra-owner", expected: "nothing more" },
          ...at(1, 27, 1, 31),
        },
      ],
    },
    {
      name: "a health path without its slash",
      code: "// @yantra-health healthz",
      errors: [
        {
          messageId: "invalidValue",
          data: { word: "healthz", name: "@yantra-health", expected: "a path prefix that starts with /" },
          ...at(1, 19, 1, 26),
        },
      ],
    },
  ],
});
