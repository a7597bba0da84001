/**
 * The fenced blocks of every rule's page are run: those of "Instead of" together are a repository in which the
 * command line reports the rule, those of "Use" one in which it does not.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FencedFile, fencedFiles, section } from "../packages/dev/src/fences.ts";
import { readText, ROOT } from "../packages/dev/src/repository.ts";
import { loadRules } from "../packages/dev/src/rules.ts";
import { run } from "../packages/dev/src/run.ts";

const rules = await loadRules();
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "yantra-pages-"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Report {
  findings: { ruleId: string; message: string }[];
}

function write(directory: string, files: readonly FencedFile[]): void {
  for (const file of files) {
    const target = path.join(directory, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.text);
  }
}

/** Commits the files as they were before the change; those that the change does not have are gone after it. */
async function commitBase(directory: string, files: readonly FencedFile[]): Promise<void> {
  write(directory, files);
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "-m", "base"],
  ]) {
    const { code, output } = await run("git", args, directory);
    expect(code, output).toBe(0);
  }
  for (const file of files) rmSync(path.join(directory, file.path));
}

/** Lints the files as one repository, with the rule switched on, and gives the rules that were reported. */
async function reportedRules(name: string, id: string, files: readonly FencedFile[]): Promise<string[]> {
  const directory = path.join(scratch, name);
  const configured = files.some((file) => /^yantra\.config\.(?:yaml|json)$/.test(file.path));
  const config = { path: "yantra.config.json", text: JSON.stringify({ rules: { [id]: "error" } }) };
  const before = files.filter((file) => file.base);
  if (before.length > 0) await commitBase(directory, before);
  write(directory, [...files.filter((file) => !file.base), ...(configured ? [] : [config])]);
  const bin = path.join(ROOT, "packages/cli/bin/yantra-lint.js");
  const base = before.length > 0 ? ["--base", "HEAD"] : [];
  const args = [bin, "check", "--format", "json", "--no-cache", ...base];
  const { code, stdout, output } = await run(process.execPath, args, directory);
  expect(code, output).toBeLessThan(2);
  return (JSON.parse(stdout) as Report).findings.map((finding) => finding.ruleId);
}

// Each page is a run of its own: in one run the pages' migrations, Services and routes would meet each other.
describe.concurrent.each(rules)("$page", ({ id, name, pack, page }) => {
  test("'Instead of' is reported", async ({ expect }) => {
    const files = fencedFiles(section(readText(page), "Instead of"));
    expect(files, "there is a fenced block").not.toHaveLength(0);
    expect(await reportedRules(`${pack}-${name}-instead`, id, files)).toContain(id);
  });

  test("'Use' is not reported", async ({ expect }) => {
    const files = fencedFiles(section(readText(page), "Use"));
    expect(files, "there is a fenced block").not.toHaveLength(0);
    const reported = await reportedRules(`${pack}-${name}-use`, id, files);
    expect(reported).not.toContain(id);
    expect(reported).not.toContain("yantra/core/no-syntax-error");
  });
});
