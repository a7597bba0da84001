import type { FactIndex, Location, MigrationFact } from "@yantra-lint/core";
import { isRiskSaidInFacts } from "./risk-annotation.ts";
import { memoryOf } from "./runners/index.ts";

/** A migration's way up, the sections of its file joined, and its way down. */
export interface Pair {
  up: MigrationFact;
  down: MigrationFact | undefined;
}

/** The up migrations of each stream, as they stand in the facts, with their ways down: a section of the same file, or a file of the same version. */
export function pairsOf(facts: FactIndex): Pair[][] {
  const migrations = facts.of("migration");
  const streams = new Map<string, Map<string, Pair>>();
  const downs = new Map<string, MigrationFact[]>();
  for (const down of migrations) {
    if (down.direction !== "down") continue;
    for (const key of new Set([down.path, versionKey(down)]))
      downs.set(key, [...(downs.get(key) ?? []), down]);
  }
  for (const up of migrations) {
    // Flyway's repeatable scripts and others without a version have no way down.
    if (up.direction !== "up" || up.version === "") continue;
    const pairs = streams.get(up.stream) ?? new Map<string, Pair>();
    streams.set(up.stream, pairs);
    const own = [...(downs.get(up.path) ?? []), ...(downs.get(versionKey(up)) ?? [])];
    const before = pairs.get(up.path)?.up;
    const joined = before ? { ...before, operations: [...before.operations, ...up.operations] } : up;
    pairs.set(up.path, { up: joined, down: own.find(isReal) ?? own[0] });
  }
  return [...streams.values()].map((pairs) => [...pairs.values()]);
}

function versionKey({ stream, version }: MigrationFact): string {
  return `${stream}\0${version}`;
}

export function isReal(down: MigrationFact | undefined): boolean {
  return down !== undefined && down.operations.length > 0;
}

/** Whether the author says, in either file, that a migration is a risk, and so why it does not lead back. */
export function isSaidToBeRisky(facts: FactIndex, { up, down }: Pair): boolean {
  const own = facts.of("annotation").filter(({ path }) => path === up.path || path === down?.path);
  return isRiskSaidInFacts(own);
}

/** A runner's name at the beginning of a clause. */
export function nameOfRunner(runner: string): string {
  const { title } = memoryOf(runner);
  return title === "The runner" ? "the runner" : title;
}

export function regionOf({ path, startLine, startColumn, endLine, endColumn }: MigrationFact): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}
