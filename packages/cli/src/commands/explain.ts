import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { nearestWord, RULE_PREFIX } from "@yantra-lint/core";
import { type KnownRule, knownRules } from "@yantra-lint/workspace";
import { UsageError } from "../errors.ts";
import { packs } from "../packs.ts";

/** A rule's page, as Markdown. */
export function pageOf(rule: KnownRule): string {
  return fs.readFileSync(fileURLToPath(rule.page), "utf8");
}

/** `yantra-lint explain RULE`: the page of the rule, by its name with or without `yantra/`. @throws UsageError */
export function explain(name: string): string {
  const known = knownRules(packs);
  const id = name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name;
  const rule = known.get(id) ?? onlyOneCalled(name, known);
  if (rule) return pageOf(rule);
  const nearest = nearestWord(id, known.keys()) ?? nearestByLastPart(name, known);
  const hint = nearest ? ` Did you mean ${nearest.slice(RULE_PREFIX.length)}?` : "";
  throw new UsageError(`There is no rule ${name}.${hint} yantra-lint rules lists them all.`);
}

function onlyOneCalled(name: string, known: ReadonlyMap<string, KnownRule>): KnownRule | undefined {
  const called = [...known.values()].filter((rule) => rule.name === name);
  return called.length === 1 ? called[0] : undefined;
}

function nearestByLastPart(name: string, known: ReadonlyMap<string, KnownRule>): string | undefined {
  const last = name.split("/").at(-1) ?? name;
  const nearest = nearestWord(
    last,
    [...known.values()].map((rule) => rule.name),
  );
  return [...known.values()].find((rule) => rule.name === nearest)?.id;
}
