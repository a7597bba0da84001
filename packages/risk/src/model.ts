import type { Change } from "@yantra-lint/core";

export const RISK_CLASSES = ["low", "medium", "high"] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** What a signal is about; the word stands in every format. */
export const SIGNAL_IDS = [
  "path",
  "edit",
  "size",
  "spread",
  "dependents",
  "exports",
  "deployables",
  "annotation",
  "dependency",
  "migration",
  "infrastructure",
  "finding",
  "trigger",
  "settings",
  "suppression",
  "history",
] as const;
export type SignalId = (typeof SIGNAL_IDS)[number];

/** One reason of a score. */
export interface Signal {
  id: SignalId;
  /** What it adds to the score; 0 for a reason that only sets a floor. */
  points: number;
  /** The class below which the change cannot be for this reason. */
  floor?: RiskClass;
  /** What was seen, as a sentence for people. */
  evidence: string;
  path?: string;
  line?: number;
  /** What the author could do so that this counts less; absent when nothing can be done. */
  lower?: string;
}

/** How risky a change is, and why. The same change and settings give the same report, byte by byte. */
export interface RiskReport {
  class: RiskClass;
  /** 0 to 100: the points' sum (100 at most), lifted to the least score of the floor's class. */
  score: number;
  /** The points' sum before floors and the cap. */
  sum: number;
  /** The least scores of a class it was judged by, so that whoever reads it can judge again. */
  thresholds: { medium: number; high: number };
  /** The highest floor, and the first signal that sets it (its index in `signals`). */
  floor?: { class: RiskClass; signal: number };
  /** Largest points first; equal ones by id, path, line. */
  signals: Signal[];
}

/** A path pattern that sets a floor. */
export interface PathFloor {
  /** What the paths are about, such as `authentication`. */
  name: string;
  /** Globs, relative to the root; `!` in front takes out. */
  paths: string[];
  /** `low` sets no floor: it takes the paths out of those built in. */
  class: RiskClass;
}

/** Everything of the judgement that is data; `risk` in yantra.config overrides parts of it. */
export interface RiskSettings {
  /** The least scores of a class. */
  thresholds: { medium: number; high: number };
  /** Floors by path, beside the built-in ones. */
  floors: PathFloor[];
  /** Points by signal: the most that all signals of the id together can add. 0 turns its points off. */
  weights: Record<SignalId, number>;
}

export interface RiskInput {
  change: Change;
  settings: RiskSettings;
  /** YYYY-MM-DD: annotations that ended before it lower nothing; they still lift, until somebody takes them away. */
  today: string;
}

/** Who may let a class of changes into which environment. */
export interface ClassPolicy {
  /** Environments that changes of the class reach without approval; `*` all. Others need approval. */
  deploys: string[];
  /** How many approvals the others need, at least 1; to need none, name the environment in `deploys`. */
  approvals: number;
}

export interface ApproverRule {
  /** Globs, relative to the root of the repository. */
  paths: string[];
  /** Logins, e-mail addresses or teams (`@org/team`); one of them has to approve. */
  approvers: string[];
}

export interface Policy {
  classes: Record<RiskClass, ClassPolicy>;
  /** Who may approve what, beside CODEOWNERS. Every rule that matches a changed path has to be met. */
  approvers: ApproverRule[];
  /** Whether CODEOWNERS says who may approve. */
  codeowners: boolean;
  /** Members of teams, by team. */
  teams: Record<string, string[]>;
  /** Names one person goes by (login, e-mail addresses): an author by any of them cannot approve. */
  people: Record<string, string[]>;
  /** From which level on findings block, by the tool's name; `*` for the others; `never`: they do not. */
  blocks: Record<string, "error" | "warning" | "never">;
}

/** A path and who has to approve it: one of `owners`, or as many as `approvals` says. */
export interface Ownership {
  path: string;
  owners: string[];
  /** How many of the owners, where it is more than one (a section of GitLab's CODEOWNERS). */
  approvals?: number;
  /** Where it is said: `CODEOWNERS:12`, `policy`. */
  source: string;
}

/** What stands in our SARIF beside the findings, and all that the gate decides from. */
export interface ChangeReport {
  format: 1;
  tool: { name: string; version: string };
  /** Absent: there was no base, everything is new. */
  base?: { commit: string; tree: string };
  head: {
    commit?: string;
    tree?: string;
    /** Changed or untracked files that were judged and stand in no commit. */
    uncommitted: string[];
    /** Commits whose review is a review of this head: its own, and the branch's of a clean merge. */
    reviewed: string[];
  };
  policy: Policy;
  /** Over base tree, head tree, policy and tool version: what an approval is bound to. */
  digest: string;
  /** Names of those who wrote the change: logins, e-mail addresses, names. */
  authors: string[];
  ownership: Ownership[];
  risk: RiskReport;
  /** New findings that no comment suppresses. */
  findings: { errors: number; warnings: number };
}

/** Somebody's consent to a report, or, with `objection`, somebody's standing refusal. */
export interface Approval {
  approver: string;
  /** Changes were requested, and neither taken back nor dismissed: it is no consent, and holds up others'. */
  objection?: true;
  /** The forge says that it is an account of a program. */
  bot?: true;
  /** The forge does not know them as owner, member or collaborator: anybody can review a public repository. */
  outsider?: true;
  /** Absent: for every environment. */
  environment?: string;
  /** The report's digest it is bound to. */
  digest?: string;
  /** The commit that was reviewed, for approvals of a forge. */
  commit?: string;
  /** Where it was read, for messages. */
  source: string;
  /** ISO 8601. */
  at?: string;
}
