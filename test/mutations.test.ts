/** Whatever a file holds: nothing is thrown, every finding has a place in its file, and twice gives the same. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyPack, type Finding, Lines } from "@yantra-lint/core";
import { defaultConfig, knownRules, reduce, resolveRules, run, type RunResult } from "@yantra-lint/workspace";
import { brokenFiles, HEALTHY } from "./support/mutations.ts";
import { folder, ROOT } from "./support/program.ts";

const PACKS = pathToFileURL(path.join(ROOT, "packages/cli/dist/packs.js")).href;
const { packs } = (await import(PACKS)) as { packs: readonly AnyPack[] };
const known = knownRules(packs);
const rules = resolveRules(known, "strict", {});
const config = defaultConfig();

async function lint(root: string, files: ReadonlyMap<string, string>) {
  const result = await run({
    root,
    packs,
    packsModule: PACKS,
    config,
    rules,
    named: new Set(files.keys()),
    overlay: files,
    lone: true,
    jobs: 1,
    toolVersion: "test",
  });
  const { settings, unsuppressible } = config;
  const today = "2026-01-01";
  return { result, findings: reduce({ packs, known, rules, settings, unsuppressible, today, ...result }) };
}

/** Findings whose region is no stretch of their file, each as text. */
function misplaced(findings: readonly Finding[], files: ReadonlyMap<string, string>): string[] {
  return findings.flatMap((finding) => {
    const { path: file, startLine, startColumn, endLine, endColumn } = finding;
    const lines = new Lines(files.get(file) ?? "");
    const within = (line: number, column: number): boolean =>
      line >= 1 && line <= lines.count && column >= 1 && column <= lines.line(line).length + 1;
    const ordered = startLine < endLine || (startLine === endLine && startColumn <= endColumn);
    const right = files.has(file) && ordered && within(startLine, startColumn) && within(endLine, endColumn);
    return right
      ? []
      : [
          `${finding.ruleId} at ${file}:${startLine}:${startColumn}-${endLine}:${endColumn} ${finding.message}`,
        ];
  });
}

/** What a run knows, as data. */
const dataOf = ({ facts, findings, notices }: RunResult) => ({ facts, findings, notices });

it("the healthy files are taken by every pack, and give findings of each", async () => {
  const root = folder();
  const { result, findings } = await lint(root, new Map(Object.entries(HEALTHY)));
  expect(result.crashes).toEqual([]);
  expect(findings.filter(({ ruleId }) => ruleId.endsWith("no-syntax-error"))).toEqual([]);
  const spoken = new Set(findings.map(({ ruleId }) => ruleId.split("/")[1]));
  expect(packs.filter(({ name }) => !spoken.has(name)).map(({ name }) => name)).toEqual([]);
});

describe("mutated files", () => {
  it("are linted without a throw, with places inside them, and twice the same", async () => {
    const root = folder();
    const property = fc.asyncProperty(brokenFiles, async (files) => {
      const { result, findings } = await lint(root, files);
      expect(result.crashes).toEqual([]);
      expect(misplaced(findings, files)).toEqual([]);
      const again = await lint(root, files);
      expect(again.findings).toEqual(findings);
      expect(dataOf(again.result)).toEqual(dataOf(result));
      // The cache and threads carry them as data.
      expect(JSON.parse(JSON.stringify(dataOf(result)))).toEqual(dataOf(result));
    });
    await fc.assert(property, { seed: 20_261_122, numRuns: 25 });
  });

  it("are compared with what they were, both ways, without a throw", () => {
    const property = fc.property(brokenFiles, (files) => {
      for (const [file, broken] of files) {
        const healthy = HEALTHY[file] ?? "";
        for (const pack of packs) {
          pack.compare?.({ path: file, before: healthy, after: broken });
          pack.compare?.({ path: file, before: broken, after: healthy });
          pack.compare?.({ path: file, after: broken });
          pack.readModule?.({ path: file, text: broken });
        }
      }
    });
    fc.assert(property, { seed: 20_261_122, numRuns: 20 });
  });
});

describe("long runs of one thing", () => {
  const blanks = " ".repeat(1_000_000);
  const breaks = "\n".repeat(1_000_000);

  /** For each, an expression that looks for something behind blanks would try each of them as a beginning. */
  it.each<[string, string]>([
    ["src/a.ts", `app.get(${blanks}x`],
    ["src/a.ts", `//${blanks}x ${blanks}\n// @yantra-rsik x`],
    ["src/a.js", `${breaks}// @yantra-rsik\n`],
    ["deploy/a.yaml", `groups:${breaks}x`],
    ["deploy/a.yaml", `apiVersion: v1\nkind:${blanks}x`],
    ["deploy/a.json", `"type"${blanks}x`],
    ["migrations/0001_a.sql", `GO${blanks}x`],
    ["migrations/0001_a.sql", `;${breaks}PRAGMA${blanks}`],
    ["migrations/0001_a.sql", `SET lock_timeout = '2${blanks}x';`],
    [".github/workflows/a.yaml", `on: push\njobs: { a: { if: "${blanks}x" } }\n`],
    ["Dockerfile", `FROM${blanks}x\nRUN a \\\n${blanks}`],
  ])("take no long time: %s, case %#", async (file, text) => {
    const { result } = await lint(folder(), new Map([[file, text]]));
    expect(result.crashes).toEqual([]);
  });
});
