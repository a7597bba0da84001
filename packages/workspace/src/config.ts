import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { nearestWord, RULE_PREFIX, type TableSizes, type WorkspaceSettings } from "@yantra-lint/core";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { isCollection, isMap, isPair, LineCounter, parseDocument, type Document, type Node } from "yaml";
import generatedValidator from "./config-validator.generated.ts";
import { parseTableSizes, TableSizesError } from "./table-sizes.ts";
import { reason } from "./tree.ts";
import type { KnownRule, Preset, RuleSetting, Severity } from "./rules.ts";

const require = createRequire(import.meta.url);

/** ajv, for the schemas of rules: loaded when options are given, which is seldom. */
function makeAjv(): Ajv2020 {
  const { Ajv2020: Ajv } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  return new Ajv({ strict: false, allErrors: true, verbose: true });
}

/** The names a configuration file may have, in the order they are looked for. */
export const CONFIG_NAMES = ["yantra.config.yaml", "yantra.config.yml", "yantra.config.json"] as const;

/** What the configuration says, checked. */
export interface Config {
  /** The file it was read from; undefined: defaults. */
  file?: string;
  preset: Preset;
  rules: Readonly<Record<string, RuleSetting>>;
  ignore: readonly string[];
  settings: WorkspaceSettings;
  /** The file of table sizes as the configuration names it; its content is in `settings`. */
  stats?: string;
  /** The file of releases' outcomes, relative to the configuration's folder; undefined: `.yantra/outcomes.jsonl`. */
  outcomes?: string;
  /** Names of rules (`*` allowed) whose findings no comment hides. */
  unsuppressible: readonly string[];
  /** What `risk` and `policy` say, checked against the schema only: packages/risk knows what they mean. */
  risk: Readonly<Record<string, unknown>>;
  policy: Readonly<Record<string, unknown>>;
}

/** A fault in the configuration; the message names file, line, column, and the nearest right word. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

interface RawConfig {
  preset?: Preset;
  rules?: Record<string, Severity | [Severity, ...unknown[]]>;
  ignore?: string[];
  external?: WorkspaceSettings["external"];
  services?: WorkspaceSettings["services"];
  migrations?: WorkspaceSettings["migrations"];
  stats?: string;
  outcomes?: string;
  unsuppressible?: string[];
  risk?: Record<string, unknown>;
  policy?: Record<string, unknown>;
}

/** The nearest configuration file in `directory` or above it, not above `top`. */
export function findConfig(directory: string, top: string): string | undefined {
  for (let at = directory; ; at = path.dirname(at)) {
    const found = CONFIG_NAMES.map((name) => path.join(at, name)).find((file) => fs.existsSync(file));
    if (found) return found;
    if (at === top || at === path.dirname(at)) return undefined;
  }
}

/**
 * Reads a configuration file (YAML, of which JSON is a part).
 * @throws ConfigError when it cannot be read, is no valid YAML, or breaks the schema or a rule's own schema.
 */
export function readConfig(file: string, rules: ReadonlyMap<string, KnownRule>): Config {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  return parseConfig(text, file, rules, (name) =>
    fs.readFileSync(path.resolve(path.dirname(file), name), "utf8"),
  );
}

/** The configuration when there is no file. */
export function defaultConfig(): Config {
  return {
    preset: "recommended",
    rules: {},
    ignore: [],
    settings: { external: {}, services: [], migrations: [] },
    unsuppressible: [],
    risk: {},
    policy: {},
  };
}

/**
 * Checks a configuration's text; `file` is for messages only.
 *
 * @param read reads a file that the configuration names, relative to its own folder, or throws
 * @throws ConfigError
 */
export function parseConfig(
  text: string,
  file: string,
  rules: ReadonlyMap<string, KnownRule>,
  read: (name: string) => string,
): Config {
  const source: ConfigSource = new ConfigSource(text, file);
  const raw = source.validated();
  const settings: Record<string, RuleSetting> = {};
  for (const kind of Object.keys(raw.external ?? {})) {
    const nearest = KINDS.includes(kind) ? undefined : nearestWord(kind, KINDS);
    if (nearest) source.fail(["external", kind], `no kind ${kind} is known.${didYouMean(nearest)}`, true);
  }
  for (const [name, value] of Object.entries(raw.rules ?? {})) {
    const id = name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name;
    const known = rules.get(id);
    if (!known) {
      const nearest = nearestWord(id, rules.keys());
      source.fail(
        ["rules", name],
        `there is no rule ${id}.${didYouMean(nearest?.slice(RULE_PREFIX.length))}`,
        true,
      );
    }
    if (settings[id])
      source.fail(["rules", name], `${id} is configured twice, with and without its prefix.`, true);
    const [severity, ...options] = Array.isArray(value) ? value : [value];
    checkOptions(source, known, name, options);
    settings[id] = { severity, options };
  }
  return {
    file,
    preset: raw.preset ?? "recommended",
    rules: settings,
    ignore: raw.ignore ?? [],
    settings: {
      external: raw.external ?? {},
      services: raw.services ?? [],
      migrations: raw.migrations ?? [],
      ...(raw.stats === undefined ? {} : { tables: tableSizes(source, raw.stats, read) }),
    },
    ...(raw.stats === undefined ? {} : { stats: raw.stats }),
    ...(raw.outcomes === undefined ? {} : { outcomes: raw.outcomes }),
    unsuppressible: (raw.unsuppressible ?? []).map((name) =>
      name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name,
    ),
    risk: raw.risk ?? {},
    policy: raw.policy ?? {},
  };
}

/** @throws ConfigError when the file is not there, or is none of table sizes */
function tableSizes(source: ConfigSource, name: string, read: (name: string) => string): TableSizes {
  try {
    return parseTableSizes(read(name));
  } catch (error) {
    const why = error instanceof TableSizesError ? error.message : `it cannot be read (${reason(error)})`;
    return source.fail(
      ["stats"],
      `${name} holds no table sizes: ${why}. See yantra-lint explain stats.`,
      false,
    );
  }
}

function didYouMean(word: string | undefined): string {
  return word === undefined ? "" : ` Did you mean ${word}?`;
}

/** Kinds that a reference in a manifest usually names; others are taken as they are. */
const KINDS = [
  "AnalysisTemplate",
  "ClusterAnalysisTemplate",
  "ConfigMap",
  "DaemonSet",
  "Deployment",
  "ReplicaSet",
  "Rollout",
  "Secret",
  "Service",
  "StatefulSet",
];

/** @throws ConfigError when the options do not fit the rule's schema. */
function checkOptions(
  source: ConfigSource,
  { id, rule }: KnownRule,
  name: string,
  options: readonly unknown[],
): void {
  if (options.length === 0) return;
  if (rule.meta.schema.length === 0) source.fail(["rules", name], `${id} takes no options.`, false);
  const ajv = makeAjv();
  const validate = ajv.compile({ type: "array", items: false, prefixItems: rule.meta.schema });
  if (validate(options)) return;
  // In the file the severity stands before the options.
  const errors = (validate.errors ?? []).map((error) => ({
    ...error,
    instancePath: error.instancePath.replace(
      /^\/(\d+)/,
      (_, index: string) => `/rules/${escapePointer(name)}/${Number(index) + 1}`,
    ),
  }));
  source.failWith(errors);
}

function escapePointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** How often an alias may stand for the same nodes: more is no configuration but an attack on memory. */
const MAX_ALIASES = 50;
const TOO_DEEP = "is nested too deeply to be read";

/** What `yaml` reads of a file. @throws ConfigError where it gives up: too many aliases, or too deep. */
function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigError(`${file}: it ${TOO_DEEP}.`);
    if (error instanceof ReferenceError)
      throw new ConfigError(`${file}: its aliases stand for too much (${error.message}).`);
    throw error;
  }
}

/** A configuration's text, its YAML nodes, and the way from a path in the data to a line and column. */
class ConfigSource {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = readable(file, () =>
      parseDocument(text, { lineCounter: this.#lines, prettyErrors: false }),
    );
    const [error] = this.#document.errors;
    if (error?.message.includes("call stack")) throw new ConfigError(`${file}: it ${TOO_DEEP}.`);
    if (error) throw new ConfigError(`${this.#at(error.pos[0])}: ${error.message}`);
  }

  validated(): RawConfig {
    const data: unknown = readable(
      this.#file,
      () => (this.#document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown) ?? {},
    );
    const validate = generatedValidator as ValidateFunction<RawConfig>;
    if (validate(data)) return data;
    this.failWith(validate.errors ?? []);
  }

  /** @throws ConfigError always: the schema error that tells most, where it is, and what is near. */
  failWith(errors: readonly ErrorObject[]): never {
    const [error] = [...errors].sort((a, b) => weight(b) - weight(a));
    if (!error) throw new ConfigError(`${this.#file}: does not fit its schema.`);
    const at = error.instancePath
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (error.keyword === "additionalProperties") {
      const { additionalProperty } = error.params as { additionalProperty: string };
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      const where = at.length > 0 ? ` in ${at.join(".")}` : "";
      this.fail(
        [...at, additionalProperty],
        `"${additionalProperty}" is no key${where}.${didYouMean(nearestWord(additionalProperty, known)) || ` Known: ${known.join(", ")}.`}`,
        true,
      );
    }
    if (error.keyword === "enum") {
      const { allowedValues } = error.params as { allowedValues: string[] };
      const nearest = typeof error.data === "string" ? nearestWord(error.data, allowedValues) : undefined;
      this.fail(
        at,
        `${at.join(".")} is ${JSON.stringify(error.data)}, but must be one of ${allowedValues.join(", ")}.${didYouMean(nearest)}`,
        false,
      );
    }
    this.fail(
      at,
      `${at.join(".") || "the configuration"} ${error.message ?? "does not fit its schema"}.`,
      false,
    );
  }

  /** @throws ConfigError always, at the key (or the value) that `at` leads to. */
  fail(at: readonly string[], message: string, atKey: boolean): never {
    throw new ConfigError(`${this.#at(this.#offset(at, atKey))}: ${message}`);
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}:${line}:${col}`;
  }

  #offset(at: readonly string[], atKey: boolean): number {
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const [index, part] of at.entries()) {
      if (!isCollection(node)) return offset;
      const last = index === at.length - 1;
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && String(item.key) === part);
        const key = pair?.key as Node | undefined;
        offset = key?.range?.[0] ?? offset;
        node = pair?.value;
        if (last && atKey) return offset;
      } else {
        node = node.items[Number(part)];
      }
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    }
    return offset;
  }
}

/** Which of several schema errors tells most: a wrong key first, then a wrong value, `oneOf` last. */
function weight(error: ErrorObject): number {
  const order = ["oneOf", "anyOf", "type", "enum", "additionalProperties"];
  return order.indexOf(error.keyword) + error.instancePath.split("/").length / 100;
}
