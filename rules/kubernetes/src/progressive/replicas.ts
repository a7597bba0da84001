import type { Place } from "@yantra-lint/yaml";
import { wholeNumber } from "./durations.ts";

/** Argo Rollouts' default for both maxSurge and maxUnavailable (v1.10, utils/defaults/defaults.go). */
const DEFAULT_BOUND = "25%";

/**
 * The share of pods, and so of requests, in percent that a canary without traffic routing really gets from a
 * `setWeight`: whole pods only, chosen as the controller chooses them among `replicas` and, with surge,
 * `replicas + 1` pods. (argo-rollouts v1.10, utils/replicaset/canary.go,
 * approximateWeightedCanaryStableReplicaCounts.)
 *
 * @param weight percent, 0 to 100
 */
export function canaryShare(replicas: number, weight: number, maxSurge: number): number {
  if (replicas === 0) return 0;
  const up = Math.ceil((replicas * weight) / 100);
  const down = Math.floor((replicas * weight) / 100);
  const zeroAllowed = weight === 100 || weight === 0 || (replicas === 1 && maxSurge === 0);
  const options: { canary: number; total: number }[] = [];
  const consider = (total: number, upAllowed: boolean): void => {
    if (upAllowed) options.push({ canary: up, total });
    // When both are equally far from the wanted share, the larger one is taken.
    const tied = ((total * weight) / 100) % 1 === 0.5;
    if (!tied && (down !== 0 || zeroAllowed)) options.push({ canary: down, total });
  };
  consider(replicas, up < replicas || zeroAllowed);
  if (maxSurge > 0) consider(replicas + 1, true);
  const distance = ({ canary, total }: { canary: number; total: number }): number =>
    Math.abs((canary * 100) / total - weight);
  const best = options.reduce<{ canary: number; total: number } | undefined>(
    (found, option) => (found && distance(found) <= distance(option) ? found : option),
    undefined,
  );
  return best ? (best.canary * 100) / best.total : 0;
}

/**
 * The next number of replicas with which a canary without traffic routing gets a share of at most `max` percent. More
 * replicas do not always give less: 10 % is 1 of 10 pods with 9 of them, and 2 of 16 with 15.
 */
export function replicasFor(weight: number, max: number, maxSurge: number, now: number): number {
  for (let replicas = now + 1; replicas < 1000; replicas += 1) {
    const share = canaryShare(replicas, weight, maxSurge);
    if (share > 0 && share <= max) return replicas;
  }
  return 1000;
}

/**
 * The extra pods a canary may have: an absolute number, or a percentage of the replicas, rounded up. With an
 * invalid value the controller takes 0. (argo-rollouts v1.10, utils/replicaset/replicaset.go, resolveFenceposts.)
 */
export function maxSurgeOf(canary: Place, replicas: number): number {
  const value = canary.find("maxSurge")?.value ?? DEFAULT_BOUND;
  const percent = typeof value === "string" ? /^(\d+)%?$/.exec(value)?.[1] : undefined;
  if (percent !== undefined) return Math.ceil((Number(percent) * replicas) / 100);
  return wholeNumber(value) ?? 0;
}
