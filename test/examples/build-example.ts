import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import branches from "./checkout/branches.json" with { type: "json" };

/** What a branch is, beside the files of its folder. */
interface Branch {
  message: string;
  /** Files of main that it deletes. */
  delete: string[];
}

const SOURCE = join(import.meta.dirname, "checkout");

/** The first commit's time; each further commit is a day younger. */
const FIRST_COMMIT = Date.UTC(2026, 3, 1, 9);
const DAY_MS = 86_400_000;

/** The branches beside main, in the order they are committed. */
export const BRANCHES: Readonly<Record<string, Branch>> = branches;

/**
 * Builds the example shop as a git repository: main from `checkout/main`, and from it a branch for each folder
 * beside it, whose files are added or replace those of main. Identity and dates are fixed and the machine's git
 * configuration is left out, so every build has the same commit ids. main is checked out at the end.
 *
 * @param directory where to build it; it is made when absent.
 * @throws when the directory is not empty, or git fails.
 */
export function buildExample(directory: string): void {
  mkdirSync(directory, { recursive: true });
  if (readdirSync(directory).length > 0) throw new Error(`${directory} is not empty.`);

  git(directory, 0, ["init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main"]);
  cpSync(join(SOURCE, "main"), directory, { recursive: true });
  commit(directory, 0, "Checkout as it runs");

  Object.entries(BRANCHES).forEach(([name, branch], index) => {
    git(directory, 0, ["checkout", "--quiet", "-b", name, "main"]);
    for (const file of branch.delete) rmSync(join(directory, file));
    cpSync(join(SOURCE, name), directory, { recursive: true });
    commit(directory, index + 1, branch.message);
  });
  git(directory, 0, ["checkout", "--quiet", "main"]);
}

function commit(directory: string, day: number, message: string): void {
  git(directory, day, ["add", "--all"]);
  git(directory, day, ["commit", "--quiet", `--message=${message}`]);
}

function git(directory: string, day: number, args: readonly string[]): void {
  const date = new Date(FIRST_COMMIT + day * DAY_MS).toISOString();
  // GIT_DIR and its like are set when this runs in a hook: they would lead git to another repository.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  execFileSync("git", args, {
    cwd: directory,
    env: {
      ...Object.fromEntries(inherited),
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "Ada Example",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: "Ada Example",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_COMMITTER_DATE: date,
    },
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const [target] = process.argv.slice(2);
  if (target === undefined) {
    console.error("Usage: tsx test/examples/build-example.ts DIRECTORY");
    process.exitCode = 2;
  } else {
    buildExample(resolve(target));
  }
}
