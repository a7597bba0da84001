import type { Placeholders } from "./drivers.ts";

/**
 * A part of a query's text: written out, or put in at run time. `value`: it can only be a value (a parameter);
 * `list`: values, by commas; `text`: it may be any SQL.
 */
export type Piece = { text: string } | { hole: "value" | "list" | "text" };

export interface Assembled {
  sql: string;
  complete: boolean;
}

const START =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/|\()*(select|insert|update|delete|with|merge|call|truncate|copy|lock|refresh)\b/i;

/** What each first word must be followed by somewhere: a text in prose begins with `Select` or `Update` too. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  select: /^select\b[^;]*?(?:\bfrom\b|\(|\*|\d|\$|')/is,
  insert: /^insert\s+into\b/i,
  update: /^update\b(?:[^;]*?\bset\b|\s*$)/is,
  delete: /^delete\s+from\b/i,
  with: /^with\b[^;]*?\bas\b[^;]*?\(/is,
  merge: /^merge\s+into\b/i,
  call: /^call\s+[\w".]+\s*\(/i,
  truncate: /^truncate\s+(?:table\s+)?[\w".]/i,
  copy: /^copy\s+[\w".(]/i,
  lock: /^lock\s+table\b/i,
  refresh: /^refresh\s+materialized\s+view\b/i,
};

/** Whether a text is a query's, as far as it is known: fragments (`WHERE …`) and prose are none. */
export function isQuery(sql: string): boolean {
  const match = START.exec(sql.slice(0, 4000));
  const verb = match?.[1]?.toLowerCase();
  if (!match || verb === undefined) return false;
  // A column of another query: `(SELECT count(*) …) AS jobs`.
  if (match[0].includes("(") && /\)\s{0,20}as\s{1,20}[\w"]{1,80}\s{0,20}$/i.test(sql.slice(-200)))
    return false;
  const rest = sql.slice(match[0].length - verb.length, match[0].length + 20_000);
  return SHAPES[verb]?.test(rest) === true;
}

/** Where in SQL an offset stands. */
type State = "code" | "string" | "identifier" | "line" | "block" | `$${string}`;

const OPENING = /'|"|--|\/\*|\$(?:[A-Za-z_]\w*)?\$/g;

/** Follows strings, quoted names and comments through a text that comes in parts. Linear in each part. */
class Position {
  state: State = "code";
  #escapes = false;

  read(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.state !== "code") {
        at = this.#close(text, at);
        continue;
      }
      OPENING.lastIndex = at;
      const match = OPENING.exec(text);
      if (!match) return;
      const [mark] = match;
      at = match.index + mark.length;
      if (mark === "'") {
        this.state = "string";
        this.#escapes = /(?:^|[^\w$])[eE]$/.test(text.slice(Math.max(0, match.index - 2), match.index));
      } else if (mark === '"') this.state = "identifier";
      else if (mark === "--") this.state = "line";
      else if (mark === "/*") this.state = "block";
      else this.state = mark as `$${string}`;
    }
  }

  #close(text: string, at: number): number {
    const mark = this.#mark();
    for (let from = at; ;) {
      const found = text.indexOf(mark, from);
      if (found < 0) return text.length;
      if (this.state === "string" && this.#escapes && isEscaped(text, found, at)) {
        from = found + 1;
        continue;
      }
      this.state = "code";
      return found + mark.length;
    }
  }

  #mark(): string {
    switch (this.state) {
      case "string":
        return "'";
      case "identifier":
        return '"';
      case "line":
        return "\n";
      case "block":
        return "*/";
      default:
        return this.state;
    }
  }
}

function isEscaped(text: string, at: number, from: number): boolean {
  let count = 0;
  for (let index = at - 1; index >= from && text[index] === "\\"; index -= 1) count += 1;
  return count % 2 === 1;
}

/** Keywords after which a value may stand. */
const BEFORE_VALUE = new Set(
  "where and or on having not limit offset any all some in between like ilike similar then else when case returning by select distinct is interval fetch default using".split(
    " ",
  ),
);
/** Keywords after which a part of a query stands more often than a value. */
const BEFORE_CONDITION = new Set("where and or on having not".split(" "));
const BEFORE_COLUMNS = new Set("select distinct returning by using default".split(" "));
const ENDS_CONDITION =
  /^\s*(?:$|\)|;|(?:and|or|order|group|limit|returning|union|having|offset|for|where|then|inner|left|join|on)\b)/i;

/**
 * Puts a query's text together: values become `$1`, `$2` …, numbered behind those that the text has already. What is
 * not known is left out, with the dot that follows it (`${schema}.job`); where a value may stand a parameter takes its
 * place, so that most texts still parse.
 */
export function assemble(pieces: readonly Piece[]): Assembled {
  let number = highest(pieces);
  let complete = true;
  let skip = "";
  const position = new Position();
  const parts: string[] = [];
  let tail = "";
  const put = (text: string): void => {
    parts.push(text);
    tail = (tail + text).slice(-200);
  };
  for (const [index, piece] of pieces.entries()) {
    if ("text" in piece) {
      const text = piece.text.startsWith(skip) ? piece.text.slice(skip.length) : piece.text;
      skip = "";
      position.read(text);
      put(text);
      continue;
    }
    const after = pieces[index + 1];
    const next = after && "text" in after ? after.text : "";
    if (position.state === "line" || position.state === "block") continue;
    if (position.state !== "code") {
      complete = false;
      // `"${schema}".job`: the quotes go too.
      if (position.state === "identifier" && tail.endsWith('"') && next.startsWith('".')) {
        parts.push(parts.pop()?.slice(0, -1) ?? "");
        tail = tail.slice(0, -1);
        position.state = "code";
        skip = '".';
      }
      continue;
    }
    const place = placeOf(tail, next);
    if (piece.hole === "text" || place === "part" || place === "none") complete = false;
    if (place === "none") {
      if (next.startsWith(".")) skip = ".";
      continue;
    }
    number += 1;
    put(place === "set" ? `($${number})` : `$${number}`);
    // `$1` and a digit or letter that follows would be one token.
    if (/^[\w$]/.test(next)) put(" ");
  }
  return { sql: parts.join(""), complete };
}

function highest(pieces: readonly Piece[]): number {
  let most = 0;
  for (const piece of pieces) {
    if (!("text" in piece)) continue;
    for (const match of piece.text.matchAll(/\$(\d{1,5})/g)) most = Math.max(most, Number(match[1]));
  }
  return most;
}

/**
 * What may stand between two texts: a value; a `part` of a query (a condition, columns); a `set` of values after IN;
 * or nothing that a parameter could stand for.
 */
function placeOf(before: string, next: string): "value" | "part" | "set" | "none" {
  const text = before.replace(/(?:--[^\n]*\n\s*)+$/, "").trimEnd();
  if (/^\s*\./.test(next) || text === "") return "none";
  if (/(?:^|[^:])::$|\.$|\binsert\s+into\s+[\w".]+\s*\($/i.test(text)) return "none";
  if (text.endsWith("*"))
    return /(?:\)|\d|\b(?!select\b|distinct\b|all\b)[a-z_]\w*)\s*\*$/i.test(text) ? "value" : "none";
  const word = /(?:^|[^\w$."])([a-z_]+)$/i.exec(text)?.[1]?.toLowerCase();
  if (word !== undefined) {
    if (word === "in") return "set";
    if (!BEFORE_VALUE.has(word)) return "none";
    if (BEFORE_CONDITION.has(word) && ENDS_CONDITION.test(next)) return "part";
    return BEFORE_COLUMNS.has(word) ? "part" : "value";
  }
  return /[-=<>+/%|&^~!@#,([]$/.test(text) ? "value" : "none";
}

/**
 * Places of values as other libraries write them, in code only: strings, quoted names and comments are left out. What
 * is never closed reaches to the end, so that no expression begins anew at each quote.
 */
const CODE_OR_MARK: Readonly<Record<"question" | "promise", RegExp>> = {
  question:
    /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|::|\\\?|(\?\??)|:([A-Za-z_]\w*)(:(?!:))?|\$([A-Za-z_]\w*)/g,
  promise:
    /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|\$(?:\{\s?(\w{1,99})\s?([^}]{0,40})\}|\/\s?(\w{1,99})\s?([^/]{0,40})\/|\(\s?(\w{1,99})\s?([^)]{0,40})\)|<\s?(\w{1,99})\s?([^>]{0,40})>|\[\s?(\w{1,99})\s?([^\]]{0,40})\]|(\d+)(~|\^|#|:(?:name|alias|raw|value|csv|list|json)\b)?)/g,
};

/** A text of a library with placeholders of its own, with PostgreSQL's. */
export function numbered(sql: string, placeholders: Placeholders): Assembled {
  if (placeholders === "numbered") return { sql, complete: true };
  const numbers = new Map<string, number>();
  let next = highest([{ text: sql }]);
  let complete = true;
  const numberOf = (name: string | undefined): string => {
    const known = name === undefined ? undefined : numbers.get(name);
    if (known !== undefined) return `$${known}`;
    next += 1;
    if (name !== undefined) numbers.set(name, next);
    return `$${next}`;
  };
  const missing = (): string => {
    complete = false;
    return "";
  };
  const replace = (whole: string, ...groups: (string | undefined)[]): string => {
    if (placeholders === "question") {
      const [mark, name, colon, dollar] = groups;
      if (whole === "\\?") return "?";
      if (mark === "??" || colon === ":") return missing();
      if (mark === "?") return numberOf(undefined);
      if (name !== undefined) return numberOf(name);
      return dollar === undefined ? whole : numberOf(dollar);
    }
    if (!whole.startsWith("$")) return whole;
    const [braced, b = "", slashed, s = "", round, r = "", angled, a = "", square, q = "", digits, d = ""] =
      groups;
    const modifier = b + s + r + a + q + d;
    if (/^(?:~|\^|#|:(?:name|alias|raw|value))/.test(modifier)) return missing();
    return digits === undefined ? numberOf(braced ?? slashed ?? round ?? angled ?? square) : `$${digits}`;
  };
  return {
    sql: sql.replace(CODE_OR_MARK[placeholders], (whole: string, ...rest: unknown[]) =>
      replace(whole, ...rest.map((group) => (typeof group === "string" ? group : undefined))),
    ),
    complete,
  };
}

/** Whether a text has `?` where a value would stand: it is not written for PostgreSQL's own protocol. */
export function hasQuestionMarks(sql: string): boolean {
  return /(?:[=<>(,]|\blimit|\boffset|\blike)\s*\?(?![|&?-])/i.test(sql);
}
