import { RISK_CLASSES, type ClassPolicy, type Policy, type RiskClass } from "./model.ts";

/** What `policy` in yantra.config says: any part of a policy, the rest is the default's. */
export interface PartialPolicy {
  classes?: Partial<Record<RiskClass, Partial<ClassPolicy>>>;
  approvers?: Policy["approvers"];
  codeowners?: boolean;
  teams?: Policy["teams"];
  people?: Policy["people"];
  blocks?: Policy["blocks"];
}

/**
 * The policy of a repository that says nothing: low deploys by itself, medium to staging by itself, everything
 * else needs one approval; every new error of every tool blocks.
 */
export const DEFAULT_POLICY: Policy = {
  classes: {
    low: { deploys: ["*"], approvals: 1 },
    medium: { deploys: ["staging"], approvals: 1 },
    high: { deploys: [], approvals: 1 },
  },
  approvers: [],
  codeowners: true,
  teams: {},
  people: {},
  blocks: { "*": "error" },
};

/**
 * A policy with the parts of `partial` in place of the default's. Classes are merged field by field, and
 * `blocks` tool by tool, so that a tool can be named without losing what holds for the others; lists are replaced.
 */
export function mergePolicy(partial: PartialPolicy = {}): Policy {
  const classOf = (name: RiskClass): ClassPolicy => ({
    deploys: partial.classes?.[name]?.deploys ?? DEFAULT_POLICY.classes[name].deploys,
    approvals: partial.classes?.[name]?.approvals ?? DEFAULT_POLICY.classes[name].approvals,
  });
  return {
    classes: { low: classOf("low"), medium: classOf("medium"), high: classOf("high") },
    approvers: partial.approvers ?? DEFAULT_POLICY.approvers,
    codeowners: partial.codeowners ?? DEFAULT_POLICY.codeowners,
    teams: partial.teams ?? DEFAULT_POLICY.teams,
    people: partial.people ?? DEFAULT_POLICY.people,
    blocks: { ...DEFAULT_POLICY.blocks, ...partial.blocks },
  };
}

/**
 * How many approvals a change of the class needs to reach the environment; 0: it deploys by itself. Names of
 * environments are compared as they stand: one that the policy does not name is never a mild one.
 */
export function approvalsNeeded(policy: Policy, riskClass: RiskClass, environment: string): number {
  const { deploys, approvals } = policy.classes[riskClass];
  return deploys.includes("*") || deploys.includes(environment) ? 0 : approvals;
}

/**
 * From which level on findings of the tool block. The tool's own entry counts, whatever its case (a mistyped
 * `codeql` must not fall back to something milder), then `*`, then `error`.
 */
export function blockingLevel(policy: Policy, tool: string): "error" | "warning" | "never" {
  const entries = Object.entries(policy.blocks);
  const named =
    entries.find(([name]) => name === tool) ??
    entries.find(([name]) => name.toLowerCase() === tool.toLowerCase()) ??
    entries.find(([name]) => name === "*");
  return named?.[1] ?? "error";
}

/** Orders classes: 0 for low, 2 for high. */
export function classRank(riskClass: RiskClass): number {
  return RISK_CLASSES.indexOf(riskClass);
}
