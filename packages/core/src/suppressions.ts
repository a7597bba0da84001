import type { Comment } from "./comments.ts";
import type { SuppressionFact } from "./facts.ts";
import { compareFindings, type Finding } from "./finding.ts";
import { regionOf, type Lines } from "./positions.ts";

const DIRECTIVE = /^\s*eslint-(disable-next-line|disable-line|disable|enable)(?=\s|$|,)([\s\S]*)$/;

/** The prefix of every rule of ours. */
export const RULE_PREFIX = "yantra/";

/**
 * Reads `eslint-disable`, `eslint-disable-line`, `eslint-disable-next-line` and `eslint-enable` comments.
 * Rule names are separated by commas; the reason follows `--`. Names of other plugins' rules are left out: they
 * are not ours to judge. A comment that names only such rules gives no fact.
 */
export function readSuppressions(comments: Iterable<Comment>, lines: Lines): SuppressionFact[] {
  const facts: SuppressionFact[] = [];
  for (const comment of comments) {
    const match = DIRECTIVE.exec(comment.text);
    if (!match) continue;
    const [names = "", ...reason] = (match[2] ?? "").split(/\s-{2,}\s|^-{2,}\s/);
    const all = names
      .split(/[,\s]+/)
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const rules = all.filter((name) => name.startsWith(RULE_PREFIX));
    if (all.length > 0 && rules.length === 0) continue;
    facts.push({
      type: "suppression",
      path: "",
      ...regionOf(lines.loc(comment.range)),
      directive: match[1] as SuppressionFact["directive"],
      rules,
      reason: reason.join(" -- ").trim(),
    });
  }
  return facts;
}

function covers(fact: SuppressionFact, finding: Finding, enabledAgainAt: number): boolean {
  if (fact.path !== finding.path || !fact.rules.includes(finding.ruleId)) return false;
  switch (fact.directive) {
    case "disable-line":
      return fact.startLine <= finding.startLine && finding.startLine <= fact.endLine;
    case "disable-next-line":
      return finding.startLine === fact.endLine + 1;
    case "disable":
      return (
        (finding.startLine > fact.startLine ||
          (finding.startLine === fact.startLine && finding.startColumn >= fact.startColumn)) &&
        finding.startLine < enabledAgainAt
      );
    case "enable":
      return false;
  }
}

function enabledAgainAt(fact: SuppressionFact, rule: string, facts: readonly SuppressionFact[]): number {
  const next = facts.find(
    (other) =>
      other.directive === "enable" &&
      other.path === fact.path &&
      other.startLine >= fact.endLine &&
      (other.rules.length === 0 || other.rules.includes(rule)),
  );
  return next?.startLine ?? Number.POSITIVE_INFINITY;
}

/** What became of the suppressions: the findings with `suppressed` set where one applies, and the idle names. */
export interface SuppressionResult {
  findings: Finding[];
  /** Each rule name of a suppression that hid nothing. */
  unused: { fact: SuppressionFact; rule: string }[];
}

/**
 * Applies the suppression comments of a repository to its findings, file and workspace findings together. A
 * comment without rule names hides nothing. `unsuppressible` rules (those about the suppressions themselves)
 * stay visible whatever a comment says. `judges` says of a rule whether it ran at all: a suppression of a rule
 * that is switched off is not called unused.
 */
export function applySuppressions(
  findings: readonly Finding[],
  facts: readonly SuppressionFact[],
  options: { unsuppressible: ReadonlySet<string>; judges: (rule: string) => boolean },
): SuppressionResult {
  const byPath = groupByPath(facts);
  const used = new Map<SuppressionFact, Set<string>>();
  const result = findings.map((finding) => {
    if (options.unsuppressible.has(finding.ruleId)) return finding;
    const here = byPath.get(finding.path) ?? [];
    const hiding = here.filter((fact) => covers(fact, finding, enabledAgainAt(fact, finding.ruleId, here)));
    for (const fact of hiding) used.set(fact, (used.get(fact) ?? new Set()).add(finding.ruleId));
    const [first] = hiding;
    if (!first) return finding;
    const { path, startLine, startColumn, endLine, endColumn } = first;
    return {
      ...finding,
      suppressed: { reason: first.reason, location: { path, startLine, startColumn, endLine, endColumn } },
    };
  });
  const unused = facts
    .filter((fact) => fact.directive !== "enable")
    .flatMap((fact) =>
      fact.rules
        .filter((rule) => options.judges(rule) && !used.get(fact)?.has(rule))
        .map((rule) => ({ fact, rule })),
    );
  return { findings: result.sort(compareFindings), unused };
}

function groupByPath(facts: readonly SuppressionFact[]): Map<string, SuppressionFact[]> {
  const byPath = new Map<string, SuppressionFact[]>();
  for (const fact of facts) {
    const list = byPath.get(fact.path);
    if (list) list.push(fact);
    else byPath.set(fact.path, [fact]);
  }
  return byPath;
}
