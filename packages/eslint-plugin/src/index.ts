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
import { combine, type WithYantraOptions } from "./with-yantra.ts";
import { asESLintRule } from "./workspace-rules.ts";
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
    if (known.scope === "file") rules[name] = known.rule;
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
 */
export function withYantra(
  config: Parameters<typeof combine>[0],
  options: WithYantraOptions = {},
): Linter.Config[] {
  return combine(config, options.preset ?? plugin.configs.recommended, options.yaml, (message) => {
    process.emitWarning(message, { type: "YantraWarning", code: "YANTRA_YAML" });
  });
}

export default plugin;
