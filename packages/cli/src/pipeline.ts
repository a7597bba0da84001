import fs from "node:fs";
import { reason } from "@yantra-lint/workspace";

/**
 * What a later step of GitHub Actions reads: outputs (`GITHUB_OUTPUT`) and the job's summary (`GITHUB_STEP_SUMMARY`),
 * when set. Values are words and numbers of ours, never text of the repository. A file that cannot be written
 * is told and stops nothing: the exit code is the answer.
 */
export function tellPipeline(
  outputs: Readonly<Record<string, string | number>>,
  summary: string,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const lines = Object.entries(outputs).map(
    ([name, value]) => `${name}=${String(value).replace(/[\r\n]/g, " ")}\n`,
  );
  append(env["GITHUB_OUTPUT"], lines.join(""));
  append(env["GITHUB_STEP_SUMMARY"], `${summary}\n`);
}

function append(file: string | undefined, text: string): void {
  if (file === undefined || file === "") return;
  try {
    fs.appendFileSync(file, text);
  } catch (error) {
    process.stderr.write(`yantra-lint: ${file} could not be written (${reason(error)}).\n`);
  }
}
