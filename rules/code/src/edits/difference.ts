import type { EditKind } from "@yantra-lint/core";
import { align, firstMoved } from "./align.ts";
import { isCopy, type TextChange } from "./copy.ts";
import { isEvaluated, memberKey, newMember } from "./members.ts";
import type { Field, Tree } from "./normalise.ts";
import type { Step } from "./positions.ts";
import { placeholders } from "./prose.ts";
import type { Registrations } from "./registrations.ts";
import { changedLooks, hasSpread, isPlainStyle, isStyleText, lookWords, isMoreThanLooks } from "./style.ts";
import type { TextUses } from "./text-uses.ts";
import { childOf, childrenOf, isList, isTree, nameOf, stringOf, textOf } from "./tree.ts";

/** One thing that an edit does. */
export interface Effect {
  kind: EditKind;
  /** Where in the new version: a UTF-16 offset. */
  at: number;
  /** The top-level names it happens in; `module`: in a statement of the module itself. */
  owner: readonly string[] | "module";
  /** Exported names that are gone or lead elsewhere. */
  exports?: readonly string[];
  /** What an addition adds within a declaration: a method, a route. */
  adds?: { name: string; tree: Tree };
}

export interface DifferenceContext {
  uses: TextUses;
  registrations: Registrations;
  oldProgram: Tree;
  /** The file holds translations: texts in it are read by people, and new ones are new translations. */
  locale: boolean;
}

const FUNCTION = /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/;

/** Walks two trees that should be alike side by side and collects what the differences do. */
export class Difference {
  readonly effects: Effect[] = [];
  readonly #context: DifferenceContext;
  readonly #texts: { change: TextChange; owner: Effect["owner"]; looks: boolean }[] = [];
  #owner: Effect["owner"] = "module";

  constructor(context: DifferenceContext) {
    this.#context = context;
  }

  compare(before: Tree, after: Tree, owner: Effect["owner"]): void {
    this.#owner = owner;
    const found = this.effects.length + this.#texts.length;
    this.#walk(before, after, []);
    // Different trees without a difference: whatever the walk does not look at.
    const isMissed = before.id !== after.id && this.effects.length + this.#texts.length === found;
    if (isMissed) this.#effect("logic", after);
  }

  add(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Judges the texts that were found; to be called once, when all of both versions has been compared. */
  finish(): Effect[] {
    const changes = this.#texts.map(({ change }) => change);
    for (const { change, owner, looks } of this.#texts)
      this.effects.push({ kind: this.#kindOf(change, looks, changes), at: change.leaf.after.start, owner });
    return this.effects;
  }

  #kindOf(change: TextChange, looks: boolean, changes: readonly TextChange[]): EditKind {
    const { uses, locale } = this.#context;
    if (looks) {
      const words = difference(lookWords(change.before), lookWords(change.after));
      return uses.looksFor(words) || isMoreThanLooks(words) ? "logic" : "style";
    }
    if (locale && isTranslation(change)) return "copy";
    return isCopy(change, uses, changes) ? "copy" : "logic";
  }

  #effect(kind: EditKind, at: Tree, adds?: Effect["adds"]): void {
    this.effects.push({ kind, at: at.start, owner: this.#owner, ...(adds ? { adds } : {}) });
  }

  #walk(a: Tree, b: Tree, trail: readonly Step[]): void {
    if (a.id === b.id) return;
    if (a.type !== b.type) return this.#effect("logic", b);
    switch (a.type) {
      case "Literal": {
        const [before, after] = [stringOf(a), stringOf(b)];
        if (before === undefined || after === undefined || a.fields["#comment"] !== b.fields["#comment"])
          return this.#effect("logic", b);
        return this.#text({ before, after, leaf: { before: a, after: b }, trail });
      }
      case "JSXText":
        return this.#text({
          before: textOf(a, "value") ?? "",
          after: textOf(b, "value") ?? "",
          leaf: { before: a, after: b },
          trail,
        });
      case "TemplateElement": {
        const template = trail.at(-1);
        if (!template) return this.#effect("logic", b);
        const [before, after] = [templateText(template.before), templateText(template.after)];
        return this.#text({ before, after, leaf: { before: a, after: b }, trail });
      }
      case "JSXOpeningElement":
        return this.#opening(a, b, trail);
      case "ClassBody":
        return this.#members(a, b, trail);
      case "BlockStatement":
        if (childrenOf(a, "body").length !== childrenOf(b, "body").length) return this.#block(a, b, trail);
        return this.#fields(a, b, trail);
      case "ObjectExpression":
        return this.#context.locale ? this.#translations(a, b, trail) : this.#fields(a, b, trail);
      default:
        return this.#fields(a, b, trail);
    }
  }

  #text(change: TextChange): void {
    this.#texts.push({ change, owner: this.#owner, looks: isStyleText(change.trail) });
  }

  #fields(a: Tree, b: Tree, trail: readonly Step[], except?: string): void {
    for (const field of new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])) {
      if (field !== except) this.#field(a, b, a.fields[field] ?? null, b.fields[field] ?? null, field, trail);
    }
  }

  #field(a: Tree, b: Tree, before: Field, after: Field, field: string, trail: readonly Step[]): void {
    if (before === after) return;
    if (isTree(before) && isTree(after)) {
      this.#walk(before, after, [...trail, { before: a, after: b, field }]);
    } else if (isList(before) && isList(after) && before.length === after.length) {
      for (const [index, one] of before.entries()) {
        const other = after[index] ?? null;
        if (one && other) this.#walk(one, other, [...trail, { before: a, after: b, field, index }]);
        else if (one !== other) this.#effect("logic", b);
      }
    } else this.#effect("logic", firstDifference(before, after) ?? b);
  }

  /** Attributes that only say how it looks may come and go where no spread makes their order count. */
  #opening(a: Tree, b: Tree, trail: readonly Step[]): void {
    if (hasSpread(a) || hasSpread(b)) return this.#fields(a, b, trail);
    const [before, after] = [childrenOf(a, "attributes"), childrenOf(b, "attributes")];
    const isChanged = (own: Tree, others: readonly Tree[]): boolean =>
      others.every(({ id }) => id !== own.id);
    const oldLooks = before.filter((one) => isPlainStyle(one) && isChanged(one, after));
    const newLooks = after.filter((one) => isPlainStyle(one) && isChanged(one, before));
    const sameName = (own: Tree, others: readonly Tree[]): Tree | undefined =>
      others.find((other) => nameOf(other) === nameOf(own));
    // Where the other side computes its looks, the difference is one of logic.
    const dropped = oldLooks.filter((one) => !sameName(one, after) || sameName(one, newLooks));
    const gained = newLooks.filter((one) => !sameName(one, before) || sameName(one, oldLooks));
    const changed = new Set([...dropped, ...gained].map((one) => nameOf(one)));
    for (const name of changed) {
      const [old, now] = [dropped, gained].map((list) => list.find((one) => nameOf(one) === name));
      const looks = changedLooks(old, now);
      const acts = isMoreThanLooks(looks) || this.#context.uses.looksFor(looks);
      this.#effect(acts ? "logic" : "style", now ?? b);
    }
    const [restBefore, restAfter] = [
      before.filter((one) => !dropped.includes(one)),
      after.filter((one) => !gained.includes(one)),
    ];
    this.#field(a, b, restBefore, restAfter, "attributes", trail);
    this.#fields(a, b, trail, "attributes");
  }

  #members(a: Tree, b: Tree, trail: readonly Step[]): void {
    const owner = trail.at(-1)?.after ?? b;
    const { pairs, removed, added } = align(
      childrenOf(a, "body"),
      childrenOf(b, "body"),
      (one, other) => one.id === other.id,
      memberKey,
    );
    const className = nameOf(childOf(owner, "id")) ?? "default";
    for (const { before, after } of pairs)
      this.#walk(before, after, [...trail, { before: a, after: b, field: "body" }]);
    const moved = firstMoved(pairs.filter(({ after }) => isEvaluated(after)));
    if (moved) this.#effect("logic", moved);
    for (const { item, index } of removed) {
      const next = childrenOf(b, "body")[index] ?? b;
      this.#effect(isEvaluated(item) || nameOf(item) === "constructor" ? "logic" : "deletion", next);
    }
    for (const { item } of added) {
      const kind = newMember(item, owner, this.#context.oldProgram);
      const routes = kind === "route" ? this.#context.registrations.ofMethod(item) : undefined;
      const adds = { name: routes?.join(", ") ?? `${className}.${nameOf(item) ?? "[member]"}`, tree: item };
      if (kind === "method") this.#effect("addition", item, adds);
      else this.#effect(routes ? "endpoint" : "logic", item, adds);
    }
  }

  /** New statements in a function that registers routes: registrations of more routes, and nothing else. */
  #block(a: Tree, b: Tree, trail: readonly Step[]): void {
    const holder = trail.at(-1)?.after;
    const { pairs, removed, added } = align(
      childrenOf(a, "body"),
      childrenOf(b, "body"),
      (one, other) => one.id === other.id,
      () => undefined,
    );
    const isInsertion = holder && FUNCTION.test(holder.type) && removed.length === 0;
    if (!isInsertion || pairs.some(({ before, after }) => before.id !== after.id))
      return this.#effect("logic", added[0]?.item ?? childrenOf(b, "body")[removed[0]?.index ?? 0] ?? b);
    for (const { item } of added) {
      const routes = this.#context.registrations.ofStatement(item);
      if (routes) this.#effect("endpoint", item, { name: routes.join(", "), tree: item });
      else this.#effect("logic", item);
    }
  }

  /** Objects of a locale file: keys may come, none may go. */
  #translations(a: Tree, b: Tree, trail: readonly Step[]): void {
    const { pairs, removed, added } = align(
      childrenOf(a, "properties"),
      childrenOf(b, "properties"),
      (one, other) => one.id === other.id,
      (property) => (property.type === "Property" ? nameOf(property) : undefined),
    );
    for (const { before, after } of pairs)
      this.#walk(before, after, [...trail, { before: a, after: b, field: "properties" }]);
    for (const { index } of removed) this.#effect("logic", childrenOf(b, "properties")[index] ?? b);
    for (const { item } of added) this.#effect(isTranslations(item) ? "copy" : "logic", item);
  }
}

/** A property of texts, or of objects of texts. */
export function isTranslations(tree: Tree): boolean {
  if (tree.type === "Property")
    return (
      nameOf(tree) !== undefined &&
      tree.fields.method !== true &&
      isTranslations(childOf(tree, "value") ?? tree)
    );
  if (tree.type === "ObjectExpression") return childrenOf(tree, "properties").every(isTranslations);
  return stringOf(tree) !== undefined;
}

/** A text of a locale file's object that keeps its placeholders. */
function isTranslation({ before, after, trail }: TextChange): boolean {
  const inObject = trail.every(
    ({ after: { type }, field }) =>
      /^(?:ObjectExpression|VariableDeclarator|TSAsExpression|TSSatisfiesExpression)$/.test(type) ||
      (type === "Property" && field === "value") ||
      type === "TemplateLiteral",
  );
  return inObject && placeholders(before) === placeholders(after) && after.trim() !== "";
}

/** A template's text with a mark for each of its expressions. */
function templateText(template: Tree): string {
  return childrenOf(template, "quasis")
    .map((quasi) => textOf(quasi, "cooked") ?? "")
    .join("…");
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((word) => !after.includes(word)),
    ...after.filter((word) => !before.includes(word)),
  ];
}

/** The first new tree of a list that is not in the other. */
function firstDifference(before: Field, after: Field): Tree | undefined {
  if (isTree(after)) return after;
  if (!isList(after)) return undefined;
  const old = new Set(isList(before) ? before.map((item) => item?.id) : []);
  return after.find((item) => item !== null && !old.has(item.id)) ?? undefined;
}
