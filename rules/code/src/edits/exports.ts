import type { Effect } from "./difference.ts";
import type { Module } from "./module.ts";
import { referencesOf } from "./tree.ts";

const QUIET = new Set(["comment", "addition", "endpoint"]);

/**
 * The exported names whose behaviour the effects change: those of what changed, and of all in the module that
 * refers to it. "all" when a statement of the module itself changed, or what is handed on is not named.
 */
export function changedExports(before: Module, after: Module, effects: readonly Effect[]): string[] | "all" {
  const exports = new Set<string>();
  const changed = new Set<string>();
  for (const { kind, owner, exports: names } of effects) {
    if (QUIET.has(kind)) continue;
    if (owner === "module") return "all";
    for (const name of owner) changed.add(name);
    for (const name of names ?? []) exports.add(name);
  }
  spread([before, after], changed);
  for (const module of [before, after]) {
    for (const [name, { local }] of module.exports)
      if (local !== undefined && changed.has(local)) exports.add(name);
  }
  // What was not exported before cannot behave differently.
  const known = [...exports].filter((name) => before.exports.has(name));
  return known.sort();
}

/** Adds the names of everything that refers to a changed name, until nothing more does. */
function spread(modules: readonly Module[], changed: Set<string>): void {
  if (changed.size === 0) return;
  const items = modules.flatMap((module) => {
    const own = new Set([...module.items.flatMap(({ names }) => names), ...module.imports.keys()]);
    return module.items.map((item) => {
      const uses = [...referencesOf(item.tree)].filter((name) => own.has(name));
      // A statement may hand what changed to any value it names: `router.get("/x", changed)`.
      return { uses, names: item.names.length > 0 ? item.names : uses };
    });
  });
  for (let grows = true; grows;) {
    grows = false;
    for (const { uses, names } of items) {
      if (!uses.some((name) => changed.has(name))) continue;
      for (const name of names) {
        if (changed.has(name)) continue;
        changed.add(name);
        grows = true;
      }
    }
  }
}

/** All names a module exports; "all" when it hands on a whole other module. */
export function allExports(module: Module): string[] | "all" {
  return module.stars.length > 0 ? "all" : [...module.exports.keys()].sort();
}
