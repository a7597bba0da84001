import type { AnyPack, Fact, FileKind, Finding, Notice } from "@yantra-lint/core";
import { digest, type ResultCache } from "./cache.ts";
import type { Config } from "./config.ts";
import type { RunMemory } from "./memory.ts";
import { type RecognisedFile, Recogniser } from "./discover.ts";
import { Helpers } from "./helpers.ts";
import { KnownFiles } from "./known-files.ts";
import type { FileResult } from "./lint.ts";
import { type ReachableModules, reachableModules } from "./modules.ts";
import type { RuleSetting } from "./rules.ts";
import { placed, splitStreams } from "./stream.ts";
import { type Overlay, Tree } from "./tree.ts";
import type { Crash, Task, TaskFile, TaskResult } from "./task.ts";

/**
 * Work that other threads could take off the main one. Below, starting them (each loads the parsers anew) costs more
 * than it saves. In units of `costOf`, of which about 4,000 take a millisecond.
 */
const WORTH_THREADS = 1_000_000;
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

interface KeyedFile {
  /** Its text may be read only when it is asked for. */
  file: RecognisedFile;
  key: string;
  known: FileResult | undefined;
}

/** Discovers, maps, folds and checks the files of a repository. Workspace rules come after (see reduce.ts). */
export async function run(options: RunOptions): Promise<RunResult> {
  const helpers = new Helpers(options.jobs - 1, options.packsModule);
  try {
    return await runWith(helpers, options);
  } finally {
    helpers.end();
  }
}

async function runWith(helpers: Helpers, options: RunOptions): Promise<RunResult> {
  const notices: Notice[] = [];
  const { files, remember } = await recogniseAll(options, notices, helpers);
  const { streams, single } = splitStreams(files);
  const configDigest = digest(
    options.toolVersion,
    JSON.stringify(options.rules),
    JSON.stringify(options.config.settings.tables ?? {}),
  );
  const keyed = [
    ...streams.map((stream) => keyStream(stream, configDigest, options.cache)),
    single.map((file) => keyFile(file, configDigest, options.cache)),
  ];
  remember();
  const results = await lintAll(keyed, options, helpers);
  return collect(keyed.flat(), results, notices, options);
}

async function recogniseAll(
  options: RunOptions,
  notices: Notice[],
  helpers: Helpers,
): Promise<{ files: RecognisedFile[]; remember: () => void }> {
  const { packs, config, named, memory } = options;
  const tree = treeOf(options);
  const recogniser = new Recogniser(tree, packs, config.settings, config.ignore, memory);
  const files: RecognisedFile[] = [];
  const ahead = new Ahead(options);
  const list = [...new Set([...tree.list(), ...named])];
  const known = knownFiles(options, tree, list);
  for (const file of list) {
    if (recogniser.candidatesFor(file).length === 0) continue;
    const read = () => recogniser.recognise(file, { named: named.has(file) });
    const recognition = known?.recognise(file, read) ?? read();
    notices.push(...recognition.notices);
    if (!recognition.file) continue;
    files.push(withStatus(recognition.file, options.added));
    if (ahead.isWorthThreads(recognition.file)) await helpers.start();
  }
  const remember = (): void => {
    const stored = known?.toStore();
    if (stored && options.cache) options.cache.files = stored;
  };
  return { files, remember };
}

/** What became of the files before; for runs over the disk alone, whose result outlives the process. */
function knownFiles(options: RunOptions, tree: Tree, list: readonly string[]): KnownFiles | undefined {
  const { packs, config, named, cache, overlay, lone, memory } = options;
  // What another run is to share must know which neighbours each file has asked for.
  if (!cache?.isStored || (overlay && overlay.size > 0) || lone || memory) return undefined;
  const context = JSON.stringify([options.toolVersion, config.settings, config.ignore, [...named]]);
  return new KnownFiles(tree, packs, list, context, cache.files);
}

/** Tells, while files are still being recognised, that there will be work for threads: they can load meanwhile. */
class Ahead {
  readonly #worth: number;
  readonly #streams = new Map<string, number>();
  #total = 0;
  #largest = 0;

  constructor(options: RunOptions) {
    // What a cache knows is only told when everything is recognised.
    this.#worth = options.cache && !options.cache.isEmpty ? Infinity : worthThreads(options);
  }

  /** Counts a file in. */
  isWorthThreads(file: RecognisedFile): boolean {
    if (this.#worth === Infinity) return false;
    const { kind, text } = file;
    const { stream } = kind;
    const cost = FILE_COST + text.length;
    this.#total += cost;
    if (stream !== undefined) {
      const sum = (this.#streams.get(stream) ?? 0) + cost;
      this.#streams.set(stream, sum);
      this.#largest = Math.max(this.#largest, sum);
    }
    return this.#total - this.#largest >= this.#worth;
  }
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
  // Nobody asks for the key of what is not kept.
  if (!cache) return { file, key: "", known: undefined };
  file.digest ??= digest(file.text);
  const key = digest(context, file.pack.name, JSON.stringify(file.kind), file.path, file.digest);
  return { file, key, known: cache.get(key) };
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

function chunks(groups: readonly KeyedFile[][], rules: Task["rules"], settings: Task["settings"]): Chunk[] {
  const made: Chunk[] = [];
  const chunk = (files: KeyedFile[], stream: boolean): Chunk => ({
    files,
    task: { stream, files: files.map(taskFile), rules, settings },
  });
  for (const [index, group] of groups.entries()) {
    const stream = index < groups.length - 1;
    if (stream) {
      const last = group.findLastIndex((file) => !file.known);
      if (last >= 0) made.push(chunk(group.slice(0, last + 1), true));
      continue;
    }
    let files: KeyedFile[] = [];
    let size = 0;
    for (const file of group) {
      if (file.known) continue;
      files.push(file);
      size += file.file.text.length;
      if (size < TASK_TEXT) continue;
      made.push(chunk(files, false));
      files = [];
      size = 0;
    }
    if (files.length > 0) made.push(chunk(files, false));
  }
  return made;
}

function taskFile({ file, known }: KeyedFile): TaskFile {
  return {
    path: file.path,
    kind: file.kind,
    pack: file.pack.name,
    input: known ? { known } : { text: file.text },
  };
}

async function lintAll(
  groups: readonly KeyedFile[][],
  options: RunOptions,
  helpers: Helpers,
): Promise<Map<string, FileResult | { crash: Crash }>> {
  const work = chunks(groups, options.rules, options.config.settings);
  const misses = work.flatMap(({ files }) => files.filter((file) => !file.known));
  const costs = work.map(costOf);
  const shared = costs.reduce((sum, cost) => sum + cost, 0) - Math.max(0, ...costs);
  const results = new Map<string, FileResult | { crash: Crash }>();
  let done = 0;
  const take = ({ files }: Chunk, answers: TaskResult): void => {
    for (const [index, { file }] of files.entries()) {
      const answer = answers[index];
      if (answer) results.set(file.path, answer);
    }
    done += files.filter((file) => !file.known).length;
    options.onProgress?.(done, misses.length);
  };
  // ESLint is loaded when there is something to lint: a run that finds all in its cache does without.
  if (work.length === 0) return results;
  if (shared >= worthThreads(options)) await helpers.start();
  // The largest first, so that nobody is left with one long stream at the end.
  const pending = [...work].sort((a, b) => costOf(b) - costOf(a));
  const drain = async (run: (task: Task) => Promise<TaskResult>): Promise<void> => {
    for (let item = pending.shift(); item; item = pending.shift()) take(item, await run(item.task));
  };
  const { TaskRunner } = await import("./task.ts");
  const runner = new TaskRunner(options.packs);
  const here = drain(async (task) => await runner.run(task));
  const there = helpers.started
    ? Array.from({ length: helpers.count }, async () => {
        await drain(async (task) => await helpers.run(task));
      })
    : [];
  await Promise.all([here, ...there]);
  return results;
}

function worthThreads(options: RunOptions): number {
  return options.worthThreads ?? WORTH_THREADS;
}

/** Roughly what a chunk costs, as so much text. */
function costOf({ files }: Chunk): number {
  return files.reduce((sum, { file, known }) => sum + (known ? 0 : FILE_COST + file.text.length), 0);
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
  for (const { file, key, known } of [...files].sort((a, b) => (a.file.path < b.file.path ? -1 : 1))) {
    const result = known ?? results.get(file.path);
    if (known) cached += 1;
    if (!result) continue;
    if ("crash" in result) {
      crashes.push(result.crash);
      continue;
    }
    if (!known) options.cache?.set(key, result);
    const here = placed(result.facts, file.path);
    facts.push(...here);
    findings.push(...placed(result.findings, file.path));
    notices.push(...noticesOf(here));
  }
  return {
    kinds: new Map(files.map(({ file }) => [file.path, file.kind])),
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
