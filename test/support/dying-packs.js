/** The command line's packs, but mapping a resource called `die-here` ends the thread. */
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { packs as real } from "../../packages/cli/dist/packs.js";

export const packs = real.map((pack) => ({
  ...pack,
  map(code, file) {
    if (!isMainThread && file.text.includes("die-here")) process.exit(1);
    return pack.map(code, file);
  },
}));
