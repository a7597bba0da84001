import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { nearestWord, RULE_PREFIX } from "@yantra-lint/core";
import { type KnownRule, knownRules } from "@yantra-lint/workspace";
import { UsageError } from "../errors.ts";
import { packs } from "../packs.ts";
import { oneLine } from "../text.ts";
import { explainTableSizes } from "./table-sizes-query.ts";

/** A rule's page, as Markdown. */
export function pageOf(rule: KnownRule): string {
  return fs.readFileSync(fileURLToPath(rule.page), "utf8");
}

/**
 * `yantra-lint explain RULE`: the page of the rule, by its name with or without `yantra/`; `explain stats`: how to export
 * the sizes of tables.
 *
 * @throws UsageError
 */
export function explain(name: string): string {
  if (name === "stats") return explainTableSizes();
  const known = knownRules(packs);
  const id = name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name;
  const rule = known.get(id) ?? onlyOneCalled(name, known);
  if (rule) return pageOf(rule);
  const near = beginningWith(name, known);
  if (near.length === 0) {
    const nearest = nearestWord(id, known.keys()) ?? nearestByLastPart(name, known);
    if (nearest !== undefined) near.push(nearest);
  }
  const hint = near.length > 0 ? ` Did you mean ${orList(near)}?` : "";
  throw new UsageError(`There is no rule ${oneLine(name)}.${hint} yantra-lint rules lists them all.`);
}

function onlyOneCalled(name: string, known: ReadonlyMap<string, KnownRule>): KnownRule | undefined {
  const called = [...known.values()].filter((rule) => rule.name === name);
  return called.length === 1 ? called[0] : undefined;
}

/** The rules whose name, with or without its pack, begins so: who writes the beginning knows the rest is longer. */
function beginningWith(name: string, known: ReadonlyMap<string, KnownRule>): string[] {
  const start = name.replace(RULE_PREFIX, "");
  if (start.length < 2) return [];
  return [...known.values()]
    .filter((rule) => rule.name.startsWith(start) || rule.id.startsWith(RULE_PREFIX + start))
    .map(({ id }) => id);
}

/** `a`, `a or b`, `a, b or c`; at most three. */
function orList(ids: readonly string[]): string {
  const names = ids.slice(0, 3).map((id) => id.slice(RULE_PREFIX.length));
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}

function nearestByLastPart(name: string, known: ReadonlyMap<string, KnownRule>): string | undefined {
  const last = name.split("/").at(-1) ?? name;
  const nearest = nearestWord(
    last,
    [...known.values()].map((rule) => rule.name),
  );
  return [...known.values()].find((rule) => rule.name === nearest)?.id;
}
