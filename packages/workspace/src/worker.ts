import { workerData } from "node:worker_threads";
import type { AnyPack } from "@yantra-lint/core";
import { type Task, type TaskResult, TaskRunner } from "./task.ts";

// Loaded when the thread starts, which is before there is a task for it.
const { packsModule } = workerData as { packsModule: string };
const { packs } = (await import(packsModule)) as { packs: AnyPack[] };
const runner = new TaskRunner(packs);

/** The pool's entry: runs one task. `workerData.packsModule` is the URL of a module that exports `packs`. */
export default async function run(task: Task): Promise<TaskResult> {
  return await runner.run(task);
}
