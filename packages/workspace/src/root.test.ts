import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findRoot, relativeTo } from "./root.ts";
import { Tree } from "./tree.ts";

function folder(...names: string[]): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-root-")));
  onTestFinished(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), "");
  }
  return root;
}

it("is the folder of the nearest configuration, else git's top", () => {
  const root = folder("a/b/x.sql", "a/yantra.config.yaml", "c/x.sql");
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  expect(findRoot(path.join(root, "a/b"))).toEqual({
    directory: path.join(root, "a"),
    config: path.join(root, "a/yantra.config.yaml"),
    git: root,
    lone: false,
  });
  expect(findRoot(path.join(root, "c"))).toEqual({ directory: root, git: root, lone: false });
});

it("is the working directory that holds the file, when nothing else says", () => {
  const root = folder("a/x.sql");
  expect(findRoot(path.join(root, "a"), root)).toEqual({ directory: root, lone: false });
});

it("leaves a folder's other files alone when nothing says that a repository begins there", () => {
  const root = folder("a/x.sql", "a/y.sql");
  const found = findRoot(path.join(root, "a"), folder());
  expect(found).toEqual({ directory: path.join(root, "a"), lone: true });
  const tree = new Tree(found.directory, new Map([["x.sql", "SELECT 1"]]), found);
  expect(tree.list()).toEqual(["x.sql"]);
});

it.each([
  ["/r", "/r/a/b.sql", "a/b.sql"],
  ["/r", "/r", ""],
  ["/r", "/rest/b.sql", undefined],
  ["/r", "/r/..b/c.sql", "..b/c.sql"],
  ["/r", "../x", undefined],
])("from %s, %s is %s", (root, file, expected) => {
  expect(relativeTo(root, file)).toBe(expected);
});
