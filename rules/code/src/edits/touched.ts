import type { TouchedDeclaration } from "@yantra-lint/core";
import { align } from "./align.ts";
import type { Spans } from "./comments.ts";
import { memberKey } from "./members.ts";
import { isSame, type Item, type Module } from "./module.ts";
import { itemKey } from "./modules.ts";
import type { Tree } from "./normalise.ts";
import { registrationName } from "./registrations.ts";
import { childOf, childrenOf, nameOf } from "./tree.ts";

interface Side {
  module: Module;
  spans: Spans;
}

interface Place {
  tree: Tree;
  statement: Tree;
}

/**
 * The declarations that differ between two versions, types included: of the top level, and members of classes and
 * methods of objects one level down, each with the comments that belong to it. `before` or `after` is absent for a
 * new or deleted file.
 */
export function touchedDeclarations(before: Side | undefined, after: Side | undefined): TouchedDeclaration[] {
  const touched: TouchedDeclaration[] = [];
  const { pairs, removed, added } = align(
    before?.module.items ?? [],
    after?.module.items ?? [],
    isSame,
    itemKey,
  );
  const exported = (side: Side | undefined, name: string): boolean =>
    [...(side?.module.exports.values() ?? [])].some(({ local }) => local === name);
  const add = (
    names: readonly string[],
    old: Place | undefined,
    now: Place | undefined,
    isExported: boolean,
  ): void => {
    for (const name of names) {
      touched.push({
        name,
        change: !old ? "added" : now ? "changed" : "removed",
        exported: isExported,
        ...(old && before ? { before: span(before, old) } : {}),
        ...(now && after ? { after: span(after, now) } : {}),
      });
    }
  };
  for (const { before: old, after: now } of pairs) {
    if (isSame(old, now)) continue;
    const isExported = now.names.some((name) => exported(before, name) || exported(after, name));
    add(namesOf(now), old, now, isExported);
    for (const member of memberChanges(old.tree, now.tree))
      add([`${now.names[0] ?? "[statement]"}.${member.name}`], member.before, member.after, isExported);
  }
  for (const { item } of removed)
    add(
      namesOf(item),
      item,
      undefined,
      item.names.some((name) => exported(before, name)),
    );
  for (const { item } of added)
    add(
      namesOf(item),
      undefined,
      item,
      item.names.some((name) => exported(after, name)),
    );
  addHandedOn(touched, before, after);
  return touched;
}

function namesOf(item: Item): string[] {
  return item.names.length > 0 ? item.names : [registrationName(item.tree) ?? "[statement]"];
}

function span({ spans }: Side, { tree, statement }: Place): { start: number; count: number } {
  return spans.of(Math.min(tree.start, statement.start), Math.max(tree.end, statement.end));
}

/** Names that are handed on from other modules have no declaration here. */
function addHandedOn(touched: TouchedDeclaration[], before: Side | undefined, after: Side | undefined): void {
  const names = new Set([...(before?.module.exports.keys() ?? []), ...(after?.module.exports.keys() ?? [])]);
  for (const name of names) {
    const [old, now] = [before?.module.exports.get(name), after?.module.exports.get(name)];
    if (old?.target === now?.target || (old?.local !== undefined && now?.local !== undefined)) continue;
    if (
      (old?.local ?? now?.local) !== undefined &&
      touched.some((one) => one.name === (old?.local ?? now?.local))
    )
      continue;
    touched.push({
      name,
      change: !old ? "added" : now ? "changed" : "removed",
      exported: true,
      ...(old && before ? { before: before.spans.of(old.tree.start, old.tree.end) } : {}),
      ...(now && after ? { after: after.spans.of(now.tree.start, now.tree.end) } : {}),
    });
  }
}

interface MemberChange {
  name: string;
  before?: Place;
  after?: Place;
}

function memberChanges(before: Tree, after: Tree): MemberChange[] {
  const [old, now] = [membersOf(before), membersOf(after)];
  if (!old || !now) return [];
  const { pairs, removed, added } = align(old, now, (a, b) => a.id === b.id, memberKey);
  const place = (tree: Tree): Place => ({ tree, statement: tree });
  const changes = [
    ...pairs
      .filter((pair) => pair.before.id !== pair.after.id)
      .map((pair) => ({ name: nameOf(pair.after), before: place(pair.before), after: place(pair.after) })),
    ...removed.map(({ item }) => ({ name: nameOf(item), before: place(item) })),
    ...added.map(({ item }) => ({ name: nameOf(item), after: place(item) })),
  ];
  return changes.map((change) => ({ ...change, name: change.name ?? "[member]" }));
}

/** Members of a class, or the methods of an object that a declaration consists of. */
function membersOf(tree: Tree): readonly Tree[] | undefined {
  const value = tree.type === "VariableDeclarator" ? childOf(tree, "init") : tree;
  const inner =
    value && /^TS(?:As|Satisfies)Expression$/.test(value.type) ? childOf(value, "expression") : value;
  if (inner?.type === "ClassDeclaration" || inner?.type === "ClassExpression")
    return childrenOf(childOf(inner, "body"), "body");
  if (inner?.type !== "ObjectExpression") return undefined;
  return childrenOf(inner, "properties").filter((property) =>
    (childOf(property, "value")?.type ?? "").includes("Function"),
  );
}
