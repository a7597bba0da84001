import type { Linter } from "eslint";
import { CODE_FILES } from "./presets.ts";

type ConfigLike = Linter.Config | readonly ConfigLike[];

export interface WithYantraOptions {
  /** Our entries; by default the recommended preset. */
  preset?: readonly Linter.Config[];
  /**
   * Who gets the YAML files when another plugin (eslint-plugin-yml) is configured for them too: ESLint gives a
   * file one language. Without an answer the other plugin keeps them, and a warning says so.
   */
  yaml?: "yantra" | "other";
}

function flatten(config: ConfigLike): Linter.Config[] {
  return Array.isArray(config) ? config.flatMap((entry: ConfigLike) => flatten(entry)) : [config as Linter.Config];
}

/** An entry without `files` holds for every file ESLint sees; most are meant for code only. */
function scoped(entry: Linter.Config): Linter.Config {
  const { files, language } = entry;
  const touchesFiles = entry.rules ?? entry.languageOptions ?? entry.processor ?? entry.linterOptions;
  if (files !== undefined || language !== undefined || touchesFiles === undefined) return entry;
  return { ...entry, files: CODE_FILES };
}

function ownsYaml(entry: Linter.Config): boolean {
  const { language, languageOptions } = entry;
  const parser = languageOptions?.["parser"] as { meta?: { name?: string } } | undefined;
  return (language?.startsWith("yml/") ?? false) || parser?.meta?.name === "yaml-eslint-parser";
}

/**
 * Puts our entries behind a project's own configuration so that each keeps to its files: entries without `files`
 * are confined to code, and two plugins never claim the same YAML file.
 */
export function combine(
  config: ConfigLike,
  preset: readonly Linter.Config[],
  yaml: WithYantraOptions["yaml"],
  warn: (message: string) => void,
): Linter.Config[] {
  const existing = flatten(config).map(scoped);
  if (!existing.some(ownsYaml)) return [...existing, ...preset];
  if (yaml === "yantra") {
    return [...existing.map((entry) => (isYaml(entry) ? { ...entry, ignores: [...(entry.ignores ?? []), "**/*.{yaml,yml}"] } : entry)), ...preset];
  }
  if (yaml === undefined) {
    warn(
      "Another ESLint plugin is configured for YAML files, and ESLint gives a file one language: that plugin keeps " +
        'them, so yantra\'s Kubernetes rules run in `npx yantra-lint` only. Say withYantra(config, { yaml: "yantra" }) ' +
        'to give them to yantra, or { yaml: "other" } to keep it so without this warning.',
    );
  }
  return [...existing, ...preset.filter((entry) => entry.language !== "yantra/kubernetes")];
}

function isYaml(entry: Linter.Config): boolean {
  return ownsYaml(entry) || (entry.files ?? []).flat().some((glob) => typeof glob === "string" && /ya?ml/.test(glob));
}
