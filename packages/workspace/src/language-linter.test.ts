import { defineRule, type FileRule } from "@yantra-lint/core";
import type { ESLint } from "eslint";
import { Linter } from "eslint/universal";
import { describe, expect, it } from "vitest";
import { fakePack } from "./fake-pack.fixture.ts";
import { LanguageLinter } from "./language-linter.ts";
import type { LintedFile, Reported } from "./linted-file.ts";

interface Node {
  text: string;
  range: [number, number];
}

type Create = Parameters<typeof defineRule<never, Node, Record<string, (node: Node) => void>>>[0]["create"];

const META = {
  type: "problem",
  languages: ["yantra/sql"],
  docs: { description: "Disallow what the test is about", recommended: "error" },
  messages: { bad: "{{ name }} is bad in {{unknown}}.", better: "Call it {{other}}." },
  schema: [],
} satisfies FileRule["meta"];

function ruleOf(create: Create, more: Partial<FileRule["meta"]> = {}): FileRule {
  return defineRule({ meta: { ...META, ...more }, create });
}

const { language } = fakePack;
if (!language) throw new Error("The toy pack has a language.");
const toy = language;

function lint(rule: FileRule, text = "x 1\ny 2\n"): LintedFile {
  return new LanguageLinter(toy, [{ id: "yantra/rule", rule, options: [] }]).lint({ path: "a.toy", text });
}

function reportsOf(rule: FileRule, text?: string): Reported[] {
  const linted = lint(rule, text);
  return "reports" in linted ? linted.reports : [];
}

/** What ESLint makes of the same. */
function byESLint(rule: FileRule, text = "x 1\ny 2\n") {
  const plugin = { languages: { sql: toy }, rules: { rule } } as unknown as ESLint.Plugin;
  return new Linter({ configType: "flat" }).verify(
    text,
    {
      files: ["**/*.toy"],
      plugins: { yantra: plugin },
      language: "yantra/sql",
      rules: { "yantra/rule": "error" },
    },
    { filename: "a.toy" },
  );
}

describe("a report", () => {
  const FIXES: [string, Partial<FileRule["meta"]>, Create][] = [
    [
      "at a node, with data",
      {},
      (context) => ({
        File: (node) => context.report({ node, messageId: "bad", data: { name: "x" } }),
      }),
    ],
    [
      "at a point, and one before it in the text that is reported later",
      {},
      (context) => ({
        File() {
          context.report({ loc: { line: 2, column: 2 }, messageId: "bad", data: { name: 2 } });
          context.report({ loc: { line: 1, column: 3 }, messageId: "bad" });
        },
      }),
    ],
    [
      "with several edits in one fix, in any order",
      { fixable: "code" },
      (context) => ({
        File: (node) =>
          context.report({
            node,
            messageId: "bad",
            fix: (fixer) => [
              fixer.insertTextAfter(node, "!"),
              fixer.removeRange([4, 6]),
              fixer.insertTextBeforeRange([0, 1], "-- "),
              fixer.replaceTextRange([1, 2], "_"),
            ],
          }),
      }),
    ],
    [
      "with suggestions, of which one has nothing to offer",
      { hasSuggestions: true },
      (context) => ({
        File: (node) =>
          context.report({
            node,
            messageId: "bad",
            suggest: [
              { messageId: "better", data: { other: "z" }, fix: (fixer) => fixer.replaceText(node, "z") },
              { messageId: "better", fix: () => null },
              { messageId: "better", fix: (fixer) => [fixer.remove(node)] },
            ],
          }),
      }),
    ],
  ];

  it.each(FIXES)("%s", (_, more, create) => {
    const rule = ruleOf(create, more);
    const said = reportsOf(rule);
    expect(said).not.toHaveLength(0);
    expect(said).toEqual(
      byESLint(rule).map(({ ruleId, messageId, message, line, column, endLine, endColumn, ...rest }) => ({
        ruleId,
        messageId,
        message,
        startLine: line,
        startColumn: column,
        endLine: endLine ?? line,
        endColumn: endColumn ?? column,
        ...(rest.fix ? { fix: rest.fix } : {}),
        ...(rest.suggestions
          ? { suggestions: rest.suggestions.map(({ desc, fix }) => ({ message: desc, fix })) }
          : {}),
      })),
    );
  });
});

it("hands a rule the text without its byte order mark", () => {
  const rule = ruleOf((context) => ({
    File: (node) => context.report({ node, messageId: "bad", data: { name: node.text } }),
  }));
  expect(reportsOf(rule, "\uFEFFx 1")).toMatchObject([
    { message: "x 1 is bad in {{unknown}}.", endColumn: 4 },
  ]);
});

it("gives the parser's problems instead", () => {
  expect(
    lint(
      ruleOf(() => ({})),
      "x\n ?",
    ),
  ).toEqual({
    problems: [{ message: "a question mark", line: 2, column: 2 }],
  });
});

describe("what a rule must not do", () => {
  it.each<[string, Create, string]>([
    ["visit by a selector that is no type", () => ({ "File > *": () => undefined }), "visits File > *"],
    [
      "report a message it does not have",
      (context) => ({ File: (node) => context.report({ node, messageId: "none" }) }),
      'unknown message "none"',
    ],
    [
      "give a fix that it did not announce",
      (context) => ({
        File: (node) => context.report({ node, messageId: "bad", fix: (fixer) => fixer.remove(node) }),
      }),
      "without meta.fixable",
    ],
    [
      "give a suggestion that it did not announce",
      (context) => ({
        File: (node) =>
          context.report({
            node,
            messageId: "bad",
            suggest: [{ messageId: "better", fix: (fixer) => fixer.remove(node) }],
          }),
      }),
      "without meta.hasSuggestions",
    ],
  ])("%s", (_, create, message) => {
    expect(() => lint(ruleOf(create))).toThrow(message);
  });

  it("overlap its own edits", () => {
    const rule = ruleOf(
      (context) => ({
        File: (node) =>
          context.report({
            node,
            messageId: "bad",
            fix: (fixer) => [fixer.removeRange([0, 2]), fixer.removeRange([1, 3])],
          }),
      }),
      { fixable: "code" },
    );
    expect(() => lint(rule)).toThrow("overlap");
  });
});
