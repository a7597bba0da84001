import { type Report, tally, type ToldFinding } from "../report.ts";

/** The report as data, after `schemas/report.schema.json`. Suppressed findings are in it. */
export function json(report: Report): string {
  const { errors, warnings, existing, suppressed } = tally(report.findings);
  const data = {
    version: report.version,
    ...(report.base ? { base: report.base } : {}),
    summary: { files: report.files, errors, warnings, existing, fixed: report.fixed.length, suppressed },
    findings: report.findings.map(dataOf),
    fixed: report.fixed.map(dataOf),
    notices: report.notices,
    failures: report.crashes,
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

function dataOf(finding: ToldFinding) {
  const { ruleId, messageId, level, message, path, startLine, startColumn, endLine, endColumn } = finding;
  return {
    ruleId,
    ...(messageId === undefined ? {} : { messageId }),
    level,
    message,
    path,
    startLine,
    startColumn,
    endLine,
    endColumn,
    state: finding.state,
    fingerprint: finding.fingerprint,
    suppressed: finding.suppressed !== undefined,
    ...(finding.suppressed ? { suppression: finding.suppressed } : {}),
    ...(finding.related ? { related: finding.related } : {}),
    ...(finding.fix ? { fix: finding.fix } : {}),
    ...(finding.suggestions ? { suggestions: finding.suggestions } : {}),
  };
}
