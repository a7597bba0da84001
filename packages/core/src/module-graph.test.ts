import { expect, test } from "vitest";
import type { ModuleExport, ModuleFact, ModuleImport, PackageFact, TsconfigFact } from "./module-facts.ts";
import { ModuleGraph } from "./module-graph.ts";

const AT = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

/** `./x a b`, `./x *`, `./x` (for its effects); `type`, `import()` or `require` before it. */
function importOf(text: string): ModuleImport {
  const [, form, specifier = "", names = ""] = /^(type |import\(\) |require )?(\S+) ?(.*)$/.exec(text) ?? [];
  return {
    ...AT,
    specifier,
    form: form === "import() " ? "dynamic" : form === "require " ? "require" : "static",
    typeOnly: form === "type ",
    names: names === "*" ? "all" : names.split(" ").filter(Boolean),
  };
}

/** `a`, `a from ./x b`, `type a`. */
function exportOf(text: string): ModuleExport {
  const [, type, name = "", specifier, there] = /^(type )?(\S+)(?: from (\S+) (\S+))?$/.exec(text) ?? [];
  return {
    name,
    typeOnly: type !== undefined,
    ...(specifier !== undefined && there !== undefined ? { from: { specifier, name: there } } : {}),
  };
}

type Parts = Record<string, { imports?: string[]; exports?: string[] }>;

function graph(
  parts: Parts,
  others: { packages?: PackageFact[]; tsconfigs?: TsconfigFact[]; files?: string[] } = {},
): ModuleGraph {
  const modules = Object.entries(parts).map(([path, { imports = [], exports = [] }]): ModuleFact => ({
    type: "module",
    path,
    ...AT,
    imports: imports.map(importOf),
    exports: exports.map(exportOf),
  }));
  return new ModuleGraph({ packages: [], tsconfigs: [], files: [], ...others, modules });
}

test("an edge goes from who imports to what is imported, once", () => {
  const g = graph({
    "a.ts": { imports: ["./b x", "import() ./b *", "./c"], exports: ["y from ./d y"] },
    "b.ts": {},
    "c.ts": {},
    "d.ts": {},
  });
  expect(g.imports("a.ts")).toEqual(["b.ts", "c.ts", "d.ts"]);
  expect(g.imports("b.ts")).toEqual([]);
  expect(g.imports("no.ts")).toEqual([]);
});

test("dependents, with circles and a percentile", () => {
  const g = graph({
    "a.ts": { imports: ["./b x"] },
    "b.ts": { imports: ["./c x"], exports: ["x"] },
    "c.ts": { imports: ["./b x", "./d x"], exports: ["x"] },
    "d.ts": { imports: ["./d x"], exports: ["x"] },
  });
  expect(g.dependents("a.ts")).toEqual({ direct: 0, transitive: 0, percentile: 0 });
  expect(g.dependents("b.ts")).toEqual({ direct: 2, transitive: 2, percentile: 0.25 });
  expect(g.dependents("c.ts")).toEqual({ direct: 1, transitive: 2, percentile: 0.25 });
  expect(g.dependents("d.ts")).toEqual({ direct: 1, transitive: 3, percentile: 0.75 });
  expect(g.dependents("no.ts")).toEqual({ direct: 0, transitive: 0, percentile: 0 });
  expect([...g.closure("d.ts")].sort()).toEqual(["a.ts", "b.ts", "c.ts", "d.ts"]);
  expect([...g.closure("no.ts")]).toEqual(["no.ts"]);
});

test("types are left out: those that say so, and names that are types where they are declared", () => {
  const g = graph({
    "a.ts": { imports: ["type ./b x"] },
    "c.ts": { imports: ["./barrel T U"] },
    "d.ts": { imports: ["./barrel T x"] },
    "barrel.ts": { exports: ["* from ./b *", "U from ./b T"] },
    "b.ts": { exports: ["x", "type T"] },
    "e.ts": { exports: ["type x from ./b x", "T from ./b T"] },
  });
  expect(g.dependents("b.ts")).toMatchObject({ direct: 1, transitive: 2 });
  expect([...g.closure("b.ts")].sort()).toEqual(["b.ts", "barrel.ts", "d.ts"]);
  expect(g.importersOf("b.ts", ["T"])).toEqual([]);
  expect(g.importersOf("b.ts", ["T", "x"])).toEqual(["d.ts"]);
});

test("importers of names, through barrels and new names", () => {
  const g = graph({
    "lib.ts": { exports: ["a", "b", "default"] },
    "star.ts": { exports: ["* from ./lib *"] },
    "named.ts": { exports: ["z from ./star a", "d from ./lib default"] },
    "space.ts": { exports: ["ns from ./lib *"] },
    "uses-a.ts": { imports: ["./star a"] },
    "uses-b.ts": { imports: ["./star b"] },
    "uses-z.ts": { imports: ["./named z"] },
    "uses-d.ts": { imports: ["./named d"] },
    "uses-ns.ts": { imports: ["./space ns"] },
    "uses-all.ts": { imports: ["./lib *"] },
    "lazy.ts": { imports: ["import() ./star *"] },
    "effect.ts": { imports: ["./lib"] },
    "both.ts": { imports: ["./lib a"], exports: ["a from ./lib a"] },
  });
  const everyone = ["lazy.ts", "uses-all.ts", "uses-ns.ts"];
  expect(g.importersOf("lib.ts", ["a"])).toEqual([...everyone, "both.ts", "uses-a.ts", "uses-z.ts"].sort());
  expect(g.importersOf("lib.ts", ["b"])).toEqual([...everyone, "uses-b.ts"].sort());
  // `export *` leaves the default out.
  expect(g.importersOf("lib.ts", ["default"])).toEqual(["uses-all.ts", "uses-d.ts", "uses-ns.ts"]);
  expect(g.importersOf("lib.ts", ["no"])).toEqual(everyone);
  expect(g.importersOf("lib.ts", "all")).toEqual(
    [...everyone, "both.ts", "effect.ts", "uses-a.ts", "uses-b.ts", "uses-d.ts", "uses-z.ts"].sort(),
  );
  expect(g.importersOf("lib.ts", [])).toEqual([]);
});

test("all of a module does not mean all of the barrel it is in", () => {
  const g = graph({
    "a.ts": { exports: ["a"] },
    "b.ts": { exports: ["b"] },
    "index.ts": { exports: ["* from ./a *", "* from ./b *"] },
    "uses-a.ts": { imports: ["./index a"] },
    "uses-b.ts": { imports: ["./index b"] },
  });
  expect(g.importersOf("a.ts", "all")).toEqual(["uses-a.ts"]);
});

test("circles of barrels end", () => {
  const g = graph({
    "a.ts": { exports: ["* from ./b *", "x"] },
    "b.ts": { exports: ["* from ./a *"] },
    "c.ts": { imports: ["./b x y"] },
  });
  expect(g.importersOf("a.ts", "all")).toEqual(["c.ts"]);
  expect(g.importersOf("a.ts", ["x"])).toEqual(["c.ts"]);
});

test("barrels that all hand on each other", () => {
  const names = Array.from({ length: 30 }, (_, at) => `b${String(at)}`);
  const parts: Parts = { "user.ts": { imports: ["./b0 b29"] } };
  for (const name of names)
    parts[`${name}.ts`] = { exports: [name, ...names.map((other) => `* from ./${other} *`)] };
  expect(graph(parts).importersOf("b29.ts", "all")).toEqual(["user.ts"]);
});

test("what looks like the repository's own and leads nowhere is told", () => {
  const g = graph({
    "a.ts": {
      imports: ["./gone x", "react x", "node:fs x", "./a.css", "../../up x"],
      exports: ["y from ./away y"],
    },
  });
  expect(g.unresolved).toEqual([
    { path: "a.ts", specifier: "./gone" },
    { path: "a.ts", specifier: "../../up" },
    { path: "a.ts", specifier: "./away" },
  ]);
});

test("a long chain and a large graph", () => {
  const size = 10_000;
  const parts: Parts = {};
  for (let at = 0; at < size; at += 1)
    parts[`m${String(at)}.ts`] = { imports: at === 0 ? [] : [`./m${String(at - 1)} x`], exports: ["x"] };
  const g = graph(parts);
  expect(g.dependents("m0.ts")).toEqual({ direct: 1, transitive: size - 1, percentile: (size - 1) / size });
  expect(g.dependents(`m${String(size / 2)}.ts`)).toMatchObject({
    transitive: size / 2 - 1,
    percentile: 0.4999,
  });
  expect(g.closure("m0.ts").size).toBe(size);
});
