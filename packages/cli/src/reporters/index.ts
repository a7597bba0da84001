import colors from "picocolors";
import type { Format, Output } from "../options.ts";
import type { Report } from "../report.ts";
import { writeOutput } from "../write-output.ts";

/** Whether standard output takes colours. */
export function usesColor(): boolean {
  return colors.isColorSupported;
}

/** Each format is loaded when it is wanted: a code frame or a SARIF log is not needed for the other. */
async function render(
  format: Format,
  report: Report,
  options: { toTerminal: boolean; all: boolean },
): Promise<string> {
  switch (format) {
    case "pretty": {
      const { pretty } = await import("./pretty.ts");
      return pretty(report, {
        color: options.toTerminal && usesColor(),
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
    case "markdown": {
      const { markdown } = await import("./markdown.ts");
      if (!report.told) throw new Error("markdown tells the risk, which was not judged");
      return markdown(report, report.told);
    }
    case "sarif":
    case "sarif-audit": {
      const { sarif } = await import("./sarif.ts");
      return sarif(report, format === "sarif" ? "github" : "audit");
    }
  }
}

function errorsOnly(report: Report): Report {
  return { ...report, findings: report.findings.filter(({ level }) => level === "error") };
}

/** Writes each wanted format to its file or to standard output. @throws UsageError when a file cannot be written. */
export async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  { all, quiet }: { all: boolean; quiet: boolean },
): Promise<void> {
  for (const { format, file } of outputs) {
    // The gate decides from SARIF: it is whole whatever people want to read.
    const told = quiet && !format.startsWith("sarif") ? errorsOnly(report) : report;
    const text = await render(format, told, { toTerminal: file === undefined, all });
    writeOutput(file, text);
  }
}
