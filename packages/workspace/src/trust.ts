import path from "node:path";
import { RULE_PREFIX, type SettingChange, type WorkspaceSettings } from "@yantra-lint/core";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { type Config, CONFIG_NAMES, ConfigError, defaultConfig, parseConfig } from "./config.ts";
import { type KnownRule, resolveRules, type Severity } from "./rules.ts";
import type { Overlay } from "./tree.ts";
import { Tree } from "./tree.ts";

/** The configuration a change is judged by, and what the change does to it. */
export interface Trusted {
  config: Config;
  changes: SettingChange[];
}

/** Where CODEOWNERS may stand, in the order GitHub looks; GitLab knows the root, docs and .gitlab. */
export const CODEOWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/**
 * The head's configuration with what a change must not decide for itself as the base has it: policy, floors and
 * weights, rules that no comment hides, names declared external, and where outcomes are read. `changes` tells what it loosens. A base's
 * configuration that cannot be read counts as none: the defaults are strict.
 *
 * @param before the changed files at the base
 */
export function trustBase(
  head: Config,
  root: string,
  before: Overlay,
  rules: ReadonlyMap<string, KnownRule>,
): Trusted {
  const changes: SettingChange[] = CODEOWNERS_PATHS.filter((file) => before.has(file)).map((file) => ({
    path: file,
    line: 1,
    what: "changes who may approve what",
  }));
  const headPath = head.file === undefined ? undefined : relativeTo(root, head.file);
  const deciding = [
    ...CONFIG_NAMES,
    ...(headPath === undefined ? [] : [headPath, ...statsOf(head, headPath)]),
  ];
  const touched = deciding.some((file) => before.has(file));
  if (!touched) return { config: head, changes };
  const base = baseConfig(headPath, root, before, rules);
  const told = new Place(headPath, new Tree(root));
  changes.push(...loosened(base, head, rules, told));
  const { outcomes: _outcomes, ...own } = head;
  return {
    config: {
      ...own,
      ...(base.outcomes === undefined ? {} : { outcomes: base.outcomes }),
      settings: {
        ...withoutTables(head.settings),
        ...tablesOf(base.settings),
        external: base.settings.external,
      },
      unsuppressible: base.unsuppressible,
      risk: base.risk,
      policy: base.policy,
    },
    changes,
  };
}

/** The file of table sizes, relative to the root. */
function statsOf({ stats }: Config, configPath: string): string[] {
  return stats === undefined ? [] : [path.posix.join(path.posix.dirname(configPath), stats)];
}

function withoutTables({ external, services, migrations }: WorkspaceSettings): WorkspaceSettings {
  return { external, services, migrations };
}

function tablesOf({ tables }: WorkspaceSettings): Pick<WorkspaceSettings, "tables"> {
  return tables ? { tables } : {};
}

function relativeTo(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join("/");
}

function baseConfig(
  headPath: string | undefined,
  root: string,
  before: Overlay,
  rules: ReadonlyMap<string, KnownRule>,
): Config {
  const tree = new Tree(root, before);
  const names = [...new Set([...(headPath === undefined ? [] : [headPath]), ...CONFIG_NAMES])];
  for (const name of names) {
    const text = tree.neighbour(name);
    if (text === undefined) continue;
    try {
      const folder = path.posix.dirname(name);
      return parseConfig(text, name, rules, (file) => tree.read(path.posix.join(folder, file)).text);
    } catch (error) {
      if (error instanceof ConfigError) return defaultConfig();
      throw error;
    }
  }
  return defaultConfig();
}

const ORDER: readonly Severity[] = ["off", "warn", "error"];

function loosened(
  base: Config,
  head: Config,
  rules: ReadonlyMap<string, KnownRule>,
  at: Place,
): SettingChange[] {
  const changes: SettingChange[] = [];
  const then = resolveRules(rules, base.preset, base.rules);
  const now = resolveRules(rules, head.preset, head.rules);
  for (const id of rules.keys()) {
    const [old, own] = [then[id], now[id]];
    if (!old || !own || old.severity === "off") continue;
    const place = () => at.of(["rules", id], ["rules", id.slice(RULE_PREFIX.length)], ["preset"], ["rules"]);
    if (own.severity === "off") changes.push({ ...place(), what: `turns off ${id}` });
    else if (ORDER.indexOf(own.severity) < ORDER.indexOf(old.severity))
      changes.push({ ...place(), what: `lowers ${id} from error to warning` });
    else if (differ(old.options, own.options))
      changes.push({ ...place(), what: `changes the options of ${id}` });
  }
  for (const glob of head.ignore.filter((pattern) => !base.ignore.includes(pattern)))
    changes.push({ ...at.of(["ignore"]), what: `leaves ${glob} out of every check` });
  for (const [kind, names] of Object.entries(head.settings.external)) {
    const known = Object.hasOwn(base.settings.external, kind) ? (base.settings.external[kind] ?? []) : [];
    const added = names.filter((name) => !known.includes(name));
    if (added.length > 0)
      changes.push({ ...at.of(["external", kind]), what: `declares ${kind} ${added.join(", ")} external` });
  }
  if (differ(base.settings.migrations, head.settings.migrations))
    changes.push({ ...at.of(["migrations"]), what: "changes which files are migrations" });
  if (differ(base.settings.tables, head.settings.tables))
    changes.push({ ...at.of(["stats"]), what: "changes how large tables are said to be" });
  if (base.outcomes !== head.outcomes)
    changes.push({ ...at.of(["outcomes"]), what: "changes where outcomes of releases are read" });
  if (base.unsuppressible.some((name) => !head.unsuppressible.includes(name)))
    changes.push({
      ...at.of(["unsuppressible"]),
      what: "lets comments hide what they could not hide before",
    });
  if (differ(base.risk, head.risk)) changes.push({ ...at.of(["risk"]), what: "changes how risk is scored" });
  if (differ(base.policy, head.policy))
    changes.push({ ...at.of(["policy"]), what: "changes the policy of deployments and approvals" });
  return changes;
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** Lines of keys in the head's configuration; the first line where a key is gone. */
class Place {
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed | undefined;

  constructor(file: string | undefined, tree: Tree) {
    this.#path = file ?? CONFIG_NAMES[0];
    const text = file === undefined ? undefined : tree.neighbour(file);
    this.#document = text === undefined ? undefined : parseDocument(text, { lineCounter: this.#lines });
  }

  of(...keys: readonly string[][]): { path: string; line: number } {
    for (const key of keys) {
      const node: unknown = this.#document?.getIn(key, true);
      const offset = isNode(node) ? node.range?.[0] : undefined;
      if (offset !== undefined) return { path: this.#path, line: this.#lines.linePos(offset).line };
    }
    return { path: this.#path, line: 1 };
  }
}
