import type { Linter } from "eslint";
import { Linter as ESLintLinter, RuleTester } from "eslint";
import { describe, expect, it } from "vitest";
import { languageOptions } from "../parse.ts";
import rule from "./require-suppression-reason.ts";

RuleTester.describe = describe;
RuleTester.it = it;

/** ESLint reports directives that name rules it does not know. */
const silent = { create: () => ({}) };
const tester = new RuleTester({
  plugins: { yantra: { rules: { "code/valid-annotation": silent, "sql/no-drop-column": silent } } },
  languageOptions: languageOptions("src/example.ts"),
});

tester.run("require-suppression-reason", rule, {
  valid: [
    "// eslint-disable-next-line yantra/code/valid-annotation -- the parser of another tool reads it\nf();",
    "/* eslint-disable yantra/code/valid-annotation --- three dashes are a separator too */",
    "// eslint-enable yantra/code/valid-annotation",
    // Other plugins' rules are other plugins' affair, and so is a comment without names.
    "// eslint-disable-next-line no-console\nf();",
    "/* eslint-disable */",
    'const text = "// eslint-disable-line yantra/code/valid-annotation";',
  ],
  invalid: [
    {
      code: "f(); // eslint-disable-line yantra/code/valid-annotation",
      errors: [
        {
          messageId: "missingReason",
          data: { rules: "yantra/code/valid-annotation" },
          line: 1,
          column: 6,
          endLine: 1,
          endColumn: 57,
        },
      ],
    },
    {
      name: "of several names, ours are named; an empty reason is none",
      code: "\n/* eslint-disable no-console, yantra/sql/no-drop-column, yantra/code/valid-annotation -- */",
      errors: [
        {
          messageId: "missingReason",
          data: { rules: "yantra/sql/no-drop-column, yantra/code/valid-annotation" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 92,
        },
      ],
    },
  ],
});

/** A SourceCode of a language of ours, as far as the rule looks: one comment, and `positions`. */
it("reports a comment without rule names in our own languages, where it hides nothing", () => {
  const text = "-- eslint-disable-next-line";
  const comment = { text: text.slice(2), value: text.slice(2), range: [0, text.length], textStart: 2 };
  const reports: unknown[] = [];
  const visitor = rule.create({
    sourceCode: { text, positions: {}, getAllComments: () => [comment] },
    report: (report: unknown) => reports.push(report),
  } as never) as Record<string, () => void>;
  visitor["File"]?.();
  expect(reports).toEqual([
    {
      loc: { start: { line: 1, column: 1 }, end: { line: 1, column: 28 } },
      messageId: "missingRules",
      data: { example: "eslint-disable-next-line yantra/sql/no-drop-column" },
    },
  ]);
});

it("cannot be hidden by the comment it reports, when the engine runs it without inline configuration", () => {
  const config: Linter.Config = {
    plugins: { yantra: { rules: { "code/require-suppression-reason": rule } } },
    rules: { "yantra/code/require-suppression-reason": "error" },
  };
  const text = "/* eslint-disable yantra/code/require-suppression-reason */";
  expect(new ESLintLinter().verify(text, config, { allowInlineConfig: false })).toHaveLength(1);
});
