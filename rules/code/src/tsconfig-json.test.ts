import { expect, test } from "vitest";
import { factsOf, kindOf } from "./testing.ts";

test.each<[string, string, string | undefined]>([
  ["tsconfig.json", "{}", "tsconfig"],
  ["web/tsconfig.app.json", "{}", "tsconfig"],
  ["jsconfig.json", "{}", "tsconfig"],
  ["packages/config/base.json", `{ "compilerOptions": {} }`, "tsconfig"],
  ["test/tsconfig.json", "{}", "tsconfig"],
  ["src/data.json", `{ "a": 1 }`, undefined],
  ["node_modules/a/tsconfig.json", "{}", undefined],
])("%s %s is %s", (path, text, name) => {
  expect(kindOf(path, { [path]: text })?.name).toBe(name);
  if (name !== undefined) expect(kindOf(path, { [path]: text })?.factsOnly).toBe(true);
});

test("comments and trailing commas", () => {
  const text = `{
  // the base
  "extends": "../tsconfig.base.json",
  "compilerOptions": {
    "baseUrl": ".", /* here */
    "paths": { "@/*": ["./src/*", "./gen/*",], "x": "no list" },
    "outDir": "dist", "rootDir": "src", "strict": true,
  },
}
`;
  expect(factsOf({ "web/tsconfig.json": text })).toEqual([
    {
      type: "tsconfig",
      path: "web/tsconfig.json",
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 2,
      directory: "web",
      extends: ["../tsconfig.base.json"],
      baseUrl: ".",
      paths: { "@/*": ["./src/*", "./gen/*"], x: [] },
      outDir: "dist",
      rootDir: "src",
    },
  ]);
});

test("several bases", () => {
  expect(factsOf({ "tsconfig.json": `{ "extends": ["./a.json", 1, "@repo/b"] }` })).toMatchObject([
    { directory: "", extends: ["./a.json", "@repo/b"] },
  ]);
});

test.each(["", "[]", "1", `"x"`, "[".repeat(100_000)])("%.10s says nothing", (text) => {
  expect(factsOf({ "tsconfig.json": text })).toEqual([]);
});
