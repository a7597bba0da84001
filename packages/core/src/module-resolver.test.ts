import { expect, test } from "vitest";
import type { PackageFact, TsconfigFact } from "./module-facts.ts";
import { matchSubpath, ModuleResolver } from "./module-resolver.ts";

const AT = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

function packageAt(directory: string, more: Partial<PackageFact> & { name: string }): PackageFact {
  return { type: "package", path: `${directory}/package.json`, ...AT, directory, dependencies: [], ...more };
}

function tsconfigAt(path: string, more: Partial<TsconfigFact> = {}): TsconfigFact {
  const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  return { type: "tsconfig", path, ...AT, directory, extends: [], ...more };
}

interface World {
  files: string[];
  packages?: PackageFact[];
  tsconfigs?: TsconfigFact[];
}

/** The file, "external" or "missing". */
function resolve({ files, packages = [], tsconfigs = [] }: World, from: string, specifier: string): string {
  const resolution = new ModuleResolver({ files: new Set(files), packages, tsconfigs }).resolve(
    from,
    specifier,
  );
  return resolution.kind === "file" ? resolution.path : resolution.kind;
}

test.each<[string, string[], string]>([
  ["./b", ["src/b.ts"], "src/b.ts"],
  ["./b", ["src/b.tsx", "src/b/index.ts"], "src/b.tsx"],
  ["./b", ["src/b/index.js"], "src/b/index.js"],
  ["./b/", ["src/b/index.ts"], "src/b/index.ts"],
  ["./b", ["src/b.json"], "src/b.json"],
  ["./b.json", ["src/b.json"], "src/b.json"],
  ["./b.js", ["src/b.ts"], "src/b.ts"],
  ["./b.js", ["src/b.tsx"], "src/b.tsx"],
  ["./b.js", ["src/b.js", "src/b.d.ts"], "src/b.js"],
  ["./b.jsx", ["src/b.tsx"], "src/b.tsx"],
  ["./b.mjs", ["src/b.mts"], "src/b.mts"],
  ["./b.cjs", ["src/b.cts"], "src/b.cts"],
  ["./b.ts", ["src/b.ts"], "src/b.ts"],
  ["./b.service", ["src/b.service.ts"], "src/b.service.ts"],
  ["./b.js", ["src/b.js.ts"], "src/b.js.ts"],
  ["./b", ["src/b.d.ts"], "src/b.d.ts"],
  ["./b", ["src/b.native.tsx", "src/b.web.tsx"], "src/b.native.tsx"],
  ["./B.vue", ["src/B.vue"], "src/B.vue"],
  ["..", ["index.ts"], "index.ts"],
  [".", ["src/index.ts"], "src/index.ts"],
  ["../lib/b", ["lib/b.ts"], "lib/b.ts"],
  ["./b.svg?url", ["src/b.svg"], "src/b.svg"],
  ["raw-loader!./b.txt", ["src/b.txt"], "src/b.txt"],
  ["./b", [], "missing"],
  ["../../b", ["b.ts"], "missing"],
  ["./b.css", ["src/b.css"], "external"],
  ["./b.module.scss", [], "external"],
  ["/b", ["b.ts"], "external"],
  ["https://example.org/b.js", [], "external"],
  ["node:fs", [], "external"],
  ["react", ["react.ts"], "external"],
  ["@scope/x/y", [], "external"],
])("%s with %j is %s", (specifier, files, expected) => {
  expect(resolve({ files }, "src/a.ts", specifier)).toBe(expected);
});

test("paths of the nearest tsconfig, the longest pattern first", () => {
  const world: World = {
    files: ["web/src/a.ts", "web/src/ui/b.ts", "web/gen/c.ts", "web/one.ts", "lib/d.ts"],
    tsconfigs: [
      tsconfigAt("tsconfig.json", { paths: { "@/*": ["./no/*"], "lib/*": ["./lib/*"] } }),
      tsconfigAt("web/tsconfig.json", {
        paths: {
          "@/*": ["./src/*", "./gen/*"],
          "@/ui/*": ["./src/ui/*"],
          one: ["./one.ts"],
          "*": ["./types/*"],
        },
      }),
    ],
  };
  expect(resolve(world, "web/src/x.ts", "@/a")).toBe("web/src/a.ts");
  expect(resolve(world, "web/src/x.ts", "@/c.js")).toBe("web/gen/c.ts");
  expect(resolve(world, "web/src/x.ts", "@/ui/b")).toBe("web/src/ui/b.ts");
  expect(resolve(world, "web/src/x.ts", "one")).toBe("web/one.ts");
  expect(resolve(world, "web/src/x.ts", "lib/d")).toBe("lib/d.ts");
  expect(resolve(world, "web/src/x.ts", "@/gone")).toBe("missing");
  expect(resolve(world, "web/src/x.ts", "react")).toBe("external");
});

test("extends: relative, of a package of the repository, several, and in a circle", () => {
  const base = { baseUrl: ".", paths: { "~lib/*": ["lib/*"] } };
  const files = ["config/lib/b.ts", "web/lib/b.ts", "web/src/c.ts"];
  const relative = [
    tsconfigAt("config/base.json", base),
    tsconfigAt("web/tsconfig.json", { extends: ["../config/base"] }),
  ];
  expect(resolve({ files, tsconfigs: relative }, "web/a.ts", "~lib/b")).toBe("config/lib/b.ts");
  const named = [
    tsconfigAt("config/base.json", { paths: { "~lib/*": ["${configDir}/lib/*"] } }),
    tsconfigAt("web/tsconfig.json", { extends: ["@repo/config/base.json", "not-installed/tsconfig"] }),
  ];
  const packages = [packageAt("config", { name: "@repo/config" })];
  expect(resolve({ files, tsconfigs: named, packages }, "web/a.ts", "~lib/b")).toBe("web/lib/b.ts");
  const several = [
    tsconfigAt("a.json", { paths: { x: ["./web/lib/b.ts"] } }),
    tsconfigAt("b.json", { paths: { x: ["./web/src/c.ts"] }, extends: ["./b.json", "./web/tsconfig.json"] }),
    tsconfigAt("web/tsconfig.json", { extends: ["../a.json", "../b.json"] }),
  ];
  expect(resolve({ files, tsconfigs: several }, "web/a.ts", "x")).toBe("web/src/c.ts");
});

test("baseUrl, but not for what Node.js has itself", () => {
  const world: World = {
    files: ["src/util.ts", "src/ui/b.ts"],
    tsconfigs: [tsconfigAt("tsconfig.json", { baseUrl: "./src" })],
  };
  expect(resolve(world, "src/ui/a.ts", "ui/b")).toBe("src/ui/b.ts");
  expect(resolve(world, "src/ui/a.ts", "util")).toBe("external");
  expect(resolve(world, "src/ui/a.ts", "lodash")).toBe("external");
});

test("paths of a configuration beside tsconfig.json, and aliases that only the bundler knows", () => {
  const beside = [
    tsconfigAt("web/tsconfig.json"),
    tsconfigAt("web/tsconfig.app.json", { paths: { "#/*": ["./src/*"] } }),
  ];
  expect(resolve({ files: ["web/src/b.ts"], tsconfigs: beside }, "web/src/a.ts", "#/b")).toBe("web/src/b.ts");
  const packages = [packageAt("web", { name: "web" })];
  const files = ["web/src/b.ts", "web/src/lib/c.ts", "web/d.ts"];
  expect(resolve({ files, packages }, "web/src/x/a.ts", "@/b")).toBe("web/src/b.ts");
  expect(resolve({ files, packages }, "web/src/x/a.ts", "~/d")).toBe("web/d.ts");
  expect(resolve({ files, packages }, "web/src/x/a.ts", "$lib/c")).toBe("web/src/lib/c.ts");
  expect(resolve({ files, packages }, "web/src/x/a.ts", "@/gone")).toBe("missing");
});

test.each<[string, Partial<PackageFact>, string, string[], string]>([
  [
    "an entry that is there",
    { entries: { ".": ["./src/main.ts"] } },
    "@r/lib",
    ["lib/src/main.ts"],
    "lib/src/main.ts",
  ],
  [
    "a built entry",
    { entries: { ".": ["./dist/index.js"] } },
    "@r/lib",
    ["lib/src/index.ts"],
    "lib/src/index.ts",
  ],
  [
    "a built declaration",
    { entries: { ".": ["./dist/x.d.ts"] } },
    "@r/lib",
    ["lib/src/x.ts"],
    "lib/src/x.ts",
  ],
  [
    "source and built alike",
    { entries: { ".": ["./dist/src/x.js"] } },
    "@r/lib",
    ["lib/src/x.ts"],
    "lib/src/x.ts",
  ],
  [
    "two kinds of build",
    { entries: { ".": ["./dist/esm/x.mjs"] } },
    "@r/lib",
    ["lib/src/x.ts"],
    "lib/src/x.ts",
  ],
  ["a subpath", { entries: { "./b": ["./dist/b.js"] } }, "@r/lib/b", ["lib/src/b.ts"], "lib/src/b.ts"],
  [
    "a pattern",
    { entries: { "./*": ["./dist/*/index.js"] } },
    "@r/lib/b",
    ["lib/src/b/index.ts"],
    "lib/src/b/index.ts",
  ],
  ["no entries", {}, "@r/lib", ["lib/index.js"], "lib/index.js"],
  ["no entries, in src", {}, "@r/lib", ["lib/src/index.ts"], "lib/src/index.ts"],
  ["a file of it", {}, "@r/lib/src/b", ["lib/src/b.ts"], "lib/src/b.ts"],
  ["a built file of it", {}, "@r/lib/dist/b", ["lib/src/b.ts"], "lib/src/b.ts"],
  ["a short name of it", {}, "@r/lib/b", ["lib/src/b.ts"], "lib/src/b.ts"],
  ["nothing", { entries: { ".": ["./dist/index.js"] } }, "@r/lib/b", [], "missing"],
])("a package of the repository: %s", (_, more, specifier, files, expected) => {
  const packages = [packageAt("lib", { name: "@r/lib", ...more })];
  expect(resolve({ files, packages }, "web/a.ts", specifier)).toBe(expected);
});

test("outDir and rootDir of the package's tsconfig", () => {
  const world: World = {
    files: ["lib/code/b.ts"],
    packages: [packageAt("lib", { name: "lib", entries: { ".": ["./compiled/b.js"] } })],
    tsconfigs: [tsconfigAt("lib/tsconfig.json", { outDir: "./compiled", rootDir: "./code" })],
  };
  expect(resolve(world, "web/a.ts", "lib")).toBe("lib/code/b.ts");
});

test("a package's own name and its private imports", () => {
  const own = packageAt("lib", {
    name: "lib",
    entries: { "./b": ["./src/b.ts"] },
    imports: { "#b": ["./dist/b.js"], "#x/*": ["./src/x/*.ts"], "#other": ["other"], "#react": ["react"] },
  });
  const other = packageAt("other", { name: "other", entries: { ".": ["./index.ts"] } });
  const world: World = {
    files: ["lib/src/b.ts", "lib/src/x/y.ts", "other/index.ts"],
    packages: [own, other],
  };
  expect(resolve(world, "lib/src/a.ts", "lib/b")).toBe("lib/src/b.ts");
  expect(resolve(world, "lib/src/a.ts", "#b")).toBe("lib/src/b.ts");
  expect(resolve(world, "lib/src/a.ts", "#x/y")).toBe("lib/src/x/y.ts");
  expect(resolve(world, "lib/src/a.ts", "#other")).toBe("other/index.ts");
  expect(resolve(world, "lib/src/a.ts", "#x/gone")).toBe("missing");
  expect(resolve(world, "other/index.ts", "#b")).toBe("external");
});

test("an application called as the library it is made with", () => {
  const packages = [packageAt("", { name: "langbase" })];
  expect(resolve({ files: ["src/index.ts"], packages }, "src/a.ts", "langbase")).toBe("external");
});

test("subpath patterns: the longest text before the star", () => {
  const table = {
    "./*": ["./a/*"],
    "./x/*": ["./b/*", "./c/*.js"],
    "./x/*.css": ["./css/*"],
    "./old/": ["./o/"],
  };
  expect(matchSubpath(table, "./x/y")).toEqual(["./b/y", "./c/y.js"]);
  expect(matchSubpath(table, "./y/z")).toEqual(["./a/y/z"]);
  expect(matchSubpath(table, "./old/z.js")).toEqual(["./o/z.js"]);
  expect(matchSubpath(table, "./$&")).toEqual(["./a/$&"]);
  expect(matchSubpath({}, "__proto__")).toEqual([]);
});
