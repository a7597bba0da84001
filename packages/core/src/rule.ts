import type { RuleContext, RuleVisitor, SourceCode } from "@eslint/core";
import type { FactIndex } from "./facts.ts";
import type { Finding, Level, RelatedLocation, Suggestion, TextEdit } from "./finding.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { Location } from "./positions.ts";

/** In which step of expand, migrate, contract what a rule forbids would be right. */
export type Phase = "expand" | "migrate" | "contract";

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface RuleDocs {
  /** `^(Enforce|Require|Disallow|Prefer) …`, without full stop. */
  description: string;
  /** The severity in the preset `recommended`; false: only in `strict`. */
  recommended: "error" | "warn" | false;
  phase?: Phase;
  /** Whether a rollback undoes what the rule is about. */
  reversible?: boolean;
  /**
   * Rules (full names) whose finding at the same place this one's stands for: it says the same with more knowledge of
   * the repository. On the command line only one of them is told.
   */
  supersedes?: readonly string[];
  /** Its findings stay visible whatever a comment says: it is about suppressions itself. */
  unsuppressible?: boolean;
  /**
   * Ids of messages that say what the files at hand do not tell for certain. Where the rule is an error these are
   * warnings (ESLint knows one severity a rule), but for a finding that stands for one that is certain.
   */
  uncertain?: readonly string[];
}

interface MetaBase {
  /** `problem`: it breaks something; `suggestion`: there is a better way. */
  type: "problem" | "suggestion";
  docs: RuleDocs;
  /** Message texts by id, with `{{placeholders}}`; sentences that say the consequence and the way out. */
  messages: Record<string, string>;
  /** JSON Schemas of the options, one an argument, as ESLint has it. */
  schema: readonly JsonSchema[];
  /** Mutable, as ESLint types it. */
  defaultOptions?: unknown[];
  /** Whether the rule may give a fix, or suggestions: ESLint asks to be told, for both kinds of rule. */
  fixable?: "code";
  hasSuggestions?: boolean;
}

/** Languages a file rule runs on, as ESLint's `meta.languages` names them: a pack's own, or ESLint's JavaScript. */
export type LanguageName = `yantra/${string}` | "js/js";

export interface FileRuleMeta extends MetaBase {
  languages: LanguageName[];
}

/** The context a rule of ours gets: ESLint's, with the pack's own SourceCode. */
export type FileRuleContext<Code extends SourceCode, Node> = RuleContext<{
  LangOptions: Record<string, unknown>;
  Code: Code;
  RuleOptions: unknown[];
  Node: Node;
  MessageIds: string;
}>;

/** A rule about one file: a plain ESLint rule on a plain ESLint language. */
export interface FileRule<
  Code extends SourceCode = SourceCode,
  Node = unknown,
  Visitor extends RuleVisitor = RuleVisitor,
> {
  meta: FileRuleMeta;
  create(context: FileRuleContext<Code, Node>): Visitor;
}

/** Types a file rule; packs re-export it bound to their own SourceCode and visitor. */
export function defineRule<Code extends SourceCode, Node, Visitor extends RuleVisitor>(
  rule: FileRule<Code, Node, Visitor>,
): FileRule<Code, Node, Visitor> {
  return rule;
}

/** What a workspace rule reports. Message texts come from `meta.messages`. */
export interface WorkspaceReport {
  messageId: string;
  data?: Record<string, string | number>;
  location: Location;
  related?: RelatedLocation[];
  fix?: TextEdit;
  suggestions?: Suggestion[];
}

/** Settings of the workspace that its rules may ask for; from `yantra.config`. */
export interface WorkspaceSettings {
  /** By kind of resource: names (`name` or `namespace/name`, `*` allowed) that exist outside the repository. */
  external: Readonly<Record<string, readonly string[]>>;
  /** Which directory an image is built from. */
  services: readonly { image: string; path: string }[];
  /** Which files are migrations of which runner, where the defaults do not see it. First match wins. */
  migrations: readonly { files: string; runner?: string; dialect?: string; transactional?: boolean }[];
  /** How large the tables of production are; absent: not known. */
  tables?: TableSizes;
}

/** How large a table is. `rows`: the planner's estimate; absent when the table was never analysed. */
export interface TableSize {
  rows?: number;
  /** Its indexes and TOAST included. */
  bytes: number;
}

/** Sizes by `schema.name`, as `yantra-lint explain stats` has them exported. */
export type TableSizes = Readonly<Record<string, TableSize>>;

/** Settings when nothing is configured. */
export const DEFAULT_SETTINGS: WorkspaceSettings = { external: {}, services: [], migrations: [] };

export interface WorkspaceRuleContext {
  facts: FactIndex;
  /** The facts of the base revision, which is what still runs; undefined without a base. */
  base: FactIndex | undefined;
  options: readonly unknown[];
  settings: WorkspaceSettings;
  /** The day it is, YYYY-MM-DD: given, never asked of a clock. */
  today: string;
  /** The only file whose findings are wanted (an editor's): a rule may pass others by. */
  only?: string | undefined;
  /**
   * The modules that some paths lead to, the paths' own among them, with what they import. They are read when asked
   * for, so ask only when facts give a reason. Undefined where no file can be read.
   */
  modules(entries: readonly string[]): ModuleGraph | undefined;
  report(report: WorkspaceReport): void;
}

/** A rule about the repository as a whole. It sees facts, and modules when it asks, and is a pure function of them. */
export interface WorkspaceRule {
  meta: MetaBase & { scope: "workspace" };
  check(context: WorkspaceRuleContext): void;
}

/** Types a workspace rule and marks it as such. */
export function defineWorkspaceRule(rule: {
  meta: MetaBase;
  check(context: WorkspaceRuleContext): void;
}): WorkspaceRule {
  return { meta: { ...rule.meta, scope: "workspace" }, check: rule.check };
}

/** A message text with its `{{placeholders}}` filled, as ESLint fills them: an unknown one stays as it is. */
export function formatMessage(
  template: string,
  data: Readonly<Record<string, string | number>> = {},
): string {
  return template.replaceAll(/\{\{\s*([^{}\s]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(data, name) ? String(data[name]) : whole,
  );
}

/** Runs one workspace rule over facts and gives its findings at the wanted level. */
export function runWorkspaceRule(
  ruleId: string,
  rule: WorkspaceRule,
  input: {
    facts: FactIndex;
    base?: FactIndex | undefined;
    options?: readonly unknown[];
    settings?: WorkspaceSettings;
    level?: Level;
    /** YYYY-MM-DD; the epoch when no rule at hand asks. */
    today?: string;
    only?: string;
    modules?: WorkspaceRuleContext["modules"];
  },
): Finding[] {
  const findings: Finding[] = [];
  rule.check({
    facts: input.facts,
    base: input.base,
    options: input.options ?? rule.meta.defaultOptions ?? [],
    settings: input.settings ?? DEFAULT_SETTINGS,
    today: input.today ?? "1970-01-01",
    only: input.only,
    modules: input.modules ?? (() => undefined),
    report({ messageId, data, location, related, fix, suggestions }) {
      const template = rule.meta.messages[messageId];
      if (template === undefined) throw new Error(`${ruleId} reports the unknown message "${messageId}".`);
      if (fix && !rule.meta.fixable) throw new Error(`${ruleId} gives a fix without meta.fixable.`);
      if (suggestions && !rule.meta.hasSuggestions)
        throw new Error(`${ruleId} gives suggestions without meta.hasSuggestions.`);
      const { path, startLine, startColumn, endLine, endColumn } = location;
      findings.push({
        ruleId,
        messageId,
        level: input.level ?? "error",
        message: formatMessage(template, data),
        path,
        startLine,
        startColumn,
        endLine,
        endColumn,
        ...(fix ? { fix } : {}),
        ...(suggestions ? { suggestions } : {}),
        ...(related ? { related } : {}),
      });
    },
  });
  return findings;
}
