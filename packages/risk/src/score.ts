import { compareText } from "@yantra-lint/core";
import {
  SIGNAL_IDS,
  type RiskClass,
  type RiskInput,
  type RiskReport,
  type Signal,
  type SignalId,
} from "./model.ts";
import { floorRank, FULL, higherFloor, type Family, type Reason } from "./reason.ts";
import { annotation } from "./signals/annotation.ts";
import { dependency } from "./signals/dependency.ts";
import { dependents, deployables, exports } from "./signals/dependents.ts";
import { edit } from "./signals/edit.ts";
import { size, spread } from "./signals/extent.ts";
import { finding } from "./signals/finding.ts";
import { history } from "./signals/history.ts";
import { infrastructure } from "./signals/infrastructure.ts";
import { migration } from "./signals/migration.ts";
import { path } from "./signals/path.ts";
import { trigger } from "./signals/trigger.ts";
import { settings, suppression } from "./signals/trust.ts";

const FAMILIES: Readonly<Record<SignalId, { family: Family; noun: string }>> = {
  path: { family: path, noun: "files" },
  edit: { family: edit, noun: "files" },
  size: { family: size, noun: "reasons" },
  spread: { family: spread, noun: "reasons" },
  dependents: { family: dependents, noun: "files" },
  exports: { family: exports, noun: "files" },
  deployables: { family: deployables, noun: "files" },
  annotation: { family: annotation, noun: "annotations" },
  dependency: { family: dependency, noun: "dependencies" },
  migration: { family: migration, noun: "migrations" },
  infrastructure: { family: infrastructure, noun: "files" },
  finding: { family: finding, noun: "findings" },
  trigger: { family: trigger, noun: "workloads" },
  settings: { family: settings, noun: "settings" },
  suppression: { family: suppression, noun: "suppressions" },
  history: { family: history, noun: "files" },
};

/** So many signals of an id are listed; the others become one. */
const LISTED = 20;

/** The strongest reason of an id counts whole, each further one half of the one before; the eleventh is the last. */
const STEPS = 11;
const WHOLE = 2 ** (STEPS - 1);

/**
 * Judges a change. A pure function: the same input gives the same report, byte by byte, in whatever order its lists are.
 * To add to a change, or to make a part of it graver, never lowers score or class. Two things are there to lower: an
 * annotation `low` that stood at the base, and the dependencies that tell what an edit of their manifest does.
 */
export function assessRisk({ change, settings: judged, today }: RiskInput): RiskReport {
  const { thresholds, weights } = judged;
  const signals = SIGNAL_IDS.flatMap((id) =>
    weigh(id, weights[id], FAMILIES[id].family(change, judged, today)),
  ).toSorted(compareSignals);
  const sum = signals.reduce((total, { points }) => total + points, 0);
  const highest = signals.reduce<RiskClass | undefined>(
    (most, { floor }) => higherFloor(most, floor),
    undefined,
  );
  const capped = Math.min(100, sum);
  const score = Math.max(capped, highest && highest !== "low" ? Math.min(100, thresholds[highest]) : 0);
  const byScore = score >= thresholds.high ? "high" : score >= thresholds.medium ? "medium" : "low";
  return {
    class: higherFloor(highest, byScore) ?? byScore,
    score,
    sum,
    thresholds: { medium: thresholds.medium, high: thresholds.high },
    ...(highest
      ? { floor: { class: highest, signal: signals.findIndex(({ floor }) => floor === highest) } }
      : {}),
    signals,
  };
}

/**
 * Turns the reasons of one id into signals whose points add up to the weight at most. The sum is that of the sorted
 * strengths by falling factors, so that no reason lowers it; whole numbers, so that it is exact. Each signal's points
 * are what the sum grows by with it.
 */
function weigh(id: SignalId, weight: number, reasons: readonly Reason[]): Signal[] {
  const sorted = reasons.toSorted(compareReasons);
  let strength = 0;
  let given = 0;
  const signals = sorted.map(({ strength: own, ...reason }, index): Signal => {
    strength += index < STEPS ? own * (WHOLE / 2 ** index) : 0;
    const total = Math.min(weight, Math.round((weight * strength) / (FULL * WHOLE)));
    const points = total - given;
    given = total;
    return { id, points, ...reason };
  });
  return shorten(id, signals);
}

/** Lists the gravest by name. What they leave is one signal with their points and their highest floor. */
function shorten(id: SignalId, signals: readonly Signal[]): Signal[] {
  if (signals.length <= LISTED + 1) return [...signals];
  const gravest = signals.toSorted((a, b) => floorRank(b.floor) - floorRank(a.floor));
  const rest = gravest.slice(LISTED);
  const floor = rest.reduce<RiskClass | undefined>((most, one) => higherFloor(most, one.floor), undefined);
  return [
    ...gravest.slice(0, LISTED),
    {
      id,
      points: rest.reduce((total, { points }) => total + points, 0),
      ...(floor ? { floor } : {}),
      evidence: `… and ${rest.length} more ${FAMILIES[id].noun}.`,
    },
  ];
}

function compareReasons(a: Reason, b: Reason): number {
  return b.strength - a.strength || floorRank(b.floor) - floorRank(a.floor) || comparePlaces(a, b);
}

function compareSignals(a: Signal, b: Signal): number {
  return b.points - a.points || compareText(a.id, b.id) || comparePlaces(a, b);
}

type Place = Pick<Signal, "path" | "line" | "evidence" | "lower">;

// What has no place sums up others and comes behind them.
function comparePlaces(a: Place, b: Place): number {
  return (
    Number(a.path === undefined) - Number(b.path === undefined) ||
    compareText(a.path ?? "", b.path ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.evidence, b.evidence) ||
    compareText(a.lower ?? "", b.lower ?? "")
  );
}

/** The signals that say most: the one that sets the floor, and the largest, `most` in all; those of no effect left out. */
export function topSignals(report: RiskReport, most = 5): Signal[] {
  const setsFloor = report.floor?.signal;
  const places = report.signals.flatMap(({ points, floor }, index) => (points > 0 || floor ? [index] : []));
  const first = places.slice(0, most);
  const isMissing = setsFloor !== undefined && !first.includes(setsFloor);
  const shown = isMissing ? [...first.slice(0, most - 1), setsFloor] : first;
  return shown.flatMap((index) => report.signals[index] ?? []);
}
