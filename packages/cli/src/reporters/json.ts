import type { Report } from "../report.ts";
import { tally } from "../report.ts";

/** The report as data, after `schemas/report.schema.json`. Suppressed findings are in it. */
export function json(report: Report): string {
  const { errors, warnings, suppressed } = tally(report.findings);
  const data = {
    version: report.version,
    summary: { files: report.files, errors, warnings, suppressed },
    findings: report.findings.map((finding) => ({
      ruleId: finding.ruleId,
      ...(finding.messageId === undefined ? {} : { messageId: finding.messageId }),
      level: finding.level,
      message: finding.message,
      path: finding.path,
      startLine: finding.startLine,
      startColumn: finding.startColumn,
      endLine: finding.endLine,
      endColumn: finding.endColumn,
      state: finding.state,
      fingerprint: finding.fingerprint,
      suppressed: finding.suppressed !== undefined,
      ...(finding.suppressed ? { suppression: finding.suppressed } : {}),
      ...(finding.related ? { related: finding.related } : {}),
      ...(finding.fix ? { fix: finding.fix } : {}),
      ...(finding.suggestions ? { suggestions: finding.suggestions } : {}),
    })),
    notices: report.notices,
    failures: report.crashes,
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
