import fs from "node:fs";
import path from "node:path";
import { childProcess } from "./child-process.ts";

/**
 * Whether git could find a repository from a directory on, as far as folders tell (git 2.50, `gitrepository-layout`):
 * starting git to hear that there is none takes longer than all looks together.
 */
function mayBeInRepository(directory: string): boolean {
  if (process.env["GIT_DIR"] !== undefined) return true;
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, ".git"))) return true;
    if (at === path.dirname(at)) return false;
  }
}

/**
 * Runs git without a shell; undefined when git is absent or refuses, or there is no work tree. Output may be large:
 * 256 MiB at most.
 */
export function git(directory: string, args: readonly string[]): string | undefined {
  if (!mayBeInRepository(directory)) return undefined;
  try {
    return childProcess().execFileSync("git", args, {
      cwd: directory,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}

/** Whether what the history needs was left at the remote (`git clone --filter`) and is fetched one by one. */
export function isPartialClone(directory: string): boolean {
  return (
    git(directory, ["config", "--get-regexp", String.raw`^remote\..*\.promisor$`, "^true$"]) !== undefined
  );
}

/** The top of the work tree that holds `directory`, or undefined outside of one. */
export function gitTopLevel(directory: string): string | undefined {
  const answer = git(directory, ["rev-parse", "--show-toplevel"])?.replace(/\r?\n$/, "");
  return answer ? path.resolve(answer) : undefined;
}

/**
 * Files of the work tree below `directory` that git tracks or would track (not ignored), relative to it. Names
 * come with NUL between them, so any name is possible. Undefined outside of a work tree.
 */
export function gitFiles(directory: string): string[] | undefined {
  const answer = git(directory, [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--deduplicate",
  ]);
  return answer?.split("\0").filter((name) => name !== "");
}

/** The text of a file in a commit, by its path from the work tree's top; undefined when it has none. */
export function gitFileAt(directory: string, commit: string, file: string): string | undefined {
  return git(directory, ["cat-file", "blob", `${commit}:${file}`]);
}
