import type { AnyPack } from "@yantra-lint/core";
import { type Task, type TaskResult, TaskRunner } from "./task.ts";

const runners = new Map<string, Promise<TaskRunner>>();

async function makeRunner(packsModule: string): Promise<TaskRunner> {
  const { packs } = (await import(packsModule)) as { packs: AnyPack[] };
  return new TaskRunner(packs);
}

/** The pool's entry: runs one task. `packsModule` is the URL of a module that exports `packs`. */
export default async function run({
  packsModule,
  task,
}: {
  packsModule: string;
  task: Task;
}): Promise<TaskResult> {
  const runner = runners.get(packsModule) ?? makeRunner(packsModule);
  runners.set(packsModule, runner);
  return (await runner).run(task);
}
