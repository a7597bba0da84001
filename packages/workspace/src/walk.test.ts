import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { walk } from "./walk.ts";

function tree(files: Record<string, string>): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-walk-"));
  onTestFinished(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

it("keeps to every .gitignore, each for its own folder", () => {
  const root = tree({
    ".gitignore": "/build\n*.log\nsecret/\n",
    "a.sql": "",
    "a.log": "",
    "build/b.sql": "",
    "sub/build/c.sql": "",
    "sub/.gitignore": "!keep.log\nc.sql\n",
    "sub/keep.log": "",
    "sub/secret/d.sql": "",
    "node_modules/e.sql": "",
    ".git/f.sql": "",
  });
  expect(walk(root).toSorted()).toEqual([".gitignore", "a.sql", "sub/.gitignore", "sub/keep.log"]);
});

it("follows no link, so that a loop ends", () => {
  const root = tree({ "a/b.sql": "" });
  fs.symlinkSync("..", path.join(root, "a/loop"));
  fs.symlinkSync("b.sql", path.join(root, "a/link.sql"));
  expect(walk(root)).toEqual(["a/b.sql"]);
});
