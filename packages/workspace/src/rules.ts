import type { AnyPack, FileRule, FileRuleMeta, Level, WorkspaceRule } from "@yantra-lint/core";
import { RULE_PREFIX } from "@yantra-lint/core";
import { ENGINE_RULES, type EngineRule } from "./engine-rules.ts";

/** A rule of any scope, with its full name. */
export type KnownRule = {
  /** `yantra/<pack>/<name>` */
  id: string;
  pack: string;
  name: string;
  /** URL of its page. */
  page: string;
} & (
  | { scope: "file"; rule: FileRule }
  | { scope: "workspace"; rule: WorkspaceRule }
  | { scope: "engine"; rule: EngineRule }
);

/** All rules of the packs and the engine's own, by full name, sorted. */
export function knownRules(packs: readonly AnyPack[]): Map<string, KnownRule> {
  const rules: KnownRule[] = [];
  for (const pack of packs) {
    const common = (name: string) => ({
      id: `${RULE_PREFIX}${pack.name}/${name}`,
      pack: pack.name,
      name,
      page: new URL(`${name}.md`, pack.pages).href,
    });
    for (const [name, rule] of Object.entries(pack.rules))
      rules.push({ ...common(name), scope: "file", rule });
    for (const [name, rule] of Object.entries(pack.workspaceRules)) {
      rules.push({ ...common(name), scope: "workspace", rule });
    }
  }
  for (const [name, rule] of Object.entries(ENGINE_RULES)) {
    rules.push({
      id: `${RULE_PREFIX}core/${name}`,
      pack: "core",
      name,
      page: new URL(`../pages/${name}.md`, import.meta.url).href,
      scope: "engine",
      rule,
    });
  }
  rules.sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(rules.map((rule) => [rule.id, rule]));
}

export type Severity = "off" | "warn" | "error";

/** A rule's severity and options as they apply. */
export interface RuleSetting {
  severity: Severity;
  options: readonly unknown[];
}

export type Preset = "recommended" | "strict";

/** What a preset says of a rule. `strict` has every rule at error. */
export function presetSeverity(preset: Preset, rule: KnownRule["rule"]): Severity {
  if (preset === "strict") return "error";
  return rule.meta.docs.recommended === false ? "off" : rule.meta.docs.recommended;
}

/** Severity and options of every rule: the preset's, then the configuration's. */
export function resolveRules(
  rules: ReadonlyMap<string, KnownRule>,
  preset: Preset,
  configured: Readonly<Record<string, RuleSetting>>,
): Record<string, RuleSetting> {
  const resolved: Record<string, RuleSetting> = {};
  for (const [id, { rule }] of rules) {
    resolved[id] = configured[id] ?? { severity: presetSeverity(preset, rule), options: [] };
  }
  return resolved;
}

/** A rule's options over its defaults, merged as ESLint does: objects by their keys, all else replaced. */
export function mergedOptions(
  { defaultOptions = [] }: Pick<FileRuleMeta, "defaultOptions">,
  options: readonly unknown[],
): unknown[] {
  const length = Math.max(defaultOptions.length, options.length);
  return Array.from({ length }, (_, index) => merged(defaultOptions[index], options[index]));
}

function merged(one: unknown, other: unknown): unknown {
  if (other === undefined) return one;
  if (!isObject(one) || !isObject(other)) return other;
  return {
    ...one,
    ...other,
    ...Object.fromEntries(
      Object.keys(other).flatMap((key) =>
        Object.hasOwn(one, key) ? [[key, merged(one[key], other[key])]] : [],
      ),
    ),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A severity as a finding's level; `off` has none. */
export function levelOf(severity: Exclude<Severity, "off">): Level {
  return severity === "warn" ? "warning" : "error";
}

/** Whether a file rule runs on a language. */
export function runsOn(meta: FileRuleMeta, languageName: string): boolean {
  return meta.languages.some((language) => language === languageName);
}
