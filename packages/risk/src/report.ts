import { digestOf } from "./digest.ts";
import {
  RISK_CLASSES,
  SIGNAL_IDS,
  type ChangeReport,
  type Ownership,
  type RiskReport,
  type Signal,
} from "./model.ts";
import { policyOf } from "./policy-shape.ts";
import { classRank } from "./policy.ts";
import { Shape } from "./shape.ts";

/** A report that may be believed as far as it can be told from itself, or what is wrong with it, in sentences. */
export type CheckedReport = { report: ChangeReport } | { problems: string[] };

/**
 * Checks a report that came from outside: every field is there and of its type, no field is there that this
 * version does not know, and the fields agree with each other. The digest is what its fields give, and score and class are
 * what signals, floors and thresholds give; so an edit of one of them shows, unless all are forged together, which the
 * seal is against.
 */
export function readReport(value: unknown): CheckedReport {
  const shape = new Shape();
  const report = reportOf(shape, value);
  if (shape.problems.length > 0) return { problems: shape.problems };
  if (digestOf(report) !== report.digest)
    shape.wrong("digest", "is not that of the trees, the policy and the tool's version beside it");
  checkRisk(shape, report.risk);
  return shape.problems.length > 0 ? { problems: shape.problems } : { report };
}

function reportOf(shape: Shape, value: unknown): ChangeReport {
  const required = ["format", "tool", "head", "policy", "digest", "authors", "ownership", "risk", "findings"];
  const fields = shape.object(value, "The report", required, ["base"]);
  if (fields.get("format") !== 1) shape.wrong("format", "is not 1, the only one this version knows");
  const tool = shape.object(fields.get("tool"), "tool", ["name", "version"]);
  const findings = shape.object(fields.get("findings"), "findings", ["errors", "warnings"]);
  const report: ChangeReport = {
    format: 1,
    tool: {
      name: shape.text(tool.get("name"), "tool.name"),
      version: shape.text(tool.get("version"), "tool.version"),
    },
    head: headOf(shape, fields.get("head")),
    policy: policyOf(shape, fields.get("policy"), "policy"),
    digest: shape.digest(fields.get("digest"), "digest"),
    authors: shape.texts(fields.get("authors"), "authors"),
    ownership: shape.list(fields.get("ownership"), "ownership", (item, at) => ownershipOf(shape, item, at)),
    risk: riskOf(shape, fields.get("risk")),
    findings: {
      errors: shape.count(findings.get("errors"), "findings.errors"),
      warnings: shape.count(findings.get("warnings"), "findings.warnings"),
    },
  };
  if (fields.has("base")) {
    const base = shape.object(fields.get("base"), "base", ["commit", "tree"]);
    report.base = {
      commit: shape.objectName(base.get("commit"), "base.commit"),
      tree: shape.objectName(base.get("tree"), "base.tree"),
    };
  }
  return report;
}

function headOf(shape: Shape, value: unknown): ChangeReport["head"] {
  const fields = shape.object(value, "head", ["uncommitted", "reviewed"], ["commit", "tree"]);
  const head: ChangeReport["head"] = {
    uncommitted: shape.texts(fields.get("uncommitted"), "head.uncommitted"),
    reviewed: shape.list(fields.get("reviewed"), "head.reviewed", (item, at) => shape.objectName(item, at)),
  };
  if (fields.has("commit")) head.commit = shape.objectName(fields.get("commit"), "head.commit");
  if (fields.has("tree")) head.tree = shape.objectName(fields.get("tree"), "head.tree");
  return head;
}

function ownershipOf(shape: Shape, value: unknown, at: string): Ownership {
  const fields = shape.object(value, at, ["path", "owners", "source"], ["approvals"]);
  const owned: Ownership = {
    path: shape.text(fields.get("path"), `${at}.path`),
    owners: shape.texts(fields.get("owners"), `${at}.owners`),
    source: shape.text(fields.get("source"), `${at}.source`),
  };
  if (owned.owners.length === 0) shape.wrong(`${at}.owners`, "is empty");
  if (fields.has("approvals")) owned.approvals = shape.count(fields.get("approvals"), `${at}.approvals`, 1);
  return owned;
}

function riskOf(shape: Shape, value: unknown): RiskReport {
  const keys = ["class", "score", "sum", "thresholds", "signals"];
  const fields = shape.object(value, "risk", keys, ["floor"]);
  const thresholds = shape.object(fields.get("thresholds"), "risk.thresholds", ["medium", "high"]);
  const risk: RiskReport = {
    class: shape.oneOf(fields.get("class"), "risk.class", RISK_CLASSES),
    score: shape.number(fields.get("score"), "risk.score", 0, 100),
    sum: shape.number(fields.get("sum"), "risk.sum", 0),
    thresholds: {
      medium: shape.number(thresholds.get("medium"), "risk.thresholds.medium", 0),
      high: shape.number(thresholds.get("high"), "risk.thresholds.high", 0),
    },
    signals: shape.list(fields.get("signals"), "risk.signals", (item, at) => signalOf(shape, item, at)),
  };
  if (fields.has("floor")) {
    const floor = shape.object(fields.get("floor"), "risk.floor", ["class", "signal"]);
    risk.floor = {
      class: shape.oneOf(floor.get("class"), "risk.floor.class", RISK_CLASSES),
      signal: shape.count(floor.get("signal"), "risk.floor.signal"),
    };
  }
  return risk;
}

function signalOf(shape: Shape, value: unknown, at: string): Signal {
  const fields = shape.object(value, at, ["id", "points", "evidence"], ["floor", "path", "line", "lower"]);
  const signal: Signal = {
    id: shape.oneOf(fields.get("id"), `${at}.id`, SIGNAL_IDS),
    points: shape.number(fields.get("points"), `${at}.points`, 0),
    evidence: shape.text(fields.get("evidence"), `${at}.evidence`),
  };
  if (fields.has("floor")) signal.floor = shape.oneOf(fields.get("floor"), `${at}.floor`, RISK_CLASSES);
  if (fields.has("path")) signal.path = shape.text(fields.get("path"), `${at}.path`);
  if (fields.has("line")) signal.line = shape.count(fields.get("line"), `${at}.line`);
  if (fields.has("lower")) signal.lower = shape.text(fields.get("lower"), `${at}.lower`);
  return signal;
}

/** Judges again: sum, floor, score and class as they follow from the signals. */
function checkRisk(
  shape: Shape,
  { signals, sum, floor, score, class: riskClass, thresholds }: RiskReport,
): void {
  if (thresholds.medium > thresholds.high) shape.wrong("risk.thresholds", "have medium above high");
  const points = signals.reduce((total, signal) => total + signal.points, 0);
  if (Math.abs(points - sum) > ROUNDING)
    shape.wrong("risk.sum", `is ${sum}, and the signals add up to ${points}`);

  const ranks = signals.flatMap((signal) => (signal.floor === undefined ? [] : [classRank(signal.floor)]));
  const highest = RISK_CLASSES[Math.max(-1, ...ranks)];
  if (floor?.class !== highest) {
    shape.wrong("risk.floor", `is ${floor?.class ?? "absent"}, and the signals set ${highest ?? "none"}`);
  } else if (floor && signals[floor.signal]?.floor !== floor.class) {
    shape.wrong("risk.floor.signal", "names a signal that does not set it");
  }

  const least = highest === undefined || highest === "low" ? 0 : thresholds[highest];
  const expected = Math.min(100, Math.max(points, least));
  if (Math.abs(expected - score) > ROUNDING)
    shape.wrong("risk.score", `is ${score}, and the signals give ${expected}`);
  const byScore = score >= thresholds.high ? 2 : score >= thresholds.medium ? 1 : 0;
  const follows = RISK_CLASSES[Math.max(byScore, ...ranks)];
  if (riskClass !== follows)
    shape.wrong("risk.class", `is ${riskClass}, and the signals give ${follows ?? "none"}`);
}

/** What a sum of decimal fractions may be off by. */
const ROUNDING = 1e-6;
