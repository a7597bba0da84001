import type { AnyPack, FileKind } from "@yantra-lint/core";
import { FileLinter, type FileResult } from "./lint.ts";
import type { RuleSetting } from "./rules.ts";
import { advance } from "./stream.ts";

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
}

/** A failure of ours at a file; the other files go on. */
export interface Crash {
  path: string;
  message: string;
}

/** Results in the order of the task's files; undefined for those that were known. */
export type TaskResult = (FileResult | { crash: Crash } | undefined)[];

/** Runs tasks one after the other; what is costly to make (linter, configuration) is made once. */
export class TaskRunner {
  readonly #packs: ReadonlyMap<string, AnyPack>;
  #linter: { rules: string; linter: FileLinter } | undefined;

  constructor(packs: readonly AnyPack[]) {
    this.#packs = new Map(packs.map((pack) => [pack.name, pack]));
  }

  run(task: Task): TaskResult {
    const linter = this.#linterFor(task.rules);
    let state: unknown;
    let started = false;
    return task.files.map((file) => {
      const pack = this.#packs.get(file.pack);
      if (!pack) throw new Error(`There is no pack ${file.pack}.`);
      if (task.stream && !started) {
        state = pack.fold?.initial();
        started = true;
      }
      const result =
        "known" in file.input ? file.input.known : lintOne(linter, pack, file, file.input.text, state);
      if (task.stream && "facts" in result) state = advance(pack, state, result.facts, file);
      return "known" in file.input ? undefined : result;
    });
  }

  #linterFor(rules: Task["rules"]): FileLinter {
    const key = JSON.stringify(rules);
    if (this.#linter?.rules !== key)
      this.#linter = { rules: key, linter: new FileLinter([...this.#packs.values()], rules) };
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
