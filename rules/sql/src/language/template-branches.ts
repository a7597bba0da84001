import { dialectOfWord } from "../runners/dialect.ts";

/**
 * Whether text of a Go template (`text/template`, Go 1.26) runs on PostgreSQL. `maybe`: on no other database, but under
 * a further condition; `unknown`: nor is it known which database it is for.
 */
export type Branch = "runs" | "maybe" | "never" | "unknown";

/** `{{- if .mysql -}}`: the word and what follows it. A comment (`{{- /* … *\/ -}}`) has neither. */
const TAG =
  /^\{\{(?:-\s)?\s*(?:(if|else|end|range|with|block|define)\b([\s\S]*?)|\/\*[\s\S]*\*\/)(?:\s-)?\}\}$/;

/** Jinja's statements that have an end (3.1, "List of Control Structures"): `{% if x %}`, and `{% endif %}`. */
const JINJA = /^\{%[-+]?\s*(?:(if|for|block|macro|filter|call|with|raw)|(end[a-z]+)|(else|elif))\b/;

/**
 * Follows the actions of a Go template, or of Jinja, that decide which text there is, outermost first. What stands
 * between `range`, `with`, `block` or `define` and its `end` may be there once, often or never.
 */
export class TemplateBranches {
  /** Of each, what its part at hand is, and what came of the parts before. */
  readonly #open: { now: Branch; done: Branch }[] = [];

  /** What becomes of the text at hand. */
  get current(): Branch {
    return this.#open.length === 0 ? "runs" : both(this.#open.map(({ now }) => now));
  }

  /** Reads `{{…}}` or `{%…%}`; false for what stands for text: a placeholder, or a tag of another template language. */
  read(tag: string): boolean {
    if (tag.startsWith("{%")) return this.#readJinja(tag);
    const match = TAG.exec(tag);
    if (!match) return false;
    const [, word, rest = ""] = match;
    const top = this.#open.at(-1);
    switch (word) {
      case undefined:
        return true;
      case "if": {
        const now = conditionOf(rest);
        this.#open.push({ now, done: now });
        return true;
      }
      case "else":
        if (!top) return false;
        next(top, rest);
        return true;
      case "end":
        return this.#open.pop() !== undefined;
      default:
        this.#open.push({ now: "unknown", done: "unknown" });
        return true;
    }
  }

  /** Its conditions are expressions of Python, which are not looked into. */
  #readJinja(tag: string): boolean {
    const [, begins, ends, goesOn] = JINJA.exec(tag) ?? [];
    if (begins) this.#open.push({ now: "unknown", done: "unknown" });
    else if (ends) return this.#open.pop() !== undefined;
    return begins !== undefined || (goesOn !== undefined && this.#open.length > 0);
  }
}

/**
 * Goes on to an `else`. A last `else` may be for all databases that the conditions do not name, or for the only other
 * one that the product knows, so that nothing is certain of it.
 */
function next(part: { now: Branch; done: Branch }, rest: string): void {
  const condition = /^\s*if\b([\s\S]*)/.exec(rest)?.[1];
  const own = condition === undefined ? "unknown" : conditionOf(condition);
  if (part.done === "runs") part.now = "never";
  else part.now = part.done === "never" ? own : both([own, "unknown"]);
  if (part.done === "never" || own === "runs") part.done = own;
}

/** What all of several conditions together say. */
function both(branches: readonly Branch[]): Branch {
  if (branches.includes("never")) return "never";
  if (branches.every((branch) => branch === "runs")) return "runs";
  return branches.some((branch) => branch === "runs" || branch === "maybe") ? "maybe" : "unknown";
}

/** Strings, parentheses, and words: `.Dialect`, `$.IsPostgres`, `eq`. */
const TOKENS = /"[^"]*"|`[^`]*`|[()]|[^\s()"`]+/g;

/** What PostgreSQL makes of a condition such as `or .postgres (eq .Dialect "mysql")`. */
function conditionOf(text: string): Branch {
  const tokens = text.match(TOKENS) ?? [];
  let at = 0;
  const operands = (): Branch => {
    const first = tokens[at];
    const word = first !== undefined && /^(?:not|and|or|eq|ne)$/.test(first) ? first : undefined;
    if (word !== undefined) at += 1;
    const found: Branch[] = [];
    while (at < tokens.length && tokens[at] !== ")") {
      const token = tokens[at++] ?? "";
      // Of what is compared only the literals say something.
      const compares = word === "eq" || word === "ne";
      if (token === "(") {
        const inner = operands();
        if (!compares) found.push(inner);
        at += 1;
      } else if (!compares) found.push(isFor(token));
      else if (/^["`]/.test(token)) found.push(isFor(token.slice(1, -1)));
    }
    return joined(word, found);
  };
  return operands();
}

function joined(word: string | undefined, operands: readonly Branch[]): Branch {
  const all = (branch: Branch): boolean => operands.length > 0 && operands.every((each) => each === branch);
  switch (word) {
    case "and":
      return operands.length > 0 ? both(operands) : "unknown";
    case "not":
    case "ne":
      // What is not for SQLite need not be for PostgreSQL.
      return all("runs") ? "never" : "unknown";
    case "or":
    case "eq":
      return operands.includes("runs") ? "runs" : all("never") ? "never" : "unknown";
    default:
      // A call of another function: `doesTableExist "postgres"`.
      return operands.length === 1 ? (operands[0] ?? "unknown") : "unknown";
  }
}

/** A field (`.postgres`, `$.IsMySQL`), a function (`isPostgres`) or the value of a literal, by the database in its name. */
function isFor(name: string): Branch {
  const last = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const dialect = dialectOfWord(last) ?? dialectOfWord(last.replace(/^is_?/, ""));
  if (dialect === undefined) return "unknown";
  return dialect === "postgresql" ? "runs" : "never";
}
