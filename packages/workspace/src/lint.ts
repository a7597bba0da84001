import {
  type AnyPack,
  type Fact,
  type FileKind,
  type Finding,
  type Host,
  Lines,
  RULE_PREFIX,
} from "@yantra-lint/core";
import type { JavaScriptLinter } from "./eslint-linter.ts";
import { LanguageLinter } from "./language-linter.ts";
import type { ActiveRule, LintedFile, ParserProblem, Reported } from "./linted-file.ts";
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

/** ESLint's Linter, once it is loaded. */
let Loaded: typeof JavaScriptLinter | undefined;

/** Lints files of several packs: one parse gives findings and facts. */
export class FileLinter {
  readonly #packs: readonly AnyPack[];
  readonly #rules: Readonly<Record<string, RuleSetting>>;
  readonly #active = new Map<string, ActiveRule[]>();
  readonly #languages = new Map<AnyPack, LanguageLinter>();
  #javaScript: JavaScriptLinter | undefined;
  #current: { kind: FileKind; state: unknown } | undefined;

  constructor(packs: readonly AnyPack[], rules: Readonly<Record<string, RuleSetting>>) {
    this.#packs = packs;
    this.#rules = rules;
    const host: Host = {
      kindOf: () => this.#current?.kind,
      stateBefore: () => this.#current?.state,
    };
    for (const pack of packs) pack.bind?.(host);
  }

  /** Loads what files of a pack want besides the pack: ESLint, which takes longer than to lint a migration. */
  static async prepare({ language }: AnyPack): Promise<void> {
    if (!language) ({ JavaScriptLinter: Loaded } = await import("./eslint-linter.ts"));
  }

  /** Lints one file, of a pack that it is prepared for. Errors thrown by a rule pass through, with `ruleId` set. */
  lint(job: LintJob, stateBefore: unknown): FileResult {
    this.#current = { kind: job.kind, state: stateBefore };
    try {
      if (job.kind.factsOnly) return this.#factsOnly(job);
      const linted = this.#linted(job);
      if ("problems" in linted) {
        const findings = linted.problems.flatMap((problem) => this.#syntaxFinding(problem, job.text) ?? []);
        return { facts: job.pack.mapUnparsed?.(job) ?? [], findings };
      }
      const findings = linted.reports.flatMap((report) => this.#finding(report));
      return { facts: job.pack.map(linted.code, job), findings };
    } finally {
      this.#current = undefined;
    }
  }

  #linted({ pack, path, text }: LintJob): LintedFile {
    if (pack.language) {
      const linter =
        this.#languages.get(pack) ?? new LanguageLinter(pack.language, this.#activeOn(pack.languageName));
      this.#languages.set(pack, linter);
      return linter.lint({ path, text });
    }
    if (!Loaded) throw new Error(`Nobody has prepared the linter for the pack ${pack.name}.`);
    this.#javaScript ??= new Loaded();
    return this.#javaScript.lint(pack, this.#activeOn(pack.languageName), { path, text });
  }

  /** The rules of all packs that run on a language. */
  #activeOn(languageName: string): readonly ActiveRule[] {
    const known = this.#active.get(languageName);
    if (known) return known;
    const active: ActiveRule[] = [];
    for (const pack of this.#packs) {
      for (const [name, rule] of Object.entries(pack.rules)) {
        const id = `${RULE_PREFIX}${pack.name}/${name}`;
        const setting = this.#rules[id];
        if (!setting || setting.severity === "off" || !runsOn(rule.meta, languageName)) continue;
        active.push({ id, rule, options: mergedOptions(rule.meta, setting.options) });
      }
    }
    this.#active.set(languageName, active);
    return active;
  }

  #factsOnly(job: LintJob): FileResult {
    const parsed = job.pack.parse(job);
    if (parsed.ok) return { facts: job.pack.map(parsed.code, job), findings: [] };
    return { facts: job.pack.mapUnparsed?.(job) ?? [], findings: [] };
  }

  #finding(report: Reported): Finding[] {
    const severity = this.#rules[report.ruleId]?.severity ?? "error";
    return severity === "off" ? [] : [{ ...report, level: levelOf(severity), path: "" }];
  }

  #syntaxFinding(problem: ParserProblem, text: string): Finding | undefined {
    const ruleId = `${RULE_PREFIX}core/no-syntax-error`;
    const setting = this.#rules[ruleId];
    if (setting?.severity === "off") return undefined;
    // A parser may give no position (line 0): the file's first character stands for the file.
    const isPlaced = problem.line > 0;
    const end = new Lines(text).point(Math.min(1, text.length));
    return {
      ruleId,
      messageId: "syntax",
      level: levelOf(setting?.severity ?? "error"),
      message: `The file cannot be parsed, so nothing in it was checked: ${problem.message.replace(/^Parsing error: /, "").replace(/\.?$/, ".")}`,
      path: "",
      startLine: isPlaced ? problem.line : 1,
      startColumn: isPlaced ? problem.column : 1,
      endLine: isPlaced ? (problem.endLine ?? problem.line) : end.line,
      endColumn: isPlaced ? (problem.endColumn ?? problem.column) : end.column,
    };
  }
}
