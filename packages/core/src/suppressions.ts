import type { Comment } from "./comments.ts";
import type { SuppressionFact } from "./facts.ts";
import { compareFindings, type Finding } from "./finding.ts";
import { regionOf, type Lines } from "./positions.ts";

const DIRECTIVE = /^\s*eslint-(disable-next-line|disable-line|disable|enable)(?=\s|$|,)([\s\S]*)$/;

/** The prefix of every rule of ours. */
export const RULE_PREFIX = "yantra/";

/**
 * Reads `eslint-disable`, `eslint-disable-line`, `eslint-disable-next-line` and `eslint-enable` comments.
 * Rule names are separated by commas; the reason follows `--`. Names of other plugins' rules are kept
 * apart: they are not ours to judge.
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
    facts.push({
      type: "suppression",
      path: "",
      ...regionOf(lines.loc(comment.range)),
      directive: match[1] as SuppressionFact["directive"],
      rules,
      foreign: all.filter((name) => !name.startsWith(RULE_PREFIX)),
      reason: reason.join(" -- ").trim(),
    });
  }
  return facts;
}

/** Which suppressions hide a rule's findings in one file, asked by place. */
class Cover {
  readonly #byLine = new Map<number, SuppressionFact[]>();
  readonly #blocks: { fact: SuppressionFact; enabledAgainAt: number }[] = [];

  constructor(facts: readonly SuppressionFact[]) {
    for (const [index, fact] of facts.entries()) {
      switch (fact.directive) {
        case "disable-line":
          for (let line = fact.startLine; line <= fact.endLine; line += 1) this.#add(line, fact);
          break;
        case "disable-next-line":
          this.#add(fact.endLine + 1, fact);
          break;
        case "disable": {
          const enable = facts
            .slice(index)
            .find((other) => other.directive === "enable" && other.startLine >= fact.endLine);
          this.#blocks.push({ fact, enabledAgainAt: enable?.startLine ?? Number.POSITIVE_INFINITY });
          break;
        }
        case "enable":
          break;
      }
    }
  }

  #add(line: number, fact: SuppressionFact): void {
    const list = this.#byLine.get(line);
    if (list) list.push(fact);
    else this.#byLine.set(line, [fact]);
  }

  at({ startLine, startColumn }: Finding): SuppressionFact[] {
    const blocks = this.#blocks.filter(
      ({ fact, enabledAgainAt }) =>
        (startLine > fact.startLine || (startLine === fact.startLine && startColumn >= fact.startColumn)) &&
        startLine < enabledAgainAt,
    );
    return [...(this.#byLine.get(startLine) ?? []), ...blocks.map(({ fact }) => fact)];
  }
}

/** Covers by path and rule, made when first asked for. */
class Covers {
  readonly #byPath: ReadonlyMap<string, readonly SuppressionFact[]>;
  readonly #made = new Map<string, Cover>();

  constructor(facts: readonly SuppressionFact[]) {
    this.#byPath = groupByPath(facts);
  }

  hiding(finding: Finding): SuppressionFact[] {
    const here = this.#byPath.get(finding.path);
    if (!here) return [];
    const key = `${finding.ruleId}\0${finding.path}`;
    const cover = this.#made.get(key) ?? new Cover(here.filter((fact) => concerns(fact, finding.ruleId)));
    this.#made.set(key, cover);
    return cover.at(finding);
  }
}

/** `eslint-enable` without names ends every block; the others are about the rules they name. */
function concerns({ directive, rules }: SuppressionFact, rule: string): boolean {
  return rules.includes(rule) || (directive === "enable" && rules.length === 0);
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
  const covers = new Covers(facts);
  const used = new Map<SuppressionFact, Set<string>>();
  const result = findings.map((finding) => {
    if (options.unsuppressible.has(finding.ruleId)) return finding;
    const hiding = covers.hiding(finding);
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
