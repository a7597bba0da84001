import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FileRuleMeta, RuleDocs, WorkspaceRule } from "@yantra-lint/core";
import { filesBelow, packNames, ROOT } from "./repository.ts";

type RuleMeta = FileRuleMeta | WorkspaceRule["meta"];

/** A rule as its module tells it, and where its three files are (relative to the root). */
export interface RuleEntry {
  pack: string;
  name: string;
  /** `yantra/<pack>/<rule>`. */
  id: string;
  scope: "file" | "workspace";
  meta: RuleMeta;
  module: string;
  test: string;
  page: string;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function isRule(value: unknown): value is { meta: RuleMeta } {
  const meta = property(value, "meta");
  return (
    typeof property(property(meta, "docs"), "description") === "string" &&
    typeof property(meta, "messages") === "object"
  );
}

/** The rule modules of a pack: every TypeScript file in its `src/rules` that is no test. */
export function ruleModules(pack: string): string[] {
  return filesBelow(`rules/${pack}/src/rules`).filter((file) => /^[^.]+\.ts$/.test(path.basename(file)));
}

/**
 * Loads one rule.
 * @throws when the file has no rule as its default export.
 */
async function loadRule(pack: string, module: string): Promise<RuleEntry> {
  const loaded: unknown = await import(pathToFileURL(path.join(ROOT, module)).href);
  const rule = property(loaded, "default");
  if (!isRule(rule)) throw new Error(`${module} has no rule with \`meta.docs\` as its default export.`);
  const { meta } = rule;
  const name = path.basename(module, ".ts");
  return {
    pack,
    name,
    id: `yantra/${pack}/${name}`,
    scope: "scope" in meta ? "workspace" : "file",
    meta,
    module,
    test: module.replace(/\.ts$/, ".test.ts"),
    page: module.replace(/\.ts$/, ".md"),
  };
}

/** All rules of all packs, sorted by pack and name. */
export async function loadRules(): Promise<RuleEntry[]> {
  const files = packNames().flatMap((pack) => ruleModules(pack).map((module) => ({ pack, module })));
  return Promise.all(files.map(({ pack, module }) => loadRule(pack, module)));
}

/** The severity in the preset `recommended`, in words. */
export function recommendedSeverity(docs: RuleDocs): "error" | "warning" | "off" {
  if (docs.recommended === false) return "off";
  return docs.recommended === "warn" ? "warning" : "error";
}
