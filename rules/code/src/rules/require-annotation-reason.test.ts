import { RuleTester } from "eslint";
import { describe, expect, it } from "vitest";
import { languageOptions } from "../parse.ts";
import rule from "./require-annotation-reason.ts";

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: languageOptions("src/example.ts") });
const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  line,
  column,
  endLine,
  endColumn,
});

tester.run("require-annotation-reason", rule, {
  valid: [
    "// @yantra-risk high until=2026-12-31 -- the ledger is migrated by hand\nconst a = 1;",
    "// @yantra-risk low -- only the labels of the admin page\nconst a = 1;",
    // One word may say enough, and any language's letters are words.
    "// @yantra-risk low -- Übersetzungen",
    // What lifts the risk harms nobody: whatever stands after the dashes will do.
    "// @yantra-risk high -- x",
    // These state a fact, and need no reason unless asked to.
    "/**\n * @yantra-owner payments\n * @yantra-health /payments checks=stripe\n * @yantra-depends stripe\n */\nexport {};",
    "// @yantra-phase contract after=v12",
    // What is no annotation at all is valid-annotation's affair.
    "// @yantra-rsik low",
    'const s = "// @yantra-risk low";',
    { code: "// @yantra-owner payments -- since the split", options: [{ also: ["owner"] }] },
    { code: "// @yantra-depends stripe", options: [{ also: ["owner"] }] },
    "",
  ],
  invalid: [
    {
      name: "a risk without reason",
      code: "\r\n// @yantra-risk high\r\n",
      errors: [{ messageId: "ignored", data: { word: "@yantra-risk" }, ...at(2, 4, 2, 16) }],
    },
    {
      name: "nothing after the dashes",
      code: "/**\n * é😀\n * @yantra-risk low until=2026-12-31 --\n */\nexport {};",
      errors: [{ messageId: "ignored", data: { word: "@yantra-risk" }, ...at(3, 4, 3, 16) }],
    },
    {
      name: "what lowers and says nothing",
      code: "// @yantra-risk low -- trust me, TODO\nf();\n/* @yantra-risk low -- ... */",
      errors: [
        { messageId: "empty", data: { reason: "trust me, TODO" }, ...at(1, 24, 1, 38) },
        { messageId: "empty", data: { reason: "..." }, ...at(3, 24, 3, 27) },
      ],
    },
    {
      name: "others when they are asked for",
      code: "// @yantra-phase contract after=v12\n// @yantra-owner payments",
      options: [{ also: ["phase", "owner"] }],
      errors: [
        { messageId: "missing", data: { word: "@yantra-phase" }, ...at(1, 4, 1, 17) },
        { messageId: "missing", data: { word: "@yantra-owner" }, ...at(2, 4, 2, 17) },
      ],
    },
  ],
});

it("reads the comments of our own languages, whose columns begin at 1", () => {
  const text = "-- @yantra-risk low";
  const comment = { text: text.slice(2), value: text.slice(2), range: [0, text.length], textStart: 2 };
  const reports: unknown[] = [];
  const visitor = rule.create({
    options: [],
    sourceCode: { text, positions: {}, getAllComments: () => [comment] },
    report: (report: unknown) => reports.push(report),
  } as never) as Record<string, () => void>;
  visitor["File"]?.();
  expect(reports).toEqual([
    {
      loc: { start: { line: 1, column: 4 }, end: { line: 1, column: 16 } },
      messageId: "ignored",
      data: { word: "@yantra-risk" },
    },
  ]);
});
