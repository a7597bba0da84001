import type { ChangeReport, GateDecision } from "@yantra-lint/risk";
import { createColors } from "picocolors";
import { codeSpan, commentMarker, plainMarkdown } from "../markdown.ts";
import { oneLine, visible, wrap } from "../text.ts";

/** A gate's decision, where it is about, and the reports it was made from. */
export interface ToldDecision {
  decision: GateDecision;
  environment: string;
  reports: readonly ChangeReport[];
}

const WIDTH = 100;
/** Blocking findings and signals that are shown. */
const SHOWN = 10;

/** The outcome in a few words. */
const TITLES = {
  deploy: "may be deployed",
  blocked: "blocked by findings",
  approval: "needs approval",
  error: "cannot be decided, so it is not deployed",
} as const;

/** The decision as text: what, why, who may approve and how. */
export function decisionPretty(
  { decision, environment, reports }: ToldDecision,
  { color }: { color: boolean },
): string {
  const paint = createColors(color);
  const tone = { deploy: paint.green, blocked: paint.red, approval: paint.yellow, error: paint.red }[
    decision.outcome
  ];
  const lines = [tone(paint.bold(`${oneLine(environment)}: ${TITLES[decision.outcome]}`))];
  for (const text of decision.reasons) lines.push(...bullet(text));
  for (const finding of decision.blocking.slice(0, SHOWN)) {
    const place = finding.path === undefined ? "" : `${oneLine(finding.path)}:${finding.line ?? 1}  `;
    lines.push(...bullet(`${place}${oneLine(finding.ruleId)}: ${finding.message}`));
  }
  if (decision.blocking.length > SHOWN) lines.push(`  - … and ${decision.blocking.length - SHOWN} more`);
  if (decision.outcome === "approval") {
    lines.push("", "Why");
    for (const { risk } of reports)
      for (const { points, evidence } of risk.signals.filter((signal) => signal.points > 0).slice(0, 5))
        lines.push(...bullet(`+${points} ${evidence}`));
  }
  lines.push(...section("Who may approve", decision.who), ...section("How", decision.how));
  return `${lines.join("\n")}\n`;
}

function section(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : ["", title, ...sentences.flatMap(bullet)];
}

function bullet(text: string): string[] {
  const [first = "", ...more] = wrap(visible(text), WIDTH - 4);
  return [`  - ${first}`, ...more.map((line) => `    ${line}`)];
}

/** The decision as data. */
export function decisionJson({ decision, environment, reports }: ToldDecision): string {
  const digests = reports.map(({ digest }) => digest);
  return `${JSON.stringify({ environment, ...decision, digests }, null, 2)}\n`;
}

/** The decision as a comment or a job's summary. */
export function decisionMarkdown({ decision, environment, reports }: ToldDecision): string {
  const risk =
    decision.class === undefined ? "" : `, ${decision.class} risk (${String(decision.score ?? 0)} of 100)`;
  const signals = reports
    .flatMap((report) => report.risk.signals)
    .filter(({ points }) => points > 0)
    .slice(0, SHOWN);
  return [
    commentMarker("gate"),
    `### yantra-lint: ${plainMarkdown(environment)} ${TITLES[decision.outcome]}${risk}`,
    "",
    ...decision.reasons.map((text) => `- ${plainMarkdown(text)}`),
    "",
    ...decision.blocking
      .slice(0, SHOWN)
      .map(
        ({ path, line, message, ruleId }) =>
          `- ${path === undefined ? "" : `${codeSpan(`${path}:${line ?? 1}`)} `}${plainMarkdown(message)} ${codeSpan(ruleId)}`,
      ),
    ...(signals.length === 0
      ? []
      : [
          "",
          "| | signal | what was seen |",
          "| --: | --- | --- |",
          ...signals.map(({ points, id, evidence }) => `| +${points} | ${id} | ${plainMarkdown(evidence)} |`),
        ]),
    ...(decision.outcome === "approval"
      ? [
          "",
          "**Who may approve**",
          "",
          ...decision.who.map(item),
          "",
          "**How**",
          "",
          ...decision.how.map(item),
        ]
      : []),
    "",
  ].join("\n");
}

function item(text: string): string {
  return `- ${plainMarkdown(text)}`;
}
