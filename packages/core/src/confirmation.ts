import type { FactIndex } from "./facts.ts";
import { compareText } from "./finding.ts";
import type { OutcomeFact } from "./query-facts.ts";

/** What the outcomes of releases say of one that a contract migration relies on. */
export type Confirmation =
  /** `by`: its last promotion. */
  | { state: "promoted"; by: OutcomeFact }
  /** No outcome is known at all. */
  | { state: "unknown" }
  /** `environments`: those that outcomes are known of. */
  | { state: "notPromoted"; environments: string[] }
  | { state: "rolledBack"; by: OutcomeFact }
  /** An older release was promoted again afterwards. */
  | { state: "wentBack"; by: OutcomeFact };

/** Whether a release serves in an environment: it was promoted there, and neither it nor what came after was taken back. */
export function confirmationOf(facts: FactIndex, release: string, environment: string): Confirmation {
  const all = facts.of("outcome");
  if (all.length === 0) return { state: "unknown" };
  const here = all
    .filter((outcome) => outcome.environment.toLowerCase() === environment.toLowerCase())
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const commit = facts.of("tag").find(({ name }) => name === release)?.commit;
  const isOfRelease = (outcome: OutcomeFact): boolean => isOf(outcome, release, commit);
  const own = here.filter(isOfRelease);
  const last = own.at(-1);
  if (!last)
    return { state: "notPromoted", environments: [...new Set(all.map((each) => each.environment))].sort() };
  if (last.result === "rolledBack") return { state: "rolledBack", by: last };
  const back = olderAgain(here, own, release);
  return back ? { state: "wentBack", by: back } : { state: "promoted", by: last };
}

/** What is known of a release in one environment. `time`: of its promotion, or of what took it back (RFC 3339). */
export interface Standing {
  environment: string;
  state: Exclude<Confirmation["state"], "unknown">;
  time?: string;
}

/** How a release stands in each environment that outcomes are known of, by name; empty when there are none. */
export function standingsOf(facts: FactIndex, release: string): Standing[] {
  const names = new Map(
    facts.of("outcome").map(({ environment }) => [environment.toLowerCase(), environment]),
  );
  return [...names.values()].sort(compareText).flatMap((environment): Standing[] => {
    const confirmation = confirmationOf(facts, release, environment);
    if (confirmation.state === "unknown") return [];
    const { state } = confirmation;
    return [{ environment, state, ...("by" in confirmation ? { time: confirmation.by.time } : {}) }];
  });
}

function isPromotion({ result }: OutcomeFact): boolean {
  return result === "promoted";
}

/** An outcome tells its release's name, its commit, or both; `after=` names the one or the other. */
function isOf({ release, sha }: OutcomeFact, wanted: string, commit: string | undefined): boolean {
  if (release !== undefined && plainName(release) === plainName(wanted)) return true;
  if (sha === undefined) return false;
  const isCommit = /^[0-9a-f]{7,64}$/i.test(wanted);
  return isSameCommit(sha, commit) || (isCommit && isSameCommit(sha, wanted.toLowerCase()));
}

/** Commits may be shortened, at either side. */
function isSameCommit(one: string, other: string | undefined): boolean {
  return other !== undefined && (one.startsWith(other) || other.startsWith(one));
}

/** `refs/tags/v1.2.0` and `1.2.0` name what `v1.2.0` does. */
function plainName(release: string): string {
  return release.replace(/^refs\/tags\//, "").replace(/^v(?=\d)/, "");
}

/**
 * The promotion, after that of the release, of one that had served before it: how a pipeline goes back. Releases of
 * several services may share a file: only those that are named alike are compared.
 */
function olderAgain(
  here: readonly OutcomeFact[],
  own: readonly OutcomeFact[],
  release: string,
): OutcomeFact | undefined {
  const promotions = here.filter(isPromotion);
  const first = promotions.findIndex((outcome) => own.includes(outcome));
  const alike = promotions.filter(
    (outcome) => outcome.release !== undefined && series(outcome.release) === series(release),
  );
  const now = alike.at(-1);
  if (!now || own.includes(now)) return undefined;
  const older = promotions
    .slice(0, first)
    .some((outcome) => outcome.release !== undefined && outcome.release === now.release);
  return older ? now : undefined;
}

/** A release's name without its numbers: `api-v` of `api-v1.2.0`. */
function series(release: string): string {
  return plainName(release)
    .replaceAll(/\d+/g, "#")
    .replaceAll(/(?:[.+-]?#)+/g, "#");
}
