import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findBase } from "./base.ts";
import { readChange } from "./change.ts";
import { readHistory } from "./history.ts";
import { isCi } from "./ci.ts";
import { readProvenance, treeOf } from "./provenance.ts";

interface Who {
  name: string;
  email: string;
}
const ADA: Who = { name: "Ada", email: "ada@example.com" };
const BOB: Who = { name: "Bob", email: "bob@example.com" };

/** A repository whose main has one commit; `git` runs in it. */
function repository() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-git-"));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const git = (args: string[], who: Who = ADA): string =>
    execFileSync("git", ["-c", `user.name=${who.name}`, "-c", `user.email=${who.email}`, ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: Object.fromEntries(inherited),
    }).trim();
  const commit = (files: Record<string, string>, message = "x", who: Who = ADA): string => {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), text);
    }
    git(["add", "--all"]);
    git(["commit", "--quiet", "--allow-empty", `--message=${message}`], who);
    return git(["rev-parse", "HEAD"]);
  };
  git(["init", "--quiet", "--initial-branch=main"]);
  commit({ "a.txt": "one\ntwo\nthree\n", "dir/b.txt": "b\n" }, "Begin", BOB);
  return { root, git, commit };
}

const TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

describe("readChange", () => {
  it("tells additions, edits, deletions, renames, links, modes and what git does not know", () => {
    const { root, git, commit } = repository();
    commit({ "move.txt": TEN, "run.sh": "echo\n" });
    git(["checkout", "--quiet", "-b", "change"]);
    git(["mv", "move.txt", "moved.txt"]);
    git(["rm", "--quiet", "dir/b.txt"]);
    fs.chmodSync(path.join(root, "run.sh"), 0o755);
    fs.symlinkSync("a.txt", path.join(root, "link"));
    commit({ "a.txt": "one\n", "new \n.txt": "n\n", "moved.txt": `${TEN}11\n` });
    fs.writeFileSync(path.join(root, "loose.txt"), "l\n");
    const base = findBase(root, "main", {});
    const { files, before } = readChange(root, base ?? { commit: "", how: "" });
    const plain = { untracked: false, modeChanged: false };
    expect(files).toEqual([
      { ...plain, path: "a.txt", status: "modified", before: "one\ntwo\nthree\n" },
      { ...plain, path: "dir/b.txt", status: "deleted", before: "b\n" },
      { ...plain, path: "link", status: "added", special: "link" },
      { ...plain, path: "loose.txt", status: "added", untracked: true },
      { ...plain, path: "moved.txt", previousPath: "move.txt", status: "renamed", before: TEN },
      { ...plain, path: "new \n.txt", status: "added" },
      { ...plain, path: "run.sh", status: "modified", modeChanged: true, before: "echo\n" },
    ]);
    expect([before.get("moved.txt"), before.get("move.txt"), before.get("loose.txt")]).toEqual([
      null,
      TEN,
      null,
    ]);
  });
});

describe("readHistory", () => {
  it("counts commits, authors, fixes and reverts before the base", () => {
    const { root, git, commit } = repository();
    commit({ "a.txt": "2\n" }, "Fix the total");
    commit({ "a.txt": "3\n" }, 'Revert "Fix the total"', BOB);
    commit({ "a.txt": "4\n" }, "Prefix the total");
    git(["checkout", "--quiet", "-b", "change"]);
    commit({ "a.txt": "5\n" }, "fix: again");
    const base = findBase(root, "main", {}) ?? { commit: "", how: "" };
    const known = readHistory(
      root,
      base,
      new Set(["a.txt", "dir/b.txt", "none"]),
      new Set(["ada@example.com"]),
    );
    expect([...known]).toEqual([
      ["a.txt", { commits: 4, authors: 2, ageDays: 0, fixes: 1, reverts: 1, known: true }],
      ["dir/b.txt", { commits: 1, authors: 1, ageDays: 0, fixes: 0, reverts: 0, known: false }],
    ]);
  });
});

describe("readProvenance", () => {
  it("names trees, authors, co-authors, and what is not committed", () => {
    const { root, git, commit } = repository();
    git(["checkout", "--quiet", "-b", "change"]);
    const head = commit({ "c.txt": "c\n" }, "Add c\n\nCo-authored-by: Cay <cay@example.com>");
    fs.writeFileSync(path.join(root, "a.txt"), "changed\n");
    fs.writeFileSync(path.join(root, "loose.txt"), "l\n");
    const base = findBase(root, "main", {}) ?? { commit: "", how: "" };
    const { files } = readChange(root, base);
    const { base: from, head: to, authors } = readProvenance(root, base, files, {});
    expect(from).toEqual({ commit: base.commit, tree: treeOf(root, "main") });
    expect(to).toEqual({
      commit: head,
      tree: treeOf(root, "change"),
      uncommitted: ["a.txt", "loose.txt"],
      reviewed: [head],
    });
    expect(authors).toEqual(["Ada", "Cay", "ada@example.com", "cay@example.com"]);
    expect(readProvenance(root, base, files, { CI: "true" }).head.uncommitted).toEqual(["a.txt"]);
  });

  it("is not led astray by a .mailmap of the change", () => {
    const { root, git, commit } = repository();
    git(["checkout", "--quiet", "-b", "change"]);
    commit({ ".mailmap": "Bob <bob@example.com> <ada@example.com>\n" });
    const base = findBase(root, "main", {});
    expect(readProvenance(root, base, [], {}).authors).toEqual(["Ada", "ada@example.com"]);
  });

  it("takes a review of a branch for one of its merge, unless the merge holds more", () => {
    const { root, git, commit } = repository();
    git(["checkout", "--quiet", "-b", "change"]);
    const branch = commit({ "c.txt": "c\n" });
    git(["checkout", "--quiet", "main"]);
    commit({ "dir/b.txt": "new\n" });
    git(["merge", "--quiet", "--no-edit", "change"]);
    const merge = git(["rev-parse", "HEAD"]);
    const base = { commit: git(["rev-parse", "HEAD^1"]), how: "" };
    const reviewed = (from: typeof base) => readProvenance(root, from, [], {}).head.reviewed;
    expect(reviewed(base)).toEqual([merge, branch]);
    // Its first parent is not on the base: what that brings along nobody reviewed.
    expect(reviewed({ commit: git(["rev-parse", "HEAD^1^1"]), how: "" })).toEqual([merge]);
    fs.writeFileSync(path.join(root, "c.txt"), "evil\n");
    git(["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    expect(reviewed(base)).toEqual([git(["rev-parse", "HEAD"])]);
  });

  it("leaves GitHub's own committer out, and adds who opened the pull request", () => {
    const { root, git, commit } = repository();
    git(["checkout", "--quiet", "-b", "change"]);
    commit({ "c.txt": "c\n" }, "Add c", { name: "GitHub", email: "noreply@github.com" });
    git(["commit", "--quiet", "--amend", "--no-edit", "--author=Ada <ada@example.com>"], {
      name: "GitHub",
      email: "noreply@github.com",
    });
    const event = path.join(root, "..", `${path.basename(root)}.json`);
    fs.writeFileSync(
      event,
      JSON.stringify({
        pull_request: { user: { login: "ada-l" } },
        commits: [{ author: { username: "mevil42" }, committer: { username: "web-flow" } }, null],
      }),
    );
    const base = findBase(root, "main", {});
    expect(readProvenance(root, base, [], { GITHUB_EVENT_PATH: event }).authors).toEqual([
      "Ada",
      "ada-l",
      "ada@example.com",
      "mevil42",
    ]);
  });
});

describe("isCi", () => {
  it.each([
    [{}, false],
    [{ CI: "" }, false],
    [{ CI: "false" }, false],
    [{ CI: "true" }, true],
    [{ CI: "1" }, true],
    [{ TF_BUILD: "True" }, true],
  ])("%j: %s", (env, expected) => {
    expect(isCi(env)).toBe(expected);
  });
});
