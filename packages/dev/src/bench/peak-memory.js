// Preloaded into the measured program (`node --import`): writes the process's peak resident memory, in kibibytes
// (https://nodejs.org/api/process.html#processresourceusage), to the file YANTRA_BENCH_MEMORY when it ends.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";

const file = process.env.YANTRA_BENCH_MEMORY;
if (isMainThread && file) {
  process.on("exit", () => appendFileSync(file, `${process.resourceUsage().maxRSS}\n`));
}
