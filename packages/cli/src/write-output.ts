import fs from "node:fs";
import path from "node:path";
import { reason } from "@yantra-lint/workspace";
import { UsageError } from "./errors.ts";

/** Writes a text to a file, whose folder is made, or to standard output. @throws UsageError when it cannot be written */
export function writeOutput(file: string | undefined, text: string): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${reason(error)}).`);
  }
}
