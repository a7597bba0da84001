import os from "node:os";
import path from "node:path";
import type { Fact } from "@yantra-lint/core";
import {
  type Base,
  comparer,
  type Config,
  defaultCacheDirectory,
  findBase,
  type KnownRule,
  knownRules,
  readChange,
  readOutcomes,
  reason,
  reduce,
  relativeTo,
  ResultCache,
  resolveRules,
  type RuleSetting,
  run,
  RunMemory,
  type RunOptions,
  type RunResult,
  tagReader,
  textReader,
  trustBase,
} from "@yantra-lint/workspace";
import { compare, type Judge, type Compared, type Comparison } from "./compare.ts";
import { fixAll, type Linted } from "./fix-all.ts";
import { noticesOfUnread } from "./named.ts";
import type { CheckOptions } from "./options.ts";
import { packs } from "./packs.ts";
import { Progress } from "./progress.ts";
import type { Report } from "./report.ts";
import { findTarget, inScope, type Target } from "./target.ts";
import { build, version } from "./version.ts";

/** What `check` and `risk` share of the options. */
export type AnalysisOptions = Pick<
  CheckOptions,
  "paths" | "config" | "stdinFilename" | "jobs" | "cache" | "cacheLocation" | "date" | "base" | "outcomes"
> & { fix?: boolean };

/** A repository, linted and compared with its base. */
export interface Analysis {
  report: Report;
  target: Target;
  /** The head's configuration, with what the base decides. */
  config: Config;
  run: RunOptions;
  result: RunResult;
  /** What is known of releases, beside what the files say: their outcomes, and the tags that annotations name. */
  evidence: readonly Fact[];
  compared: Compared;
  comparison: Comparison | undefined;
  settingChanges: ReturnType<typeof trustBase>["changes"];
  /** Judges a run's facts and findings: workspace rules and suppressions. */
  judge: Judge;
  cache: ResultCache;
  /** YYYY-MM-DD */
  today: string;
}

/** Lints the target, applies fixes when asked to, and compares with the base. @throws UsageError, ConfigError */
export async function analyse(options: AnalysisOptions): Promise<Analysis> {
  const known = knownRules(packs);
  const target = findTarget(options, known);
  const root = target.root.directory;
  const base = options.base === false ? undefined : findBase(root, options.base, process.env);
  const comparison: Comparison | undefined = base && {
    base,
    change: readChange(root, base),
    edit: comparer(packs),
  };
  const trusted = comparison
    ? trustBase(target.config, root, comparison.change.before, known)
    : // Nothing of the judgement is agreed to where there is no base: the defaults are strict.
      { config: { ...target.config, policy: {}, risk: {} }, changes: [] };
  const { config } = trusted;
  const outcomes = readOutcomes(
    root,
    options.outcomes === undefined ? undefined : path.resolve(options.outcomes),
    comparison,
    configuredOutcomes(config, root),
  );
  const rules = resolveRules(known, config.preset, config.rules);
  const cache = openCache(options, root);
  const progress = new Progress(process.stderr);
  const today = options.date ?? new Date().toISOString().slice(0, 10);
  const runOptions: RunOptions = {
    root,
    packs,
    packsModule: new URL("./packs.js", import.meta.url).href,
    config,
    rules,
    named: target.named,
    overlay: target.overlay,
    lone: target.root.lone,
    // What is remembered is for the base's run.
    ...(comparison ? { memory: new RunMemory(), added: addedFiles(comparison) } : {}),
    jobs: options.jobs ?? Math.min(os.availableParallelism(), 8),
    // Without one on disk it is for further runs over the same files, if there are any.
    ...(options.cache || comparison || options.fix ? { cache } : {}),
    toolVersion: build(),
    onProgress: (done, total) => {
      progress.show(done, total);
    },
  };
  const tagsOf = tagReader(root);
  const evidenceOf = (facts: readonly Fact[]): Fact[] => [...outcomes.facts, ...tagsOf(facts)];
  const judge: Judge = (result, more = [], base) =>
    reduce({
      packs,
      known,
      rules,
      settings: config.settings,
      facts: [...result.facts, ...evidenceOf(result.facts), ...more],
      ...(base ? { baseFacts: base.facts } : {}),
      findings: result.findings,
      unsuppressible: config.unsuppressible,
      modules: result.modules,
      today,
    });
  const lint = async (): Promise<Linted> => {
    const result = await run(runOptions);
    return { result, findings: options.fix ? judge(result) : [] };
  };

  const first = await lint();
  progress.clear();
  const unread = noticesOfUnread(target, first.result);
  const { result, notices } = options.fix ? await fixAll(first, target, lint) : { ...first, notices: [] };
  if (options.fix && comparison) {
    // What was written differs from the base now, too.
    comparison.change = readChange(root, comparison.base);
    runOptions.memory = new RunMemory();
  }
  const compared = await compare(result, runOptions, comparison, judge);
  progress.clear();
  saveCache(cache);

  const told = { ...result, notices: [...result.notices, ...outcomes.notices, ...unread, ...notices] };
  return {
    report: makeReport(target, told, compared, base, { known, rules }),
    target,
    config,
    run: runOptions,
    result,
    evidence: evidenceOf(result.facts),
    compared,
    comparison,
    settingChanges: trusted.changes,
    judge,
    cache,
    today,
  };
}

/** The base may have named one in a configuration that is gone. */
function configuredOutcomes({ file, outcomes }: Config, root: string): string | undefined {
  const folder = file === undefined ? root : path.dirname(file);
  return outcomes === undefined ? undefined : path.resolve(folder, outcomes);
}

function addedFiles({ change }: Comparison): Set<string> {
  return new Set(change.files.filter(({ status }) => status === "added").map(({ path: file }) => file));
}

function openCache(options: AnalysisOptions, root: string): ResultCache {
  if (!options.cache) return ResultCache.inMemory();
  const directory =
    options.cacheLocation === undefined ? defaultCacheDirectory(root) : path.resolve(options.cacheLocation);
  return ResultCache.open(path.join(directory, "results.json"), build());
}

/** Writes the cache; a failure costs the next run its speed and nothing else. */
export function saveCache(cache: ResultCache): void {
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
  { known, rules }: { known: ReadonlyMap<string, KnownRule>; rules: Readonly<Record<string, RuleSetting>> },
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
