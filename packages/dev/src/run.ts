import { spawn } from "node:child_process";
import path from "node:path";
import { ROOT } from "./repository.ts";

export interface Outcome {
  /** The exit code; 1 when a signal ended the program. */
  code: number;
  stdout: string;
  /** What it wrote to stdout and stderr, in the order it came. */
  output: string;
}

const BIN = path.join(ROOT, "node_modules/.bin");

/**
 * Runs a program without a shell and collects what it writes. Programs of the root's dependencies are found by
 * their name alone. Rejects when the program cannot be started.
 */
export function run(program: string, args: readonly string[], directory = ROOT): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...process.env, PATH: `${BIN}${path.delimiter}${process.env.PATH ?? ""}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? 1, stdout, output });
    });
  });
}
