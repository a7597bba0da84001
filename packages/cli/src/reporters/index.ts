import fs from "node:fs";
import path from "node:path";
import pc from "picocolors";
import { reason } from "@yantra-lint/workspace";
import { UsageError } from "../errors.ts";
import type { Format, Output } from "../options.ts";
import type { Report } from "../report.ts";
import { json } from "./json.ts";
import { pretty } from "./pretty.ts";
import { sarif } from "./sarif.ts";

function render(format: Format, report: Report, toTerminal: boolean): string {
  switch (format) {
    case "pretty":
      return pretty(report, { color: toTerminal && pc.isColorSupported, cwd: process.cwd() });
    case "json":
      return json(report);
    case "sarif":
      return sarif(report, "github");
    case "sarif-audit":
      return sarif(report, "audit");
  }
}

/** Writes each wanted format to its file or to standard output. @throws UsageError when a file cannot be written. */
export function writeOutputs(report: Report, outputs: readonly Output[]): void {
  for (const { format, file } of outputs) {
    const text = render(format, report, file === undefined);
    if (file === undefined) {
      process.stdout.write(text);
      continue;
    }
    try {
      fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
      fs.writeFileSync(file, text);
    } catch (error) {
      throw new UsageError(`${file} cannot be written (${reason(error)}).`);
    }
  }
}
