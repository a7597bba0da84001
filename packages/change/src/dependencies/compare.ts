import type { DependencyChange } from "@yantra-lint/core";
import type { Dependency, Format } from "./model.ts";
import { compareNumbers, readVersion } from "./versions.ts";

/** A change before it is written down; the versions that differ decide its scope, its line is the first of `shown`. */
interface Outcome extends Pick<DependencyChange, "change" | "before" | "after"> {
  shown: readonly Dependency[];
  differing: Dependency[];
}

/**
 * What is different between two readings of a file. Only names, versions and scopes count: order, lines and format
 * do not. Sorted by line, then name.
 */
export function compareDependencies(
  path: string,
  format: Format,
  before: readonly Dependency[],
  after: readonly Dependency[],
): DependencyChange[] {
  const old = groupBy(before, (dependency) => groupOf(format, dependency));
  const now = groupBy(after, (dependency) => groupOf(format, dependency));
  const changes = new Map<string, DependencyChange>();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    for (const outcome of compareGroup(format, old.get(key) ?? [], now.get(key) ?? [])) {
      const change = describe(path, format, outcome);
      if (change === undefined) continue;
      const identity = JSON.stringify([
        change.name,
        change.change,
        change.before,
        change.after,
        change.scope,
      ]);
      const same = changes.get(identity);
      if (same === undefined || change.line < same.line) changes.set(identity, change);
    }
  }
  return withoutMoves([...changes.values()]).sort(
    (a, b) =>
      a.line - b.line || order(a.name, b.name) || order(a.change, b.change) || order(a.scope, b.scope),
  );
}

/** By code units: the same everywhere. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether an entry of a lock file is needed at runtime is a conclusion, not a section: it separates nothing there. */
function groupOf(format: Format, { name, section, scope }: Dependency): string {
  return format.lock ? name : JSON.stringify([name, section ?? "", scope]);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function versionsOf(dependencies: readonly Dependency[]): Set<string> {
  return new Set(dependencies.map(({ version }) => version ?? ""));
}

/** Compares all entries of one name. */
function compareGroup(format: Format, before: Dependency[], after: Dependency[]): Outcome[] {
  const differing = [...without(before, after), ...without(after, before)];
  if (differing.length === 0) return [];
  if (before.length === 0 || after.length === 0) {
    if (differing.every(({ role }) => role === "table")) return [];
    const pinned = differing.some(({ role }) => role !== undefined);
    const change = pinned ? "unclear" : after.length === 0 ? "removed" : "added";
    return [outcome(format, change, before, after)];
  }
  if (differing.some(({ version }) => readVersion(format.ecosystem, version) === undefined)) {
    return [outcome(format, "unclear", before, after)];
  }
  return compareLines(format, before, after);
}

/** Those of `entries` whose version none of `others` has. */
function without(entries: readonly Dependency[], others: readonly Dependency[]): Dependency[] {
  const versions = versionsOf(others);
  return entries.filter(({ version }) => !versions.has(version ?? ""));
}

/** Compares versions of one name by their compatible lines: 1.x with 1.x, 2.x with 2.x. */
function compareLines(format: Format, before: Dependency[], after: Dependency[]): Outcome[] {
  const lineOf = ({ version }: Dependency): string => readVersion(format.ecosystem, version)?.line ?? "";
  const old = groupBy(before, lineOf);
  const now = groupBy(after, lineOf);
  const outcomes: Outcome[] = [];
  const lost: Dependency[] = [];
  const gained: Dependency[] = [];
  for (const line of new Set([...old.keys(), ...now.keys()])) {
    const from = old.get(line) ?? [];
    const to = now.get(line) ?? [];
    if (to.length === 0) lost.push(...from);
    else if (from.length === 0) gained.push(...to);
    else outcomes.push(...compareWithinLine(format, from, to));
  }
  if (lost.length > 0 && gained.length > 0) outcomes.push(outcome(format, "major", lost, gained));
  // One line less or more: who asked for it by name gets another one now; in a tree it is one package less or more.
  else if ((isAskedFor(gained) && isAskedFor(before)) || (isAskedFor(lost) && isAskedFor(after))) {
    outcomes.push(outcome(format, "major", before, after));
  } else if (gained.length > 0) outcomes.push(outcome(format, "added", [], gained));
  else if (lost.length > 0) outcomes.push(outcome(format, "removed", lost, []));
  return outcomes;
}

function isAskedFor(dependencies: readonly Dependency[]): boolean {
  return dependencies.some(({ direct }) => direct);
}

function compareWithinLine(format: Format, before: Dependency[], after: Dependency[]): Outcome[] {
  if (without(before, after).length === 0 && without(after, before).length === 0) return [];
  const variants = (entries: Dependency[]): string => {
    const all = entries.map(({ version }) => readVersion(format.ecosystem, version)?.variant);
    return [...new Set(all)].sort().join("\0");
  };
  return [outcome(format, variants(before) === variants(after) ? "minor" : "unclear", before, after)];
}

function outcome(
  format: Format,
  change: DependencyChange["change"],
  before: readonly Dependency[],
  after: readonly Dependency[],
): Outcome {
  const lost = without(before, after);
  const gained = without(after, before);
  const from = join(format, before);
  const to = join(format, after);
  return {
    change,
    shown: gained.length > 0 ? gained : after.length > 0 ? after : lost,
    differing: [...lost, ...gained],
    ...(from && { before: from }),
    ...(to && { after: to }),
  };
}

/** Several versions of one name as one text, lowest first. */
function join(format: Format, dependencies: readonly Dependency[]): string {
  const numbersOf = (version: string): number[] => readVersion(format.ecosystem, version)?.numbers ?? [];
  return [...versionsOf(dependencies)]
    .filter((version) => version !== "")
    .sort((a, b) => compareNumbers(numbersOf(a), numbersOf(b)) || order(a, b))
    .join(", ");
}

function describe(
  path: string,
  format: Format,
  { shown, differing, ...rest }: Outcome,
): DependencyChange | undefined {
  const [first] = shown.toSorted((a, b) => a.line - b.line);
  if (first === undefined) return undefined;
  return {
    path,
    line: first.line,
    ecosystem: format.ecosystem,
    name: first.name,
    ...rest,
    scope: differing.some(({ scope }) => scope === "runtime") ? "runtime" : "development",
    direct: differing.some(({ direct }) => direct),
  };
}

/** What moves between the sections of a manifest came or went at runtime only, or did not change at all. */
function withoutMoves(changes: DependencyChange[]): DependencyChange[] {
  const moved = new Set<DependencyChange>();
  for (const group of groupBy(changes, ({ name }) => name).values()) {
    const added = group.filter(({ change }) => change === "added");
    const removed = group.filter(({ change }) => change === "removed");
    for (const change of added) {
      const other = removed.find((candidate) => candidate.scope !== change.scope && !moved.has(candidate));
      if (other !== undefined) moved.add(change.scope === "development" ? change : other);
    }
  }
  return changes.filter((change) => !moved.has(change));
}
