import type { AnyPack, Fact, FileKind, Finding, Notice } from "@yantra-lint/core";
import type { Piscina } from "piscina";
import { digest, type ResultCache } from "./cache.ts";
import type { Config } from "./config.ts";
import type { RunMemory } from "./memory.ts";
import { type RecognisedFile, Recogniser } from "./discover.ts";
import type { FileResult } from "./lint.ts";
import { type ReachableModules, reachableModules } from "./modules.ts";
import type { RuleSetting } from "./rules.ts";
import { placed, splitStreams } from "./stream.ts";
import { type Overlay, Tree } from "./tree.ts";
import type { Crash, Task, TaskFile, TaskResult } from "./task.ts";

/**
 * Work that other threads could take off the one with the largest task. Below, starting them (each loads the parsers
 * anew) costs more than it saves. In units of `costOf`, of which about 2,000 take a millisecond.
 */
const WORTH_THREADS = 4_000_000;
/** What a file costs beside its text: most migrations are a line or two. In UTF-16 units of text. */
const FILE_COST = 2_000;
/** How much text one task of single files carries; small enough to keep all threads busy to the end. */
const TASK_TEXT = 150_000;

export interface RunOptions {
  /** Absolute. */
  root: string;
  packs: readonly AnyPack[];
  /** URL of the module that exports the same `packs`, for threads. */
  packsModule: string;
  config: Config;
  rules: Readonly<Record<string, RuleSetting>>;
  /** Files (relative to the root) that the user named: they are checked even where a pack would pass them by. */
  named: ReadonlySet<string>;
  overlay?: Overlay;
  /** Only the named files and the overlay's are read (see Root). */
  lone?: boolean;
  jobs: number;
  /** Files that the change adds (see FileKind). */
  added?: ReadonlySet<string>;
  /** Shared with other runs over the same root, configuration and named files. */
  memory?: RunMemory;
  cache?: ResultCache;
  /** Part of every cache key: another one for every build of the engine and its packs. */
  toolVersion: string;
  /** How much work must be there to share out before threads are started; in units of `costOf`. */
  worthThreads?: number;
  onProgress?: (done: number, total: number) => void;
}

/** Everything the map, sequence and check stages gave. */
export interface RunResult {
  /** Recognised files with their kinds, by path. */
  kinds: ReadonlyMap<string, FileKind>;
  facts: Fact[];
  findings: Finding[];
  notices: Notice[];
  crashes: Crash[];
  /** Files whose result came from the cache. */
  cached: number;
  /** Reads what its files import, for workspace rules that ask. */
  modules: ReachableModules;
}

interface KeyedFile extends RecognisedFile {
  key: string;
  known: FileResult | undefined;
}

/** Discovers, maps, folds and checks the files of a repository. Workspace rules come after (see reduce.ts). */
export async function run(options: RunOptions): Promise<RunResult> {
  const notices: Notice[] = [];
  const files = recogniseAll(options, notices);
  const { streams, single } = splitStreams(files);
  const configDigest = digest(options.toolVersion, JSON.stringify(options.rules));
  const keyed = [
    ...streams.map((stream) => keyStream(stream, configDigest, options.cache)),
    single.map((file) => keyFile(file, configDigest, options.cache)),
  ];
  const results = await lintAll(keyed, options);
  return collect(keyed.flat(), results, notices, options);
}

function recogniseAll(options: RunOptions, notices: Notice[]): RecognisedFile[] {
  const { packs, config, named, memory } = options;
  const tree = treeOf(options);
  const recogniser = new Recogniser(tree, packs, config.settings, config.ignore, memory);
  const files: RecognisedFile[] = [];
  for (const file of new Set([...tree.list(), ...named])) {
    const recognition = recogniser.recognise(file, { named: named.has(file) });
    notices.push(...recognition.notices);
    if (recognition.file) files.push(withStatus(recognition.file, options.added));
  }
  return files;
}

/** What the change adds matters where files build on one another; elsewhere it would only cost the cache its hits. */
function withStatus(file: RecognisedFile, added: ReadonlySet<string> | undefined): RecognisedFile {
  if (file.kind.stream === undefined || !added?.has(file.path)) return file;
  return { ...file, kind: { ...file.kind, added: true } };
}

function treeOf({ root, overlay, lone = false, memory }: RunOptions): Tree {
  return new Tree(root, overlay, { lone, ...(memory ? { memory } : {}) });
}

function keyFile(file: RecognisedFile, context: string, cache: ResultCache | undefined): KeyedFile {
  const key = digest(context, file.pack.name, JSON.stringify(file.kind), file.path, file.text);
  return { ...file, key, known: cache?.get(key) };
}

/** In a stream, a result also depends on all files before: each key covers the one before it. */
function keyStream(
  stream: readonly RecognisedFile[],
  context: string,
  cache: ResultCache | undefined,
): KeyedFile[] {
  let before = context;
  return stream.map((file) => {
    const keyed = keyFile(file, before, cache);
    before = keyed.key;
    return keyed;
  });
}

interface Chunk {
  files: KeyedFile[];
  task: Task;
}

function chunks(groups: readonly KeyedFile[][], rules: Task["rules"]): Chunk[] {
  const made: Chunk[] = [];
  for (const [index, group] of groups.entries()) {
    const stream = index < groups.length - 1;
    if (stream) {
      const last = group.findLastIndex((file) => !file.known);
      if (last >= 0) made.push(chunk(group.slice(0, last + 1), true, rules));
      continue;
    }
    let files: KeyedFile[] = [];
    let size = 0;
    for (const file of group) {
      if (file.known) continue;
      files.push(file);
      size += file.text.length;
      if (size < TASK_TEXT) continue;
      made.push(chunk(files, false, rules));
      files = [];
      size = 0;
    }
    if (files.length > 0) made.push(chunk(files, false, rules));
  }
  return made;
}

function chunk(files: KeyedFile[], stream: boolean, rules: Task["rules"]): Chunk {
  const taskFiles = files.map((file): TaskFile => ({
    path: file.path,
    kind: file.kind,
    pack: file.pack.name,
    input: file.known ? { known: file.known } : { text: file.text },
  }));
  return { files, task: { stream, files: taskFiles, rules } };
}

async function lintAll(
  groups: readonly KeyedFile[][],
  options: RunOptions,
): Promise<Map<string, FileResult | { crash: Crash }>> {
  const work = chunks(groups, options.rules);
  const misses = work.flatMap(({ files }) => files.filter((file) => !file.known));
  const costs = work.map(costOf);
  const shared = costs.reduce((sum, cost) => sum + cost, 0) - Math.max(0, ...costs);
  const results = new Map<string, FileResult | { crash: Crash }>();
  let done = 0;
  const take = ({ files }: Chunk, answers: TaskResult): void => {
    for (const [index, file] of files.entries()) {
      const answer = answers[index];
      if (answer) results.set(file.path, answer);
    }
    done += files.filter((file) => !file.known).length;
    options.onProgress?.(done, misses.length);
  };
  if (options.jobs <= 1 || shared < (options.worthThreads ?? WORTH_THREADS)) {
    if (work.length === 0) return results;
    // ESLint is loaded when there is something to lint: a run that finds all in its cache does without.
    const { TaskRunner } = await import("./task.ts");
    const runner = new TaskRunner(options.packs);
    for (const item of work) take(item, runner.run(item.task));
    return results;
  }
  // The largest first, so that no thread is left with one long stream at the end.
  const byCost = [...work].sort((a, b) => costOf(b) - costOf(a));
  const { Piscina: Pool } = await import("piscina");
  const pool = new Pool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: Math.min(options.jobs, byCost.length),
    maxThreads: Math.min(options.jobs, byCost.length),
  });
  try {
    await Promise.all(
      byCost.map(async (item) => {
        take(item, await inPool(pool, item, options));
      }),
    );
  } finally {
    await pool.destroy();
  }
  return results;
}

/** Roughly what a chunk costs, as so much text. */
function costOf({ files }: Chunk): number {
  return files.reduce((sum, file) => sum + (file.known ? 0 : FILE_COST + file.text.length), 0);
}

/** A thread that dies takes its task with it: single files are tried once more alone, to name the one at fault. */
async function inPool(pool: Piscina, { files, task }: Chunk, options: RunOptions): Promise<TaskResult> {
  const ask = async (part: Task): Promise<TaskResult> =>
    (await pool.run({ packsModule: options.packsModule, task: part })) as TaskResult;
  try {
    return await ask(task);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (task.stream)
      return files.map((file) => (file.known ? undefined : { crash: { path: file.path, message } }));
    const answers: TaskResult = [];
    for (const file of task.files) {
      try {
        answers.push(...(await ask({ ...task, files: [file] })));
      } catch (again) {
        answers.push({
          crash: { path: file.path, message: again instanceof Error ? again.message : String(again) },
        });
      }
    }
    return answers;
  }
}

/** The notices among a file's facts. */
function noticesOf(facts: readonly Fact[]): Notice[] {
  return facts.flatMap((fact) =>
    fact.type === "notice"
      ? [{ id: fact.id, message: fact.message, path: fact.path, ...(fact.unread ? { unread: true } : {}) }]
      : [],
  );
}

function collect(
  files: readonly KeyedFile[],
  results: ReadonlyMap<string, FileResult | { crash: Crash }>,
  notices: Notice[],
  options: RunOptions,
): RunResult {
  const facts: Fact[] = [];
  const findings: Finding[] = [];
  const crashes: Crash[] = [];
  let cached = 0;
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const result = file.known ?? results.get(file.path);
    if (file.known) cached += 1;
    if (!result) continue;
    if ("crash" in result) {
      crashes.push(result.crash);
      continue;
    }
    if (!file.known) options.cache?.set(file.key, result);
    const here = placed(result.facts, file.path);
    facts.push(...here);
    findings.push(...placed(result.findings, file.path));
    notices.push(...noticesOf(here));
  }
  return {
    kinds: new Map(files.map((file) => [file.path, file.kind])),
    facts,
    findings,
    notices,
    crashes,
    cached,
    modules: reachableModules(() => treeOf(options), {
      packs: options.packs,
      ignore: options.config.ignore,
      toolVersion: options.toolVersion,
      ...(options.cache ? { cache: options.cache } : {}),
    }),
  };
}
