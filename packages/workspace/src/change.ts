import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { MAX_FILE_BYTES } from "./discover.ts";
import { git } from "./git.ts";
import { decode, type Overlay } from "./tree.ts";

/** The base cannot be had; the message says why and which command brings it. */
export class BaseError extends Error {
  override name = "UsageError";
}

/** The revision a change is judged against. */
export interface Base {
  /** The commit the change began at: the merge base with what was asked for. */
  commit: string;
  /** What it was found by, for people: `--base main`, `GITHUB_BASE_REF`. */
  how: string;
}

/** Where each CI system says which branch or commit a change goes to, in the order they are asked. */
const VARIABLES: readonly { name: string; kind: "branch" | "commit" }[] = [
  // https://docs.github.com/actions/reference/workflows-and-actions/variables: set on pull requests only
  { name: "GITHUB_BASE_REF", kind: "branch" },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  { name: "CI_MERGE_REQUEST_DIFF_BASE_SHA", kind: "commit" },
  { name: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", kind: "branch" },
  // https://learn.microsoft.com/azure/devops/pipelines/build/variables: refs/heads/main
  { name: "SYSTEM_PULLREQUEST_TARGETBRANCH", kind: "branch" },
  // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
  { name: "BITBUCKET_PR_DESTINATION_COMMIT", kind: "commit" },
  { name: "BITBUCKET_PR_DESTINATION_BRANCH", kind: "branch" },
  // https://www.jenkins.io/doc/book/pipeline/multibranch/
  { name: "CHANGE_TARGET", kind: "branch" },
];

/**
 * The base of a change: of `asked` (a revision), else the target branch that CI names, else the default branch; on
 * the default branch itself, the commit before the push. Undefined when there is nothing to compare with: no git, no commit yet, no default branch.
 * @throws BaseError when a base is named and cannot be had
 */
export function findBase(
  root: string,
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Base | undefined {
  if (asked?.startsWith("-")) throw new BaseError(`${asked} is no revision: it begins with a dash.`);
  if (asked !== undefined) return mergeBase(root, [asked], `--base ${asked}`);
  if (git(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]) === undefined) return undefined;
  for (const { name, kind } of VARIABLES) {
    const value = env[name];
    if (value === undefined || value === "") continue;
    if (value.startsWith("-")) throw new BaseError(`${name} is ${value}, which is no revision.`);
    const branch = value.replace(/^refs\/heads\//, "");
    return mergeBase(root, kind === "commit" ? [value] : [`origin/${branch}`, branch], `${name}=${value}`);
  }
  const branch = defaultBranch(root);
  const pushed = pushedFrom(env);
  // A push to the default branch is judged by itself; one to another branch is a part of that branch's change.
  const onDefault = branch === undefined || branch.commit === commitOf(root, "HEAD");
  return pushed && onDefault ? mergeBase(root, [pushed.commit], pushed.how) : branch;
}

/** The commit before a push, as GitHub's event or GitLab's variable names it; zeros stand for a new branch. */
function pushedFrom(env: Readonly<Record<string, string | undefined>>): Base | undefined {
  const gitlab = env["CI_COMMIT_BEFORE_SHA"];
  if (isCommit(gitlab)) return { commit: gitlab, how: "CI_COMMIT_BEFORE_SHA" };
  const file = env["GITHUB_EVENT_PATH"];
  if (env["GITHUB_EVENT_NAME"] !== "push" || file === undefined) return undefined;
  try {
    const { before } = JSON.parse(fs.readFileSync(file, "utf8")) as { before?: unknown };
    return isCommit(before) ? { commit: before, how: "the push event's `before`" } : undefined;
  } catch {
    return undefined;
  }
}

function isCommit(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value);
}

function defaultBranch(root: string): Base | undefined {
  const head = git(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"])?.trim();
  const candidates = [
    ...(head === undefined ? [] : [head]),
    "origin/main",
    "origin/master",
    "main",
    "master",
  ];
  const branch = candidates.find((name) => commitOf(root, name) !== undefined);
  return branch === undefined ? undefined : mergeBase(root, [branch], `the default branch, ${branch}`);
}

function commitOf(root: string, revision: string): string | undefined {
  return git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])?.trim();
}

function mergeBase(root: string, revisions: readonly string[], how: string): Base {
  const commits = revisions
    .map((revision) => commitOf(root, revision))
    .filter((commit) => commit !== undefined);
  const [commit] = commits;
  if (commit === undefined)
    throw new BaseError(`${how}: there is no such commit here.${howToFetch(root, revisions)}`);
  const base = git(root, ["merge-base", commit, "HEAD"])?.trim();
  if (base === undefined) {
    throw new BaseError(`${how}: it shares no commit with HEAD here.${howToFetch(root, revisions)}`);
  }
  return { commit: base, how };
}

function howToFetch(root: string, revisions: readonly string[]): string {
  const shallow = git(root, ["rev-parse", "--is-shallow-repository"])?.trim() === "true";
  if (shallow) return " This clone is shallow: fetch the history with `git fetch --unshallow origin`.";
  const name = revisions.at(-1) ?? "";
  return ` Fetch it with \`git fetch origin ${name}\`.`;
}

/** What differs between the base and the work tree, uncommitted work included. */
export interface Change {
  /** Paths that were added, changed or deleted, relative to the root, sorted. */
  paths: string[];
  /** The changed files as they were at the base; with it, a Tree shows the base. */
  before: Overlay;
}

interface Entry {
  path: string;
  blob: string | undefined;
}

/**
 * Reads the change from git's objects. A file that was too large to be parsed counts as absent before, as it gave
 * nothing. @throws BaseError when git cannot tell: what is not known to be old must not pass for it
 */
export function readChange(root: string, base: Base): Change {
  const entries = [...diff(root, base), ...untracked(root)];
  const texts = readBlobs(root, entries);
  const before = new Map<string, string | null>();
  for (const { path, blob } of entries) {
    before.set(path, blob === undefined ? null : (texts.get(blob) ?? null));
  }
  return { paths: entries.map(({ path }) => path).sort(), before };
}

/** `git diff --raw`: `:oldmode newmode oldblob newblob status`, NUL, path, NUL. Links and submodules are no files. */
function diff(root: string, base: Base): Entry[] {
  const answer = git(root, [
    "diff",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--relative",
    base.commit,
  ]);
  if (answer === undefined) throw new BaseError("git diff failed, so the base cannot be read.");
  const parts = answer.split("\0");
  const entries: Entry[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [oldMode = "", , blob] = (parts[index] ?? "").slice(1).split(" ");
    entries.push({ path: parts[index + 1] ?? "", blob: oldMode.startsWith("100") ? blob : undefined });
  }
  return entries;
}

function untracked(root: string): Entry[] {
  const answer = git(root, ["ls-files", "-z", "--others", "--exclude-standard"]);
  if (answer === undefined) throw new BaseError("git ls-files failed, so the change cannot be read.");
  return answer
    .split("\0")
    .filter((path) => path !== "")
    .map((path) => ({ path, blob: undefined }));
}

/** The texts of blobs, in one call of `git cat-file --batch` for all that are small enough. */
function readBlobs(root: string, entries: readonly Entry[]): Map<string, string> {
  const wanted = [...new Set(entries.map(({ blob }) => blob).filter((blob) => blob !== undefined))];
  if (wanted.length === 0) return new Map();
  const sizes = catFile(root, "--batch-check", wanted).toString("utf8").split("\n");
  const small = sizes.flatMap((line) => {
    const [blob, type, size] = line.split(" ");
    if (type === "missing") {
      throw new BaseError(
        `The base's object ${blob} is not in this clone, so the base cannot be read. Clone it whole.`,
      );
    }
    return blob !== undefined && type === "blob" && Number(size) <= MAX_FILE_BYTES ? [blob] : [];
  });
  const texts = new Map<string, string>();
  const output = catFile(root, "--batch", small);
  let at = 0;
  while (at < output.length) {
    const lineEnd = output.indexOf(10, at);
    const [blob = "", , size = "0"] = output.toString("utf8", at, lineEnd).split(" ");
    const start = lineEnd + 1;
    const end = start + Number(size);
    texts.set(blob, decode(output.subarray(start, end)).text);
    at = end + 1;
  }
  return texts;
}

function catFile(root: string, mode: "--batch" | "--batch-check", blobs: readonly string[]): Buffer {
  const { stdout, status } = spawnSync("git", ["cat-file", mode], {
    cwd: root,
    input: `${blobs.join("\n")}\n`,
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ["pipe", "pipe", "ignore"],
  });
  if (status !== 0) throw new BaseError("git cat-file failed, so the base cannot be read.");
  return stdout;
}
