import path from "node:path";
import { codeFrameColumns } from "@babel/code-frame";
import type { Notice } from "@yantra-lint/core";
import pc from "picocolors";
import { type Report, tally, type ToldFinding } from "../report.ts";
import { oneLine, plural, visible, wrap } from "../text.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** A finding's frame shows at most so many lines of its own. */
const FRAME_LINES = 4;
const WIDTH = 100;

/** The report for people: each finding with its place, what happens, the way out, and the lines it speaks of. */
export function pretty(report: Report, options: { color: boolean; cwd: string }): string {
  const colors = pc.createColors(options.color);
  const shown = report.findings.filter((finding) => !finding.suppressed);
  const name = (file: string): string => {
    const relative = path.relative(options.cwd, path.join(report.root, file));
    return oneLine(relative.startsWith("..") ? file : relative);
  };
  const parts = shown.map((finding) => onefinding(finding, report, name, colors));
  const notices = foldNotices(report.notices, name).map((line) => `${colors.blue("note")}  ${line}\n`);
  if (notices.length > 0) parts.push(notices.join(""));
  parts.push(summary(report, colors));
  return parts.join("\n");
}

function onefinding(
  finding: ToldFinding,
  report: Report,
  name: (file: string) => string,
  colors: Colors,
): string {
  const level = finding.level === "error" ? colors.red("error") : colors.yellow("warning");
  const place = colors.bold(`${name(finding.path)}:${finding.startLine}:${finding.startColumn}`);
  const message = wrap(visible(finding.message), WIDTH - 2).map((line) => `  ${line}`);
  const lines = [`${place}  ${level}  ${colors.dim(finding.ruleId)}`, ...message];
  const frame = frameOf(finding, report);
  if (frame !== undefined) lines.push("", frame);
  for (const related of finding.related ?? []) {
    lines.push(
      `  ${colors.dim(`${name(related.path)}:${related.startLine}:${related.startColumn}`)}  ${visible(related.message)}`,
    );
  }
  if (finding.fix) lines.push(`  ${colors.green("--fix")} can do this.`);
  else
    for (const suggestion of finding.suggestions ?? [])
      lines.push(`  ${colors.green("suggestion")}: ${visible(suggestion.message)}`);
  return `${lines.join("\n")}\n`;
}

function frameOf(finding: ToldFinding, report: Report): string | undefined {
  const text = report.textOf(finding.path);
  if (text === undefined || text.trim() === "") return undefined;
  const short = finding.endLine - finding.startLine < FRAME_LINES;
  const start = { line: finding.startLine, column: finding.startColumn };
  const location = short ? { start, end: { line: finding.endLine, column: finding.endColumn } } : { start };
  const frame = codeFrameColumns(text, location, { linesAbove: 1, linesBelow: 1, highlightCode: false });
  return frame
    .split("\n")
    .map((line) => `    ${visible(line.length > 240 ? `${line.slice(0, 240)}…` : line)}`)
    .join("\n");
}

/** Notices of one kind about several files become one line. */
function foldNotices(notices: readonly Notice[], name: (file: string) => string): string[] {
  const groups = new Map<string, Notice[]>();
  for (const notice of notices) {
    const key = `${notice.id}\0${notice.message}`;
    const group = groups.get(key);
    if (group) group.push(notice);
    else groups.set(key, [notice]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    const files = group.flatMap((notice) => (notice.path === undefined ? [] : [notice.path]));
    const [file] = files;
    if (!first) return "";
    if (file === undefined) return visible(first.message);
    const more = files.length > 1 ? ` (and ${plural(files.length - 1, "other file")})` : "";
    return `${name(file)}${more}: ${visible(first.message)}`;
  });
}

function summary(report: Report, colors: Colors): string {
  const { errors, warnings, suppressed } = tally(report.findings);
  const checked = `${plural(report.files, "file")} checked`;
  const hidden = suppressed > 0 ? `, ${suppressed} suppressed` : "";
  if (errors + warnings === 0) return `${colors.green("✔")} No findings${hidden}; ${checked}.\n`;
  const [rule] = report.findings.filter((finding) => !finding.suppressed).map((finding) => finding.ruleId);
  const hint =
    rule === undefined
      ? ""
      : `  ${colors.dim(`yantra-lint explain ${rule.replace(/^yantra\//, "")} tells more about a rule.`)}\n`;
  const counts = [
    errors > 0 ? colors.red(plural(errors, "error")) : "",
    warnings > 0 ? colors.yellow(plural(warnings, "warning")) : "",
  ];
  return `${colors.red("✖")} ${counts.filter((part) => part !== "").join(", ")}${hidden}; ${checked}.\n${hint}`;
}
