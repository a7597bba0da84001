import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Finding } from "@yantra-lint/core";
import {
  applyFixes,
  type Base,
  defaultCacheDirectory,
  findBase,
  knownRules,
  reason,
  reduce,
  relativeTo,
  ResultCache,
  resolveRules,
  run,
  type RunOptions,
  type RunResult,
  textReader,
} from "@yantra-lint/workspace";
import { compare, type Compared } from "../compare.ts";
import { EXIT } from "../errors.ts";
import type { CheckOptions } from "../options.ts";
import { packs } from "../packs.ts";
import { findTarget, type Target } from "../target.ts";
import { Progress } from "../progress.ts";
import { type Report, tally } from "../report.ts";
import { writeOutputs } from "../reporters/index.ts";
import { oneLine, plural } from "../text.ts";
import { version } from "../version.ts";

/** ESLint's own limit: a fix that makes another one necessary is followed so many times. */
const FIX_PASSES = 10;

/** `yantra-lint check`: gives the exit code. @throws UsageError, ConfigError */
export async function check(options: CheckOptions): Promise<number> {
  const known = knownRules(packs);
  const target = findTarget(options, known);
  const base =
    options.base === false ? undefined : findBase(target.root.directory, options.base, process.env);
  const rules = resolveRules(known, target.config.preset, target.config.rules);
  const cache = openCache(options, target.root.directory);
  const progress = new Progress(process.stderr);
  const runOptions: RunOptions = {
    root: target.root.directory,
    packs,
    packsModule: new URL("../packs.js", import.meta.url).href,
    config: target.config,
    rules,
    named: target.named,
    overlay: target.overlay,
    jobs: options.jobs ?? Math.min(os.availableParallelism(), 8),
    cache,
    toolVersion: version,
    onProgress: (done, total) => {
      progress.show(done, total);
    },
  };
  const judge = (result: RunResult): Finding[] =>
    reduce({
      packs,
      known,
      rules,
      settings: target.config.settings,
      facts: result.facts,
      findings: result.findings,
      today: options.date ?? new Date().toISOString().slice(0, 10),
    });

  let result = await run(runOptions);
  let findings = judge(result);
  if (options.fix) ({ result, findings } = await fixAll(runOptions, target, result, findings, judge));
  const compared = await compare(findings, runOptions, base, judge);
  progress.clear();
  saveCache(cache);

  const report = makeReport(target, result, compared, base, { known, rules });
  await writeOutputs(options.quiet ? errorsOnly(report) : report, options.outputs, { all: options.all });
  return exitCode(options, report);
}

function inScope(file: string, scope: readonly string[]): boolean {
  return scope.some((part) => part === "" || file === part || file.startsWith(`${part}/`));
}

function openCache(options: CheckOptions, root: string): ResultCache {
  if (!options.cache) return ResultCache.inMemory();
  const directory =
    options.cacheLocation === undefined ? defaultCacheDirectory(root) : path.resolve(options.cacheLocation);
  return ResultCache.open(path.join(directory, "results.json"));
}

function saveCache(cache: ResultCache): void {
  try {
    cache.save();
  } catch (error) {
    process.stderr.write(
      `yantra-lint: the cache could not be written (${reason(error)}); the next run starts cold.\n`,
    );
  }
}

async function fixAll(
  runOptions: RunOptions,
  target: Target,
  first: RunResult,
  firstFindings: Finding[],
  judge: (result: RunResult) => Finding[],
): Promise<{ result: RunResult; findings: Finding[] }> {
  const textOf = textReader(target.root.directory, target.overlay);
  let result = first;
  let findings = firstFindings;
  const changed = new Set<string>();
  for (let pass = 0; pass < FIX_PASSES; pass += 1) {
    let applied = 0;
    for (const [file, ofFile] of groupByPath(findings)) {
      if (!inScope(file, target.scope)) continue;
      const text = target.overlay.get(file) ?? textOf(file);
      if (text === undefined) continue;
      const fixed = applyFixes(text, ofFile);
      if (fixed.applied === 0) continue;
      applied += fixed.applied;
      target.overlay.set(file, fixed.text);
      changed.add(file);
    }
    if (applied === 0) break;
    result = await run(runOptions);
    findings = judge(result);
  }
  for (const file of changed) {
    const absolute = path.join(target.root.directory, file);
    const bom = fs
      .readFileSync(absolute)
      .subarray(0, 3)
      .equals(Buffer.from([0xef, 0xbb, 0xbf]))
      ? "\uFEFF"
      : "";
    fs.writeFileSync(absolute, bom + (target.overlay.get(file) ?? ""));
  }
  return { result, findings };
}

function groupByPath(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group) group.push(finding);
    else groups.set(finding.path, [finding]);
  }
  return groups;
}

function makeReport(
  { root, scope, overlay }: Target,
  result: RunResult,
  { findings, fixed }: Compared,
  base: Base | undefined,
  { known, rules }: { known: Report["rules"]; rules: Report["settings"] },
): Report {
  const here = ({ path: file }: { path: string }): boolean => inScope(file, scope);
  return {
    version,
    root: root.directory,
    prefix: root.git === undefined ? "" : (relativeTo(root.git, root.directory) ?? ""),
    ...(base ? { base } : {}),
    findings: findings.filter(here),
    fixed: fixed.filter(here),
    notices: result.notices.filter((notice) => notice.path === undefined || inScope(notice.path, scope)),
    crashes: result.crashes,
    files: [...result.kinds.keys()].filter((file) => inScope(file, scope)).length,
    rules: known,
    settings: rules,
    textOf: textReader(root.directory, overlay),
  };
}

function errorsOnly(report: Report): Report {
  return { ...report, findings: report.findings.filter(({ level }) => level === "error") };
}

/** Warnings count against --max-warnings also when --quiet does not show them, as in ESLint. */
function exitCode(options: CheckOptions, { crashes, findings }: Report): number {
  for (const { path: file, message } of crashes) {
    process.stderr.write(
      `yantra-lint: ${oneLine(file)} could not be checked, by a fault of ours: ${oneLine(message)}\n`,
    );
  }
  if (crashes.length > 0) return EXIT.failure;
  const { errors, warnings } = tally(findings);
  if (errors > 0) return EXIT.findings;
  if (options.maxWarnings === undefined || warnings <= options.maxWarnings) return EXIT.clean;
  process.stderr.write(
    `yantra-lint: ${plural(warnings, "warning")}, and --max-warnings allows ${options.maxWarnings}.\n`,
  );
  return EXIT.findings;
}
