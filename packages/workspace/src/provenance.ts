import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Base } from "./base.ts";
import type { ChangedPath } from "./change.ts";
import { isCi } from "./ci.ts";
import { childProcess } from "./child-process.ts";
import { git } from "./git.ts";

/** Which commits and trees a report speaks of, and who wrote what lies between them. */
export interface Provenance {
  base?: { commit: string; tree: string };
  head: {
    commit?: string;
    tree?: string;
    uncommitted: string[];
    reviewed: string[];
  };
  /** Names and e-mail addresses, as git has them; sorted, each once. */
  authors: string[];
}

/** The committer of what GitHub's own interface commits. */
const FORGE = "noreply@github.com";

/**
 * Reads it from git. `uncommitted` names changed files that stand in no commit. Untracked files count only where a
 * person works: in CI they are what earlier steps made.
 */
export function readProvenance(
  root: string,
  base: Base | undefined,
  files: readonly ChangedPath[],
  env: Readonly<Record<string, string | undefined>>,
): Provenance {
  const commit = git(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?.trim();
  const tree = treeOf(root, "HEAD");
  const baseTree = base && treeOf(root, base.commit);
  return {
    ...(base && baseTree !== undefined ? { base: { commit: base.commit, tree: baseTree } } : {}),
    head: {
      ...(commit === undefined ? {} : { commit }),
      ...(tree === undefined ? {} : { tree }),
      uncommitted: uncommitted(root, files, isCi(env)),
      reviewed: commit === undefined ? [] : [commit, ...mergedBranch(root, base)],
    },
    authors: authorsOf(root, base, env),
  };
}

/** The id of a revision's tree; undefined when there is no such revision here. */
export function treeOf(root: string, revision: string): string | undefined {
  return git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{tree}`])?.trim();
}

function uncommitted(root: string, files: readonly ChangedPath[], ci: boolean): string[] {
  const changed = (
    git(root, [
      "diff",
      "--name-only",
      "-z",
      "--no-renames",
      "--ignore-submodules=none",
      "--relative",
      "HEAD",
    ]) ?? ""
  ).split("\0");
  const untracked = ci ? [] : files.filter((file) => file.untracked).map((file) => file.path);
  return [...new Set([...changed, ...untracked])].filter((name) => name !== "").sort();
}

/**
 * The branch of a merge commit that holds nothing but the merge, as a forge makes it for a pull request: merging its
 * parents anew (git 2.38) gives the same tree, and its first parent is the base or older. A review of the branch
 * is then a review of the merge. (A first parent beyond the base would bring along what nobody reviewed.)
 */
function mergedBranch(root: string, base: Base | undefined): string[] {
  const [, first, branch, ...more] = (git(root, ["rev-list", "--parents", "--max-count=1", "HEAD"]) ?? "")
    .trim()
    .split(" ");
  if (!base || first === undefined || branch === undefined || more.length > 0) return [];
  if (git(root, ["merge-base", "--is-ancestor", first, base.commit]) === undefined) return [];
  return mergeTree(root, first, branch) === treeOf(root, "HEAD") ? [branch] : [];
}

/** The tree that merging two commits gives; undefined when they conflict. Its objects are written to a folder of their own, which is deleted. */
export function mergeTree(root: string, first: string, second: string): string | undefined {
  const objects = git(root, ["rev-parse", "--path-format=absolute", "--git-path", "objects"])?.trim();
  if (objects === undefined) return undefined;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-merge-"));
  try {
    return childProcess()
      .execFileSync("git", ["merge-tree", "--write-tree", first, second], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, GIT_OBJECT_DIRECTORY: scratch, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects },
      })
      .trim();
  } catch {
    return undefined;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function authorsOf(
  root: string,
  base: Base | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const log = git(root, [
    "log",
    "-z",
    // Not %aN and %aE: those obey .mailmap, which the change may edit.
    "--format=%an%n%ae%n%cn%n%ce%n%(trailers:key=Co-authored-by,valueonly)",
    base ? `${base.commit}..HEAD` : "HEAD",
    "--",
  ]);
  const names = new Set<string>();
  for (const commit of (log ?? "").split("\0")) {
    const [author = "", authorMail = "", committer = "", committerMail = "", ...trailers] =
      commit.split("\n");
    const people: [string, string][] = [[author, authorMail]];
    if (committerMail !== FORGE) people.push([committer, committerMail]);
    for (const trailer of trailers) {
      const match = /^(.*?)\s*<([^<>]*)>\s*$/.exec(trailer);
      if (match) people.push([match[1] ?? "", match[2] ?? ""]);
    }
    for (const name of people.flat()) if (name !== "") names.add(name);
  }
  for (const login of eventAuthors(env)) names.add(login);
  return [...names].sort();
}

/** Logins that GitHub's event knows: of who opened the pull request, or wrote and pushed the commits. */
function eventAuthors(env: Readonly<Record<string, string | undefined>>): string[] {
  const file = env["GITHUB_EVENT_PATH"];
  if (file === undefined) return [];
  try {
    const event: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
    const commits = at(event, "commits");
    return [
      at(event, "pull_request", "user", "login"),
      ...(Array.isArray(commits) ? commits : []).flatMap((commit: unknown) => [
        at(commit, "author", "username"),
        at(commit, "committer", "username"),
      ]),
    ].filter((login): login is string => typeof login === "string" && login !== "" && login !== "web-flow");
  } catch {
    return [];
  }
}

/** A value deep in JSON; undefined where there is none. */
function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
