import { createHash } from "node:crypto";
import { type Comment, type LineSpan, Lines, type Range } from "@yantra-lint/core";
import { type Token, tokenize } from "../language/scanner.ts";
import { split } from "../language/splitter.ts";
import { colonNameIn } from "../query-files/names.ts";

/** A statement of a file, or other text that counts (data of a COPY, psql's commands, a comment that is read). */
export interface StatementEntry {
  /** Equal for what does the same: comments, white space and the case of unquoted words aside. */
  key: string;
  /** Such as `ALTER TABLE orders`; in brackets for what is no statement. */
  name: string;
  /** From the first line of the comments directly above it to its last line. */
  span: LineSpan;
  /** The line it begins on. */
  line: number;
  /** The statement's text; absent for what is none. */
  text?: string;
  /** A named query of a query file (`-- name: GetUser :one`): it runs when code calls it. */
  query: boolean;
}

/**
 * Comments that a tool acts on, beside the database: runners' directives, names of queries (sqlc, yesql), formatted
 * SQL of Liquibase, and MySQL's `/*! … *\/` and optimizer hints, which the server executes.
 */
const DIRECTIVE =
  /^(?:[ \t]*(?:migrate:(?:up|down)\b|\+(?:goose|migrate)\b|no-transaction\b|atlas:|disable-ddl-transaction\b|liquibase\b|changeset\b|rollback\b|preconditions?\b|property\b|(?:up|down)[ \t]+migration\b|\/\/[ \t]*@undo\b|(?:---[ \t]*)?!(?:ups|downs)\b)|-- create above \/ drop below|>[ \t]*statement-breakpoint|[!+])/i;

/** What a file holds, in order. */
export function entriesOf(text: string): StatementEntry[] {
  const { statements, comments } = split(text, [0, text.length]);
  const lines = new Lines(text);
  const entries: (StatementEntry & { at: number })[] = [];
  let end = 0;
  let next = 0;
  let query: string | undefined;
  const commentsUpTo = (to: number): Comment[] => {
    const first = next;
    while (next < comments.length && (comments[next]?.range[1] ?? to) <= to) next += 1;
    return comments.slice(first, next);
  };
  const between = (to: number): Comment[] => {
    const inside = commentsUpTo(to);
    for (const comment of inside) {
      query = colonNameIn(comment) ?? query;
      if (DIRECTIVE.test(comment.text))
        entries.push(other(comment.range, "(directive)", comment.text.trim()));
    }
    const rest = without(text, [end, to], inside);
    if (rest !== "") entries.push(other([end, to], "(data)", rest));
    return inside;
  };
  for (const statement of statements) {
    const above = between(statement.range[0]);
    const tokens = tokenize(text, ...statement.range);
    const hints = commentsUpTo(statement.end).filter((comment) => DIRECTIVE.test(comment.text));
    const start = lines.point(startWithComments(text, statement.range[0], above)).line;
    entries.push({
      key: [query, ...hints.map((comment) => comment.text), statement.words].join("\0"),
      name: query ?? nameOf(text, tokens),
      span: { start, count: lines.point(statement.range[1]).line - start + 1 },
      line: lines.point(statement.range[0]).line,
      text: text.slice(...statement.range),
      query: query !== undefined,
      at: statement.range[0],
    });
    query = undefined;
    end = statement.end;
  }
  between(text.length);
  return entries.sort((a, b) => a.at - b.at);

  function other(range: Range, name: string, key: string): StatementEntry & { at: number } {
    const start = lines.point(range[0]).line;
    const count = lines.point(range[1]).line - start + 1;
    return { key: `${name}\0${key}`, name, span: { start, count }, line: start, query: false, at: range[0] };
  }
}

/** A hash over what statements do (see StatementText.words): equal for equal ones, comments and white space aside. */
export function digestOf(statements: readonly string[]): string {
  const hash = createHash("sha256");
  return hash
    .update(statements.map((words) => `${words}\0;\0`).join(""))
    .digest("hex")
    .slice(0, 16);
}

/** The text of a stretch without comments, its lines trimmed and empty ones left out. */
function without(text: string, [from, to]: Range, comments: readonly Comment[]): string {
  let rest = "";
  let at = from;
  for (const { range } of comments) {
    rest += text.slice(at, range[0]);
    at = range[1];
  }
  rest += text.slice(at, to);
  return rest
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== ";")
    .join("\n");
}

/** Where the comments begin that stand directly above a statement, without a blank line between. */
function startWithComments(text: string, start: number, comments: readonly Comment[]): number {
  let at = start;
  for (const { range } of comments.toReversed()) {
    if (range[1] > at) continue;
    const gap = text.slice(range[1], at);
    const lineStart = text.lastIndexOf("\n", range[0] - 1) + 1;
    const alone = text.slice(lineStart, range[0]).trim() === "";
    if (gap.trim() !== "" || gap.split("\n").length > 2 || !alone) break;
    at = range[0];
  }
  return at;
}

const NOISE = new Set(
  "OR REPLACE TEMP TEMPORARY UNLOGGED UNIQUE CONCURRENTLY IF NOT EXISTS ONLY INTO FROM RECURSIVE CONSTRAINT".split(
    " ",
  ),
);
const OBJECTS = new Set(
  "TABLE INDEX VIEW MATERIALIZED FUNCTION PROCEDURE TRIGGER TYPE DOMAIN SCHEMA EXTENSION SEQUENCE POLICY ROLE USER DATABASE AGGREGATE RULE PUBLICATION SUBSCRIPTION FOREIGN DEFAULT PRIVILEGES EVENT ON COLUMN ALL".split(
    " ",
  ),
);
/** Statements without an object of their own in the first words. */
const PLAIN = new Set(["SELECT", "WITH", "DO", "SET", "RESET", "BEGIN", "COMMIT", "VALUES"]);

/** A statement's first words up to the name of what it is about: `CREATE INDEX orders_note`. */
function nameOf(text: string, tokens: readonly Token[]): string {
  const wordAt = (index: number): string => text.slice(tokens[index]?.start, tokens[index]?.end);
  const verb = wordAt(0).toUpperCase();
  if (PLAIN.has(verb)) return verb;
  const words = [verb];
  for (let index = 1; index < Math.min(tokens.length, 12); index += 1) {
    const word = wordAt(index);
    const upper = word.toUpperCase();
    if (OBJECTS.has(upper)) words.push(upper);
    else if (!NOISE.has(upper)) return [...words, qualified(index)].join(" ");
  }
  return words.join(" ");

  function qualified(index: number): string {
    let name = wordAt(index);
    for (let at = index + 1; wordAt(at) === "."; at += 2) name += `.${wordAt(at + 1)}`;
    return name.replaceAll('"', "");
  }
}
