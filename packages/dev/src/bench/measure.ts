import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../repository.ts";

export interface Program {
  command: string;
  args: readonly string[];
  directory: string;
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end and gives the wall time in milliseconds, start and exit included. What it writes is
 * thrown away. A linter's exit codes are 0 and 1.
 * @throws when it cannot be started, is ended by a signal or exits with any other code.
 */
function wallTime({ command, args, directory, env }: Program): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const time = performance.now() - start;
      if (code === 0 || code === 1) resolve(time);
      else
        reject(
          new Error(
            `${path.basename(command)} ended with ${code ?? signal ?? "nothing"}:\n${said.slice(-2000)}`,
          ),
        );
    });
  });
}

/** The median of several runs' wall times; `before` prepares each and is not measured. */
export async function medianTime(program: Program, runs: number, before?: () => void): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    before?.();
    times.push(await wallTime(program));
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

/**
 * Peak resident memory of a Node program in MiB, its worker threads included, from a run of its own with a
 * preloaded reporter. With child processes that are Node as well, the largest counts.
 */
export async function peakMemory(program: Program, scratch: string): Promise<number> {
  const file = path.join(scratch, "memory.txt");
  rmSync(file, { force: true });
  const reporter = pathToFileURL(path.join(ROOT, "packages/dev/src/bench/peak-memory.js")).href;
  await wallTime({
    ...program,
    env: { ...program.env, NODE_OPTIONS: `--import=${reporter}`, YANTRA_BENCH_MEMORY: file },
  });
  const peaks = readFileSync(file, "utf8").trim().split("\n").map(Number);
  return Math.max(...peaks) / 1024;
}
