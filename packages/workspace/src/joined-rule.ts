import type { FileRule } from "@yantra-lint/core";
import type { Rule } from "eslint";
import type { ActiveRule } from "./linted-file.ts";

type Context = Parameters<FileRule["create"]>[0];
type Report = Parameters<Context["report"]>[0];
type Handler = (...args: unknown[]) => void;

/** Which rule a joined rule's message is of, and by which of its messages. */
export interface Origin {
  ruleId: string;
  messageId: string;
}

/**
 * Several rules as one, for ESLint: making contexts, listeners and their order anew for each rule and file would take a
 * third of the time of linting a small file. The rules are ESLint's own in all else: each has its options and its
 * context, handlers of one selector run in the rules' order, and what they report goes through ESLint's report.
 */
export class JoinedRule {
  readonly #rules: readonly ActiveRule[];
  /** The rule that runs, for an error that it throws. */
  #running: string | undefined;
  readonly rule: Rule.RuleModule;

  constructor(rules: readonly ActiveRule[]) {
    this.#rules = rules;
    const messages: Record<string, string> = {};
    for (const [index, { rule }] of rules.entries()) {
      for (const [id, text] of Object.entries(rule.meta.messages)) messages[nameOf(index, id)] = text;
    }
    this.rule = {
      meta: { type: "problem", messages, schema: false, fixable: "code", hasSuggestions: true },
      create: (context) => this.#create(context),
    };
  }

  /** Of which rule a message is; undefined for ESLint's own. */
  originOf(messageId: string | undefined): Origin | undefined {
    const [index = "", id = ""] = messageId?.split(SEPARATOR) ?? [];
    const rule = this.#rules[Number(index)];
    return index === "" || !rule ? undefined : { ruleId: rule.id, messageId: id };
  }

  /** The rule that threw the error of the last run; told once, so that no later error is laid to it. */
  takeFailed(): string | undefined {
    const failed = this.#running;
    this.#running = undefined;
    return failed;
  }

  #create(context: Context): Record<string, Handler> {
    const handlers = new Map<string, { id: string; handle: Handler }[]>();
    for (const [index, { id, rule, options }] of this.#rules.entries()) {
      this.#running = id;
      const visitor = rule.create(new OwnContext(context, index, id, options) as unknown as Context);
      for (const selector in visitor) {
        const handle = visitor[selector] as Handler | undefined;
        if (!handle) continue;
        const others = handlers.get(selector);
        if (others) others.push({ id, handle });
        else handlers.set(selector, [{ id, handle }]);
      }
    }
    this.#running = undefined;
    const joined: Record<string, Handler> = {};
    for (const [selector, list] of handlers) {
      joined[selector] = (...args) => {
        for (const { id, handle } of list) {
          this.#running = id;
          handle(...args);
        }
        this.#running = undefined;
      };
    }
    return joined;
  }
}

const SEPARATOR = "\0";

function nameOf(index: number, messageId: string): string {
  return `${index}${SEPARATOR}${messageId}`;
}

/** A rule's own context: ESLint's, but for its name, its options, and the names of its messages. */
class OwnContext {
  readonly id: string;
  readonly options: readonly unknown[];
  readonly cwd: unknown;
  readonly filename: unknown;
  readonly physicalFilename: unknown;
  readonly sourceCode: unknown;
  readonly languageOptions: unknown;
  readonly settings: unknown;
  readonly report: (report: Report) => void;

  constructor(context: Context, index: number, id: string, options: readonly unknown[]) {
    this.id = id;
    this.options = options;
    this.cwd = context.cwd;
    this.filename = context.filename;
    this.physicalFilename = context.physicalFilename;
    this.sourceCode = context.sourceCode;
    this.languageOptions = context.languageOptions;
    this.settings = context.settings;
    this.report = (report) => {
      context.report(renamed(report, index));
    };
  }
}

/** A report with its messages named as the joined rule has them. */
function renamed(report: Report, index: number): Report {
  // Rules of packs report by `messageId` alone: FileRuleMeta has `messages`, and so has each suggestion.
  const { messageId = "", suggest } = report as { messageId?: string; suggest?: { messageId?: string }[] };
  return {
    ...report,
    messageId: nameOf(index, messageId),
    ...(suggest
      ? { suggest: suggest.map((each) => ({ ...each, messageId: nameOf(index, each.messageId ?? "") })) }
      : {}),
  } as Report;
}
