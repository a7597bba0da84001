import fs from "node:fs";
import { isCi } from "./ci.ts";
import { git } from "./git.ts";

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
  const named = namedDefault(env);
  const branch = defaultBranch(root, named);
  const pushed = pushedFrom(env);
  const head = commitOf(root, "HEAD");
  // A push to the default branch is judged by itself; one to another branch is a part of that branch's change.
  const pushedTo = env["GITHUB_REF_NAME"] ?? env["CI_COMMIT_BRANCH"];
  const onDefault =
    named !== undefined && pushedTo !== undefined
      ? pushedTo === named
      : branch === undefined || branch.commit === head;
  if (pushed && onDefault) return mergeBase(root, [pushed.commit], pushed.how);
  // CI on the default branch, which does not say what was pushed: the last commit, or merge, is the change.
  const parent = isCi(env) && branch?.commit === head ? commitOf(root, "HEAD^1") : undefined;
  return parent === undefined ? branch : { commit: parent, how: "the commit before HEAD" };
}

/** The default branch as CI names it. */
function namedDefault(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const gitlab = env["CI_DEFAULT_BRANCH"];
  if (gitlab !== undefined && gitlab !== "") return gitlab;
  try {
    const event = JSON.parse(fs.readFileSync(env["GITHUB_EVENT_PATH"] ?? "", "utf8")) as {
      repository?: { default_branch?: unknown };
    };
    const name = event.repository?.default_branch;
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
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

function defaultBranch(root: string, named: string | undefined): Base | undefined {
  const head = git(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"])?.trim();
  const candidates = [
    ...(named === undefined ? [] : [`origin/${named}`, named]),
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
