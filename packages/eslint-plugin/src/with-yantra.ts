import type { Linter } from "eslint";

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
  return Array.isArray(config)
    ? config.flatMap((entry: ConfigLike) => flatten(entry))
    : [config as Linter.Config];
}

/** Keeps an entry away from the files that our languages have. */
function awayFrom(entry: Linter.Config, globs: readonly string[]): Linter.Config {
  return { ...entry, ignores: [...(entry.ignores ?? []), ...globs] };
}

/** An entry without `files` holds for every file ESLint sees; one that only has `ignores` is global and stays. */
function reachesAll(entry: Linter.Config): boolean {
  const { files, language, rules, languageOptions, processor, linterOptions } = entry;
  const says = rules ?? languageOptions ?? processor ?? linterOptions;
  return files === undefined && language === undefined && says !== undefined;
}

function ownsYaml(entry: Linter.Config): boolean {
  const { language, languageOptions } = entry;
  const parser = languageOptions?.["parser"] as { meta?: { name?: string } } | undefined;
  return (language?.startsWith("yml/") ?? false) || parser?.meta?.name === "yaml-eslint-parser";
}

/**
 * Puts our entries behind a project's own configuration so that each keeps to its files: entries without `files`
 * are kept away from those our languages have, and two plugins never claim the same YAML file.
 */
export function combine(
  config: ConfigLike,
  preset: readonly Linter.Config[],
  yaml: WithYantraOptions["yaml"],
  warn: (message: string) => void,
): Linter.Config[] {
  const existing = flatten(config);
  const contested = existing.some(ownsYaml);
  if (contested && yaml === undefined) {
    warn(
      "Another ESLint plugin is configured for YAML files, and ESLint gives a file one language: that plugin keeps " +
        'them, so yantra\'s Kubernetes rules run in `npx yantra-lint` only. Say withYantra(config, { yaml: "yantra" }) ' +
        'to give them to yantra, or { yaml: "other" } to keep it so without this warning.',
    );
  }
  const oursAreYaml = !contested || yaml === "yantra";
  const ours = oursAreYaml ? preset : preset.filter((entry) => entry.language !== "yantra/kubernetes");
  const globs = ours.flatMap((entry) => (entry.language === undefined ? [] : (entry.files ?? []).flat()));
  return [
    ...existing.map((entry) =>
      reachesAll(entry) || (oursAreYaml && namesYaml(entry)) ? awayFrom(entry, globs) : entry,
    ),
    ...ours,
  ];
}

function namesYaml(entry: Linter.Config): boolean {
  return (
    ownsYaml(entry) ||
    (entry.files ?? []).flat().some((glob) => typeof glob === "string" && /ya?ml/.test(glob))
  );
}
