import type { AnyPack } from "@yantra-lint/core";
import type { ESLint, Linter } from "eslint";
import {
  type KnownRule,
  knownRules,
  resolveRules,
  runsOn,
  type Config,
  type Preset,
} from "@yantra-lint/workspace";

const TYPESCRIPT = ["**/*.ts", "**/*.tsx", "**/*.mts", "**/*.cts"];
const JAVASCRIPT = ["**/*.js", "**/*.jsx", "**/*.mjs", "**/*.cjs"];

/** Globs of each pack's files; only the pack itself knows which of them are its own. */
const FILES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sql: [["**/*.sql"]],
  kubernetes: [["**/*.yaml", "**/*.yml"]],
  code: [JAVASCRIPT, TYPESCRIPT],
};

/**
 * A preset as flat configuration: one entry for each kind of file, with its language, so that nothing of ours
 * meets a file it does not understand. Severities and options come from `yantra.config`.
 */
export function presetConfig(
  plugin: ESLint.Plugin,
  packs: readonly AnyPack[],
  config: Config,
  preset: Preset,
): Linter.Config[] {
  const known = knownRules(packs);
  const settings = resolveRules(known, preset, config.rules);
  return packs.flatMap((pack) =>
    (FILES[pack.name] ?? []).map((files): Linter.Config => {
      const rules: Linter.RulesRecord = {};
      for (const [id, rule] of known) {
        const setting = settings[id];
        if (setting && appliesTo(rule, pack)) rules[id] = [setting.severity, ...setting.options];
      }
      return {
        name: `yantra/${preset}/${pack.name}`,
        files: [...files],
        plugins: { yantra: plugin },
        ...(pack.language ? { language: pack.languageName } : {}),
        ...(files === TYPESCRIPT ? { languageOptions: pack.languageOptions?.("file.ts") ?? {} } : {}),
        rules,
      };
    }),
  );
}

function appliesTo(rule: KnownRule, pack: AnyPack): boolean {
  switch (rule.scope) {
    case "file":
      return runsOn(rule.rule.meta, pack.languageName);
    case "workspace":
      return true;
    case "engine":
      return false;
  }
}
