import { type RiskReport, type Signal, topSignals } from "@yantra-lint/risk";
import { createColors } from "picocolors";
import { codeSpan, commentMarker, plainMarkdown } from "../markdown.ts";
import { oneLine, plural, visible, wrap } from "../text.ts";

/** A risk with what would lower it, and what it was judged against. */
export interface ToldRisk {
  risk: RiskReport;
  /** Sentences, the most effective first. */
  lower: readonly string[];
  /** How the base was found; absent: there is none. */
  base?: { commit: string; how: string };
  /** How many files differ from the base. */
  files: number;
  /** Of the report that approvals are bound to. */
  digest?: string;
}

const WIDTH = 100;
/** Signals shown before the rest is counted. */
const SHOWN = 15;

/** The risk as text: class and score, largest signals first, what would lower it. */
export function riskPretty({ risk, lower, base, files }: ToldRisk, { color }: { color: boolean }): string {
  const paint = createColors(color);
  const tone = { low: paint.green, medium: paint.yellow, high: paint.red }[risk.class];
  const shown = topSignals(risk, SHOWN);
  const lines = [
    `${tone(paint.bold(`${risk.class} risk`))}, score ${risk.score} of 100${base ? `, against ${oneLine(base.how)}` : ""}`,
    "",
  ];
  if (shown.length === 0) lines.push(`  ${nothing(files)}`, "");
  for (const signal of shown) lines.push(...signalLines(signal, risk.class, paint));
  const rest = risk.signals.filter((signal) => !shown.includes(signal));
  const points = rest.reduce((sum, signal) => sum + signal.points, 0);
  if (points > 0) {
    lines.push(
      `  ${`+${points}`.padStart(4)}  ${plural(rest.length, "more reason")} (--format json lists all)`,
    );
  }
  if (shown.length > 0) lines.push(`  ${paint.dim(sumLine(risk))}`, "");
  if (lower.length > 0) {
    lines.push(paint.bold("What would lower it"));
    for (const advice of lower) lines.push(...bullet(advice));
    lines.push("");
  }
  return lines.join("\n");
}

function signalLines(
  signal: Signal,
  riskClass: RiskReport["class"],
  paint: ReturnType<typeof createColors>,
): string[] {
  const [first = "", ...more] = wrap(visible(signal.evidence), WIDTH - 24);
  const floor = holdsUp(signal, riskClass) ? `  [at least ${riskClass}]` : "";
  const where =
    signal.path === undefined
      ? []
      : [
          `${" ".repeat(24)}${paint.dim(`${oneLine(signal.path)}${signal.line === undefined ? "" : `:${signal.line}`}`)}`,
        ];
  return [
    `  ${`+${signal.points}`.padStart(4)}  ${signal.id.padEnd(16)}${first}${more.length === 0 ? floor : ""}`,
    ...more.map((line, index) => `${" ".repeat(24)}${line}${index === more.length - 1 ? floor : ""}`),
    ...where,
  ];
}

function nothing(files: number): string {
  return files === 0 ? "Nothing differs from the base." : "Nothing that could go wrong was changed.";
}

/** Whether the signal alone keeps the change from a milder class. */
function holdsUp({ floor }: Signal, riskClass: RiskReport["class"]): boolean {
  return floor === riskClass && riskClass !== "low";
}

/** How the score comes about: the sum, and what lifted it. */
function sumLine({ sum, score, floor }: RiskReport): string {
  const total = `${sum} points`;
  if (floor && score > sum) return `${total}, lifted to ${score}, where class ${floor.class} begins`;
  return sum > score ? `${total}; 100 is the most` : total;
}

function bullet(text: string): string[] {
  const [first = "", ...more] = wrap(visible(text), WIDTH - 4);
  return [`  - ${first}`, ...more.map((line) => `    ${line}`)];
}

/** The risk as data, after `schemas/risk.schema.json`. */
export function riskJson({ risk, lower, base, digest }: ToldRisk): string {
  const data = { ...risk, lower, ...(base ? { base } : {}), ...(digest === undefined ? {} : { digest }) };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** The risk as a comment on a pull request, or a job's summary. */
export function riskMarkdown(told: ToldRisk): string {
  return `${commentMarker("risk")}\n### yantra-lint: ${told.risk.class} risk (${told.risk.score} of 100)\n\n${riskTable(told)}`;
}

/** Reasons as a table, then what would lower the risk. */
export function riskTable({ risk, lower, digest, files }: ToldRisk): string {
  const rows = topSignals(risk, SHOWN).map((signal) => {
    const floor = holdsUp(signal, risk.class) ? ` At least ${risk.class}.` : "";
    const place =
      signal.path === undefined
        ? ""
        : codeSpan(signal.line === undefined ? signal.path : `${signal.path}:${signal.line}`);
    return `| +${signal.points} | ${signal.id} | ${plainMarkdown(signal.evidence)}${floor} | ${place} |`;
  });
  const rest = risk.signals.length - rows.length;
  return [
    ...(rows.length > 0
      ? ["| | signal | what was seen | where |", "| --: | --- | --- | --- |", ...rows, ""]
      : []),
    ...(rest > 0 ? [`${plural(rest, "more reason")} in the report.`, ""] : []),
    ...(rows.length > 0 ? [`${sumLine(risk)}.`, ""] : [nothing(files), ""]),
    ...(lower.length > 0
      ? ["**What would lower it**", "", ...lower.map((advice) => `- ${plainMarkdown(advice)}`), ""]
      : []),
    ...(digest === undefined
      ? []
      : [`<sub>Approvals are bound to ${codeSpan(digest.slice(0, 16))}.</sub>`, ""]),
  ].join("\n");
}
