import type { Comment, Range } from "@yantra-lint/core";
import { Kind, Scanner } from "./scanner.ts";
import { type Branch, TemplateBranches } from "./template-branches.ts";

/** A statement's text: from its first token to its last, without the semicolon. */
export interface StatementText {
  range: Range;
  /**
   * Its tokens with a space between; unquoted words in lower case, as PostgreSQL folds them. No comments. Actions of a
   * template right before it are part of them.
   */
  words: string;
  /** The end of its semicolon, or of the range when it has none. */
  end: number;
  /** Holds `${…}`, `{{…}}`, `{%…%}` or `<%…%>` outside strings and comments. */
  template: boolean;
  /** Present where it stands in a branch of a template that is not certainly there on PostgreSQL. */
  branch?: Exclude<Branch, "runs">;
  /** A psql command that runs other text (`\i file`, `\copy`, `… \gexec`). */
  meta: boolean;
}

export interface Split {
  statements: StatementText[];
  comments: Comment[];
}

/** psql commands after which the file is not all that runs. */
const RUNNING_META = /^\\(?:i|ir|include|include_relative|copy|gexec|if|elif|else|endif)\b/;

/**
 * Splits SQL into statements as psql does (`src/fe_utils/psqlscan.l`, PostgreSQL 18): a semicolon ends one unless it
 * stands between BEGIN ATOMIC and its END, or in the parentheses of CREATE RULE. Data of COPY … FROM stdin and psql
 * commands belong to no statement, nor do a template's actions between statements. `boundaries` are offsets, in order, that no statement crosses.
 */
export function split(text: string, [from, to]: Range, boundaries: readonly number[] = []): Split {
  const statements: StatementText[] = [];
  const comments: Comment[] = [];
  const edges = [...boundaries.filter((edge) => edge > from && edge < to), to];
  const branches = new TemplateBranches();
  let start = from;
  for (const edge of edges) {
    splitPart(text, start, edge, branches, statements, comments);
    start = edge;
  }
  return { statements, comments };
}

/** What of the statement at hand decides where it ends. */
class Progress {
  start = -1;
  end = -1;
  words = "";
  template = false;
  branch: Branch = "runs";
  /** The first words' texts, upper case: at most five are looked at. */
  head: string[] = [];
  parens = 0;
  begins = 0;
  previousWord = "";
  fromStdin = false;
}

function splitPart(
  text: string,
  from: number,
  to: number,
  branches: TemplateBranches,
  statements: StatementText[],
  comments: Comment[],
): void {
  const scanner = new Scanner(text, from, to);
  let now = new Progress();
  now.branch = branches.current;
  const finish = (end: number, meta = false): void => {
    const { start, words, template, branch } = now;
    if (start >= 0) {
      const where = branch === "runs" ? {} : { branch };
      statements.push({ range: [start, now.end], words, end, template, ...where, meta });
    }
    now = new Progress();
    now.branch = branches.current;
  };
  for (let kind = scanner.next(); kind !== Kind.End; kind = scanner.next()) {
    if (kind === Kind.LineComment || kind === Kind.BlockComment) {
      comments.push(comment(text, kind, scanner.start, scanner.end));
      continue;
    }
    if (kind === Kind.MetaCommand) {
      const runs = RUNNING_META.test(text.slice(scanner.start, scanner.start + 20));
      if (runs) add(now, text, kind, scanner);
      finish(scanner.end, runs);
      continue;
    }
    if (kind === Kind.Semicolon && endsStatement(now)) {
      const copies = now.fromStdin;
      finish(scanner.end);
      if (copies) scanner.moveTo(copyDataEnd(text, scanner.end, to));
      continue;
    }
    if (kind === Kind.Template && branches.read(text.slice(scanner.start, scanner.end))) {
      // The action is no part of a statement, unless it stands in the middle of one.
      if (now.start < 0) {
        now.branch = branches.current;
        addWords(now, text.slice(scanner.start, scanner.end));
        continue;
      }
      if (now.branch !== "runs" && now.branch !== branches.current) now.branch = "unknown";
    }
    add(now, text, kind, scanner);
    if (kind === Kind.Template) now.template = true;
    else if (kind === Kind.OpenParen) now.parens += 1;
    else if (kind === Kind.CloseParen) now.parens = Math.max(0, now.parens - 1);
    else if (kind === Kind.Word) readWord(now, text, scanner.start, scanner.end);
  }
  finish(now.end);
}

/** Adds the scanner's token to the statement. */
function add(now: Progress, text: string, kind: Kind, { start, end }: Scanner): void {
  const word = text.slice(start, end);
  if (now.start < 0) now.start = start;
  addWords(now, kind === Kind.Word ? word.toLowerCase() : word);
  now.end = end;
}

function addWords(now: Progress, words: string): void {
  if (now.words !== "") now.words += " ";
  now.words += words;
}

function endsStatement(now: Progress): boolean {
  return now.begins === 0 && (now.parens === 0 || !isRule(now.head));
}

function readWord(now: Progress, text: string, start: number, end: number): void {
  const [first] = now.head;
  // Only CREATE and COPY need more than their first word: everything else passes quickly.
  if (now.head.length > 0 && first !== "CREATE" && first !== "COPY") return;
  const length = end - start;
  if (length > 9) {
    if (now.head.length < 5) now.head.push("");
    now.previousWord = "";
    return;
  }
  const word = text.slice(start, end).toUpperCase();
  if (now.head.length < 5) now.head.push(word);
  if (first === "COPY") {
    if (word === "STDIN" && now.previousWord === "FROM") now.fromStdin = true;
  } else if (now.parens === 0 && isRoutine(now.head)) {
    if (word === "ATOMIC" && now.begins === 0 && now.previousWord === "BEGIN") now.begins = 1;
    else if (now.begins > 0 && (word === "BEGIN" || word === "CASE")) now.begins += 1;
    else if (now.begins > 0 && word === "END") now.begins -= 1;
  }
  now.previousWord = word;
}

/** CREATE [OR REPLACE] FUNCTION | PROCEDURE. */
function isRoutine(head: readonly string[]): boolean {
  const word = head[1] === "OR" ? head[3] : head[1];
  return word === "FUNCTION" || word === "PROCEDURE";
}

/** CREATE [OR REPLACE] RULE. */
function isRule(head: readonly string[]): boolean {
  return head[0] === "CREATE" && (head[1] === "OR" ? head[3] : head[1]) === "RULE";
}

/** The data begin on the next line and end with a line `\.`, or with the text. */
function copyDataEnd(text: string, from: number, to: number): number {
  const marker = /^\\\.[ \t]*\r?$/gm;
  const newline = text.indexOf("\n", from);
  if (newline < 0 || newline >= to) return to;
  marker.lastIndex = newline + 1;
  const found = marker.exec(text);
  return found && found.index < to ? found.index + found[0].length : to;
}

function comment(text: string, kind: Kind, start: number, end: number): Comment {
  const closed = kind === Kind.BlockComment && text.startsWith("*/", end - 2) && end - start >= 4;
  return { text: text.slice(start + 2, closed ? end - 2 : end), range: [start, end], textStart: start + 2 };
}
