import type { AddedSuppression, ChangedFile, FactIndex, SuppressionFact } from "@yantra-lint/core";

/** A finding that is new and that a comment hides; the place is the comment's. */
export interface HiddenFinding {
  ruleId: string;
  path: string;
  line: number;
  reason: string;
}

/**
 * Comments that hide findings and that the base does not have. A comment that was there and hides something new
 * (it was moved, or the end of its block was) counts as added too.
 */
export function addedSuppressions(
  files: readonly ChangedFile[],
  before: FactIndex,
  after: FactIndex,
  hidden: readonly HiddenFinding[],
): AddedSuppression[] {
  const paths = new Map(files.map((file) => [file.path, file.previousPath ?? file.path]));
  const left = new Map<string, number>();
  for (const fact of before.of("suppression").filter(hides)) {
    const key = keyOf(fact, fact.path);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const added = new Map<string, AddedSuppression>();
  for (const fact of after.of("suppression").filter(hides)) {
    const old = paths.get(fact.path);
    if (old === undefined) continue;
    const key = keyOf(fact, old);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    if (count > 0) continue;
    const { path, startLine: line, rules, reason } = fact;
    added.set(`${path}\0${line}`, { path, line, rules, reason });
  }
  for (const { ruleId, path, line, reason } of hidden) {
    const key = `${path}\0${line}`;
    if (!added.has(key)) added.set(key, { path, line, rules: [ruleId], reason });
  }
  return [...added.values()];
}

function hides(fact: SuppressionFact): boolean {
  return fact.directive !== "enable" && fact.rules.length > 0;
}

function keyOf({ directive, rules }: SuppressionFact, path: string): string {
  return JSON.stringify([path, directive, rules]);
}
