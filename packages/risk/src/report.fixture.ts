import type { GateRun } from "./gate.ts";
import type { ChangeReport, Policy, RiskClass, RiskReport, Signal } from "./model.ts";
import { digestOf } from "./digest.ts";
import { DEFAULT_POLICY } from "./policy.ts";

/** Object names for tests: forty times the same digit. */
export const git = (digit: string): string => digit.repeat(40);

const THRESHOLDS = { medium: 30, high: 70 };
const POINTS: Record<RiskClass, number> = { low: 5, medium: 40, high: 80 };

/** A judgement of the class, by points alone. */
export function riskOf(riskClass: RiskClass): RiskReport {
  const points = POINTS[riskClass];
  const signals: Signal[] = [
    { id: "edit", points, evidence: "Existing code does something else.", path: "src/pay.ts", line: 3 },
  ];
  return { class: riskClass, score: points, sum: points, thresholds: THRESHOLDS, signals };
}

/** A judgement in which a floor decides. */
export function flooredRisk(): RiskReport {
  const { signals, ...rest } = riskOf("low");
  const floor: Signal = { id: "path", points: 0, floor: "high", evidence: "src/auth.ts is authentication." };
  return {
    ...rest,
    class: "high",
    score: 70,
    floor: { class: "high", signal: 1 },
    signals: [...signals, floor],
  };
}

interface Parts extends Partial<Omit<ChangeReport, "policy" | "risk">> {
  risk?: RiskReport | RiskClass;
  policy?: Partial<Policy>;
}

/** A report that is right in itself: ada wrote it, commit `c…` on base `b…`. */
export function reportOf({ risk = "high", policy, digest, ...parts }: Parts = {}): ChangeReport {
  const report: ChangeReport = {
    format: 1,
    tool: { name: "yantra-lint", version: "1.0.0" },
    base: { commit: git("b"), tree: git("1") },
    head: { commit: git("c"), tree: git("2"), uncommitted: [], reviewed: [git("c")] },
    policy: { ...DEFAULT_POLICY, ...policy },
    digest: "",
    authors: ["Ada Lovelace", "ada@example.com"],
    ownership: [],
    risk: typeof risk === "string" ? riskOf(risk) : risk,
    findings: { errors: 0, warnings: 0 },
    ...parts,
  };
  return { ...report, digest: digest ?? digestOf(report) };
}

/** A run of ours with the report, as it is read back from JSON. */
export function runOf(report: unknown = reportOf(), parts: Partial<GateRun> = {}): GateRun {
  const payload: unknown = JSON.parse(JSON.stringify(report));
  return {
    source: "results.sarif",
    tool: { name: "yantra-lint", version: "1.0.0" },
    results: [],
    failed: [],
    report: payload,
    sealed: "valid",
    ...parts,
  };
}
