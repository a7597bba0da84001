import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** The repository's root. */
export const ROOT = path.resolve(import.meta.dirname, "../..");
const BIN = path.join(ROOT, "packages/cli/bin/yantra-lint.js");

// The program is bundled from what the compiler writes: `tsc` alone would leave an old one to be tested.
const stampOf = (file: string): number =>
  fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const built = ["packages", "rules"].flatMap((parent) =>
  fs.readdirSync(path.join(ROOT, parent)).map((name) => stampOf(`${parent}/${name}/dist/.tsbuildinfo`)),
);
if (stampOf("packages/cli/program/main.js") < Math.max(...built))
  throw new Error("packages/cli/program is older than what it is made of: run `pnpm build`.");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Variables by which CI systems name a base: those of the CI that runs these tests say nothing of a test's repository. */
const NO_BASE = {
  GITHUB_BASE_REF: undefined,
  GITHUB_EVENT_NAME: undefined,
  GITHUB_EVENT_PATH: undefined,
  GITHUB_REF_NAME: undefined,
  CI: undefined,
  TF_BUILD: undefined,
  CI_DEFAULT_BRANCH: undefined,
  CI_COMMIT_BRANCH: undefined,
  CI_COMMIT_BEFORE_SHA: undefined,
  CI_MERGE_REQUEST_DIFF_BASE_SHA: undefined,
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: undefined,
  SYSTEM_PULLREQUEST_TARGETBRANCH: undefined,
  BITBUCKET_PR_DESTINATION_COMMIT: undefined,
  BITBUCKET_PR_DESTINATION_BRANCH: undefined,
  CHANGE_TARGET: undefined,
};

/** Runs the built program as a user would, without colours and with a cache of its own folder's. */
export function yantra(
  args: readonly string[],
  options: { cwd: string; stdin?: string; env?: NodeJS.ProcessEnv },
): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    encoding: "utf8",
    input: options.stdin ?? "",
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      ...NO_BASE,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      XDG_CACHE_HOME: path.join(options.cwd, ".cache-home"),
      ...options.env,
    },
  });
  return { code: status, stdout, stderr };
}

/** A new folder with these files, gone when the test is over. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-test-")));
  onTestFinished(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
  return root;
}

/** What `--format json` prints, as far as tests look at it. */
export interface JsonReport {
  version: string;
  summary: { files: number; errors: number; warnings: number; suppressed: number };
  findings: {
    ruleId: string;
    level: string;
    message: string;
    path: string;
    startLine: number;
    startColumn: number;
    endLine: number;
    endColumn: number;
    fingerprint: string;
    suppressed: boolean;
    related?: { path: string; startLine: number; message: string }[];
  }[];
  notices: { id: string; message: string; path?: string }[];
}

/** Runs `check --format json` and reads its report. */
export function findings(cwd: string, ...args: string[]): JsonReport {
  const { stdout, stderr } = yantra(["check", "--format", "json", "--no-cache", ...args], { cwd });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as JsonReport;
}

/** A finding's message in ESLint, which has no second location: the other places stand behind it. */
export function messageInEditor({ message, related = [] }: JsonReport["findings"][number]): string {
  const places = related.map((place) => `${place.path}:${place.startLine}`);
  return places.length > 0 ? `${message} (${places.join(", ")})` : message;
}
