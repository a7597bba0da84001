/**
 * PostgreSQL's lexical structure (PostgreSQL 18 documentation, chapter 4.1, and `src/fe_utils/psqlscan.l`), as far
 * as statements and places need it. libpg-query has the server's own scanner, but it gives up on the whole file
 * at a template, a psql command or COPY data, counts in UTF-8 bytes, and takes over twice the time of parsing
 * (measured on 1,263 migrations: 500 ms against 180 ms). A test holds the two scanners against each other.
 */

/** What a token is. */
export const Kind = {
  End: 0,
  /** A keyword or unquoted identifier. */
  Word: 1,
  QuotedIdentifier: 2,
  /** Every form of string: '…', E'…', U&'…', B'…', X'…', $tag$…$tag$. */
  String: 3,
  Number: 4,
  /** `$1`. */
  Parameter: 5,
  Operator: 6,
  Semicolon: 7,
  OpenParen: 8,
  CloseParen: 9,
  Comma: 10,
  /** `[ ] . :` and whatever else stands alone. */
  Punctuation: 11,
  LineComment: 12,
  BlockComment: 13,
  /** A psql command: `\` to the end of the line. */
  MetaCommand: 14,
  /** `${…}`, `{{…}}`, `{%…%}`, `<%…%>`: filled in before PostgreSQL sees the text. */
  Template: 15,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface Token {
  kind: Kind;
  start: number;
  end: number;
}

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?!\.)(?:[eE][+-]?\d+)?|\d[\d_]*)/y;
const OPERATOR = /[-+*/<>=~!@#%^&|`?]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** `'a'` and `'b'` with a line break between are one string, escapes included. */
const CONTINUATION = /[ \t\f\v]*[\r\n]\s*'/y;
/** `space` of PostgreSQL's scanner; other spaces of Unicode are letters to it, other control characters are wrong. */
const SPACE = /[\t-\r \u0000\ufeff]+/y; // eslint-disable-line no-control-regex -- NUL is reported elsewhere; here it separates

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Reads tokens one by one, comments included, without allocating: `next()` gives the kind, then `start`, `end`. */
export class Scanner {
  readonly text: string;
  start: number;
  end: number;
  readonly #limit: number;

  constructor(text: string, from = 0, limit = text.length) {
    this.text = text;
    this.start = from;
    this.end = from;
    this.#limit = limit;
  }

  /** Moves on to an offset, such as past the data of a COPY. */
  moveTo(offset: number): void {
    this.start = offset;
    this.end = offset;
  }

  next(): Kind {
    const { text } = this;
    let at = this.end;
    if (isSpace(text.charCodeAt(at))) at = match(SPACE, text, at);
    if (at >= this.#limit) {
      this.start = this.end = this.#limit;
      return Kind.End;
    }
    this.start = at;
    const kind = this.#read(text.charCodeAt(at), at);
    if (this.end > this.#limit) this.end = this.#limit;
    return kind;
  }

  #read(code: number, at: number): Kind {
    const { text } = this;
    if (isWordStart(code)) {
      const end = match(WORD, text, at);
      if (text.charCodeAt(end) === QUOTE && end - at === 1 && isStringPrefix(code)) {
        this.end = this.#string(end, code === 0x45 || code === 0x65);
        return Kind.String;
      }
      if ((code === 0x55 || code === 0x75) && end - at === 1 && text.charCodeAt(end) === 0x26) {
        if (text.charCodeAt(end + 1) === QUOTE) return this.#done(this.#string(end + 1, false), Kind.String);
        if (text.charCodeAt(end + 1) === DOUBLE)
          return this.#done(this.#quoted(end + 1), Kind.QuotedIdentifier);
      }
      return this.#done(end, Kind.Word);
    }
    if (isDigit(code)) return this.#done(match(NUMBER, text, at), Kind.Number);
    switch (code) {
      case QUOTE:
        return this.#done(this.#string(at, false), Kind.String);
      case DOUBLE:
        return this.#done(this.#quoted(at), Kind.QuotedIdentifier);
      case 0x3b:
        return this.#done(at + 1, Kind.Semicolon);
      case 0x28:
        return this.#done(at + 1, Kind.OpenParen);
      case 0x29:
        return this.#done(at + 1, Kind.CloseParen);
      case 0x2c:
        return this.#done(at + 1, Kind.Comma);
      case 0x24:
        return this.#dollar(at);
      case 0x5c:
        return this.#done(lineEnd(text, at), Kind.MetaCommand);
      case 0x7b:
        if (text.charCodeAt(at + 1) === 0x7b) return this.#done(after(text, "}}", at), Kind.Template);
        if (text.charCodeAt(at + 1) === 0x25) return this.#done(after(text, "%}", at), Kind.Template);
        return this.#done(at + 1, Kind.Punctuation);
      case 0x2e:
        if (isDigit(text.charCodeAt(at + 1))) return this.#done(match(NUMBER, text, at), Kind.Number);
        return this.#done(text.charCodeAt(at + 1) === 0x2e ? at + 2 : at + 1, Kind.Punctuation);
      case 0x3a:
        return this.#done(text.charCodeAt(at + 1) === 0x3a ? at + 2 : at + 1, Kind.Punctuation);
      case 0x2d:
        if (text.charCodeAt(at + 1) === 0x2d) return this.#done(lineEnd(text, at), Kind.LineComment);
        break;
      case 0x2f:
        if (text.charCodeAt(at + 1) === 0x2a) return this.#done(this.#blockComment(at), Kind.BlockComment);
        break;
      case 0x3c:
        if (text.charCodeAt(at + 1) === 0x25) return this.#done(after(text, "%>", at), Kind.Template);
        break;
    }
    const end = match(OPERATOR, text, at);
    if (end < 0) return this.#done(at + 1, Kind.Punctuation);
    // A comment begins even in the middle of operator characters.
    const operator = text.slice(at, end);
    const dashes = operator.indexOf("--", 1);
    const slash = operator.indexOf("/*", 1);
    const cut = Math.min(dashes < 0 ? operator.length : dashes, slash < 0 ? operator.length : slash);
    return this.#done(at + cut, Kind.Operator);
  }

  #done(end: number, kind: Kind): Kind {
    this.end = end;
    return kind;
  }

  /** The end of a string whose opening quote stands at `quote`; the text's end when it is never closed. */
  #string(quote: number, escapes: boolean): number {
    const { text } = this;
    let at = quote + 1;
    for (;;) {
      const close = text.indexOf("'", at);
      if (close < 0) return text.length;
      if (escapes) {
        const backslash = text.indexOf("\\", at);
        if (backslash >= 0 && backslash < close) {
          at = backslash + 2;
          continue;
        }
      }
      if (text.charCodeAt(close + 1) === QUOTE) {
        at = close + 2;
        continue;
      }
      const goesOn = match(CONTINUATION, text, close + 1);
      if (goesOn < 0) return close + 1;
      at = goesOn;
    }
  }

  #quoted(quote: number): number {
    let at = quote + 1;
    for (;;) {
      const close = this.text.indexOf('"', at);
      if (close < 0) return this.text.length;
      if (this.text.charCodeAt(close + 1) !== DOUBLE) return close + 1;
      at = close + 2;
    }
  }

  #dollar(at: number): Kind {
    const { text } = this;
    const tagEnd = match(DOLLAR_TAG, text, at);
    if (tagEnd >= 0) {
      const close = text.indexOf(text.slice(at, tagEnd), tagEnd);
      return this.#done(close < 0 ? text.length : close + tagEnd - at, Kind.String);
    }
    if (text.charCodeAt(at + 1) === 0x7b) return this.#done(after(text, "}", at), Kind.Template);
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end += 1;
    return this.#done(end, end > at + 1 ? Kind.Parameter : Kind.Punctuation);
  }

  /** Block comments nest. */
  #blockComment(at: number): number {
    const delimiter = /\/\*|\*\//g;
    delimiter.lastIndex = at + 2;
    let depth = 1;
    for (let found = delimiter.exec(this.text); found; found = delimiter.exec(this.text)) {
      depth += found[0] === "/*" ? 1 : -1;
      if (depth === 0) return delimiter.lastIndex;
    }
    return this.text.length;
  }
}

const QUOTE = 0x27;
const DOUBLE = 0x22;

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0 || code === 0xfeff;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isWordStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    (code >= 0x80 && code !== 0xfeff)
  );
}

/** b, x, e in either case; the scanner takes the N of N'…' for a word. */
function isStringPrefix(code: number): boolean {
  const lower = code | 0x20;
  return lower === 0x62 || lower === 0x78 || lower === 0x65;
}

function lineEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d) return i;
  }
  return text.length;
}

function after(text: string, close: string, at: number): number {
  const found = text.indexOf(close, at);
  return found < 0 ? text.length : found + close.length;
}

/** All tokens of a stretch of text, without comments. */
export function tokenize(text: string, from = 0, limit = text.length): Token[] {
  const scanner = new Scanner(text, from, limit);
  const tokens: Token[] = [];
  for (let kind = scanner.next(); kind !== Kind.End; kind = scanner.next()) {
    if (kind === Kind.LineComment || kind === Kind.BlockComment) continue;
    tokens.push({ kind, start: scanner.start, end: scanner.end });
  }
  return tokens;
}
