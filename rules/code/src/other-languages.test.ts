import { Linter, type ESLint } from "eslint";
import { expect, test } from "vitest";
import { languageOptions } from "./parse.ts";
import rule from "./rules/valid-annotation.ts";

type Languages = NonNullable<ESLint.Plugin["languages"]>;

/** A language like our own: text with `#` comments, root `File`, columns from 1, and comments with `text`. */
const hashes: Languages[string] = {
  fileType: "text",
  lineStart: 1,
  columnStart: 1,
  nodeTypeKey: "type",
  validateLanguageOptions: () => undefined,
  parse: (file) => ({ ok: true, ast: { type: "File", text: String(file.body) } }),
  createSourceCode: (file, { ast }) => {
    const text = String(file.body);
    const lines = text.split("\n");
    let offset = 0;
    const comments = lines.flatMap((line) => {
      const start = offset;
      offset += line.length + 1;
      const hash = line.indexOf("#");
      if (hash < 0) return [];
      const range = [start + hash, start + line.length];
      return [{ type: "Line", text: line.slice(hash + 1), range, textStart: start + hash + 1 }];
    });
    const loc = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    return {
      text,
      ast,
      lines,
      getLoc: () => loc,
      getRange: () => [0, text.length],
      getText: () => text,
      getAllComments: () => comments,
      *traverse() {
        yield { kind: 1, target: ast, phase: 1, args: [ast] };
      },
    };
  },
};

test("the rule reads the comments of any language that has getAllComments()", () => {
  const plugin = { languages: { kubernetes: hashes }, rules: { "valid-annotation": Object(rule) } };
  const messages = new Linter().verify(
    "key: é # @yantra-ownr payments\nother: 1\n  # @yantra-Owner payments\n",
    [
      {
        files: ["**/*.conf"],
        plugins: { yantra: plugin },
        language: "yantra/kubernetes",
        rules: { "yantra/valid-annotation": 2 },
      },
    ],
    { filename: "a.conf" },
  );
  expect(messages).toMatchObject([
    {
      messageId: "unknownName",
      line: 1,
      column: 10,
      endLine: 1,
      endColumn: 22,
      suggestions: [{ fix: { range: [9, 21] } }],
    },
    {
      messageId: "unknownName",
      line: 3,
      column: 5,
      endLine: 3,
      endColumn: 18,
      fix: { text: "@yantra-owner" },
    },
  ]);
});

test("on JavaScript the columns are ESLint's", () => {
  const plugin = { rules: { "valid-annotation": Object(rule) } };
  const messages = new Linter().verify(
    "#!/usr/bin/env node\n// @yantra-Owner payments",
    [
      {
        plugins: { yantra: plugin },
        languageOptions: languageOptions("a.js"),
        rules: { "yantra/valid-annotation": 2 },
      },
    ],
    { filename: "a.js" },
  );
  expect(messages).toMatchObject([{ line: 2, column: 4, endColumn: 17 }]);
});
