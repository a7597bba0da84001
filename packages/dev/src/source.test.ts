import { expect, test } from "vitest";
import { readSourceText } from "./source.ts";

test("finds imports of every form", () => {
  const text = [
    'import a from "a";',
    'import type { B } from "b";',
    'export * from "c";',
    'const d = await import("d");',
    'const no = "import e from \'e\'"; // import f from "f";',
  ].join("\n");
  expect(readSourceText("x.ts", text).imports).toEqual(["a", "b", "c", "d"]);
});

test("finds what prints or ends the process, in code only", () => {
  const text = [
    'console.log("x");',
    'const text = "console.log(1)"; // console.log(2)',
    "process.stdout.write(text);",
    "process.exit(1);",
    "process.env.HOME;",
    "terminal.console.log(text);",
  ].join("\n");
  expect(readSourceText("x.ts", text).printsAt).toEqual([1, 3, 4]);
});

test("finds tests that are left out or run alone", () => {
  const text = [
    'test.only("a", () => {});',
    'describe.concurrent.skip("b", () => {});',
    'it.todo("c");',
    'test.skipIf(true)("d", () => {});',
    "tester.run(name, rule, { valid: [{ code: 1, only: true }] });",
    "const options = { only: true, of: { code: 1, only: false } }; list.skip(3); RuleTester.itOnly = it.only;",
    'test.skip.each([1])("e", () => {});',
  ].join("\n");
  expect(readSourceText("x.ts", text).focusedAt).toEqual([1, 2, 3, 5, 7]);
});
