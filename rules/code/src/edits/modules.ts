import type { EditKind } from "@yantra-lint/core";
import { align, firstMoved } from "./align.ts";
import { exportMeaning } from "./conventions.ts";
import type { Difference, Effect } from "./difference.ts";
import { type Import, isSame, type Item, type Module } from "./module.ts";
import type { Tree } from "./normalise.ts";
import { isInertDeclaration, type Known } from "./purity.ts";
import { registrationName, type Registrations } from "./registrations.ts";
import { chainOf, childOf, referencesOf } from "./tree.ts";

/** Declarations that are made before any statement runs, wherever they stand. */
const HOISTED = new Set(["function", "interface", "type"]);

export interface ModuleContext {
  path: string;
  before: Module;
  after: Module;
  difference: Difference;
  registrations: Registrations;
}

/** How an item is found again in the other version. */
export function itemKey(item: Item): string | undefined {
  if (item.names.length > 0) return item.names.join();
  return registrationName(item.tree);
}

/** Compares what stands at the top level of two versions of a module, and lets `difference` look inside. */
export function compareModules(context: ModuleContext): void {
  const { before, after, difference } = context;
  const old = referencesOf(before.program);
  if (before.program.fields["#comment"] !== after.program.fields["#comment"])
    difference.add({ kind: "logic", at: 0, owner: "module" });
  if (before.program.fields.hashbang !== after.program.fields.hashbang)
    difference.add({ kind: "logic", at: 0, owner: "module" });
  // A script shares its names with other scripts; as a module it keeps them to itself.
  if (before.isModule !== after.isModule) difference.add({ kind: "logic", at: 0, owner: "module" });
  compareImports(context, old);
  compareItems(context, old);
  compareExports(context);
}

function compareImports({ before, after, difference }: ModuleContext, old: ReadonlySet<string>): void {
  const add = (kind: EditKind, { tree, local }: Import): void =>
    difference.add({ kind, at: tree.start, owner: [local] });
  for (const [local, entry] of after.imports) {
    const known = before.imports.get(local);
    if (!known) add(old.has(local) ? "logic" : "addition", entry);
    else if (known.key !== entry.key) add("logic", entry);
  }
  for (const [local, { tree }] of before.imports) {
    if (after.imports.has(local)) continue;
    difference.add({ kind: "deletion", at: Math.min(tree.start, after.program.end), owner: [local] });
  }
  const first = after.program.start;
  const kept = before.loads.filter((source) => after.loads.includes(source));
  const order = after.loads.filter((source) => before.loads.includes(source));
  if (kept.join("\n") !== order.join("\n")) difference.add({ kind: "logic", at: first, owner: "module" });
  const bare = [...new Set([...before.bare, ...after.bare])];
  const isNew = bare.some((source) => before.loads.includes(source) !== after.loads.includes(source));
  if (isNew) difference.add({ kind: "logic", at: first, owner: "module" });
}

function compareItems(context: ModuleContext, old: ReadonlySet<string>): void {
  const { before, after, difference, registrations } = context;
  const { pairs, removed, added } = align(before.items, after.items, isSame, itemKey);
  for (const pair of pairs) {
    const owner = ownerOf(pair.after);
    if (isSame(pair.before, pair.after)) continue;
    const isOther =
      pair.before.flavour !== pair.after.flavour || pair.before.names.join() !== pair.after.names.join();
    if (isOther) difference.add({ kind: "logic", at: pair.after.tree.start, owner });
    else difference.compare(pair.before.tree, pair.after.tree, owner);
  }
  const moved = firstMoved(pairs.filter((pair) => !HOISTED.has(pair.after.flavour)));
  if (moved) difference.add({ kind: "logic", at: moved.tree.start, owner: "module" });
  for (const { item, index } of removed) {
    const isRoute = item.names.length === 0 && registrationName(item.tree) !== undefined;
    const kind = item.names.length > 0 || isRoute ? "deletion" : "logic";
    difference.add({ kind, at: placeOf(after, index), owner: isRoute ? [] : ownerOf(item) });
  }
  for (const { item, index } of added) difference.add(addition(context, item, index, old, registrations));
}

function ownerOf(item: Item): Effect["owner"] {
  return item.names.length > 0 ? item.names : "module";
}

/** Where something that is gone would be now. */
function placeOf(module: Module, index: number): number {
  return (module.items[index] ?? module.items.at(-1))?.statement.start ?? 0;
}

function addition(
  context: ModuleContext,
  item: Item,
  index: number,
  old: ReadonlySet<string>,
  registrations: Registrations,
): Effect {
  const { tree } = item;
  const effect = (kind: EditKind, owner: Effect["owner"] = []): Effect => ({ kind, at: tree.start, owner });
  if (item.names.length === 0) {
    if (registrations.ofStatement(tree)) return effect("endpoint");
    return isNewCommonJsExport(item, context) ? effect("addition") : effect("logic", "module");
  }
  // The old code meant a global, or something of its own, by that name.
  const isTaken = item.names.some((name) => name !== "default" && old.has(name)) || !context.after.isModule;
  const inert = isInertDeclaration(item, knownAt(context.after, index));
  return isTaken || !inert ? effect("logic", inert && !isTaken ? [] : "module") : effect("addition");
}

/** `exports.name = function () {}` where the name is new. */
function isNewCommonJsExport({ tree }: Item, { before }: ModuleContext): boolean {
  const assignment = childOf(tree, "expression");
  const target = chainOf(childOf(assignment, "left"));
  const name = target[0] === "module" ? target.slice(1) : target;
  if (assignment?.type !== "AssignmentExpression" || name[0] !== "exports" || name.length !== 2) return false;
  const isTaken = before.items.some((item) => {
    const left = chainOf(childOf(childOf(item.tree, "expression"), "left"));
    return left.join(".") === target.join(".") || left.join(".") === "module.exports";
  });
  return !isTaken && (childOf(assignment, "right")?.type ?? "").includes("Function");
}

/** The names that can be read at an item's place: imports, hoisted functions, what stands above. */
function knownAt(module: Module, index: number): Known {
  return (name) =>
    module.imports.has(name) ||
    module.items.some((item, at) => item.names.includes(name) && (at < index || item.flavour === "function"));
}

function compareExports({ path, before, after, difference }: ModuleContext): void {
  const at = (tree: Tree | undefined): number => Math.min(tree?.start ?? 0, after.program.end);
  for (const [name, entry] of after.exports) {
    const known = before.exports.get(name);
    if (known && known.target !== entry.target)
      difference.add({ kind: "logic", at: at(entry.tree), owner: [], exports: [name] });
    if (known) continue;
    const meaning = exportMeaning(path, name);
    const acts = before.stars.length > 0 || meaning === "acts";
    difference.add({
      kind: acts ? "logic" : meaning === "route" ? "endpoint" : "addition",
      at: at(entry.tree),
      owner: [],
    });
  }
  for (const [name, entry] of before.exports) {
    if (!after.exports.has(name))
      difference.add({ kind: "deletion", at: at(entry.tree), owner: [], exports: [name] });
  }
  if (before.stars.join("\n") === after.stars.join("\n")) return;
  const isLost = before.stars.some((source) => !after.stars.includes(source));
  difference.add(
    isLost || before.stars.length > 0
      ? { kind: "logic", at: at(after.program), owner: isLost ? "module" : [] }
      : { kind: "addition", at: at(after.program), owner: [] },
  );
}
