import type { FileHistory } from "@yantra-lint/core";
import type { Base } from "./base.ts";
import { git } from "./git.ts";

/** How many commits before the base are read: enough to know a file, in a second or less. */
const COMMITS = 2000;
const DAY_SECONDS = 86_400;
/** Subjects of commits that repair something, as people and Conventional Commits write them. */
const FIX = /^(?:fix|hotfix|bugfix)\b|\b(?:hotfix|fix(?:es|ed|ing)?|bug|regression|incident|outage)\b/i;
const REVERT = /^(?:revert\b|reapply\b|rollback\b|roll back\b)/i;

/**
 * What git knows of files before the base, by path, in one pass over its log without merges; renames are not followed.
 * Files without history are absent, and all are in a shallow clone, whose log ends where the clone does.
 *
 * @param authors e-mail addresses of those who wrote the change, in lower case
 */
export function readHistory(
  root: string,
  base: Base,
  paths: ReadonlySet<string>,
  authors: ReadonlySet<string>,
): Map<string, FileHistory> {
  const files = new Map<string, FileHistory>();
  if (paths.size === 0 || git(root, ["rev-parse", "--is-shallow-repository"])?.trim() === "true")
    return files;
  const log = git(root, [
    "log",
    "--no-merges",
    "--no-renames",
    "--relative",
    "--name-only",
    "-z",
    `--max-count=${COMMITS}`,
    "--format=%x01%ct%x02%aE%x02%s%x02",
    base.commit,
    "--",
    ".",
  ]);
  const seen = new Map<string, Set<string>>();
  let newest = 0;
  for (const commit of (log ?? "").split("\u0001").slice(1)) {
    const [time = "", email = "", subject = "", names = ""] = commit.split("\u0002");
    const seconds = Number(time);
    newest = Math.max(newest, seconds);
    for (const name of names.split("\0")) {
      const path = name.replace(/^\n/, "");
      if (!paths.has(path)) continue;
      const people = seen.get(path) ?? new Set<string>();
      seen.set(path, people.add(email.toLowerCase()));
      const known = files.get(path);
      files.set(path, {
        commits: (known?.commits ?? 0) + 1,
        authors: people.size,
        ageDays: Math.max(0, Math.round((newest - seconds) / DAY_SECONDS)),
        fixes: (known?.fixes ?? 0) + (FIX.test(subject) && !REVERT.test(subject) ? 1 : 0),
        reverts: (known?.reverts ?? 0) + (REVERT.test(subject) ? 1 : 0),
        known: [...people].some((person) => authors.has(person)),
      });
    }
  }
  return files;
}
