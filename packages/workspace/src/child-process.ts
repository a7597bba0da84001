/** Node's child processes, loaded with the first that is started: a run outside of git does without. */
export function childProcess(): typeof import("node:child_process") {
  return process.getBuiltinModule("node:child_process");
}
