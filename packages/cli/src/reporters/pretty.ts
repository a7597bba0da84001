import path from "node:path";
import type { Notice } from "@yantra-lint/core";
import pc from "picocolors";
import { type Report, tally, type ToldFinding } from "../report.ts";
import { oneLine, plural, visible, wrap } from "../text.ts";
import { Frames } from "./frame.ts";

type Colors = ReturnType<typeof pc.createColors>;

const WIDTH = 100;

/** The report for people: each finding with its place, what happens, the way out, and the lines it speaks of. */
export function pretty(report: Report, options: { color: boolean; cwd: string; all: boolean }): string {
  const colors = pc.createColors(options.color);
  const shown = report.findings.filter(
    ({ suppressed, state }) => !suppressed && (options.all || state === "new"),
  );
  const name = (file: string): string => {
    const relative = path.relative(options.cwd, path.join(report.root, file));
    return oneLine(relative.startsWith("..") ? file : relative);
  };
  const frames = new Frames(report.textOf);
  const parts = shown.map((finding) => onefinding(finding, frames, name, colors));
  const notices = foldNotices(report.notices, name).map((line) => `${colors.blue("note")}  ${line}\n`);
  if (notices.length > 0) parts.push(notices.join(""));
  parts.push(summary(report, options.all, colors));
  return parts.join("\n");
}

function onefinding(
  finding: ToldFinding,
  frames: Frames,
  name: (file: string) => string,
  colors: Colors,
): string {
  const level = finding.level === "error" ? colors.red("error") : colors.yellow("warning");
  const place = colors.bold(`${name(finding.path)}:${finding.startLine}:${finding.startColumn}`);
  const message = wrap(visible(finding.message), WIDTH - 2).map((line) => `  ${line}`);
  const lines = [`${place}  ${level}  ${colors.dim(finding.ruleId)}`, ...message];
  const frame = frames.of(finding);
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

function summary(report: Report, all: boolean, colors: Colors): string {
  const { errors, warnings, existing, suppressed } = tally(report.findings);
  const failed = errors + warnings > 0;
  const counts = [
    errors > 0 ? colors.red(plural(errors, "error")) : "",
    warnings > 0 ? colors.yellow(plural(warnings, "warning")) : "",
    failed ? "" : report.base ? "No new findings" : "No findings",
    suppressed > 0 ? `${suppressed} suppressed` : "",
    report.fixed.length > 0 ? colors.green(`${report.fixed.length} fixed`) : "",
  ].filter((part) => part !== "");
  const lines = [
    `${failed ? colors.red("✖") : colors.green("✔")} ${counts.join(", ")}; ${plural(report.files, "file")} checked.`,
  ];
  if (existing > 0 && report.base) {
    const were = existing === 1 ? "1 finding was" : `${existing} findings were`;
    const how = all ? "they do not fail the run" : "--all shows them";
    lines.push(colors.dim(`  ${were} there before this change (${report.base.how}); ${how}.`));
  }
  const [rule] = report.findings
    .filter(({ suppressed: hidden, state }) => !hidden && state === "new")
    .map(({ ruleId }) => ruleId);
  if (rule !== undefined) {
    lines.push(colors.dim(`  yantra-lint explain ${rule.replace(/^yantra\//, "")} tells more about a rule.`));
  }
  return `${lines.join("\n")}\n`;
}
