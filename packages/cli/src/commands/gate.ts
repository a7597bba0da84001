import fs from "node:fs";
import path from "node:path";
import {
  type Approval,
  type ChangeReport,
  type Checkout,
  decide,
  type GateDecision,
  type GateRun,
  mergePolicy,
  readReport,
  type Policy,
} from "@yantra-lint/risk";
import {
  git,
  gitFileAt,
  gitTopLevel,
  knownRules,
  mergeTree,
  readConfig,
  relativeTo,
  treeOf,
} from "@yantra-lint/workspace";
import { UsageError } from "../errors.ts";
import { readApprovalFile, readRuns } from "../gate-files.ts";
import type { GateOptions, RiskFormat } from "../options.ts";
import { tellPipeline } from "../pipeline.ts";
import { decisionJson, decisionMarkdown, decisionPretty, type ToldDecision } from "../reporters/decision.ts";
import { usesColor } from "../reporters/index.ts";
import { oneLine } from "../text.ts";
import { version } from "../version.ts";
import { writeOutput } from "../write-output.ts";

/** `yantra-lint gate`: decides from SARIF and approvals alone, and gives the exit code. @throws UsageError, ConfigError */
export async function gate(options: GateOptions): Promise<number> {
  const root = gitTopLevel(process.cwd());
  const runs = options.reports.flatMap((file) => readRuns(file, root));
  const reports = runs.flatMap((run) => reportOf(run) ?? []);
  const approvals = options.approvals
    .flatMap(readApprovalFile)
    .map((approval) => (root === undefined ? approval : ofSameTree(approval, reports, root)));
  const decision = decide({
    runs,
    environment: options.environment,
    approvals,
    knownVersion: version,
    ...(options.policy === undefined
      ? {}
      : { policyOverride: await policyFrom(options.policy, root, reports) }),
    ...(root === undefined ? {} : checkoutOf(root, reports)),
  });
  const told: ToldDecision = { decision, environment: options.environment, reports };
  for (const { format, file } of options.outputs) writeOutput(file, render(format, told, file === undefined));
  tellPipeline(outputsOf(decision, reports), decisionMarkdown(told), process.env);
  return decision.exitCode;
}

function reportOf(run: GateRun): ChangeReport | undefined {
  if (run.report === undefined) return undefined;
  const read = readReport(run.report);
  return "problems" in read ? undefined : read.report;
}

/** The packs are needed only to check the names of rules that stand in the same file. */
async function policyFrom(
  file: string,
  root: string | undefined,
  reports: readonly ChangeReport[],
): Promise<Policy> {
  if (root !== undefined && isEdited(file, root, reports))
    throw new UsageError(`${oneLine(file)} is a part of the change, which cannot bring its own policy.`);
  const { packs } = await import("../packs.ts");
  return mergePolicy(readConfig(file, knownRules(packs)).policy);
}

/** Whether a file of the repository differs from the base, or cannot be compared with it. */
function isEdited(file: string, root: string, reports: readonly ChangeReport[]): boolean {
  const relative = relativeTo(root, fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file));
  const tracked =
    relative !== undefined && git(root, ["ls-files", "--error-unmatch", "--", relative]) !== undefined;
  if (!tracked) return false;
  const base = reports[0]?.base?.commit;
  return base === undefined || gitFileAt(root, base, relative) !== fs.readFileSync(file, "utf8");
}

/**
 * A review of a commit with the very tree that is to ship is a review of it: a squash or a rebase changes the commit
 * and nothing else. So is one of a commit whose merge into the base gives that tree, where the base moved meanwhile.
 */
function ofSameTree(approval: Approval, reports: readonly ChangeReport[], root: string): Approval {
  const { commit } = approval;
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return approval;
  const same = reports.find(
    ({ head, base }) =>
      head.tree !== undefined &&
      (treeOf(root, commit) === head.tree ||
        (base !== undefined && mergeTree(root, base.commit, commit) === head.tree)),
  );
  return same?.head.commit === undefined ? approval : { ...approval, commit: same.head.commit };
}

/** What is checked out here; nothing when there is no commit. */
function checkoutOf(root: string, reports: readonly ChangeReport[]): { checkout?: Checkout } {
  const headTree = treeOf(root, "HEAD");
  if (headTree === undefined) return {};
  const commit = reports[0]?.base?.commit;
  const baseTree = commit === undefined ? undefined : treeOf(root, commit);
  const changed = git(root, [
    "status",
    "--porcelain",
    "-z",
    "--untracked-files=no",
    "--ignore-submodules=none",
  ]);
  return { checkout: { headTree, clean: changed === "", ...(baseTree === undefined ? {} : { baseTree }) } };
}

function outputsOf(
  decision: GateDecision,
  reports: readonly ChangeReport[],
): Record<string, string | number> {
  const { outcome, class: riskClass, score } = decision;
  const digest = reports[0]?.digest;
  return {
    decision: outcome,
    ...(riskClass === undefined ? {} : { class: riskClass }),
    ...(score === undefined ? {} : { score }),
    ...(digest === undefined || outcome === "error" ? {} : { digest }),
  };
}

function render(format: RiskFormat, told: ToldDecision, toTerminal: boolean): string {
  switch (format) {
    case "pretty":
      return decisionPretty(told, { color: toTerminal && usesColor() });
    case "json":
      return decisionJson(told);
    case "markdown":
      return decisionMarkdown(told);
  }
}
