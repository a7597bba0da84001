import type { Change } from "@yantra-lint/core";
import { RISK_CLASSES, type RiskClass, type RiskSettings, type Signal } from "./model.ts";

/** The strength that takes all points of a signal's weight. Strengths are whole numbers, so that sums are exact. */
export const FULL = 1000;

/** A signal before it is weighed against the others of its id. */
export interface Reason extends Omit<Signal, "id" | "points"> {
  /** 0 to 1000: which part of the weight it would take alone. */
  strength: number;
}

/** Finds the reasons of one signal id. A graver change gives at least the same reasons, none of them weaker. */
export type Family = (change: Change, settings: RiskSettings, today: string) => Reason[];

/** The higher of two floors. */
export function higherFloor(a: RiskClass | undefined, b: RiskClass | undefined): RiskClass | undefined {
  return floorRank(a) >= floorRank(b) ? a : b;
}

/** 0 for none, 1 for low, 2 for medium, 3 for high. */
export function floorRank(floor: RiskClass | undefined): number {
  return floor === undefined ? 0 : RISK_CLASSES.indexOf(floor) + 1;
}

/**
 * Where `count` stands between 1 and `full` on a logarithmic scale, as a strength: 0 for none, 1000 from `full` on.
 * Doubling steps with straight lines between them: whole-number arithmetic, the same on every machine.
 */
export function logStrength(count: number, full: number): number {
  const share = log2(count + 1) / log2(full + 1);
  return Math.min(FULL, Math.floor(share * FULL));
}

function log2(value: number): number {
  if (!(value > 1)) return 0;
  let power = 0;
  let step = 1;
  while (step * 2 <= value) {
    step *= 2;
    power++;
  }
  return power + (value - step) / step;
}
