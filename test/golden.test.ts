/**
 * Golden tests: the program on each branch of the example, its output as expected in `test/golden/`.
 * `pnpm golden` writes them anew; read the difference as a stranger would.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaintsAbout } from "../packages/sarif/src/multitool.fixture.ts";
import { BRANCHES, buildExample } from "./examples/build-example.ts";
import { ROOT, yantra } from "./support/program.ts";

const GOLDEN = path.join(ROOT, "test/golden");
const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-golden-")));

beforeAll(() => {
  buildExample(directory);
});

afterAll(() => {
  fs.rmSync(directory, { recursive: true, force: true });
});

/** Versions change with every release and are no part of what is compared; neither are digests over them. */
function steady(text: string): string {
  return text
    .replaceAll(/"(version|semanticVersion)": "\d+\.\d+\.\d+[^"]*"/g, '"$1": "x.y.z"')
    .replaceAll(/"(sha256|digest)": "[0-9a-f]{64}"/g, '"$1": "…"')
    .replaceAll(/(Approvals are bound to `)[0-9a-f]+/g, "$1…");
}

function compare(name: string, actual: string): void {
  const file = path.join(GOLDEN, name);
  if (process.env["UPDATE_GOLDEN"]) {
    fs.mkdirSync(GOLDEN, { recursive: true });
    fs.writeFileSync(file, steady(actual));
  }
  expect(steady(actual)).toBe(fs.readFileSync(file, "utf8"));
}

const EXIT: Readonly<Record<string, number>> = { "risky-change": 1 };

describe.each(["main", ...Object.keys(BRANCHES)])("%s", (branch) => {
  it.each(["pretty", "json", "sarif"])("%s", (format) => {
    execFileSync("git", ["checkout", "--quiet", branch], { cwd: directory });
    const { code, stdout, stderr } = yantra(["--format", format, "--no-cache"], { cwd: directory });
    expect([code, stderr]).toEqual([EXIT[branch] ?? 0, ""]);
    if (format !== "sarif" || branch === "risky-change")
      compare(`${branch}.${format === "pretty" ? "txt" : format}`, stdout);
  });
});

describe.each(Object.keys(BRANCHES))("risk of %s", (branch) => {
  it.each(["pretty", "json", "markdown"])("%s", (format) => {
    execFileSync("git", ["checkout", "--quiet", branch], { cwd: directory });
    const { code, stdout, stderr } = yantra(["risk", "--format", format, "--no-cache"], { cwd: directory });
    expect([code, stderr]).toEqual([0, ""]);
    compare(`${branch}.risk.${{ pretty: "txt", json: "json", markdown: "md" }[format] ?? format}`, stdout);
  });
});

it("the comment on a pull request", () => {
  execFileSync("git", ["checkout", "--quiet", "risky-change"], { cwd: directory });
  compare("risky-change.md", yantra(["--format", "markdown", "--no-cache"], { cwd: directory }).stdout);
});

it("the multitool has no complaint about SARIF that tells what is new since the base", () => {
  execFileSync("git", ["checkout", "--quiet", "risky-change"], { cwd: directory });
  const { stdout } = yantra(["--format", "sarif", "--no-cache"], { cwd: directory });
  expect(stdout).toContain('"baselineState": "new"');
  expect(complaintsAbout(stdout)).toEqual([]);
});
