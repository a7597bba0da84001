import type { ESLint, Linter } from "eslint";
import { pluginEntry } from "./presets.ts";

/** What ESLint takes as a configuration: an entry, or lists of them in lists. */
export type ConfigLike = Linter.Config | readonly ConfigLike[];

export interface WithYantraOptions {
  /** Our entries; by default the recommended preset. */
  preset?: readonly Linter.Config[];
  /**
   * Who gets the YAML files when another plugin (eslint-plugin-yml) is configured for them too: ESLint gives a
   * file one language. Without an answer the other plugin keeps them, and a warning says so. Where it keeps them,
   * ESLint reports no unused disable comments: ours are for the command line.
   */
  yaml?: "yantra" | "other";
  /**
   * Globs of JSON files that are Kubernetes manifests, such as `deploy/*.json`. Without, ESLint is given no JSON by
   * us: most of a project's JSON is not ours, and another plugin (`@eslint/json`) may have it.
   */
  json?: readonly string[];
}

const KUBERNETES = "yantra/kubernetes";

/** @throws TypeError for what is no entry */
function flatten(config: unknown): Linter.Config[] {
  if (Array.isArray(config)) return config.flatMap((entry: unknown) => flatten(entry));
  if (isEntry(config)) return [config];
  const what = isThenable(config) ? "a promise inside of a list: await it" : nameOf(config);
  throw new TypeError(
    `withYantra takes ESLint's configuration (an object, a list, or a promise of these), and got ${what}.`,
  );
}

function nameOf(value: unknown): string {
  return typeof value === "function" ? "a function: call it, and give what it returns" : String(value);
}

function isEntry(value: unknown): value is Linter.Config {
  return typeof value === "object" && value !== null && !isThenable(value);
}

/** Whether a configuration is still to come: a promise, or a composer (antfu's, Nuxt's) that can be awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
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

/** A format that another plugin may have, and how an entry of such a plugin is known. */
interface Format {
  languages: RegExp;
  parser: string;
  glob: RegExp;
}

const YAML: Format = { languages: /^yml\//, parser: "yaml-eslint-parser", glob: /ya?ml/ };
const JSON_FORMAT: Format = { languages: /^jsonc?\//, parser: "jsonc-eslint-parser", glob: /json/ };

function owns(entry: Linter.Config, format: Format): boolean {
  const { language, languageOptions } = entry;
  const parser = languageOptions?.["parser"] as { meta?: { name?: string } } | undefined;
  return (language !== undefined && format.languages.test(language)) || parser?.meta?.name === format.parser;
}

function speaksOf(entry: Linter.Config, format: Format): boolean {
  const globs = (entry.files ?? []).flat();
  return owns(entry, format) || globs.some((glob) => typeof glob === "string" && format.glob.test(glob));
}

function globsOf(entries: readonly Linter.Config[]): string[] {
  return entries.flatMap(({ files = [] }) => files.flat()).filter((glob) => typeof glob === "string");
}

/** The Kubernetes entry for JSON files, when some are wanted. */
function jsonEntries(preset: readonly Linter.Config[], globs: readonly string[] = []): Linter.Config[] {
  const entry = preset.find(({ language }) => language === KUBERNETES);
  if (!entry || globs.length === 0) return [];
  return [{ ...entry, name: `${entry.name ?? KUBERNETES}/json`, files: [...globs] }];
}

/**
 * Where another plugin has the YAML files our rules do not run, so ESLint would call each comment that suppresses
 * one of them unused, and `eslint --fix` would delete what the command line needs. ESLint cannot be asked to pass
 * by ours alone; so it reports no unused comment in these files at all. Only in these: an entry with more `files`
 * would make ESLint read YAML that nobody has a parser for.
 */
function keepComments(existing: readonly Linter.Config[]): Linter.Config[] {
  return existing
    .filter((entry) => owns(entry, YAML) || (entry.language !== undefined && speaksOf(entry, YAML)))
    .flatMap(({ files, ignores = [] }): Linter.Config[] => {
      const linterOptions = { reportUnusedDisableDirectives: "off" } as const;
      return files ? [{ name: "yantra/yaml-of-another-plugin", files, ignores, linterOptions }] : [];
    });
}

/**
 * Puts our entries behind a project's own configuration so that each keeps to its files: entries without `files`
 * are kept away from those our languages have, and two plugins never claim the same YAML or JSON file.
 * @throws TypeError for a configuration that ESLint would not take either
 */
export function combine(
  config: unknown,
  plugin: ESLint.Plugin,
  { preset = [], yaml, json }: WithYantraOptions,
  warn: (message: string) => void,
): Linter.Config[] {
  const existing = flatten(config);
  const contested = existing.some((entry) => owns(entry, YAML));
  if (contested && yaml === undefined) {
    warn(
      "Another ESLint plugin is configured for YAML files, and ESLint gives a file one language: that plugin keeps " +
        "them, so yantra's rules for manifests and workflows run in `npx yantra-lint` only, and ESLint reports no unused disable " +
        'comments in them. Say withYantra(config, { yaml: "yantra" }) to give them to yantra, or { yaml: "other" } ' +
        "to keep it so without this warning.",
    );
  }
  const ourYaml = preset.filter((entry) => entry.language !== undefined && speaksOf(entry, YAML));
  const kept = yaml === "other" || (contested && yaml === undefined);
  const manifests = jsonEntries(preset, json);
  const ours = [
    ...(kept ? [...preset.filter((entry) => !ourYaml.includes(entry)), ...keepComments(existing)] : preset),
    ...manifests,
  ];
  const yamlGlobs = kept ? [] : globsOf(ourYaml);
  const all = globsOf(ours.filter(({ language }) => language !== undefined));
  const apart = (entry: Linter.Config): Linter.Config => {
    const globs = reachesAll(entry)
      ? all
      : [
          ...(speaksOf(entry, YAML) ? yamlGlobs : []),
          ...(speaksOf(entry, JSON_FORMAT) ? globsOf(manifests) : []),
        ];
    return globs.length === 0 ? entry : awayFrom(entry, globs);
  };
  return [...existing.map(apart), pluginEntry(plugin), ...ours];
}
