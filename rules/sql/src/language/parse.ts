import { type Comment, Lines, type Operation, type Range, type SourceLoc } from "@yantra-lint/core";
import type { DoStmt, Node } from "libpg-query";
import { bodyOfDo, placed } from "../bodies/do-block.ts";
import { both, conditionOf, guardOfAnswer } from "../bodies/guards.ts";
import { type MigrationDetails, type Precondition, sections, type Section } from "../runners/index.ts";
import type {
  FileNode,
  InvalidStatementNode,
  OperationNode,
  ReadStatementNode,
  SectionNode,
  UnreadStatementNode,
} from "./ast.ts";
import { lower, lowerCaseWords } from "./lower.ts";
import { lowered, type Lowered } from "./lowered.ts";
import { parseOne } from "./parser.ts";
import { tokenize } from "./scanner.ts";
import { split, type StatementText } from "./splitter.ts";
import { StatementSource } from "./statement-text.ts";

/** One step of a migration: an operation with its node, or text that could not be read (no node). */
export interface Step {
  section: SectionNode;
  node: OperationNode | undefined;
  /** The operation as a fact; always the same object. */
  operation(): Operation;
}

export interface ParsedFile {
  ast: FileNode;
  lines: Lines;
  comments: Comment[];
  /** What the file does, in the text's order. */
  steps: Step[];
}

/** Stands for the syntax tree of text that has none. */
const NO_NODE: Node = { RawStmt: {} };

/**
 * Beyond this many UTF-16 units a file, or one statement, is not parsed: libpg-query runs out of memory somewhere
 * below 48 MB, ends with text on standard output, and cannot be used again.
 */
const FILE_CAP = 8 * 1024 * 1024;
const STATEMENT_CAP = 2 * 1024 * 1024;

const OTHER_DATABASE = "It stands in a branch of a template that is for another database.";
const UNKNOWN_BRANCH =
  "It stands in a branch of a template, and whether that is there on PostgreSQL is not known.";

/**
 * Reads a file. `details` undefined, or of another dialect, gives an empty File with its comments. Never throws on
 * account of the text: what PostgreSQL cannot parse becomes an InvalidStatement.
 */
export function parseFile(text: string, details: MigrationDetails | undefined): ParsedFile {
  const lines = new Lines(text);
  const builder = new Builder(text, lines);
  if (text.length > FILE_CAP) return builder.tooLarge(details);
  const ours = details?.dialect === "postgresql";
  const parts = ours ? sections(text, details) : [];
  const edges = parts
    .flatMap(({ range, blocks = [], gaps = [] }) => [range, ...blocks, ...gaps].flat())
    .sort((a, b) => a - b);
  const { statements, comments } = split(text, [0, text.length], edges);
  // What stands in a comment for a runner begins a gap for all others.
  const gaps = new Set(parts.flatMap((part) => (part.gaps ?? []).map(([start]) => start)));
  const unclosed = comments.find((comment) => isUnclosed(text, comment) && !gaps.has(comment.range[1]));
  for (const part of parts) builder.addSection(part, statements, unclosed);
  return builder.finish(comments);
}

/** Builds the tree of one file. */
class Builder {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #file: FileNode;
  readonly #steps: Step[] = [];
  /** Comments inside DO blocks. */
  readonly #inner: Comment[] = [];
  readonly #hasNul: boolean;
  #statements = 0;
  #operations = 0;
  #transactions = 0;

  constructor(text: string, lines: Lines) {
    this.#text = text;
    this.#lines = lines;
    this.#hasNul = text.includes("\0");
    this.#file = { type: "File", parent: undefined, sections: [], ...this.#place([0, text.length]) };
  }

  tooLarge(details: MigrationDetails | undefined): ParsedFile {
    if (details?.dialect === "postgresql") {
      const section = this.#section({
        direction: "up",
        range: [0, this.#text.length],
        transactional: "unknown",
      });
      this.#unread(section, [0, 0], "The file is larger than 8 MiB.", []);
    }
    return this.finish([]);
  }

  finish(comments: Comment[]): ParsedFile {
    const all =
      this.#inner.length === 0
        ? comments
        : [...comments, ...this.#inner].sort((one, other) => one.range[0] - other.range[0]);
    return { ast: this.#file, lines: this.#lines, comments: all, steps: this.#steps };
  }

  /** Adds a section with those of the file's statements that stand in it. */
  addSection(part: Section, statements: readonly StatementText[], unclosed: Comment | undefined): void {
    const [from, to] = part.range;
    const { gaps = [], unread } = part;
    const own =
      unread === undefined
        ? statements.filter(
            ({ range }) => range[0] >= from && range[1] <= to && !gaps.some((gap) => inside(range, gap)),
          )
        : [];
    const section = this.#section(
      part,
      own.map(({ words }) => words),
    );
    if (unread !== undefined)
      this.#unread(section, part.range, unread, lowerCaseWords(this.#text.slice(from, to)));
    if (this.#hasNul) this.#nul(section);
    const transaction = new TransactionState(part, own, () => this.#transactions++);
    for (const statement of own) this.#statement(section, statement, transaction);
    if (part.preconditions) this.#doubt(section, part.preconditions, own);
    if (unclosed && inside(unclosed.range, part.range)) {
      const place: Range = [unclosed.range[0], unclosed.textStart];
      this.#invalid(section, place, unclosed.range, "syntax", "unterminated /* comment");
    }
  }

  /**
   * What a section did that may have been passed by: rules judge it as it runs, for then it runs whole, but from its
   * end on nothing is certain of what it names, unless it was passed by because that is so in any case.
   */
  #doubt(section: SectionNode, asked: readonly Precondition[], own: readonly StatementText[]): void {
    const under = asked.map(({ query, answer }) => guardOfAnswer(query, answer)).reduce(both, "always");
    const texts = own.map(({ range }) => this.#text.slice(...range));
    const doubtful = texts.filter((text) => conditionOf(text, under) === "maybe");
    const end = section.range[1];
    if (doubtful.length === 0) return;
    this.#hole(section, this.#statements, [end, end], "Precondition", lowerCaseWords(doubtful.join("\n")));
  }

  #place(range: Range): { range: Range; loc: SourceLoc } {
    return { range, loc: this.#lines.loc(range) };
  }

  #section(
    { direction, range, transactional, chained, span, repeatable }: Section,
    words: readonly string[] = [],
  ): SectionNode {
    const section: SectionNode = {
      type: "Section",
      parent: this.#file,
      direction,
      transactional,
      ...(chained ? { chained } : {}),
      ...(span ? { span } : {}),
      ...(repeatable ? { repeatable } : {}),
      statements: [],
      words,
      ...this.#place(range),
    };
    this.#file.sections.push(section);
    return section;
  }

  #statement(section: SectionNode, statement: StatementText, transactions: TransactionState): void {
    const { range } = statement;
    const text = this.#text.slice(...range);
    if (statement.branch === "never") return this.#unread(section, range, OTHER_DATABASE);
    if (statement.branch === "unknown")
      return this.#unread(section, range, UNKNOWN_BRANCH, lowerCaseWords(text));
    if (statement.template)
      return this.#unread(section, range, "It holds a template's placeholder.", lowerCaseWords(text));
    if (statement.meta) return this.#unread(section, range, "It is a command of psql.", lowerCaseWords(text));
    if (text.length > STATEMENT_CAP) return this.#unread(section, range, "It is larger than 2 MiB.", []);
    if (this.#hasNul && text.includes("\0")) return;
    const parsed = parseOne(text);
    if ("node" in parsed) this.#read(section, statement, parsed.node, transactions);
    else if ("nothing" in parsed) return;
    else this.#refused(section, range, text, parsed);
  }

  #read(
    section: SectionNode,
    { range, branch }: StatementText,
    raw: Node,
    transactions: TransactionState,
  ): void {
    const maybe = branch === "maybe";
    if (maybe && ("VariableSetStmt" in raw || "TransactionStmt" in raw))
      return this.#unread(section, range, UNKNOWN_BRANCH, lowerCaseWords(this.#text.slice(...range)));
    const index = this.#statements++;
    const node: ReadStatementNode = {
      type: "Statement",
      parent: section,
      index,
      operations: [],
      raw,
      ...this.#place(range),
    };
    section.statements.push(node);
    const source = new StatementSource(this.#text, range);
    if ("DoStmt" in raw) this.#enter(raw.DoStmt, source, transactions);
    for (const each of lower(raw, source)) {
      const operation = maybe ? placed(each, each.range, "maybe") : each;
      const transaction = transactions.of(operation, range);
      const place = {
        parent: node,
        lines: this.#lines,
        statement: index,
        index: this.#operations++,
        transaction,
        direction: section.direction,
      };
      const child = operation.node(place);
      node.operations.push(child);
      let made: Operation | undefined;
      this.#steps.push({ section, node: child, operation: () => (made ??= operation.operation(place)) });
    }
  }

  /** The comments inside a DO block are the file's too. */
  #enter(block: DoStmt, source: StatementSource, transactions: TransactionState): void {
    const body = bodyOfDo(block, source);
    if (!body) return;
    this.#inner.push(...split(this.#text, body.at([0, body.text.length])).comments);
    if (!/\bcommit\b/i.test(body.text)) transactions.join(source.range);
  }

  #refused(
    section: SectionNode,
    range: Range,
    text: string,
    error: { message: string; offset: number },
  ): void {
    const tokens = tokenize(this.#text, ...range);
    const at = Math.min(range[0] + error.offset, range[1] - 1);
    const found = tokens.find((token) => token.end > at) ?? tokens.at(-1);
    if (found && isPsqlVariable(this.#text, found.start)) {
      return this.#unread(section, range, "It holds a variable of psql.", lowerCaseWords(text));
    }
    // A string that is never closed reaches to the end of the text: its beginning is the place.
    const end = found ? Math.min(found.end, firstBreak(this.#text, found.start)) : range[1];
    const place: Range = found ? [found.start, end] : range;
    this.#invalid(section, place, range, "syntax", error.message);
  }

  #nul(section: SectionNode): void {
    const [from, to] = section.range;
    const at = this.#text.indexOf("\0", from);
    if (at < 0 || at >= to) return;
    this.#invalid(section, [at, at + 1], [at, at + 1], "nul", "NUL character");
  }

  #invalid(
    section: SectionNode,
    range: Range,
    statementRange: Range,
    problem: InvalidStatementNode["problem"],
    message: string,
  ): void {
    const index = this.#statements++;
    section.statements.push({
      type: "InvalidStatement",
      parent: section,
      index,
      message,
      problem,
      statementRange,
      ...this.#place(range),
    });
    this.#hole(
      section,
      index,
      statementRange,
      "InvalidStatement",
      lowerCaseWords(this.#text.slice(...statementRange)),
    );
  }

  /** `mentions`: see Other; without, the statement is known to do nothing. */
  #unread(section: SectionNode, range: Range, why: string, mentions?: string[]): void {
    const index = this.#statements++;
    const node: UnreadStatementNode = {
      type: "UnreadStatement",
      parent: section,
      index,
      why,
      ...this.#place(range),
    };
    section.statements.push(node);
    if (mentions) this.#hole(section, index, range, "UnreadStatement", mentions);
  }

  /** What the text did is unknown: the catalog must hear of it. */
  #hole(section: SectionNode, statement: number, range: Range, tag: string, mentions: string[]): void {
    const { operation } = lowered("Other", { tag, mentions }, range, NO_NODE);
    const lines = this.#lines;
    this.#steps.push({
      section,
      node: undefined,
      operation: () => operation({ lines, statement, transaction: "unknown" }),
    });
  }
}

/** Follows which transaction a section's statements run in: the runner's, and those of BEGIN and COMMIT. */
class TransactionState {
  #current: number | null | "unknown";
  readonly #next: () => number;
  readonly #chained: boolean;
  /** goose's blocks outside a transaction: several statements in one simple query make a transaction of their own. */
  readonly #blocks: { range: Range; id: number }[] = [];

  constructor(section: Section, statements: readonly StatementText[], next: () => number) {
    this.#next = next;
    this.#chained = section.chained === true;
    this.#current = section.transactional === "unknown" ? "unknown" : section.transactional ? next() : null;
    if (section.transactional !== false) return;
    for (const range of section.blocks ?? []) {
      if (statements.filter((statement) => inside(statement.range, range)).length > 1) {
        this.#blocks.push({ range, id: next() });
      }
    }
  }

  /** A DO block is one transaction where there is none around it. */
  join(range: Range): void {
    if (this.#current === null) this.#blocks.push({ range, id: this.#next() });
  }

  of(operation: Lowered, range: Range): number | null | "unknown" {
    if (operation.verb === "begin" && typeof this.#current !== "number") this.#current = this.#next();
    const now = this.#current ?? this.#blocks.find((block) => inside(range, block.range))?.id ?? null;
    // A COMMIT or ROLLBACK ends the runner's transaction too: what follows commits on its own, or, where all was sent
    // as one query, together.
    if (operation.verb === "commit" || operation.verb === "rollback")
      this.#current = this.#chained ? this.#next() : null;
    return now;
  }
}

function inside(inner: Range, outer: Range): boolean {
  return inner[0] >= outer[0] && inner[1] <= outer[1];
}

/** What one statement does, by itself; undefined when PostgreSQL cannot parse it. */
export function effectOf(text: string): Operation[] | undefined {
  const range: Range = [0, text.length];
  if (text.length > STATEMENT_CAP || text.includes("\0")) return undefined;
  const parsed = parseOne(text);
  if ("nothing" in parsed) return [];
  if (!("node" in parsed)) return undefined;
  const lines = new Lines(text);
  return lower(parsed.node, new StatementSource(text, range)).map(({ operation }) =>
    operation({ lines, statement: 0, transaction: "unknown" }),
  );
}

/** A block comment that reaches to the end of the text. */
function isUnclosed(text: string, { range, text: inner, textStart }: Comment): boolean {
  return textStart + inner.length === range[1] && text.startsWith("/*", range[0]);
}

/** `:name`, `:'name'`, `:"name"` (psql, "SQL Interpolation"); `::` is a cast. */
function isPsqlVariable(text: string, offset: number): boolean {
  const at = text[offset] === ":" ? offset : offset - 1;
  return text[at] === ":" && text[at - 1] !== ":" && /[\w'"]/.test(text[at + 1] ?? "");
}

function firstBreak(text: string, from: number): number {
  const found = text.slice(from, from + 2000).search(/[\r\n]/);
  return found < 0 ? text.length : from + found;
}
