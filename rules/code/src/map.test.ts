import { expect, test } from "vitest";
import pack from "./index.ts";
import { factsOf } from "./testing.ts";

test("annotations and suppressions of ours", () => {
  const text = `/**
 * @yantra-owner payments
 * @yantra-health /healthz checks=db,queue
 */
// eslint-disable-next-line yantra/code/valid-annotation -- it is prose
/* eslint-disable */
// eslint-disable-line no-console
const s = "// @yantra-owner nobody";
`;
  expect(factsOf({ "src/a.ts": text })).toMatchObject([
    {
      type: "annotation",
      name: "owner",
      value: "payments",
      startLine: 2,
      startColumn: 4,
      endLine: 2,
      endColumn: 26,
    },
    { type: "annotation", name: "health", value: "/healthz", options: { checks: "db,queue" }, startLine: 3 },
    {
      type: "healthCheck",
      startLine: 3,
      prefix: "/healthz",
      checks: ["db", "queue"],
      uses: [],
      opaque: false,
    },
    {
      type: "suppression",
      directive: "disable-next-line",
      rules: ["yantra/code/valid-annotation"],
      reason: "it is prose",
    },
  ]);
  expect(factsOf({ "src/a.ts": text })).toHaveLength(4);
});

test("a package", () => {
  const text = `{\n  "author": { "name": "someone" },\n  "name": "@shop/api",\n  "dependencies": { "@shop/db": "1" },\n  "devDependencies": { "x": "1" }\n}\n`;
  expect(factsOf({ "services/api/package.json": text })).toEqual([
    {
      type: "package",
      path: "services/api/package.json",
      startLine: 3,
      startColumn: 12,
      endLine: 3,
      endColumn: 21,
      name: "@shop/api",
      directory: "services/api",
      dependencies: ["@shop/db"],
    },
  ]);
  expect(factsOf({ "package.json": "{}" })).toMatchObject([
    { name: "", directory: "", startLine: 1, startColumn: 1 },
  ]);
  expect(factsOf({ "template/package.json": `{ "name": {{ name }} }` })).toEqual([]);
});

test("a file that does not parse says where", () => {
  const kind = { name: "code", details: {} };
  expect(pack.parse({ path: "src/a.ts", text: "const é = ;\n", kind })).toEqual({
    ok: false,
    problems: [{ message: "Expression expected.", line: 1, column: 11, endLine: 1, endColumn: 11 }],
  });
});

test.each([
  ["src/a.tsx", "export const a = <b>x</b>;"],
  ["src/a.js", "export const a = <b>x</b>;"],
  ["src/a.ts", "export const a = <string>x;"],
  ["src/a.mts", "export const a = <string>x;"],
  ["src/a.cjs", "const a = require('a'); module.exports = a;"],
])("%s: %s", (path, text) => {
  expect(pack.parse({ path, text, kind: { name: "code" } })).toMatchObject({ ok: true });
});

test("Flow is told of once, and nothing is concluded from it", () => {
  const text = `/**\n * @flow\n */\nimport express from "express";\nfunction f(x: ?string): {| a: number |} { return x; }\n`;
  expect(factsOf({ "src/a.js": text })).toMatchObject([
    { type: "notice", id: "flow" },
    { type: "dynamicRoutes" },
  ]);
});

test("a library definition of Flow is told of by its signature, wherever it lies", () => {
  const text = `// flow-typed signature: 0123456789abcdef\n// flow-typed version: 0/http/flow_>=v0.1\ntype Of<T: boolean> = T;\ndeclare function createServer(): Of<true>;\n`;
  expect(factsOf({ "types/http.js": text })).toMatchObject([
    { type: "notice", id: "flow" },
    { type: "dynamicRoutes" },
  ]);
});

test("Flow that the parser can read is read", () => {
  const text = `// @flow\nimport express from "express";\nexpress().get("/a", (q: any, s: any) => s.end());\n`;
  expect(factsOf({ "src/a.js": text })).toMatchObject([{ type: "route", routePath: "/a" }]);
});
