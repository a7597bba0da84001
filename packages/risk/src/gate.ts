import { approvalStatus, type ApprovalStatus, type RefusedApproval } from "./approvals.ts";
import type { Approval, ChangeReport, Policy, RiskClass } from "./model.ts";
import { readPolicy } from "./policy-shape.ts";
import { blockingLevel, classRank } from "./policy.ts";
import { readReport } from "./report.ts";
import { plain } from "./wording.ts";

/** The name our own runs have in SARIF. */
export const TOOL_NAME = "yantra-lint";

/** One result of a SARIF run. */
export interface GateResult {
  /** The level that holds, the rule's default where the result says none. */
  level: "none" | "note" | "warning" | "error";
  ruleId: string;
  message: string;
  path?: string;
  line?: number;
  /** SARIF's kind; absent: `fail`. Others (`pass`, `open`, `informational` …) are no findings. */
  kind?: string;
  /** By an accepted suppression. */
  suppressed: boolean;
  /** Against the baseline; absent: there was none, so it counts as new. */
  state?: "new" | "unchanged" | "updated" | "absent";
}

/** One run of one SARIF file. */
export interface GateRun {
  /** The file it was read from, for messages and commands. */
  source: string;
  tool: { name: string; version?: string };
  results: GateResult[];
  /** Why the run did not see everything, as sentences: a failed invocation, no results, cut results. */
  failed: string[];
  /** The payload of our own runs as it was read: anything. */
  report?: unknown;
  /** Whether the payload and the results are as they were written; `unsigned`: a key is asked for, and was not used. */
  sealed: "valid" | "broken" | "unsigned" | "absent";
}

/** What lies on the disk the gate runs on. Trees are git's object names. */
export interface Checkout {
  /** Absent: the base is not there (a shallow clone), so it is not compared. */
  baseTree?: string;
  headTree: string;
  /** Whether every tracked file is as it is committed. */
  clean: boolean;
}

export interface GateInput {
  runs: readonly GateRun[];
  environment: string;
  /** Of all files, see `readApprovals`. */
  approvals: readonly Approval[];
  /**
   * In place of the reports' own policy, which was read from the base. Its `approvers` have to be the report's:
   * who owns what changed was decided when the report was written.
   */
  policyOverride?: Policy;
  checkout?: Checkout;
  /** The version of this program; reports of another one are refused. */
  knownVersion?: string;
}

/** A finding that blocks. */
export interface BlockingFinding extends GateResult {
  tool: string;
  source: string;
}

export interface GateDecision {
  outcome: "deploy" | "blocked" | "approval" | "error";
  exitCode: 0 | 1 | 2 | 3;
  /** Sentences, the most important first. */
  reasons: string[];
  /** The gravest of the reports; absent when none can be believed. */
  class?: RiskClass;
  score?: number;
  /** Approvals that the environment needs in all. */
  needed: number;
  counted: Approval[];
  refused: RefusedApproval[];
  /** Who may approve, as sentences. Empty when no approval is missing. */
  who: string[];
  /** What to do, as sentences with commands. Empty when no approval is missing. */
  how: string[];
  blocking: BlockingFinding[];
}

const EXIT_CODES = { deploy: 0, blocked: 1, error: 2, approval: 3 } as const;

interface Judged {
  run: GateRun;
  report: ChangeReport;
  status: ApprovalStatus;
}

/**
 * Whether a change may go into an environment, from SARIF alone. What cannot be believed ends in `error` (2), findings
 * in `blocked` (1), a lack of approvals in `approval` (3), in this order; only what is left deploys (0).
 *
 * At least one run of yantra-lint with its report has to be there: results of other tools can block and never
 * let pass. Each report is judged by its own policy, and the gravest answer holds.
 */
export function decide(input: GateInput): GateDecision {
  const { reports, problems } = believableReports(input);
  const judged = reports.map(({ run, report }): Judged => {
    const policed = input.policyOverride ? { ...report, policy: input.policyOverride } : report;
    const status = approvalStatus(policed, input.approvals, input.environment);
    return { run, report: policed, status };
  });
  const blocking = blockingFindings(input.runs, judged);
  const waiting = judged.filter(({ status }) => !status.satisfied);
  const outcome =
    problems.length > 0
      ? "error"
      : blocking.length > 0
        ? "blocked"
        : waiting.length > 0
          ? "approval"
          : "deploy";
  const gravest = judged
    .map(({ report }) => report.risk)
    .reduce<ChangeReport["risk"] | undefined>(
      (worst, risk) => (worst === undefined || isGraver(risk, worst) ? risk : worst),
      undefined,
    );
  return {
    outcome,
    exitCode: EXIT_CODES[outcome],
    reasons: unique([
      ...problems,
      ...blockedBy(blocking),
      ...judged.flatMap((one) => approvalReasons(one, input.environment)),
    ]),
    ...(gravest === undefined ? {} : { class: gravest.class, score: gravest.score }),
    needed: Math.max(0, ...judged.map(({ status }) => status.needed)),
    counted: [...new Set(judged.flatMap(({ status }) => status.counted))],
    refused: judged.flatMap(({ status }) => status.refused),
    who: unique(waiting.flatMap(whoMay)),
    how: unique(waiting.flatMap((one) => howTo(one, input.environment))),
    blocking,
  };
}

function isGraver(a: ChangeReport["risk"], b: ChangeReport["risk"]): boolean {
  const difference = classRank(a.class) - classRank(b.class);
  return difference > 0 || (difference === 0 && a.score > b.score);
}

function unique(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

/** The reports that may be believed, and everything that keeps the gate from a decision. */
function believableReports(input: GateInput): {
  reports: { run: GateRun; report: ChangeReport }[];
  problems: string[];
} {
  const problems: string[] = [];
  if (input.environment.trim() === "" || /\p{Cc}/u.test(input.environment))
    problems.push("The environment has no name: say where the change is to go with --environment.");
  for (const run of input.runs) {
    const name = `${plain(run.source)} (${plain(run.tool.name)})`;
    problems.push(...run.failed.map((why) => `${name} did not see everything: ${plain(why, 300)}`));
  }
  const override = input.policyOverride === undefined ? undefined : readPolicy(input.policyOverride);
  if (override && "problems" in override)
    problems.push(...override.problems.map((said) => `The policy given to the gate is wrong: ${said}`));

  const own = input.runs.filter((run) => run.tool.name === TOOL_NAME);
  if (own.length === 0)
    problems.push(
      `No run of ${TOOL_NAME} is among the results, and without it nothing is known of the change's risk. Results of other tools alone let nothing pass.`,
    );
  const reports = own.flatMap((run) => {
    const faults: string[] = [];
    const report = believe(run, input, faults);
    problems.push(...faults.map((said) => `${plain(run.source)} cannot be believed: ${said}`));
    return report && faults.length === 0 ? [{ run, report }] : [];
  });
  if (new Set(reports.map(({ report }) => report.head.tree)).size > 1)
    problems.push("The reports are of different trees; give the gate those of one change.");
  return { reports, problems };
}

const SEALS: Record<Exclude<GateRun["sealed"], "valid">, string> = {
  absent: "it has no seal.",
  broken: "it was edited after it was written, or sealed with another key: the seal is broken.",
  unsigned: "its seal is not signed with the key.",
};

/** Reads the report of one of our runs and writes down everything that is wrong with it. */
function believe(run: GateRun, input: GateInput, faults: string[]): ChangeReport | undefined {
  if (run.report === undefined) {
    faults.push(`it holds no risk data. Let this version of ${TOOL_NAME} write it, in the git repository.`);
    return undefined;
  }
  if (run.sealed !== "valid") faults.push(SEALS[run.sealed]);
  const checked = readReport(run.report);
  if ("problems" in checked) {
    faults.push(...checked.problems.map((said) => plain(said, 300)));
    return undefined;
  }
  const { report } = checked;
  const { tool, head, base, policy } = report;
  if (tool.name !== run.tool.name || tool.version !== run.tool.version)
    faults.push(`the report is of ${plain(tool.name)} ${plain(tool.version)}, and the run is not.`);
  if (input.knownVersion !== undefined && tool.version !== input.knownVersion)
    faults.push(
      `it was written by version ${plain(tool.version)}, and this is ${input.knownVersion}. Use one version for both.`,
    );
  if (head.uncommitted.length > 0)
    faults.push(`files were judged that stand in no commit: ${plain(head.uncommitted.join(", "))}.`);
  if (head.tree === undefined) faults.push("it does not say which tree was judged.");
  else if (base?.tree === head.tree)
    faults.push(
      "its base is the very tree that ships, so no change was judged. Let lint compare with what runs now: --base REV.",
    );

  const { errors, warnings } = countFindings(run.results);
  if (errors !== report.findings.errors || warnings !== report.findings.warnings)
    faults.push(
      `the report speaks of ${report.findings.errors} new errors and ${report.findings.warnings} new warnings, and the results hold ${errors} and ${warnings}.`,
    );
  if (input.policyOverride && !sameRules(input.policyOverride, policy))
    faults.push(
      "the policy given to the gate has other `approvers` than the one the report was written with. Put them into the base's yantra.config.",
    );
  if (input.checkout) {
    const { headTree, baseTree, clean } = input.checkout;
    if (headTree !== head.tree)
      faults.push(`it is of tree ${head.tree ?? "unknown"}, and checked out is ${headTree}.`);
    if (baseTree !== undefined && baseTree !== base?.tree)
      faults.push(`its base is tree ${base?.tree ?? "unknown"}, and that of the checkout is ${baseTree}.`);
    if (!clean) faults.push("the checkout has changes that are not committed, which nobody judged.");
  }
  return report;
}

function sameRules(a: Policy, b: Policy): boolean {
  return JSON.stringify(a.approvers) === JSON.stringify(b.approvers);
}

/** Whether a result is a finding of the change: it failed, is not suppressed, and the base does not have it. */
function isNew({ kind = "fail", suppressed, state = "new" }: GateResult): boolean {
  return kind === "fail" && !suppressed && state !== "unchanged" && state !== "absent";
}

function countFindings(results: readonly GateResult[]): { errors: number; warnings: number } {
  const levels = results.filter(isNew).map(({ level }) => level);
  return {
    errors: levels.filter((level) => level === "error").length,
    warnings: levels.filter((level) => level === "warning").length,
  };
}

/** Findings that one of the policies lets block. */
function blockingFindings(runs: readonly GateRun[], judged: readonly Judged[]): BlockingFinding[] {
  const policies = judged.map(({ report }) => report.policy);
  return runs.flatMap(({ tool, source, results }) => {
    const levels = policies.map((policy) => blockingLevel(policy, tool.name));
    const errorsBlock = levels.some((level) => level !== "never");
    const warningsBlock = levels.includes("warning");
    return results
      .filter(isNew)
      .filter(({ level }) => (level === "error" && errorsBlock) || (level === "warning" && warningsBlock))
      .map((result) => ({ ...result, tool: tool.name, source }));
  });
}

function blockedBy(blocking: readonly BlockingFinding[]): string[] {
  if (blocking.length === 0) return [];
  const tools = [...new Set(blocking.map(({ tool }) => tool))].map((tool) => {
    const count = blocking.filter((finding) => finding.tool === tool).length;
    return `${count} of ${plain(tool)}`;
  });
  const [first] = blocking;
  const place = first?.path === undefined ? "" : ` (${plain(first.path)}:${first.line ?? 1})`;
  return [
    `${blocking.length === 1 ? "1 finding blocks" : `${blocking.length} findings block`}: ${tools.join(", ")}. The first is ${plain(first?.ruleId ?? "")}${place}.`,
  ];
}

function approvalReasons({ report, status }: Judged, environment: string): string[] {
  const risk = `Class ${report.risk.class} (score ${report.risk.score})`;
  const { needed, counted, missing, objections, refused, satisfied } = status;
  if (needed === 0) return [`${risk} deploys to ${plain(environment)} by itself.`];
  const names = counted.map(({ approver }) => plain(approver)).join(", ");
  return [
    `${risk} needs ${needed === 1 ? "1 approval" : `${needed} approvals`} for ${plain(environment)} and has ${counted.length}${names === "" ? "" : `: ${names}`}.`,
    ...objections.map(
      ({ approver, source }) =>
        `${plain(approver)} has requested changes (${plain(source)}), which no other approval outweighs: they approve, or their review is dismissed.`,
    ),
    ...missing.map(({ why }) => plain(why, 600)),
    ...(satisfied
      ? []
      : refused.map(
          ({ approval, why }) =>
            `The approval of ${plain(approval.approver)} (${plain(approval.source)}) does not count. ${plain(why, 400)}`,
        )),
  ];
}

function whoMay({ status }: Judged): string[] {
  if (status.missing.length > 0)
    return status.missing.map(
      ({ owners, needed }) =>
        `${needed === 1 ? "One" : String(needed)} of ${owners.map((owner) => plain(owner)).join(", ")}.`,
    );
  if (status.counted.length < status.needed) return ["Anybody who is not an author of the change."];
  return [];
}

function howTo({ run, report, status }: Judged, environment: string): string[] {
  if (status.missing.length === 0 && status.counted.length >= status.needed) return [];
  const commit = report.head.reviewed.at(-1) ?? report.head.commit;
  return [
    `Run \`yantra-lint approve ${quoted(run.source)} --environment ${quoted(environment)} --approver NAME\` and give the gate what it writes with --approvals FILE.`,
    ...(commit === undefined
      ? []
      : [
          `Or approve the pull request at commit ${commit} and give the gate its reviews with --github-reviews FILE, or those of GitLab with --approvals FILE.`,
        ]),
  ];
}

/** A word as a POSIX shell takes it for one. */
function quoted(word: string): string {
  return /^[\w./:@%+=,][\w./:@%+=,-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
