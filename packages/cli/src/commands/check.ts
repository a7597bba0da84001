import { type Analysis, analyse } from "../analysis.ts";
import { EXIT } from "../errors.ts";
import { type CheckOptions, type Format, needsRisk } from "../options.ts";
import { type Report, tally } from "../report.ts";
import { writeOutputs } from "../reporters/index.ts";
import { oneLine, plural } from "../text.ts";

/** `yantra-lint check`: gives the exit code. @throws UsageError, ConfigError */
export async function check(options: CheckOptions): Promise<number> {
  const analysis = await analyse(options);
  const { report } = analysis;
  const formats = options.outputs.map(({ format }) => format);
  const told = formats.some(needsRisk) ? await withRisk(analysis, report, formats) : report;
  await writeOutputs(told, options.outputs, { all: options.all, quiet: options.quiet });
  return exitCode(options, report);
}

/** Judging needs parsers of a dozen formats, which a plain run does not wait for. */
async function withRisk(analysis: Analysis, report: Report, formats: readonly Format[]): Promise<Report> {
  const { gateData, judgeChange, toldRisk } = await import("../judgement.ts");
  const judged = judgeChange(analysis, report);
  const isSarif = formats.some((format) => format.startsWith("sarif"));
  return {
    ...report,
    told: toldRisk(judged, report),
    ...(isSarif ? { gate: gateData(analysis, report, judged) } : {}),
  };
}

/** Warnings count against --max-warnings also when --quiet does not show them, as in ESLint. */
function exitCode(options: CheckOptions, report: Report): number {
  if (tellCrashes(report)) return EXIT.failure;
  const { errors, warnings } = tally(report.findings);
  if (errors > 0) return EXIT.findings;
  if (options.maxWarnings === undefined || warnings <= options.maxWarnings) return EXIT.clean;
  process.stderr.write(
    `yantra-lint: ${plural(warnings, "warning")}, and --max-warnings allows ${options.maxWarnings}.\n`,
  );
  return EXIT.findings;
}

/** Names the files that could not be checked; true when there are any. */
export function tellCrashes({ crashes }: Report): boolean {
  for (const { path: file, message } of crashes) {
    process.stderr.write(
      `yantra-lint: ${oneLine(file)} could not be checked, by a fault of ours: ${oneLine(message)}\n`,
    );
  }
  return crashes.length > 0;
}
