import { type AnyPack, defineRule, type FileRule } from "@yantra-lint/core";
import type { Linter as ESLintLinter } from "eslint";
import { Linter } from "eslint/universal";
import { describe, expect, it } from "vitest";
import { fakePack } from "./fake-pack.fixture.ts";
import { JoinedRule } from "./joined-rule.ts";
import { FileLinter } from "./lint.ts";
import { type KnownRule, knownRules, mergedOptions, type RuleSetting } from "./rules.ts";

/** A node as these rules look at it. */
interface Named {
  name: string;
  range: [number, number];
}

const docs = { description: "Disallow what the test is about", recommended: "error" } as const;

/** Reports a name, with its options in the message, a fix and a suggestion under the same id as the message. */
const noName = defineRule({
  meta: {
    type: "problem",
    languages: ["js/js"],
    docs,
    fixable: "code",
    hasSuggestions: true,
    messages: { bad: "{{name}} is bad ({{settings}}).", better: "Call it {{other}}." },
    schema: [{ type: "object" }],
    defaultOptions: [{ name: "a", nested: { one: 1, two: 2 } }],
  },
  create(context) {
    const [settings] = context.options as { name: string }[];
    return {
      Identifier(node: Named) {
        if (node.name !== settings?.name) return;
        context.report({
          node: node,
          messageId: "bad",
          data: { name: node.name, settings: JSON.stringify(settings) },
          fix: (fixer) => fixer.replaceTextRange(node.range, "fixed"),
          suggest: [
            {
              messageId: "better",
              data: { other: "c" },
              fix: (fixer) => fixer.replaceTextRange(node.range, "c"),
            },
          ],
        });
      },
    };
  },
});

/** Has the same message id as the rule before, other selectors, and reports a place before the node it is at. */
const noProgram = defineRule({
  meta: {
    type: "problem",
    languages: ["js/js"],
    docs,
    messages: { bad: "All is bad in {{file}}." },
    schema: [],
  },
  create(context) {
    const report = () => {
      const loc = { start: { line: 1, column: 0 }, end: { line: 1, column: 1 } };
      context.report({ loc, messageId: "bad", data: { file: context.filename } });
    };
    return { "Program:exit": report, "Identifier[name=b]": report, ":matches(Identifier)": report };
  },
});

/** Names itself, and keeps what it has seen to itself. */
const countNames = defineRule({
  meta: {
    type: "problem",
    languages: ["js/js"],
    docs,
    messages: { count: "{{id}} has seen {{count}}." },
    schema: [],
  },
  create(context) {
    let count = 0;
    return {
      Identifier() {
        count += 1;
      },
      "Program:exit"(node: Named) {
        context.report({ node: node, messageId: "count", data: { id: context.id, count } });
      },
    };
  },
});

const RULES: Readonly<Record<string, FileRule>> = {
  "no-name": noName,
  "no-program": noProgram,
  "count-names": countNames,
};

const CODE = "a(b);\nb(a, c);\n";

const options = (name: string): unknown[] => (name === "no-name" ? [{ nested: { two: 3 } }] : []);

/** What ESLint says with each rule as a rule of its own. */
function apart(code: string): ESLintLinter.LintMessage[] {
  const config = {
    plugins: { yantra: { rules: RULES as never } },
    rules: Object.fromEntries(
      Object.keys(RULES).map((name) => [
        `yantra/${name}`,
        ["error", ...options(name)] as ESLintLinter.RuleEntry,
      ]),
    ),
  };
  return new Linter({ configType: "flat" }).verify(code, config, "a.js");
}

function joined(code: string): { messages: ESLintLinter.LintMessage[]; rule: JoinedRule } {
  const rule = new JoinedRule(
    Object.entries(RULES).map(([name, each]) => ({
      id: `yantra/${name}`,
      rule: each,
      options: mergedOptions(each.meta, options(name)),
    })),
  );
  const config = {
    plugins: { yantra: { rules: { joined: rule.rule } } },
    rules: { "yantra/joined": "error" as const },
  };
  return { messages: new Linter({ configType: "flat" }).verify(code, config, "a.js"), rule };
}

describe("JoinedRule", () => {
  it("says what the rules say apart, in the same order, under their own names", () => {
    const { messages, rule } = joined(CODE);
    const named = messages.map((message) => ({
      ...message,
      ...rule.originOf(message.messageId),
      ...(message.suggestions
        ? {
            suggestions: message.suggestions.map((each) => ({
              ...each,
              messageId: rule.originOf(each.messageId)?.messageId,
            })),
          }
        : {}),
    }));
    const expected = apart(CODE);
    expect(named).toEqual(expected);
    expect(expected.map(({ ruleId }) => ruleId)).toEqual([
      // All at the first place of the file, in the order they were reported in.
      "yantra/no-program",
      "yantra/no-name",
      ...Array.from({ length: 7 }, () => "yantra/no-program"),
      "yantra/count-names",
      "yantra/no-name",
    ]);
    expect(expected[1]).toMatchObject({
      message: 'a is bad ({"name":"a","nested":{"one":1,"two":3}}).',
      messageId: "bad",
      fix: { text: "fixed" },
      suggestions: [{ desc: "Call it c.", messageId: "better" }],
    });
    expect(expected.at(-2)?.message).toBe("yantra/count-names has seen 5.");
  });

  it("starts anew with each file", () => {
    const { rule } = joined(CODE);
    const linter = new Linter({ configType: "flat" });
    const config = {
      plugins: { yantra: { rules: { joined: rule.rule } } },
      rules: { "yantra/joined": "error" as const },
    };
    const count = (code: string) => linter.verify(code, config, "a.js").at(-1)?.message;
    expect([count("x;"), count("x; y;")]).toEqual([
      "yantra/count-names has seen 1.",
      "yantra/count-names has seen 2.",
    ]);
  });

  it("knows no origin of ESLint's own messages, nor of what no rule of it has reported", () => {
    const { rule } = joined(CODE);
    for (const id of [undefined, "", "bad", "9\0bad", "\0bad"]) expect(rule.originOf(id)).toBeUndefined();
    const { messages } = joined("a(");
    expect(messages).toMatchObject([{ fatal: true }]);
    expect(rule.originOf(messages[0]?.messageId)).toBeUndefined();
  });
});

/** The toy pack with one more rule. */
function packWith(create: () => Record<string, () => void>): AnyPack {
  const broken = defineRule({
    meta: {
      type: "problem",
      languages: ["yantra/sql"],
      docs,
      messages: { never: "Never." },
      schema: [],
    },
    create: () => create(),
  });
  return { ...fakePack, rules: { ...fakePack.rules, broken } };
}

/** What a linter throws at each text; undefined where it throws nothing. */
function thrown(pack: AnyPack, ...texts: string[]) {
  const known: ReadonlyMap<string, KnownRule> = knownRules([pack]);
  const rules = Object.fromEntries(
    [...known.keys()].map((id): [string, RuleSetting] => [id, { severity: "error", options: [] }]),
  );
  const linter = new FileLinter([pack], rules);
  return texts.map((text) => {
    try {
      linter.lint({ path: "a.toy", text, kind: { name: "toy" }, pack }, undefined);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ruleId: Reflect.get(error, "ruleId") as unknown, message: error.message.split("\n")[0] };
    }
  });
}

describe("an error that a rule throws", () => {
  it("names the rule, not the joined one, from `create` and from a handler", () => {
    const text = "yantra/toy/broken";
    expect(
      thrown(
        packWith(() => {
          throw new Error("at creation");
        }),
        "good",
      ),
    ).toEqual([{ ruleId: text, message: `Error while loading rule '${text}': at creation` }]);
    expect(
      thrown(
        packWith(() => ({
          File() {
            throw new Error("at a node");
          },
        })),
        "good",
      ),
    ).toEqual([{ ruleId: text, message: "at a node" }]);
  });

  it("leaves the next file's rules alone, and is not blamed for an error that is none of a rule", () => {
    const language = fakePack.language;
    if (!language) throw new Error("The toy pack has a language.");
    const pack: AnyPack = {
      ...fakePack,
      language: {
        ...language,
        createSourceCode(...args: Parameters<typeof language.createSourceCode>) {
          if (String(args[0].body) === "unreadable") throw new Error("no source code");
          return language.createSourceCode(...args);
        },
      },
    };
    expect(thrown(pack, "boom 1", "good", "unreadable", "boom 1")).toEqual([
      expect.objectContaining({ ruleId: "yantra/toy/no-bad-line" }),
      undefined,
      { ruleId: undefined, message: "no source code" },
      expect.objectContaining({ ruleId: "yantra/toy/no-bad-line" }),
    ]);
  });
});
