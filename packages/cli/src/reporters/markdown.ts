import { codeSpan, commentMarker, plainMarkdown } from "../markdown.ts";
import { type Report, tally } from "../report.ts";
import { plural } from "../text.ts";
import { riskTable, type ToldRisk } from "./risk.ts";

/** GitHub takes comments of 65,536 characters; so many findings stay well below. */
const SHOWN = 50;

/** New findings and the change's risk as a comment on a pull request, with a marker by which it is found again. */
export function markdown(report: Report, told: ToldRisk): string {
  const { errors, warnings, existing } = tally(report.findings);
  const fresh = report.findings.filter(({ state, suppressed }) => state === "new" && !suppressed);
  const rows = fresh
    .slice(0, SHOWN)
    .map(
      ({ level, ruleId, message, path, startLine }) =>
        `| ${level} | ${codeSpan(`${path}:${startLine}`)} | ${plainMarkdown(message)} ${codeSpan(ruleId)} |`,
    );
  const more = fresh.length - rows.length;
  return [
    commentMarker("check"),
    `### yantra-lint: ${told.risk.class} risk (${told.risk.score} of 100), ${plural(errors, "new error")}, ${plural(warnings, "new warning")}`,
    "",
    ...(rows.length > 0 ? ["| | where | what |", "| --- | --- | --- |", ...rows, ""] : []),
    ...(more > 0 ? [`${plural(more, "further finding")} in the report.`, ""] : []),
    ...(existing + report.fixed.length > 0
      ? [`${plural(report.fixed.length, "finding")} fixed, ${existing} there before.`, ""]
      : []),
    "<details><summary>Why this risk</summary>",
    "",
    riskTable(told),
    "</details>",
    "",
  ].join("\n");
}
