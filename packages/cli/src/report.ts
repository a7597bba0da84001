import type { Finding, Notice } from "@yantra-lint/core";
import type { Crash, KnownRule, RuleSetting } from "@yantra-lint/workspace";

/** A finding as it is told: with its fingerprint and its state against the base. */
export type ToldFinding = Finding & { fingerprint: string; state: "new" };

/** Everything a reporter may tell. */
export interface Report {
  version: string;
  /** Absolute; paths are relative to it. */
  root: string;
  /** The root's own path inside the git work tree, "" when it is the top: what SARIF's paths begin with. */
  prefix: string;
  findings: readonly ToldFinding[];
  notices: readonly Notice[];
  crashes: readonly Crash[];
  files: number;
  rules: ReadonlyMap<string, KnownRule>;
  settings: Readonly<Record<string, RuleSetting>>;
  textOf: (path: string) => string | undefined;
}

/** How many findings there are that count, by level. */
export function tally(findings: readonly Finding[]): {
  errors: number;
  warnings: number;
  suppressed: number;
} {
  let errors = 0;
  let warnings = 0;
  let suppressed = 0;
  for (const finding of findings) {
    if (finding.suppressed) suppressed += 1;
    else if (finding.level === "error") errors += 1;
    else if (finding.level === "warning") warnings += 1;
  }
  return { errors, warnings, suppressed };
}
