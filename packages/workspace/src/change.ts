import { compareText, type FileStatus } from "@yantra-lint/core";
import { type Base, BaseError } from "./base.ts";
import { MAX_FILE_BYTES } from "./discover.ts";
import { childProcess } from "./child-process.ts";
import { git, isPartialClone } from "./git.ts";
import { decode, type Overlay } from "./tree.ts";

/** A path that differs from the base. */
export interface ChangedPath {
  path: string;
  /** Where it was at the base, when it was moved. */
  previousPath?: string;
  status: FileStatus;
  /** Its text at the base; absent when it was not there, is no text, or was too large to be parsed. */
  before?: string;
  /** Git does not know the file: it is in no commit. */
  untracked: boolean;
  /** What it is when it is no plain file: its content is not read. */
  special?: "link" | "submodule";
  /** Git's mode differs, such as the permission to execute. */
  modeChanged: boolean;
}

/** What differs between the base and the work tree, uncommitted work included. */
export interface RepositoryChange {
  /** Relative to the root, sorted by path. */
  files: ChangedPath[];
  /** The changed files as they were at the base; with it, a Tree shows the base. */
  before: Overlay;
}

interface Entry extends ChangedPath {
  blob: string | undefined;
}

/**
 * Reads the change from git's objects. A file that was too large to be parsed counts as absent before, as it gave
 * nothing. @throws BaseError when git cannot tell: what is not known to be old must not pass for it
 */
export function readChange(root: string, base: Base): RepositoryChange {
  const entries = [...diff(root, base), ...untracked(root)];
  const texts = readBlobs(root, entries);
  const before = new Map<string, string | null>();
  const files: ChangedPath[] = [];
  for (const { blob, ...entry } of entries) {
    const text = blob === undefined ? undefined : texts.get(blob);
    const old = entry.previousPath ?? entry.path;
    if (entry.previousPath !== undefined && !before.has(entry.path)) before.set(entry.path, null);
    before.set(old, text ?? null);
    files.push(text === undefined ? entry : { ...entry, before: text });
  }
  return { files: files.sort((a, b) => compareText(a.path, b.path)), before };
}

const STATUS: Readonly<Record<string, FileStatus>> = { A: "added", D: "deleted", R: "renamed", C: "added" };

/**
 * `git diff --raw -z`: `:oldmode newmode oldblob newblob status`, NUL, path, NUL, and for a rename the new path, NUL.
 */
function diff(root: string, base: Base): Entry[] {
  const answer = git(root, [
    "diff",
    "--raw",
    "-z",
    "--no-abbrev",
    "--find-renames",
    "--no-ext-diff",
    "--ignore-submodules=none",
    "--relative",
    base.commit,
  ]);
  if (answer === undefined) throw unreadable(root, "git diff failed");
  const parts = answer.split("\0");
  const entries: Entry[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [oldMode = "", newMode = "", blob, , letter = ""] = (parts[index] ?? "").slice(1).split(" ");
    const status = STATUS[letter.charAt(0)] ?? "modified";
    const first = parts[index + 1] ?? "";
    const second = status === "renamed" || letter.startsWith("C") ? parts[(index += 1) + 1] : undefined;
    const special = specialOf(newMode) ?? specialOf(oldMode);
    entries.push({
      path: second ?? first,
      ...(status === "renamed" ? { previousPath: first } : {}),
      status,
      untracked: false,
      modeChanged: status !== "added" && status !== "deleted" && oldMode !== newMode,
      ...(special ? { special } : {}),
      blob: oldMode.startsWith("100") && !letter.startsWith("C") ? blob : undefined,
    });
  }
  return entries;
}

/** Changed paths of the work tree that do not lie below `prefix`, from its top; sorted. */
export function changedOutside(root: string, base: Base, prefix: string): string[] {
  const answer = git(root, [
    "diff",
    "--name-only",
    "-z",
    "--no-renames",
    "--ignore-submodules=none",
    base.commit,
  ]);
  if (answer === undefined) throw unreadable(root, "git diff failed");
  return answer.split("\0").filter((path) => path !== "" && !path.startsWith(`${prefix}/`));
}

function specialOf(mode: string): ChangedPath["special"] {
  if (mode === "120000") return "link";
  return mode === "160000" ? "submodule" : undefined;
}

function untracked(root: string): Entry[] {
  const answer = git(root, ["ls-files", "-z", "--others", "--exclude-standard"]);
  if (answer === undefined) throw new BaseError("git ls-files failed, so the change cannot be read.");
  return answer
    .split("\0")
    .filter((path) => path !== "")
    .map((path) => ({ path, status: "added", untracked: true, modeChanged: false, blob: undefined }));
}

/** The texts of blobs, in one call of `git cat-file --batch` for all that are small enough. */
function readBlobs(root: string, entries: readonly Entry[]): Map<string, string> {
  const wanted = [...new Set(entries.map(({ blob }) => blob).filter((blob) => blob !== undefined))];
  if (wanted.length === 0) return new Map();
  const sizes = catFile(root, "--batch-check", wanted).toString("utf8").split("\n");
  const small = sizes.flatMap((line) => {
    const [blob, type, size] = line.split(" ");
    if (type === "missing") {
      throw unreadable(root, `The base's object ${blob} is not in this clone`);
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
    const { text, utf16 } = decode(output.subarray(start, end));
    // As in the work tree, where such a file is not checked.
    if (!utf16) texts.set(blob, text);
    at = end + 1;
  }
  return texts;
}

function catFile(root: string, mode: "--batch" | "--batch-check", blobs: readonly string[]): Buffer {
  const { stdout, status } = childProcess().spawnSync("git", ["cat-file", mode], {
    cwd: root,
    input: `${blobs.join("\n")}\n`,
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ["pipe", "pipe", "ignore"],
  });
  if (status !== 0) throw unreadable(root, "git cat-file failed");
  return stdout;
}

/** Git cannot give the base, and what may help. */
function unreadable(root: string, problem: string): BaseError {
  const help = isPartialClone(root)
    ? " This clone is partial, and its remote does not give what it lacks. Where the remote can be reached, fetch everything with `git fetch --refetch --no-filter`."
    : " Look whether `git fsck` finds the clone whole; if not, clone it anew.";
  return new BaseError(`${problem}, so the base cannot be read.${help}`);
}
