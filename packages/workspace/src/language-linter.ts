import type { File, Language, SourceCode } from "@eslint/core";
import { type FileRule, formatMessage, type TextEdit } from "@yantra-lint/core";
import type { ActiveRule, LintedFile, Reported } from "./linted-file.ts";

type PackLanguage = Language<{
  LangOptions: Record<string, unknown>;
  Code: SourceCode;
  RootNode: unknown;
  Node: unknown;
}>;
type Context = Parameters<FileRule["create"]>[0];
type Report = Parameters<Context["report"]>[0];
type Handler = (...args: unknown[]) => void;
type Fixer = Parameters<NonNullable<Report["fix"]>>[0];
type Place = Pick<Reported, "startLine" | "startColumn" | "endLine" | "endColumn">;

/** A step of `traverse` that comes to a node (1) or leaves it (2). */
interface VisitStep {
  kind: 1;
  target: object;
  phase: 1 | 2;
  args: unknown[];
}

/**
 * Runs rules on files of one of our own ESLint languages, as ESLint's Linter would: loading and configuring ESLint
 * takes longer than to lint a migration, and its way from node to rule half as long as the rules. Handlers are named
 * by types of nodes (`File`, `File:exit`), not by other selectors, and rules report by `messageId`; what they say is
 * held against ESLint's in `language-linter.test.ts`.
 */
export class LanguageLinter {
  readonly #language: PackLanguage;
  readonly #rules: readonly ActiveRule[];

  constructor(language: PackLanguage, rules: readonly ActiveRule[]) {
    this.#language = language;
    this.#rules = rules;
  }

  /** Errors thrown by a rule pass through, with `ruleId` set. */
  lint({ path, text }: { path: string; text: string }): LintedFile {
    const bom = text.startsWith("\uFEFF");
    const body = bom ? text.slice(1) : text;
    const file: File = { path, physicalPath: path, bom, body };
    const languageOptions = {};
    const parsed = this.#language.parse(file, { languageOptions });
    if (!parsed.ok) return { problems: parsed.errors };
    const code = this.#language.createSourceCode(file, parsed, { languageOptions });
    return {
      code,
      reports: new FileRun(this.#rules, code, { path, text: body }, this.#language.nodeTypeKey).run(),
    };
  }
}

/** One file's run. */
class FileRun {
  readonly #rules: readonly ActiveRule[];
  readonly #code: SourceCode;
  readonly #file: { path: string; text: string };
  readonly #typeKey: string;
  readonly #reports: Reported[] = [];
  readonly #handlers = new Map<string, { id: string; handle: Handler }[]>();

  constructor(
    rules: readonly ActiveRule[],
    code: SourceCode,
    file: { path: string; text: string },
    typeKey: string,
  ) {
    this.#rules = rules;
    this.#code = code;
    this.#file = file;
    this.#typeKey = typeKey;
  }

  run(): Reported[] {
    for (const rule of this.#rules) this.#create(rule);
    if (this.#handlers.size > 0) {
      for (const step of this.#code.traverse()) {
        if (isVisit(step)) this.#visit(step);
      }
    }
    return this.#reports.sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn);
  }

  #create({ id, rule, options }: ActiveRule): void {
    const visitor = naming(id, `Error while loading rule '${id}': `, () =>
      rule.create(this.#context({ id, rule, options })),
    );
    for (const selector in visitor) {
      if (!SELECTOR.test(selector)) throw new Error(`${id} visits ${selector}, which is no type of node.`);
      const handle = visitor[selector] as Handler | undefined;
      if (!handle) continue;
      const others = this.#handlers.get(selector);
      if (others) others.push({ id, handle });
      else this.#handlers.set(selector, [{ id, handle }]);
    }
  }

  #visit({ target, phase, args }: VisitStep): void {
    const type: unknown = Reflect.get(target, this.#typeKey);
    const handlers = this.#handlers.get(phase === 1 ? String(type) : `${String(type)}:exit`);
    if (!handlers) return;
    for (const { id, handle } of handlers) naming(id, "", () => handle(...args));
  }

  #context({ id, rule, options }: ActiveRule): Context {
    const context = {
      id,
      options,
      cwd: process.cwd(),
      filename: this.#file.path,
      physicalFilename: this.#file.path,
      sourceCode: this.#code,
      languageOptions: {},
      settings: {},
      report: (report: Report) => {
        this.#reports.push(this.#reported(id, rule, report));
      },
    };
    return context as unknown as Context;
  }

  #reported(ruleId: string, { meta }: FileRule, report: Report): Reported {
    const { messageId, data, fix, suggest } = report as {
      messageId?: string;
      data?: Record<string, string | number>;
      fix?: Report["fix"];
      suggest?: { messageId?: string; data?: Record<string, string | number>; fix: Report["fix"] }[];
    };
    const text = (
      wanted: string | undefined,
      values: Record<string, string | number> | undefined,
    ): string => {
      const template = wanted === undefined ? undefined : meta.messages[wanted];
      if (template === undefined) throw new Error(`${ruleId} reports the unknown message "${wanted}".`);
      return formatMessage(template, values);
    };
    const edit = this.#editOf(fix);
    if (edit && !meta.fixable) throw new Error(`${ruleId} gives a fix without meta.fixable.`);
    const suggestions = (suggest ?? []).flatMap((each) => {
      const wanted = this.#editOf(each.fix);
      return wanted ? [{ message: text(each.messageId, each.data), fix: wanted }] : [];
    });
    if (suggestions.length > 0 && !meta.hasSuggestions)
      throw new Error(`${ruleId} gives suggestions without meta.hasSuggestions.`);
    return {
      ruleId,
      messageId: messageId ?? "",
      message: text(messageId, data),
      ...this.#placeOf(report),
      ...(edit ? { fix: edit } : {}),
      ...(suggestions.length > 0 ? { suggestions } : {}),
    };
  }

  /** Our languages count lines and columns from 1. */
  #placeOf(report: Report): Place {
    const { loc, node } = report as { loc?: Location; node?: object };
    const found: Location = loc ?? this.#code.getLoc(node ?? {});
    if (!("start" in found)) {
      const { line, column } = found;
      return { startLine: line, startColumn: column, endLine: line, endColumn: column };
    }
    const { start, end } = found;
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  }

  /** Several edits of one fix as one, with the text between them. */
  #editOf(fix: Report["fix"]): TextEdit | undefined {
    const wanted = fix?.(this.#fixer);
    if (!wanted) return undefined;
    const edits: TextEdit[] = (Symbol.iterator in wanted ? [...wanted] : [wanted]).map(({ range, text }) => ({
      range: [range[0], range[1]],
      text,
    }));
    edits.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
    const [first] = edits;
    const last = edits.at(-1);
    if (!first || !last) return undefined;
    let text = "";
    let at = first.range[0];
    for (const edit of edits) {
      if (edit.range[0] < at) throw new Error("The edits of a fix overlap.");
      text += this.#file.text.slice(at, edit.range[0]) + edit.text;
      at = edit.range[1];
    }
    return { range: [first.range[0], last.range[1]], text };
  }

  readonly #fixer: Fixer = {
    insertTextAfter: (node, text) => insertion(this.#rangeOf(node)[1], text),
    insertTextAfterRange: (range, text) => insertion(range[1], text),
    insertTextBefore: (node, text) => insertion(this.#rangeOf(node)[0], text),
    insertTextBeforeRange: (range, text) => insertion(range[0], text),
    remove: (node) => ({ range: this.#rangeOf(node), text: "" }),
    removeRange: (range) => ({ range, text: "" }),
    replaceText: (node, text) => ({ range: this.#rangeOf(node), text }),
    replaceTextRange: (range, text) => ({ range, text }),
  };

  #rangeOf(node: unknown): [number, number] {
    return this.#code.getRange(node);
  }
}

interface Point {
  line: number;
  column: number;
}
type Location = Point | { start: Point; end: Point };

/** A type of node, or the leaving of it. */
const SELECTOR = /^\w+(?::exit)?$/;

function isVisit(step: { kind: number }): step is VisitStep {
  return step.kind === 1;
}

function insertion(at: number, text: string): { range: [number, number]; text: string } {
  return { range: [at, at], text };
}

/** Says of an error whose it is. */
function naming<T>(ruleId: string, prefix: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { ruleId, message: prefix + error.message });
    throw error;
  }
}
