import type { Report } from "../report.ts";

/**
 * Findings as a GitLab Code Quality report (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format").
 * GitLab compares the report with that of the target branch itself, so existing findings are in it too.
 */
export function gitlab(report: Report): string {
  const issues = report.findings
    .filter(({ suppressed }) => !suppressed)
    .map((finding) => ({
      description: finding.message,
      check_name: finding.ruleId,
      fingerprint: finding.fingerprint,
      severity: finding.level === "error" ? "major" : finding.level === "warning" ? "minor" : "info",
      location: {
        path: report.prefix === "" ? finding.path : `${report.prefix}/${finding.path}`,
        lines: { begin: finding.startLine, end: finding.endLine },
      },
    }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
