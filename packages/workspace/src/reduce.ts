import {
  type AnyPack,
  applySuppressions,
  compareFindings,
  type Fact,
  FactIndex,
  type Finding,
  formatMessage,
  type Location,
  nearestWord,
  RULE_PREFIX,
  runWorkspaceRule,
  type SuppressionFact,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import picomatch from "picomatch";
import { ENGINE_RULES } from "./engine-rules.ts";
import type { ReachableModules } from "./modules.ts";
import { type KnownRule, levelOf, mergedOptions, type RuleSetting } from "./rules.ts";

export interface ReduceInput {
  packs: readonly AnyPack[];
  known: ReadonlyMap<string, KnownRule>;
  rules: Readonly<Record<string, RuleSetting>>;
  settings: WorkspaceSettings;
  facts: readonly Fact[];
  /** The base revision's. */
  baseFacts?: readonly Fact[];
  /** Findings of file rules. */
  findings: readonly Finding[];
  /** YYYY-MM-DD */
  today: string;
  /** Names of rules (`*` allowed) whose findings no comment hides, beside those that say so themselves. */
  unsuppressible: readonly string[];
  /** Without, rules that follow imports are silent. */
  modules?: ReachableModules;
}

/** Runs the workspace rules, applies the suppressions once over all findings, and reports the idle ones. */
export function reduce(input: ReduceInput): Finding[] {
  const index = new FactIndex(input.facts);
  const findings = [...input.findings, ...workspaceFindings(input, index)].map((finding) =>
    graded(input, finding),
  );
  const applied = applySuppressions(findings, index.of("suppression"), {
    unsuppressible: unsuppressibleRules(input),
    judges: (rule) => input.rules[rule]?.severity !== "off",
  });
  const idle = [...applied.unused, ...withoutPrefix(input, index.of("suppression"))];
  return [...withoutSuperseded(input, applied.findings), ...unusedFindings(input, idle)].sort(
    compareFindings,
  );
}

/** A finding at the level that it deserves: what a rule cannot know for certain is a warning. */
function graded({ known }: ReduceInput, finding: Finding): Finding {
  const { uncertain = [] } = known.get(finding.ruleId)?.rule.meta.docs ?? {};
  const isLower = finding.level === "error" && uncertain.includes(finding.messageId ?? "");
  return isLower ? { ...finding, level: "warning" } : finding;
}

/**
 * Left out is what another finding stands for, at its own place and at those that it names beside, unless a comment
 * hides the other. What stands for an error is one.
 */
function withoutSuperseded({ known }: ReduceInput, findings: readonly Finding[]): Finding[] {
  const placeOf = ({ path, startLine, startColumn }: Location, ruleId: string): string =>
    JSON.stringify([path, startLine, startColumn, ruleId]);
  const placesUnder = (finding: Finding): string[] => {
    const rules = known.get(finding.ruleId)?.rule.meta.docs.supersedes ?? [];
    if (finding.suppressed || rules.length === 0) return [];
    return [finding, ...(finding.related ?? [])].flatMap((place) =>
      rules.map((rule) => placeOf(place, rule)),
    );
  };
  const superseded = new Set(findings.flatMap(placesUnder));
  if (superseded.size === 0) return [...findings];
  const errors = new Set<string>();
  const told = findings.filter((finding) => {
    const place = placeOf(finding, finding.ruleId);
    if (finding.suppressed || !superseded.has(place)) return true;
    if (finding.level === "error") errors.add(place);
    return false;
  });
  return told.map((finding) =>
    finding.level !== "error" && placesUnder(finding).some((place) => errors.has(place))
      ? { ...finding, level: "error" }
      : finding,
  );
}

function unsuppressibleRules({ known, unsuppressible }: ReduceInput): Set<string> {
  const named = unsuppressible.length > 0 ? picomatch([...unsuppressible]) : () => false;
  const rules = [...known.values()].filter(
    ({ id, rule }) => rule.meta.docs.unsuppressible === true || named(id),
  );
  return new Set(rules.map(({ id }) => id));
}

/** Names that are rules of ours but for the prefix: the configuration takes them so, a comment does not. */
function withoutPrefix(
  { known }: ReduceInput,
  facts: readonly SuppressionFact[],
): { fact: SuppressionFact; rule: string }[] {
  return facts.flatMap((fact) =>
    fact.foreign.filter((name) => known.has(RULE_PREFIX + name)).map((rule) => ({ fact, rule })),
  );
}

function workspaceFindings(input: ReduceInput, facts: FactIndex): Finding[] {
  const { known, rules, settings, today } = input;
  const base = input.baseFacts && new FactIndex(input.baseFacts);
  const modules = (entries: readonly string[]) => input.modules?.(facts, entries);
  const findings: Finding[] = [];
  for (const [id, rule] of known) {
    if (rule.scope !== "workspace") continue;
    const setting = rules[id];
    if (!setting || setting.severity === "off") continue;
    const options = mergedOptions(rule.rule.meta, setting.options);
    const level = levelOf(setting.severity);
    findings.push(
      ...runWorkspaceRule(id, rule.rule, { facts, base, options, settings, level, today, modules }),
    );
  }
  return findings;
}

function unusedFindings(
  { known, rules }: ReduceInput,
  unused: readonly { fact: SuppressionFact; rule: string }[],
): Finding[] {
  const ruleId = `${RULE_PREFIX}core/no-unused-suppression`;
  const severity = rules[ruleId]?.severity ?? "warn";
  if (severity === "off") return [];
  const { messages } = ENGINE_RULES["no-unused-suppression"].meta;
  return unused.map(({ fact, rule }) => {
    const messageId = known.has(rule) ? "unused" : "unknown";
    const nearest = known.has(RULE_PREFIX + rule)
      ? RULE_PREFIX + rule
      : messageId === "unknown"
        ? nearestWord(rule, known.keys())
        : undefined;
    const { path, startLine, startColumn, endLine, endColumn } = fact;
    return {
      ruleId,
      messageId,
      level: levelOf(severity),
      message: formatMessage(messages[messageId], { rule, hint: nearest ? ` Did you mean ${nearest}?` : "" }),
      path,
      startLine,
      startColumn,
      endLine,
      endColumn,
    };
  });
}
