import { createRequire } from "node:module";
import type { AnyPack } from "@yantra-lint/core";
import {
  defaultConfig,
  findRoot,
  knownRules,
  readConfig,
  type Config,
  type Preset,
} from "@yantra-lint/workspace";
import type { ESLint, Linter, Rule } from "eslint";
import { packs } from "./packs.ts";
import { presetConfig } from "./presets.ts";
import { combine, type ConfigLike, isThenable, type WithYantraOptions } from "./with-yantra.ts";
import { asESLintRule, unlessIgnored } from "./workspace-rules.ts";
import { Workspaces } from "./workspaces.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
const workspaces = new Workspaces(packs);

function bindHosts(pack: AnyPack): void {
  pack.bind?.({
    kindOf: (path, text) => workspaces.of(path)?.kindOf(pack, path, text),
    stateBefore: (path) => workspaces.of(path)?.host(pack).stateBefore(path),
  });
}

function allRules(): Record<string, Rule.RuleModule> {
  const rules: Record<string, Rule.RuleModule> = {};
  for (const known of knownRules(packs).values()) {
    const name = `${known.pack}/${known.name}`;
    if (known.scope === "file") rules[name] = unlessIgnored(known.rule, workspaces);
    if (known.scope === "workspace") rules[name] = asESLintRule(known.id, known.rule, packs, workspaces);
  }
  return rules;
}

function allLanguages(): ESLint.Plugin["languages"] {
  return Object.fromEntries(
    packs.flatMap((pack) =>
      pack.language ? [[pack.languageName.split("/")[1] ?? pack.name, pack.language]] : [],
    ),
  );
}

/** The repository's configuration, found from where ESLint runs. @throws ConfigError when it is faulty. */
function repositoryConfig(): Config {
  const root = findRoot(process.cwd());
  return root.config ? readConfig(root.config, knownRules(packs)) : defaultConfig();
}

for (const pack of packs) bindHosts(pack);

const plugin = {
  meta: { name: "eslint-plugin-yantra", version, namespace: "yantra" },
  rules: allRules(),
  languages: allLanguages(),
  configs: {
    /** What is worth stopping a deployment for. */
    get recommended(): Linter.Config[] {
      return preset();
    },
    /** Every rule, as an error. */
    get strict(): Linter.Config[] {
      return preset("strict");
    },
  },
} satisfies ESLint.Plugin;

function preset(wanted?: Preset): Linter.Config[] {
  const config = repositoryConfig();
  return presetConfig(plugin, packs, config, wanted ?? config.preset);
}

/**
 * A project's ESLint configuration with ours behind it, each kept to its own files:
 *
 *     export default withYantra([js.configs.recommended, …]);
 *
 * A configuration that is still to come (a promise, antfu's or Nuxt's composer) gives a promise.
 * @throws TypeError for what is no configuration, such as a function
 */
export function withYantra(config: ConfigLike, options?: WithYantraOptions): Linter.Config[];
export function withYantra(
  config: PromiseLike<ConfigLike>,
  options?: WithYantraOptions,
): Promise<Linter.Config[]>;
export function withYantra(
  config: ConfigLike | PromiseLike<ConfigLike>,
  options: WithYantraOptions = {},
): Linter.Config[] | Promise<Linter.Config[]> {
  return isThenable(config) ? Promise.resolve(config).then(joined) : joined(config);

  function joined(ready: unknown): Linter.Config[] {
    const wanted = { ...options, preset: options.preset ?? plugin.configs.recommended };
    return combine(ready, plugin, wanted, (message) => {
      process.emitWarning(message, { type: "YantraWarning", code: "YANTRA_YAML" });
    });
  }
}

export default plugin;
