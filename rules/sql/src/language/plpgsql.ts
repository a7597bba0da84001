import type { Range } from "@yantra-lint/core";
import { loadModule, type Node, parsePlPgSQLSync } from "libpg-query";
import { parseOne } from "./parser.ts";
import { Kind, tokenize } from "./scanner.ts";

await loadModule();

/**
 * Beyond this many UTF-16 units a body is not read. The longest function of the repositories that this was tried on
 * has 12,000; libpg-query cannot be used again once it has run out of memory.
 */
const BODY_CAP = 256 * 1024;

/** A node of libpg-query's PL/pgSQL tree: untyped JSON, from which zeros, false and empty lists are left out. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The tree of a DO statement, or of CREATE FUNCTION or PROCEDURE: `datums` (variables) and `action` (the outermost
 * block). Undefined for what is not PL/pgSQL, what PostgreSQL refuses, and what is too large. Never throws.
 */
export function parseBody(statement: string): Tree | undefined {
  if (statement.length > BODY_CAP || statement.includes("\0")) return undefined;
  let text = statement;
  for (let tries = 0; tries < MOST_UNKNOWN; tries += 1) {
    const result = tryParse(text);
    if (typeof result !== "string") return result;
    const [, record] = /^"([^".]+)\.[^"]*" is not a known variable/.exec(result) ?? [];
    const changed = record === undefined ? undefined : withRecord(text, record);
    // Statements are looked for where they stand in the text as it was.
    if (changed?.length !== text.length || changed === text) return undefined;
    text = changed;
  }
  return undefined;
}

/** So many variables are given another type, or taken for parameters, before a body is taken for one not to be read. */
const MOST_UNKNOWN = 50;

/**
 * The text with a variable declared as `record`: libpg-query has no catalogue, and so does not know the fields of
 * `users%ROWTYPE` or of a composite type, to which the body assigns. As long as before, unless the type was shorter.
 */
function withRecord(text: string, variable: string): string | undefined {
  const escaped = variable.replaceAll(/\W/g, "\\$&");
  const declaration = new RegExp(
    `(\\bdeclare\\b.*?(?<![\\w$])"?${escaped}"?\\s+(?:constant\\s+)?)([\\w.%"]+)`,
    "is",
  );
  const [all, before, type] = declaration.exec(text) ?? [];
  if (all === undefined || before === undefined || type === undefined) return undefined;
  return text.replace(all, () => before + "record".padEnd(type.length));
}

/** A function's tree, or what is wrong with it. */
function tryParse(statement: string): Tree | string | undefined {
  try {
    const result: unknown = parsePlPgSQLSync(statement);
    const [made]: unknown[] = isTree(result) ? listOf(result["plpgsql_funcs"]) : [];
    const found = isTree(made) ? made["PLpgSQL_function"] : undefined;
    return isTree(found) && isTree(found["action"]) ? found : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a function is said to return while its body is read; PL/pgSQL checks RETURN against it. */
const RETURNS = ["integer", "SETOF record", "void"];

/**
 * The tree of a PL/pgSQL function's body, as `parseBody` gives it. Its parameters need not be known: what it assigns
 * to without declaring it is one.
 */
export function parseFunctionBody(body: string, returns: string | undefined): Tree | undefined {
  if (body.length > BODY_CAP || body.includes("\0") || body.includes(TAG)) return undefined;
  const isTrigger = returns === "trigger" || returns === "event_trigger";
  const setFirst = /\breturn\s+(?:query|next)\b/i.test(body);
  const candidates = setFirst ? RETURNS.toSpliced(0, 2, "SETOF record", "integer") : RETURNS;
  for (const type of isTrigger ? [returns] : returns === "void" ? ["void"] : candidates) {
    const tree = withParameters(body, type);
    if (tree) return tree;
  }
  return undefined;
}

const TAG = "$yantra_body$";

function withParameters(body: string, returns: string): Tree | undefined {
  const parameters: string[] = [];
  let text = body;
  for (let tries = 0; tries < MOST_UNKNOWN; tries += 1) {
    const list = parameters.join(", ");
    const result = tryParse(
      `CREATE FUNCTION f(${list}) RETURNS ${returns} LANGUAGE plpgsql AS ${TAG}${text}${TAG}`,
    );
    if (typeof result !== "string") return result;
    const [, name, field] = /^"([^".]+)(\.[^"]*)?" is not a known variable/.exec(result) ?? [];
    const parameter = `"${name}" ${field === undefined ? "text" : "record"}`;
    if (name === undefined || parameters.includes(parameter)) return undefined;
    const changed = field === undefined ? undefined : withRecord(text, name);
    if (changed === undefined) parameters.push(parameter);
    else if (changed === text) return undefined;
    else text = changed;
  }
  return undefined;
}

/** The syntax tree of one SQL statement; undefined when there is none. Never throws. */
export function parseStatement(text: string): Node | undefined {
  if (text.length > BODY_CAP || text.includes("\0")) return undefined;
  const parsed = parseOne(text);
  return "node" in parsed ? parsed.node : undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A statement of a block under its tag without `PLpgSQL_`: `["stmt_if", {…}]`. */
export function tagged(node: unknown): [tag: string, content: Tree] {
  const [entry] = isTree(node) ? Object.entries(node) : [];
  return entry && isTree(entry[1]) ? [entry[0].replace("PLpgSQL_", ""), entry[1]] : ["", {}];
}

/** The SQL text of an expression node. */
export function queryOf(expression: unknown): string | undefined {
  const [tag, { query }] = tagged(expression);
  return tag === "expr" && typeof query === "string" ? query : undefined;
}

/** How `query` of an expression is to be read: RawParseMode of PostgreSQL 18, `parser.h`. */
const STATEMENT_MODE = 0;

/** An SQL text of a body, ready to be parsed as a statement, with what an assignment writes to (`new.total`). */
export interface BodyText {
  sql: string;
  target?: string;
}

/** The SQL texts of a body, and the expressions whose text EXECUTE runs. */
export interface BodyTexts {
  texts: BodyText[];
  executed: string[];
}

/** All SQL of a tree: statements, conditions, assigned values, defaults of variables. */
export function textsOf(tree: unknown): BodyTexts {
  const found: BodyTexts = { texts: [], executed: [] };
  collect(tree, found, false);
  return found;
}

/** Where EXECUTE's text stands: as `query` of these, and as `dynquery` of RETURN QUERY and OPEN. */
const EXECUTES = /^PLpgSQL_stmt_(?:dynexecute|dynfors)$/;

function collect(value: unknown, found: BodyTexts, executes: boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found, false);
    return;
  }
  if (!isTree(value)) return;
  const { query, parseMode = STATEMENT_MODE } = value;
  if (typeof query === "string") {
    found.texts.push(readable(query, parseMode));
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const text = (executes && key === "query") || key === "dynquery" ? queryOf(child) : undefined;
    if (text === undefined) collect(child, found, EXECUTES.test(key));
    else found.executed.push(text);
  }
}

function readable(query: string, mode: unknown): BodyText {
  if (mode === STATEMENT_MODE) return { sql: query };
  // RAW_PARSE_PLPGSQL_EXPR is 2; 3, 4 and 5 are assignments to names of one, two or three parts.
  if (typeof mode !== "number" || mode < 3) return { sql: `SELECT ${query}` };
  const assigns = tokenize(query).find(({ kind, start, end }) => {
    const operator = query.slice(start, end);
    return (kind === Kind.Punctuation || kind === Kind.Operator) && (operator === ":" || operator === "=");
  });
  if (!assigns) return { sql: `SELECT ${query}` };
  const value = query.slice(assigns.start).replace(/^:?=/, "");
  return { sql: `SELECT ${value}`, target: query.slice(0, assigns.start).trim() };
}

/** The names before `%ROWTYPE` and `%TYPE` in a body, in their parts. */
export function typesIn(body: string): { parts: string[]; row: boolean }[] {
  if (!body.includes("%")) return [];
  const tokens = tokenize(body);
  const textAt = (index: number): string => body.slice(tokens[index]?.start, tokens[index]?.end);
  return tokens.flatMap((token, index) => {
    const word = textAt(index + 1).toLowerCase();
    if (token.kind !== Kind.Operator || textAt(index) !== "%" || !/^(?:row)?type$/.test(word)) return [];
    const parts: string[] = [];
    for (let at = index - 1; at >= 0; at -= 2) {
      const name = textAt(at);
      parts.unshift(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase());
      if (textAt(at - 1) !== ".") break;
    }
    return [{ parts, row: word === "rowtype" }];
  });
}

/** A text that stands in another one, where each of its UTF-16 offsets has a place. */
export interface PlacedText {
  text: string;
  at(range: Range): Range;
}

/**
 * The value of a string literal with the places of its characters, when the literal at `range` of `source` is that
 * value in dollar quotes or plain quotes; undefined for E'…', U&'…' and those in several pieces.
 */
export function placedLiteral(source: string, range: Range, value: string): PlacedText | undefined {
  const [from, to] = range;
  const [tag] = /^\$\w*\$/.exec(source.slice(from, from + 70)) ?? [];
  if (tag !== undefined) {
    const start = from + tag.length;
    if (source.slice(start, to - tag.length) !== value) return undefined;
    return { text: value, at: ([a, b]) => [start + a, start + b] };
  }
  const inner = source.slice(from + 1, to - 1);
  if (source[from] !== "'" || inner.replaceAll("''", "'") !== value) return undefined;
  if (inner === value) return { text: value, at: ([a, b]) => [from + 1 + a, from + 1 + b] };
  const offsets: number[] = [];
  for (let at = 0; at <= inner.length; at += 1) {
    offsets.push(from + 1 + at);
    if (inner.startsWith("''", at)) at += 1;
  }
  return { text: value, at: ([a, b]) => [offsets[a] ?? to - 1, offsets[b] ?? to - 1] };
}

/**
 * Finds the texts of a tree in the body that they come from. PL/pgSQL's nodes have only the line on which a
 * statement begins (1 for the body's first), but their texts are the body's own, character by character: INTO and
 * its target are blanked out, and PERFORM is written as SELECT.
 */
export class Places {
  readonly #body: string;
  readonly #lines: number[] = [0];
  /** The same text may stand on a line twice. */
  readonly #taken = new Set<number>();

  constructor(body: string) {
    this.#body = body;
    for (const { index } of body.matchAll(/\r\n|\n|\r/g)) {
      this.#lines.push(index + (body.startsWith("\r\n", index) ? 2 : 1));
    }
  }

  /** Where a statement's text stands; undefined when it is not found. */
  find(query: string, line: unknown): Range | undefined {
    const from = this.#lines[(typeof line === "number" ? line : 1) - 1] ?? 0;
    const [head = ""] = query.split(/\s/, 1);
    if (head === "") return undefined;
    for (let at = this.#body.indexOf(head, from); at >= 0; at = this.#body.indexOf(head, at + 1)) {
      if (this.#taken.has(at) || !this.#isAt(query, at)) continue;
      this.#taken.add(at);
      return [at, at + query.trimEnd().length];
    }
    return undefined;
  }

  /** Where `PERFORM …` stands, whose text is `SELECT …`. */
  findPerform(query: string, line: unknown): Range | undefined {
    const rest = this.find(query.slice("SELECT".length).trimStart(), line);
    if (!rest) return undefined;
    const before = this.#body.slice(0, rest[0]).trimEnd();
    return [before.length - (before.toLowerCase().endsWith("perform") ? "perform".length : 0), rest[1]];
  }

  #isAt(query: string, at: number): boolean {
    for (let index = 0; index < query.length; index += 1) {
      const character = query[index];
      if (character !== " " && character !== this.#body[at + index]) return false;
    }
    return true;
  }
}
