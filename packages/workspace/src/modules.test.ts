import { type AnyPack, definePack, FactIndex, type ModuleFact } from "@yantra-lint/core";
import { expect, it } from "vitest";
import { reachableModules } from "./modules.ts";
import { Tree } from "./tree.ts";

const START = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/** Modules whose lines are the specifiers they import. */
function linePack(read: string[]): AnyPack {
  return definePack({
    name: "lines",
    candidates: { extensions: [".ts"], names: [] },
    recognise: () => undefined,
    languageName: "js/js",
    parse: () => ({ ok: false, problems: [] }),
    map: () => [],
    readModule({ path, text }): ModuleFact {
      read.push(path);
      const imports = text
        .split("\n")
        .filter((line) => line !== "")
        .map((specifier) => ({
          ...START,
          specifier,
          form: "static" as const,
          typeOnly: false,
          names: ["a"],
        }));
      return { type: "module", path: "", ...START, imports, exports: [] };
    },
    rules: {},
    workspaceRules: {},
    pages: import.meta.url,
  });
}

it("reads what the entries lead to, each file once, and nothing else", () => {
  const files = {
    "a.ts": "./b\n./c\npackage",
    "b.ts": "./c\n./a\n./ignored/d",
    "c.ts": "./gone",
    "ignored/d.ts": "./e",
    "ignored/e.ts": "",
    "other.ts": "./a",
  };
  const read: string[] = [];
  const tree = new Tree("/nowhere", new Map(Object.entries(files)), { lone: true });
  const modules = reachableModules(() => tree, {
    packs: [linePack(read)],
    ignore: ["ignored/**"],
    toolVersion: "test",
  });
  const facts = new FactIndex([]);

  const graph = modules(facts, ["a.ts", "absent.ts"]);
  expect(read).toEqual(["a.ts", "b.ts", "c.ts"]);
  expect(graph.imports("a.ts")).toEqual(["b.ts", "c.ts"]);
  expect(graph.module("other.ts")).toBeUndefined();
  expect(graph.module("a.ts")?.imports).toHaveLength(3);
  expect(graph.unresolved).toEqual([{ path: "c.ts", specifier: "./gone" }]);

  expect(modules(facts, ["other.ts"]).imports("other.ts")).toEqual(["a.ts"]);
  expect(read).toEqual(["a.ts", "b.ts", "c.ts", "other.ts"]);
});

it("asks for no file list before somebody asks for a module", () => {
  reachableModules(() => expect.fail("no tree is needed yet"), {
    packs: [],
    ignore: [],
    toolVersion: "test",
  });
});
