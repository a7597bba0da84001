import { expect, test } from "vitest";
import { link, manyLines, oneLine, plainMessage, relativeUri } from "./text.ts";

test.each([
  ["an ordinary sentence.", "an ordinary sentence."],
  ["two\r\nlines\tand a tab", "two lines and a tab"],
  ["\u001b[31mred\u001b[0m", "\uFFFD[31mred\uFFFD[0m"],
  ["C1 \u009b31m, DEL \u007f, NUL \0", "C1 \uFFFD31m, DEL \uFFFD, NUL \uFFFD"],
  ["left \u202egnp.exe", "left \uFFFDgnp.exe"],
  ["lone \ud83d surrogate, whole 😀", "lone \uFFFD surrogate, whole 😀"],
])("puts %j on one harmless line", (text, clean) => {
  expect(oneLine(text)).toBe(clean);
});

test("keeps the lines of a page", () => {
  expect(manyLines("# a\r\n\n\tb\u001b")).toBe("# a\n\n\tb\uFFFD");
});

test.each([
  ["spec.containers[0] has no probe.", "spec.containers[0] has no probe."],
  ["{{ .Values.image }} is a template.", "{{ .Values.image }} is a template."],
  ["`{0}` is no placeholder.", "`{{0}}` is no placeholder."],
  ["[free money](https://example.com)", "\\[free money\\](https://example.com)"],
  ["result[0](1)", "result\\[0\\](1)"],
])("reads %j as text and nothing else", (text, escaped) => {
  expect(plainMessage(text)).toBe(escaped);
});

test("escapes brackets and backslashes in the text of a link", () => {
  expect(link("Read at a\\b[0].", 3)).toBe("[Read at a\\\\b\\[0\\]](3)");
});

test.each([
  ["deploy/web.yaml", "deploy/web.yaml"],
  ["größe/naïve file 😀.sql", "gr%C3%B6%C3%9Fe/na%C3%AFve%20file%20%F0%9F%98%80.sql"],
  ["a:b/100%/c#d?e", "a%3Ab/100%25/c%23d%3Fe"],
  ["evil\u001b[2J\n.sql", "evil%1B%5B2J%0A.sql"],
  ["lone\ud83d.sql", "lone%EF%BF%BD.sql"],
])("turns the path %j into a relative URI", (path, uri) => {
  expect(relativeUri(path)).toBe(uri);
});
