import { expect, test } from "vitest";
import { packageFact } from "./package-json.ts";

function fact(manifest: object): ReturnType<typeof packageFact> {
  return packageFact("packages/a/package.json", JSON.stringify(manifest));
}

test("without entries there are none", () => {
  expect(fact({ name: "a" })).not.toHaveProperty("entries");
  expect(fact({ name: "a" })).not.toHaveProperty("imports");
});

test("main, module, types and browser lead to the package, sources before what is built", () => {
  const manifest = {
    types: "./dist/a.d.ts",
    main: "./dist/a.js",
    module: "./dist/a.mjs",
    browser: { a: false },
  };
  expect(fact(manifest)?.entries).toEqual({ ".": ["./dist/a.mjs", "./dist/a.js", "./dist/a.d.ts"] });
  expect(fact({ main: "./a.js", source: "./src/a.ts" })?.entries).toEqual({ ".": ["./src/a.ts", "./a.js"] });
});

test.each<[string, unknown, Record<string, string[]>]>([
  ["a file", "./a.js", { ".": ["./a.js"] }],
  ["conditions", { import: "./a.mjs", require: "./a.cjs" }, { ".": ["./a.mjs", "./a.cjs"] }],
  [
    "nested conditions and subpaths",
    {
      ".": {
        node: { import: { types: "./a.d.mts", default: "./a.mjs" }, default: "./a.cjs" },
        default: "./a.mjs",
      },
      "./b/*": "./src/b/*.ts",
      "./package.json": "./package.json",
    },
    {
      ".": ["./a.d.mts", "./a.mjs", "./a.cjs"],
      "./b/*": ["./src/b/*.ts"],
      "./package.json": ["./package.json"],
    },
  ],
  ["alternatives", { ".": ["./a.mjs", "./a.js"] }, { ".": ["./a.mjs", "./a.js"] }],
  [
    "a closed subpath",
    { "./*": "./src/*.ts", "./internal/*": null },
    { "./*": ["./src/*.ts"], "./internal/*": [] },
  ],
])("exports: %s", (_, exports, entries) => {
  expect(fact({ exports })?.entries).toEqual(entries);
});

test("exports come before main", () => {
  expect(fact({ main: "./a.js", exports: { ".": "./b.js", "./c": "./c.js" } })?.entries).toEqual({
    ".": ["./b.js", "./a.js"],
    "./c": ["./c.js"],
  });
});

test("imports", () => {
  const imports = {
    "#db": { test: "./src/fake.ts", default: "./src/db.ts" },
    "#lib/*": "./lib/*.ts",
    x: "./no.ts",
  };
  expect(fact({ imports })?.imports).toEqual({
    "#db": ["./src/fake.ts", "./src/db.ts"],
    "#lib/*": ["./lib/*.ts"],
  });
});

test("what is not as it should be is left out", () => {
  expect(fact({ main: 1, exports: null, imports: [1] })).not.toHaveProperty("entries");
  const deep = `{"exports":${'{"a":'.repeat(1000)}"./a.js"${"}".repeat(1000)}}`;
  expect(packageFact("package.json", deep)).not.toHaveProperty("entries");
  expect(packageFact("package.json", `{"exports":{"__proto__":"./a.js"}}`)?.entries).toEqual({
    ".": ["./a.js"],
  });
});
