import type { Report, ToldFinding } from "../report.ts";

/**
 * New findings as workflow commands, which GitHub Actions shows at their lines in the pull request. Escaped as
 * `@actions/core` escapes them (`packages/core/src/command.ts` of actions/toolkit): text of the repository can
 * neither end a command nor begin another.
 */
export function github(report: Report): string {
  return report.findings
    .filter(({ state, suppressed }) => state === "new" && !suppressed)
    .map((finding) => commandOf(finding, report.prefix))
    .join("");
}

function commandOf(finding: ToldFinding, prefix: string): string {
  const properties = {
    file: prefix === "" ? finding.path : `${prefix}/${finding.path}`,
    line: finding.startLine,
    endLine: finding.endLine,
    // GitHub takes columns only for a finding within one line.
    ...(finding.startLine === finding.endLine
      ? { col: finding.startColumn, endColumn: finding.endColumn }
      : {}),
    title: finding.ruleId,
  };
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const command = finding.level === "note" ? "notice" : finding.level;
  return `::${command} ${told.join(",")}::${escapeData(finding.message)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
