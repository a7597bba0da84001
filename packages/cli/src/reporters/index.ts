import fs from "node:fs";
import path from "node:path";
import { reason } from "@yantra-lint/workspace";
import { UsageError } from "../errors.ts";
import type { Format, Output } from "../options.ts";
import type { Report } from "../report.ts";

/** Each format is loaded when it is wanted: a code frame or a SARIF log is not needed for the other. */
async function render(
  format: Format,
  report: Report,
  options: { toTerminal: boolean; all: boolean },
): Promise<string> {
  switch (format) {
    case "pretty": {
      const { default: colors } = await import("picocolors");
      const { pretty } = await import("./pretty.ts");
      return pretty(report, {
        color: options.toTerminal && colors.isColorSupported,
        cwd: process.cwd(),
        all: options.all,
      });
    }
    case "json": {
      const { json } = await import("./json.ts");
      return json(report);
    }
    case "github": {
      const { github } = await import("./github.ts");
      return github(report);
    }
    case "gitlab": {
      const { gitlab } = await import("./gitlab.ts");
      return gitlab(report);
    }
    case "junit": {
      const { junit } = await import("./junit.ts");
      return junit(report);
    }
    case "sarif":
    case "sarif-audit": {
      const { sarif } = await import("./sarif.ts");
      return sarif(report, format === "sarif" ? "github" : "audit");
    }
  }
}

/** Writes each wanted format to its file or to standard output. @throws UsageError when a file cannot be written. */
export async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  { all }: { all: boolean },
): Promise<void> {
  for (const { format, file } of outputs) {
    const text = await render(format, report, { toTerminal: file === undefined, all });
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
