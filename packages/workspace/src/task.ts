import type { AnyPack, FileKind, WorkspaceSettings } from "@yantra-lint/core";
import { FileLinter, type FileResult } from "./lint.ts";
import type { RuleSetting } from "./rules.ts";
import { advance } from "./stream.ts";
import { eachWithin, FILE_LIMIT } from "./time-limit.ts";

/** One file of a task: to be linted, or (in a stream) known already and only folded. */
export interface TaskFile {
  path: string;
  kind: FileKind;
  pack: string;
  input: { text: string } | { known: FileResult };
}

/** Work for one thread: files that stand alone, or one stream in its order. */
export interface Task {
  stream: boolean;
  files: TaskFile[];
  rules: Readonly<Record<string, RuleSetting>>;
  settings: WorkspaceSettings;
}

/** A failure of ours at a file; the other files go on. */
export interface Crash {
  path: string;
  message: string;
}

/** Results in the order of the task's files; undefined for those that were known. */
export type TaskResult = (FileResult | { crash: Crash } | undefined)[];

/** How many files are done between two looks at the event loop, where other threads' answers and needs wait. */
const SLICE = 25;

/** Runs tasks one after the other; what is costly to make (linter, configuration) is made once. */
export class TaskRunner {
  readonly #packs: ReadonlyMap<string, AnyPack>;
  readonly #limit: number;
  #linter: { rules: Task["rules"]; linter: FileLinter } | undefined;

  /** @param limit how long a file may take, in milliseconds */
  constructor(packs: readonly AnyPack[], limit: number = FILE_LIMIT) {
    this.#packs = new Map(packs.map((pack) => [pack.name, pack]));
    this.#limit = limit;
  }

  async run(task: Task): Promise<TaskResult> {
    const results: TaskResult = [];
    await this.#prepare(task);
    let state: unknown;
    let started = false;
    const take = (file: TaskFile): void => {
      const pack = this.#packs.get(file.pack);
      if (!pack) throw new Error(`There is no pack ${file.pack}.`);
      if (task.stream && !started) {
        state = pack.fold?.initial(task.settings);
        started = true;
      }
      const result =
        "known" in file.input
          ? file.input.known
          : lintOne(this.#linterFor(task.rules), pack, file, file.input.text, state);
      if (task.stream && "facts" in result) state = advance(pack, state, result.facts, file);
      results.push("known" in file.input ? undefined : result);
    };
    for (let next = 0; next < task.files.length; next += SLICE) {
      if (next > 0) await new Promise(setImmediate);
      eachWithin(task.files.slice(next, next + SLICE), this.#limit, take, ({ path }) => {
        // What was ended in the midst of a file is in no known state.
        this.#linter = undefined;
        results.push({ crash: { path, message: `it took more than ${this.#limit / 1000} seconds.` } });
      });
    }
    return results;
  }

  /** Loads what the task's files want besides their packs. */
  async #prepare({ files }: Task): Promise<void> {
    const wanted = new Set(files.flatMap(({ pack, kind }) => (kind.factsOnly ? [] : [pack])));
    for (const name of wanted) {
      const pack = this.#packs.get(name);
      if (pack) await FileLinter.prepare(pack);
    }
  }

  #linterFor(rules: Task["rules"]): FileLinter {
    const known = this.#linter;
    // A thread is handed an equal object with each task.
    if (known?.rules !== rules && JSON.stringify(known?.rules) !== JSON.stringify(rules))
      this.#linter = undefined;
    this.#linter ??= { rules, linter: new FileLinter([...this.#packs.values()], rules) };
    this.#linter.rules = rules;
    return this.#linter.linter;
  }
}

function lintOne(
  linter: FileLinter,
  pack: AnyPack,
  { path, kind }: TaskFile,
  text: string,
  state: unknown,
): FileResult | { crash: Crash } {
  try {
    return linter.lint({ path, text, kind, pack }, state);
  } catch (error) {
    if (process.env["YANTRA_DEBUG"]) throw error;
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    const rule = error instanceof Error && "ruleId" in error ? ` (rule ${String(error.ruleId)})` : "";
    return { crash: { path, message: message + rule } };
  }
}
