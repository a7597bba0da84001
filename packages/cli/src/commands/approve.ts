import { approvalRecord, isAuthor, readReport, TOOL_NAME } from "@yantra-lint/risk";
import { EXIT, UsageError } from "../errors.ts";
import { readRuns } from "../gate-files.ts";
import type { ApproveOptions } from "../options.ts";
import { oneLine } from "../text.ts";
import { writeOutput } from "../write-output.ts";

/**
 * `yantra-lint approve`: writes the record of an approval, bound to the report's digest. The gate decides whether it
 * counts; what certainly will not is refused here already. @throws UsageError
 */
export function approve({ report: file, environment, approver, output }: ApproveOptions): number {
  const runs = readRuns(file, undefined).filter(({ tool }) => tool.name === TOOL_NAME);
  const [run, ...more] = runs;
  if (!run || more.length > 0)
    throw new UsageError(`${oneLine(file)} has ${runs.length} runs of ${TOOL_NAME}; an approval is for one.`);
  if (run.sealed !== "valid")
    throw new UsageError(`${oneLine(file)} is not as it was written: its seal is ${run.sealed}.`);
  const read = readReport(run.report);
  if ("problems" in read)
    throw new UsageError(`${oneLine(file)} holds no report that can be approved: ${read.problems[0] ?? ""}`);
  if (isAuthor(read.report, approver))
    throw new UsageError(`${oneLine(approver)} is an author of the change, and cannot approve it.`);
  const record = approvalRecord({
    approver,
    environment,
    digest: read.report.digest,
    at: new Date().toISOString(),
  });
  writeOutput(output, `${JSON.stringify(record, null, 2)}\n`);
  return EXIT.clean;
}
