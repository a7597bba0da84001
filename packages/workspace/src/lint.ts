import {
  type AnyPack,
  type Fact,
  type FileKind,
  type Finding,
  type Host,
  Lines,
  RULE_PREFIX,
} from "@yantra-lint/core";
import type { ESLint, Linter as ESLintLinter } from "eslint";
import { Linter } from "eslint/universal";
import { type ActiveRule, JoinedRule } from "./joined-rule.ts";
import { levelOf, mergedOptions, type RuleSetting, runsOn } from "./rules.ts";

/** What one file gave: its facts and the findings of file rules, both with the path still empty. */
export interface FileResult {
  facts: Fact[];
  findings: Finding[];
}

/** One file to lint. */
export interface LintJob {
  path: string;
  text: string;
  kind: FileKind;
  pack: AnyPack;
}

/** The joined rule's name, for ESLint. */
const JOINED = "yantra/joined";

type ConfigArray = ESLintLinter.Config[];
type NormalisedArray = ConfigArray & { getConfig?: (filename: string) => unknown };

/**
 * ESLint normalises a plain configuration array anew at each `verify`, which costs more than the linting. This
 * Linter remembers the normalised array that ESLint makes of one (Linter.verify hands it to an inner call, in
 * ESLint 9 and 10). Should that inner call ever go, nothing is remembered and `verify` is slower, not wrong.
 */
class RememberingLinter extends Linter {
  #normalised: NormalisedArray | undefined;

  /**
   * The configuration for a kind of file: an array that gives the same normalised configuration for every path.
   * ESLint takes an array with `getConfig()` as it is, so a path of `node_modules` or an odd name is no obstacle.
   */
  normalise(plain: ConfigArray, filename: string): ConfigArray {
    this.#normalised = undefined;
    this.verify("", plain, { filename });
    const config = this.#remembered()?.getConfig?.(filename);
    return config === undefined ? plain : Object.assign([...plain], { getConfig: () => config });
  }

  #remembered(): NormalisedArray | undefined {
    return this.#normalised;
  }

  _verifyWithFlatConfigArray(...args: unknown[]): unknown {
    const [, configArray] = args;
    if (Array.isArray(configArray)) this.#normalised = configArray as NormalisedArray;
    const inherited = Reflect.get(Linter.prototype, "_verifyWithFlatConfigArray") as (
      ...args: unknown[]
    ) => unknown;
    return inherited.apply(this, args);
  }
}

/** Lints files of several packs with one ESLint Linter: one parse gives findings and facts. */
export class FileLinter {
  readonly #linter = new RememberingLinter({ configType: "flat" });
  readonly #packs: readonly AnyPack[];
  readonly #rules: Readonly<Record<string, RuleSetting>>;
  readonly #plugin: ESLint.Plugin;
  readonly #configs = new Map<string, { config: ConfigArray; joined: JoinedRule }>();
  #current: { kind: FileKind; state: unknown } | undefined;

  constructor(packs: readonly AnyPack[], rules: Readonly<Record<string, RuleSetting>>) {
    this.#packs = packs;
    this.#rules = rules;
    this.#plugin = { meta: { name: "yantra" }, rules: {}, languages: {} };
    const host: Host = {
      kindOf: () => this.#current?.kind,
      stateBefore: () => this.#current?.state,
    };
    for (const pack of packs) {
      const [, languageKey = ""] = pack.languageName.split("/");
      if (pack.language) Object.assign(this.#plugin.languages ?? {}, { [languageKey]: pack.language });
      pack.bind?.(host);
    }
  }

  /** Lints one file. Errors thrown by a rule pass through, with `ruleId` set by ESLint. */
  lint(job: LintJob, stateBefore: unknown): FileResult {
    this.#current = { kind: job.kind, state: stateBefore };
    try {
      if (job.kind.factsOnly) return this.#factsOnly(job);
      const { config, joined } = this.#configFor(job);
      const messages = this.#verify(job, config, joined);
      const findings = messages
        .map((message) => this.#finding(message, joined, job.text))
        .filter((finding) => finding !== undefined);
      const fatal = messages.some((message) => message.fatal);
      const code = fatal ? undefined : this.#linter.getSourceCode();
      return { facts: code ? job.pack.map(code, job) : (job.pack.mapUnparsed?.(job) ?? []), findings };
    } finally {
      this.#current = undefined;
    }
  }

  #verify(job: LintJob, config: ConfigArray, joined: JoinedRule): ESLintLinter.LintMessage[] {
    return namingRule(joined, () =>
      this.#linter.verify(job.text, config, {
        filename: job.path,
        // Suppressions are applied once, after reduce, over file and workspace findings together.
        allowInlineConfig: false,
      }),
    );
  }

  #factsOnly(job: LintJob): FileResult {
    const parsed = job.pack.parse(job);
    if (parsed.ok) return { facts: job.pack.map(parsed.code, job), findings: [] };
    return { facts: job.pack.mapUnparsed?.(job) ?? [], findings: [] };
  }

  #configFor({ pack, path }: LintJob): { config: ConfigArray; joined: JoinedRule } {
    const extension = extensionOf(path);
    const key = `${pack.name}${extension}`;
    const known = this.#configs.get(key);
    if (known) return known;
    const active: ActiveRule[] = [];
    for (const other of this.#packs) {
      for (const [name, rule] of Object.entries(other.rules)) {
        const id = `${RULE_PREFIX}${other.name}/${name}`;
        const setting = this.#rules[id];
        if (!setting || setting.severity === "off" || !runsOn(rule.meta, pack.languageName)) continue;
        active.push({ id, rule, options: mergedOptions(rule.meta, setting.options) });
      }
    }
    const joined = new JoinedRule(active);
    const plain: ConfigArray = [
      {
        // A Dockerfile has no extension, and `**/*` alone makes no file one that ESLint lints.
        files: [extension === "" ? "**/?*" : `**/*${extension}`],
        plugins: { yantra: { ...this.#plugin, rules: { joined: joined.rule } } },
        // JavaScript is ESLint's default language and has no name of ours.
        ...(pack.language ? { language: pack.languageName } : {}),
        languageOptions: pack.languageOptions?.(path) ?? {},
        linterOptions: { reportUnusedDisableDirectives: "off" },
        rules: { [JOINED]: "error" },
      },
    ];
    const normal = namingRule(joined, () => this.#linter.normalise(plain, `file${extension}`));
    const config = { config: normal, joined };
    this.#configs.set(key, config);
    return config;
  }

  #finding(message: ESLintLinter.LintMessage, joined: JoinedRule, text: string): Finding | undefined {
    const place = {
      path: "",
      startLine: message.line,
      startColumn: message.column,
      endLine: message.endLine ?? message.line,
      endColumn: message.endColumn ?? message.column,
    };
    const origin = joined.originOf(message.messageId);
    if (!origin) return this.#syntaxFinding(message, place, text);
    const severity = this.#rules[origin.ruleId]?.severity ?? "error";
    if (severity === "off") return undefined;
    return {
      ...origin,
      level: levelOf(severity),
      message: message.message,
      ...place,
      ...(message.fix ? { fix: { range: [...message.fix.range], text: message.fix.text } } : {}),
      ...(message.suggestions
        ? {
            suggestions: message.suggestions.map(({ desc, fix }) => ({
              message: desc,
              fix: { range: [...fix.range], text: fix.text },
            })),
          }
        : {}),
    };
  }

  #syntaxFinding(
    message: ESLintLinter.LintMessage,
    place: Omit<Finding, "ruleId" | "level" | "message">,
    text: string,
  ): Finding | undefined {
    const ruleId = `${RULE_PREFIX}core/no-syntax-error`;
    const setting = this.#rules[ruleId];
    if (setting?.severity === "off") return undefined;
    // A parser may give no position (line 0): the file's first character stands for the file.
    const known = place.startLine > 0;
    const end = new Lines(text).point(Math.min(1, text.length));
    return {
      ruleId,
      messageId: "syntax",
      level: levelOf(setting?.severity ?? "error"),
      message: `The file cannot be parsed, so nothing in it was checked: ${message.message.replace(/^Parsing error: /, "").replace(/\.?$/, ".")}`,
      ...place,
      ...(known ? {} : { startLine: 1, startColumn: 1, endLine: end.line, endColumn: end.column }),
    };
  }
}

/** ESLint lays an error to the joined rule, and this to the one that threw it. */
function namingRule<T>(joined: JoinedRule, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const ruleId = joined.takeFailed();
    if (error instanceof Error && ruleId !== undefined)
      Object.assign(error, { ruleId, message: error.message.replaceAll(JOINED, ruleId) });
    throw error;
  }
}

function extensionOf(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? "";
}
