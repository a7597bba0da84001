import type { Piscina } from "piscina";
import type { Task, TaskResult } from "./task.ts";

/** Threads that take tasks off the main one. They are started once, and load the packs while the main one goes on. */
export class Helpers {
  /** How many there are, at most. */
  readonly count: number;
  readonly #packsModule: string;
  #pool: Piscina | undefined;

  /** @param packsModule URL of a module that exports `packs` */
  constructor(count: number, packsModule: string) {
    this.count = Math.max(0, count);
    this.#packsModule = packsModule;
  }

  get started(): boolean {
    return this.#pool !== undefined;
  }

  async start(): Promise<void> {
    if (this.#pool || this.count === 0) return;
    const { Piscina: Pool } = await import("piscina");
    this.#pool = new Pool({
      filename: new URL("./worker.js", import.meta.url).href,
      workerData: { packsModule: this.#packsModule },
      minThreads: this.count,
      maxThreads: this.count,
    });
  }

  /**
   * Runs a task. A thread that dies takes its task with it: single files are tried once more alone, to name the one
   * at fault; a stream has no result but its crash.
   */
  async run(task: Task): Promise<TaskResult> {
    try {
      return await this.#ask(task);
    } catch (error) {
      if (task.stream) {
        return task.files.map((file) => ("known" in file.input ? undefined : crash(file.path, error)));
      }
      const answers: TaskResult = [];
      for (const file of task.files) {
        try {
          answers.push(...(await this.#ask({ ...task, files: [file] })));
        } catch (again) {
          answers.push(crash(file.path, again));
        }
      }
      return answers;
    }
  }

  /** Ends the threads; they are gone some time later, which nobody has to wait for. */
  end(): void {
    const pool = this.#pool;
    this.#pool = undefined;
    // Nothing of theirs is wanted any more, so neither is the reason why one did not end well.
    pool?.destroy().catch(() => undefined);
  }

  async #ask(task: Task): Promise<TaskResult> {
    if (!this.#pool) throw new Error("The threads were not started.");
    return (await this.#pool.run(task)) as TaskResult;
  }
}

function crash(path: string, error: unknown): TaskResult[number] {
  return { crash: { path, message: error instanceof Error ? error.message : String(error) } };
}
