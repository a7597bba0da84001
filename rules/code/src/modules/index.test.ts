import type { ModuleFact } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { MAX_CODE_LENGTH } from "../source.ts";
import { readModule } from "./index.ts";

function read(text: string, path = "src/a.ts"): ModuleFact {
  const fact = readModule({ path, text });
  if (!fact) throw new Error(`${path} is no module`);
  return fact;
}

/** Imports in a line each: `static ./x a,b`, with `type` behind it. */
function imports(text: string, path?: string): string[] {
  return read(text, path).imports.map(({ form, specifier, names, typeOnly }) =>
    [form, specifier, names === "all" ? "*" : names.join(","), ...(typeOnly ? ["type"] : [])].join(" "),
  );
}

/** Exports in a line each: `a`, `a from ./x b`, with `type` behind it. */
function exports(text: string, path?: string): string[] {
  return read(text, path).exports.map(({ name, from, typeOnly }) =>
    [name, ...(from ? [`from ${from.specifier} ${from.name}`] : []), ...(typeOnly ? ["type"] : [])].join(" "),
  );
}

test.each<[string, string[]]>([
  [`import "./x"`, ["static ./x "]],
  [`import a from "./x"`, ["static ./x default"]],
  [`import a, { b as c, b, "d e" as f } from "./x"`, ["static ./x default,b,d e"]],
  [`import * as a from "./x"`, ["static ./x *"]],
  [`import {} from "./x"`, ["static ./x "]],
  [`import type {} from "./x"`, ["static ./x  type"]],
  [`import type A from "./x"`, ["static ./x default type"]],
  [`import { type A, type B } from "./x"`, ["static ./x A,B type"]],
  [`import { a, type B } from "./x"`, ["static ./x a", "static ./x B type"]],
  [`import x from "./x.json" with { type: "json" }`, ["static ./x.json default"]],
  [
    `import("./x"); import(\`./y\`); import(\`./\${z}\`); import(z); import("./" + z)`,
    ["dynamic ./x *", "dynamic ./y *"],
  ],
  [`const { a, b: c } = await import("./x");`, ["dynamic ./x a,b"]],
  [`const { a, ...b } = await import("./x");`, ["dynamic ./x *"]],
  [`const { a } = await import("./x").then((m) => m.b);`, ["dynamic ./x *"]],
  [`const a = (await import("./x")).b;`, ["dynamic ./x b"]],
  [`const a = await import(/* webpackChunkName: "x" */ "./x");`, ["dynamic ./x *"]],
  [`import x = require("./x"); x();`, ["require ./x *"]],
  [`import type x = require("./x");`, ["require ./x * type"]],
  [`import x = A.b;`, []],
  [`type T = import("./x").T;`, ["static ./x * type"]],
  [`new Worker(new URL("./worker.ts", import.meta.url));`, ["dynamic ./worker.ts *"]],
  [`new Worker("./worker.js"); new SharedWorker(\`./s.js\`)`, ["dynamic ./worker.js *", "dynamic ./s.js *"]],
  [`new URL("./data/", import.meta.url); new URL("./x.ts", base); new URL("/x.ts", import.meta.url)`, []],
  [`jest.mock("./x"); vi.mock("./x"); a.require("./x"); // require("./x")`, []],
  [`const s = "import('./x')";`, []],
])("imports of %s", (text, expected) => {
  expect(imports(text)).toEqual(expected);
});

test.each<[string, string[]]>([
  [`const a = require("./x");`, ["require ./x *"]],
  [`const { a, "b": c, d = 1 } = require("./x");`, ["require ./x a,b,d"]],
  [`const { a, ...b } = require("./x");`, ["require ./x *"]],
  [`const { [a]: b } = require("./x");`, ["require ./x *"]],
  [`const a = require("./x").b;`, ["require ./x b"]],
  [`const a = require("./x")["b"];`, ["require ./x b"]],
  [`require("./x")(); require(\`./y\`); require(z)`, ["require ./x *", "require ./y *"]],
  [`fork(require.resolve("./x"));`, ["require ./x *"]],
  [`if (a) return; const b = require("./x");`, ["require ./x *"]],
  [`const await = require("./x"); export_(await)`, ["require ./x *"]],
  [`module.exports = require("./x");`, []],
  [`module.exports = { a: require("./x"), b: require("./y").c };`, []],
])("CommonJS imports of %s", (text, expected) => {
  expect(imports(text, "src/a.js")).toEqual(expected);
});

test.each<[string, string[]]>([
  [
    `export const a = 1, { b, c: [d] } = e; export function f() {} export class G {}`,
    ["a", "b", "d", "f", "G"],
  ],
  [`export default 1;`, ["default"]],
  [`export default function f() {}`, ["default"]],
  [`const a = 1; export { a, a as b, a as default, a as "c d" };`, ["a", "b", "default", "c d"]],
  [
    `export type A = 1; export interface B {} export enum C {} export declare const d: 1;`,
    ["A type", "B type", "C", "d type"],
  ],
  [`export function f(a: 1): void; export function f() {}`, ["f"]],
  [`export interface A {} export const A = 1;`, ["A"]],
  [
    `export { a, b as c, default, default as d } from "./x";`,
    ["a from ./x a", "c from ./x b", "default from ./x default", "d from ./x default"],
  ],
  [
    `export { type A, b } from "./x"; export type { C } from "./y";`,
    ["A from ./x A type", "b from ./x b", "C from ./y C type"],
  ],
  [
    `export * from "./x"; export * from "./y"; export type * from "./z";`,
    ["* from ./x *", "* from ./y *", "* from ./z * type"],
  ],
  [`export * as a from "./x"; export * as default from "./y";`, ["a from ./x *", "default from ./y *"]],
  [`import { a as b, type C } from "./x"; export { b as c, C };`, ["c from ./x a", "C from ./x C type"]],
  [`export { a }; import { a } from "./x";`, ["a from ./x a"]],
  [`import a from "./x"; export default a;`, ["default from ./x default"]],
  [`import * as a from "./x"; export { a };`, ["a from ./x *"]],
  [`export import a = require("./x");`, ["a from ./x *"]],
  [`const a = 1; export = a;`, ["default"]],
])("exports of %s", (text, expected) => {
  expect(exports(text)).toEqual(expected);
});

test.each<[string, string[]]>([
  [`exports.a = 1; module.exports.b = 2; exports["c"] = 3; exports[d] = 4;`, ["a", "b", "c"]],
  [`module.exports = f;`, ["default"]],
  [`exports = module.exports = { a, b: 1, c() {} };`, ["default", "a", "b", "c"]],
  [`module.exports = exports = { a };`, ["default", "a"]],
  [`module.exports = require("./x");`, ["default from ./x default", "* from ./x *"]],
  [
    `module.exports = { ...require("./x"), a: require("./y"), b: require("./z").c };`,
    ["default", "* from ./x *", "a from ./y *", "b from ./z c"],
  ],
  [`exports.a = require("./x").b;`, ["a from ./x b"]],
  [
    `__exportStar(require("./x"), exports); tslib_1.__exportStar(require("./y"), exports);`,
    ["* from ./x *", "* from ./y *"],
  ],
  [`Object.defineProperty(exports, "__esModule", {}); Object.defineProperty(exports, "a", { get });`, ["a"]],
  [`Object.assign(module.exports, { a }, b); Object.assign(exports, require("./x"));`, ["a", "* from ./x *"]],
  [`export const a = 1; module.exports = { b };`, ["a"]],
])("CommonJS exports of %s", (text, expected) => {
  expect(exports(text, "src/a.js")).toEqual(expected);
});

test("a name that is only handed on is no import, one that is used too is both", () => {
  const text = `import a, { b, c } from "./x";\nexport { b, c };\nexport default a;\nb();\n`;
  expect(imports(text)).toEqual(["static ./x b"]);
  expect(exports(text)).toEqual(["b from ./x b", "c from ./x c", "default from ./x default"]);
});

test("regions are of the specifier, in UTF-16 columns", () => {
  const text = `/* é😀 */ import a from "./é😀";\nconst é = "😀"; import("./b"); const c = require("./c");\n`;
  expect(read(text).imports).toMatchObject([
    { specifier: "./é😀", startLine: 1, startColumn: 26, endLine: 1, endColumn: 31 },
    { specifier: "./b", startLine: 2, startColumn: 25, endLine: 2, endColumn: 28 },
    { specifier: "./c", startLine: 2, startColumn: 51, endLine: 2, endColumn: 54 },
  ]);
  expect(read(text)).toMatchObject({ type: "module", path: "", startLine: 1, startColumn: 1 });
});

test("a declaration file has types only", () => {
  expect(imports(`import { a } from "./x";`, "src/a.d.ts")).toEqual(["static ./x a type"]);
  expect(exports(`export const a: 1; export * from "./x";`, "src/a.d.mts")).toEqual([
    "a type",
    "* from ./x * type",
  ]);
});

test("a script without imports and exports is a module, and so is an empty file", () => {
  expect(read(`globalThis.a = 1;`)).toMatchObject({ imports: [], exports: [] });
  expect(read(``)).toMatchObject({ imports: [], exports: [], endColumn: 1 });
});

test.each([
  ["src/a.js", `import "./x"; const a = <b c={1}>x</b>;`],
  ["src/a.tsx", `import "./x"; const a = <b c={1}>x</b>;`],
  ["src/a.ts", `import "./x"; const a = <string>b;`],
  ["src/a.mjs", `#!/usr/bin/env node\nimport "./x";`],
  ["src/a.cts", `import "./x"; const a = 1; const a = 2;`],
])("%s: %s", (path, text) => {
  expect(imports(text, path)).toEqual(["static ./x "]);
});

test.each([
  ["what does not parse", "src/a.ts", `import "./x"; const a = ;`],
  ["Flow", "src/a.js", `// @flow\nimport type { A } from "./x";\nfunction f(a: ?string): {| b: 1 |} {}`],
  ["a Vue component", "src/a.vue", `<script>import "./x"</script>`],
  ["a Svelte component", "src/a.svelte", `<script>import "./x"</script>`],
  ["another language", "src/a.py", `import x`],
  ["a text too long", "src/a.js", `import "./x";`.padEnd(MAX_CODE_LENGTH + 1)],
])("%s is no module", (_, path, text) => {
  expect(readModule({ path, text })).toBeUndefined();
});
