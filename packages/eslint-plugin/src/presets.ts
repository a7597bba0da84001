import type { AnyPack, EditorFiles } from "@yantra-lint/core";
import type { ESLint, Linter } from "eslint";
import {
  type KnownRule,
  knownRules,
  resolveRules,
  runsOn,
  type Config,
  type Preset,
} from "@yantra-lint/workspace";

/**
 * The entry that makes our rules known in every file. ESLint calls a comment that names an unknown rule an error,
 * and such a comment may stand in a file that none of our other entries has.
 */
export function pluginEntry(plugin: ESLint.Plugin): Linter.Config {
  return { name: "yantra/plugin", plugins: { yantra: plugin } };
}

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
  const entries = packs.flatMap((pack, index) => {
    const taken = globsBefore(pack, packs.slice(0, index));
    return editorFiles(pack).map(({ globs, languageOptions }): Linter.Config => {
      const rules: Linter.RulesRecord = {};
      for (const [id, rule] of known) {
        const setting = settings[id];
        if (setting && appliesTo(rule, pack)) rules[id] = [setting.severity, ...setting.options];
      }
      return {
        name: `yantra/${preset}/${pack.name}`,
        files: [...globs],
        ...(taken.length > 0 ? { ignores: taken } : {}),
        plugins: { yantra: plugin },
        ...(pack.language ? { language: pack.languageName } : {}),
        ...(languageOptions ? { languageOptions: { ...languageOptions } } : {}),
        rules,
      };
    });
  });
  return [pluginEntry(plugin), ...entries];
}

/** What a pack says of its files in ESLint, else all its candidates. */
function editorFiles({ editor, candidates }: AnyPack): readonly EditorFiles[] {
  if (editor) return editor;
  const { extensions, names } = candidates;
  return [
    { globs: [...extensions.map((extension) => `**/*${extension}`), ...names.map((name) => `**/${name}`)] },
  ];
}

/** A file has one language in ESLint: where packs look at the same kind of file, those that come first have theirs. */
function globsBefore({ candidates }: AnyPack, earlier: readonly AnyPack[]): string[] {
  return earlier
    .filter((pack) => pack.candidates.extensions.some((one) => candidates.extensions.includes(one)))
    .flatMap((pack) => editorFiles(pack).flatMap(({ globs }) => globs));
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
