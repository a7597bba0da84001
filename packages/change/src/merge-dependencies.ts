import type { DependencyChange } from "@yantra-lint/core";

const GRAVITY = ["minor", "unclear", "major", "removed", "added"] as const;

/**
 * The dependency changes of all files as one: what manifest and lock file both tell is told once (by the manifest),
 * and a dependency that only moved from one manifest to another is told as what became of its version.
 */
export function mergeDependencies(changes: readonly DependencyChange[]): DependencyChange[] {
  const groups = new Map<string, DependencyChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.ecosystem, change.name]);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return [...groups.values()].flatMap(mergeOne);
}

function mergeOne(group: readonly DependencyChange[]): DependencyChange[] {
  const scopes = (["runtime", "development"] as const).map((scope) =>
    group.filter((one) => one.scope === scope),
  );
  return scopes.flatMap((same) => {
    const [first, ...more] = withoutMoves(same).sort(byWeight);
    return first ? [more.length === 0 ? first : { ...first, direct: same.some(({ direct }) => direct) }] : [];
  });
}

/** Pairs of added and removed with one version cancel each other. */
function withoutMoves(changes: readonly DependencyChange[]): DependencyChange[] {
  const removed = changes.filter(({ change }) => change === "removed");
  const left = changes.filter(({ change }) => change !== "removed");
  return [
    ...left.filter((one) => {
      if (one.change !== "added") return true;
      const twin = removed.findIndex(({ path, before }) => path !== one.path && before === one.after);
      if (twin < 0) return true;
      removed.splice(twin, 1);
      return false;
    }),
    ...removed,
  ];
}

/** The gravest first; of equals what a manifest says. */
function byWeight(a: DependencyChange, b: DependencyChange): number {
  return Number(b.direct) - Number(a.direct) || GRAVITY.indexOf(b.change) - GRAVITY.indexOf(a.change);
}
