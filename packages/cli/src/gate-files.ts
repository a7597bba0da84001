import fs from "node:fs";
import { type Approval, ApprovalFileError, type GateRun, readApprovals } from "@yantra-lint/risk";
import { readSarif, SarifError } from "@yantra-lint/sarif";
import { reason } from "@yantra-lint/workspace";
import { UsageError } from "./errors.ts";
import { KEY_VARIABLE, sealKey } from "./seal-key.ts";
import { oneLine } from "./text.ts";

/** @throws UsageError when a file cannot be read or is no SARIF, or the key is empty */
export function readRuns(file: string, root: string | undefined): GateRun[] {
  const { YANTRA_KEY } = process.env;
  // A secret that is not there must not turn the demand for a signature off.
  if (YANTRA_KEY === "")
    throw new UsageError(`${KEY_VARIABLE} is set and empty: the gate cannot check signatures.`);
  try {
    const runs = readSarif(readText(file), {
      ...sealKey(process.env),
      ...(root === undefined ? {} : { root }),
    });
    return runs.map(({ tool, results, problems, seal, report }) => ({
      source: file,
      tool,
      results: results.map(({ ruleId = "", ...result }) => ({ ...result, ruleId })),
      failed: problems,
      sealed: seal,
      ...(report === undefined ? {} : { report }),
    }));
  } catch (error) {
    if (error instanceof SarifError) throw new UsageError(`${oneLine(file)} ${error.message}`);
    throw error;
  }
}

/** @throws UsageError when a file cannot be read or holds no approvals */
export function readApprovalFile(file: string): Approval[] {
  try {
    return readApprovals(JSON.parse(readText(file).replace(/^\uFEFF/, "")), file);
  } catch (error) {
    if (error instanceof ApprovalFileError) throw new UsageError(error.message);
    if (error instanceof SyntaxError) throw new UsageError(`${oneLine(file)} is no JSON: ${error.message}.`);
    throw error;
  }
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${oneLine(file)} cannot be read (${reason(error)}).`);
  }
}
