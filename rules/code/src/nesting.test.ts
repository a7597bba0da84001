import { expect, test } from "vitest";
import { nestsTooDeep } from "./nesting.ts";
import { parseOxc } from "./oxc.ts";

const DEEP = 10_000;

test.each([
  ["(".repeat(DEEP)],
  [`${"[".repeat(DEEP)}${"]".repeat(DEEP)}`],
  [`${"{\n".repeat(DEEP)}${"}\n".repeat(DEEP)}`],
  [`x = ${"`${".repeat(DEEP)}1${"}`".repeat(DEEP)}`],
  [`${"!".repeat(DEEP)}1`],
  [`${"a ? b : ".repeat(DEEP)}1`],
  [`${"f(c) ? b : ".repeat(DEEP)}1`],
  [`${"a => ".repeat(DEEP)}1`],
  [`${"if (a) ".repeat(DEEP)}1`],
  [`${"if (a) {} else ".repeat(DEEP)}1`],
  [`${"new ".repeat(DEEP)}a`],
  [`type T = ${"A<".repeat(DEEP)}B${">".repeat(DEEP)}`],
  [`x = ${"<a>".repeat(DEEP)}${"</a>".repeat(DEEP)}`],
])("%.20s… is not handed to the parser", (text) => {
  expect(nestsTooDeep(text)).toBe(true);
  expect(parseOxc("src/a.tsx", text)).toBeUndefined();
});

test.each([
  [`${"(".repeat(400)}1${")".repeat(400)}`],
  ["f(a[0]);\n".repeat(DEEP)],
  [`const a = "${"+/=".repeat(DEEP)}";`],
  [`const a = [${"1 + 2, ".repeat(DEEP)}];`],
  ["a = b + c; ".repeat(DEEP)],
  [`const a =\n${"  b +\n".repeat(3000)}  c;`],
])("%.20s… is", (text) => {
  expect(nestsTooDeep(text)).toBe(false);
  expect(parseOxc("src/a.ts", text)?.errors).toEqual([]);
});
