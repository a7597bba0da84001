import { defineWorkspaceRule, type Finding } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { reduce } from "./reduce.ts";
import type { KnownRule } from "./rules.ts";

const CERTAIN = "yantra/fake/certain";
const GUESSING = "yantra/fake/guessing";

function rule(docs: { supersedes?: string[]; uncertain?: string[] }): KnownRule["rule"] {
  return defineWorkspaceRule({
    meta: {
      type: "problem",
      docs: { description: "Disallow what the test says", recommended: "error", ...docs },
      schema: [],
      messages: { sure: "It is so, and something has to be done.", likely: "It may be so, and who knows." },
    },
    check: () => undefined,
  });
}

const KNOWN = new Map<string, KnownRule>(
  [
    { id: CERTAIN, rule: rule({}) },
    { id: GUESSING, rule: rule({ supersedes: [CERTAIN], uncertain: ["likely"] }) },
  ].map(({ id, rule: known }) => [
    id,
    { id, pack: "fake", name: id, scope: "workspace", rule: known } as KnownRule,
  ]),
);

function finding(ruleId: string, messageId: string, more: Partial<Finding> = {}): Finding {
  const place = { path: "a.sql", startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
  return { ruleId, messageId, level: "error", message: "It is so.", ...place, ...more };
}

function told(...findings: Finding[]): string[] {
  const input = { packs: [], known: KNOWN, rules: {}, facts: [], today: "2026-01-01", unsuppressible: [] };
  const settings = { external: {}, services: [], migrations: [] };
  return reduce({ ...input, settings, findings }).map(
    ({ ruleId, messageId, level, startLine }) => `${startLine} ${ruleId} ${messageId} ${level}`,
  );
}

describe("the level of a finding", () => {
  it("is the rule's for what the rule is certain of, and a warning for the rest", () => {
    expect(told(finding(GUESSING, "sure"), finding(GUESSING, "likely", { startLine: 2 }))).toEqual([
      `1 ${GUESSING} sure error`,
      `2 ${GUESSING} likely warning`,
    ]);
  });

  it("does not fall where the finding stands for one that is certain", () => {
    expect(told(finding(GUESSING, "likely"), finding(CERTAIN, "sure"))).toEqual([
      `1 ${GUESSING} likely error`,
    ]);
  });

  it("falls where the finding stands for one that only warns", () => {
    expect(told(finding(GUESSING, "likely"), finding(CERTAIN, "sure", { level: "warning" }))).toEqual([
      `1 ${GUESSING} likely warning`,
    ]);
  });

  it("stands for what it names beside, too", () => {
    const { path, startLine, startColumn, endLine, endColumn } = finding(CERTAIN, "sure", { startLine: 4 });
    const related = [{ path, startLine, startColumn, endLine, endColumn, message: "It is here." }];
    expect(
      told(finding(GUESSING, "likely", { related }), finding(CERTAIN, "sure", { startLine: 4 })),
    ).toEqual([`1 ${GUESSING} likely error`]);
  });
});
