import type { Finding, LineSpan, Location, Notice } from "@yantra-lint/core";
import type { ChangeReport } from "@yantra-lint/risk";
import type { ToldRisk } from "./reporters/risk.ts";
import type { Base, Crash, KnownRule, RuleSetting } from "@yantra-lint/workspace";

/** Against the base: `new` findings fail a run, `existing` ones were there before, `fixed` ones are gone. */
export type State = "new" | "existing" | "fixed";

/** A finding as it is told: with its fingerprint and its state against the base. */
export type ToldFinding = Finding & { fingerprint: string; state: State };

/** Everything a reporter may tell. */
export interface Report {
  version: string;
  /** Absolute; paths are relative to it. */
  root: string;
  /** The root's own path inside the git work tree, "" when it is the top: what SARIF's paths begin with. */
  prefix: string;
  /** What the change is judged against; absent: nothing, so everything is new. */
  base?: Base;
  /** Findings of the work tree, new and existing. */
  findings: readonly ToldFinding[];
  /** Findings of the base that are gone; their places are those of the base. */
  fixed: readonly ToldFinding[];
  notices: readonly Notice[];
  crashes: readonly Crash[];
  files: number;
  rules: ReadonlyMap<string, KnownRule>;
  settings: Readonly<Record<string, RuleSetting>>;
  textOf: (path: string) => string | undefined;
  /** The risk of the change, for formats that tell it. */
  told?: ToldRisk;
  /** For SARIF: what the gate decides from, and where findings show in a pull request. */
  gate?: GateData;
}

/** What SARIF carries beside the findings. */
export interface GateData {
  /** Absent when only a part of the repository was checked. */
  report?: ChangeReport;
  /** The lines a pull request changes, by path; absent outside of one. */
  changed?: ReadonlyMap<string, readonly LineSpan[]>;
  /** The edits that brought findings about, by fingerprint. */
  causes: ReadonlyMap<string, Location>;
}

/** How many findings there are: new ones by level, then those that do not count. */
export interface Tally {
  errors: number;
  warnings: number;
  existing: number;
  suppressed: number;
}

export function tally(findings: readonly ToldFinding[]): Tally {
  const counts: Tally = { errors: 0, warnings: 0, existing: 0, suppressed: 0 };
  for (const finding of findings) {
    if (finding.suppressed) counts.suppressed += 1;
    else if (finding.state === "existing") counts.existing += 1;
    else if (finding.level === "error") counts.errors += 1;
    else if (finding.level === "warning") counts.warnings += 1;
  }
  return counts;
}
