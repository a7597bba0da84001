import os from "node:os";
import path from "node:path";
import type { Finding } from "@yantra-lint/core";
import {
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
import { fixAll, type Linted } from "../fix-all.ts";
import { noticesOfUnread } from "../named.ts";
import { packs } from "../packs.ts";
import { findTarget, inScope, type Target } from "../target.ts";
import { Progress } from "../progress.ts";
import { type Report, tally } from "../report.ts";
import { writeOutputs } from "../reporters/index.ts";
import { oneLine, plural } from "../text.ts";
import { version } from "../version.ts";

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
    lone: target.root.lone,
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

  const lint = async (): Promise<Linted> => {
    const result = await run(runOptions);
    return { result, findings: judge(result) };
  };

  const first = await lint();
  progress.clear();
  const unread = noticesOfUnread(target, first.result);
  const { result, findings, notices } = options.fix
    ? await fixAll(first, target, lint)
    : { ...first, notices: [] };
  const compared = await compare(findings, runOptions, base, judge);
  progress.clear();
  saveCache(cache);

  const told = { ...result, notices: [...result.notices, ...unread, ...notices] };
  const report = makeReport(target, told, compared, base, { known, rules });
  await writeOutputs(options.quiet ? errorsOnly(report) : report, options.outputs, { all: options.all });
  return exitCode(options, report);
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

function makeReport(
  { root, scope, overlay }: Target,
  result: RunResult,
  { findings, fixed }: Compared,
  base: Base | undefined,
  { known, rules }: { known: Report["rules"]; rules: Report["settings"] },
): Report {
  const here = ({ path: file }: { path: string }): boolean => inScope(file, scope);
  const unchecked = new Set([
    ...result.notices.filter(({ unread }) => unread).map(({ path: file }) => file),
    ...result.crashes.map(({ path: file }) => file),
  ]);
  return {
    version,
    root: root.directory,
    prefix: root.git === undefined ? "" : (relativeTo(root.git, root.directory) ?? ""),
    ...(base ? { base } : {}),
    findings: findings.filter(here),
    fixed: fixed.filter(here),
    notices: result.notices.filter((notice) => notice.path === undefined || inScope(notice.path, scope)),
    crashes: result.crashes,
    files: [...result.kinds.keys()].filter((file) => inScope(file, scope) && !unchecked.has(file)).length,
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
