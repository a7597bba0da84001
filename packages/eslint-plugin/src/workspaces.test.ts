import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { packs } from "./packs.ts";
import { Workspaces } from "./workspaces.ts";

/** A folder, and workspaces with a clock that goes on by hand. */
function setUp() {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-workspaces-")));
  onTestFinished(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  fs.mkdirSync(path.join(root, "shop/deploy"), { recursive: true });
  let time = 0;
  const workspaces = new Workspaces(packs, () => time);
  return {
    root,
    rootOf: (file: string) => workspaces.of(path.join(root, file))?.root,
    of: (file: string) => workspaces.of(path.join(root, file)),
    later: () => void (time += 60_000),
    write: (file: string, text: string) => {
      fs.writeFileSync(path.join(root, file), text);
    },
  };
}

it("sees a configuration that comes, and one that goes", () => {
  const { root, rootOf, of, later, write } = setUp();
  const first = of("shop/deploy/a.yaml");
  expect(first?.root).toMatchObject({ directory: path.join(root, "shop/deploy") });
  write("shop/yantra.config.yaml", 'ignore: ["deploy/**"]\n');
  // Not yet: looking for roots at each file would cost a process each.
  expect(of("shop/deploy/b.yaml")).toBe(first);
  later();
  const config = path.join(root, "shop/yantra.config.yaml");
  expect(rootOf("shop/deploy/a.yaml")).toMatchObject({ directory: path.join(root, "shop"), config });
  expect(of("shop/deploy/a.yaml")?.ignores(path.join(root, "shop/deploy/a.yaml"))).toBe(true);
  fs.rmSync(config);
  later();
  expect(rootOf("shop/deploy/a.yaml")).toMatchObject({ directory: path.join(root, "shop/deploy") });
});

it("sees a git work tree that is made", () => {
  const { root, rootOf, later } = setUp();
  expect(rootOf("shop/deploy/a.yaml")).toMatchObject({ directory: path.join(root, "shop/deploy") });
  execFileSync("git", ["init", "--quiet", root]);
  later();
  expect(rootOf("shop/deploy/a.yaml")).toMatchObject({ directory: root, git: root });
});

it("sees a folder that is made", () => {
  const { root, rootOf, later } = setUp();
  expect(rootOf("shop/new/a.yaml")).toBeUndefined();
  fs.mkdirSync(path.join(root, "shop/new"));
  later();
  expect(rootOf("shop/new/a.yaml")).toMatchObject({ directory: path.join(root, "shop/new") });
});

it("keeps a workspace, and what it has read, while its root is the same", () => {
  const { of, later, write } = setUp();
  write("yantra.config.yaml", "preset: strict\n");
  const workspace = of("shop/a.sql");
  later();
  expect(of("shop/a.sql")).toBe(workspace);
  expect(of("shop/deploy/a.yaml")).toBe(workspace);
});

it("passes by a faulty configuration that comes until it is right", () => {
  const { of, later, write } = setUp();
  const before = of("shop/a.sql");
  write("shop/yantra.config.yaml", "preset: rec\n");
  later();
  expect(of("shop/a.sql")).toBe(before);
  write("shop/yantra.config.yaml", "preset: recommended\n");
  later();
  expect(of("shop/a.sql")?.root.config).toBeDefined();
});
