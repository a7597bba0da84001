import { type Range, Utf8Offsets } from "@yantra-lint/core";
import { Kind, tokenize, type Token } from "./scanner.ts";

/**
 * The text of one statement with its tokens, for places that PostgreSQL's syntax tree does not give: it has
 * where a node begins (in UTF-8 bytes of the statement), never where it ends, and nothing for ALTER TABLE commands.
 */
export class StatementSource {
  readonly text: string;
  readonly range: Range;
  readonly #offsets: Utf8Offsets;
  #tokens: Token[] | undefined;

  constructor(text: string, range: Range) {
    this.text = text;
    this.range = range;
    this.#offsets = new Utf8Offsets(text.slice(...range));
  }

  /** Tokens of the statement without comments; ranges in UTF-16 offsets of the file. */
  get tokens(): readonly Token[] {
    this.#tokens ??= tokenize(this.text, ...this.range);
    return this.#tokens;
  }

  /** The statement on one line, without comments, its first two words in upper case; a long one is cut. */
  get line(): string {
    const { tokens, text } = this;
    const words = tokens.map(({ start, end }, index) => {
      const gap = index > 0 && (tokens[index - 1]?.end ?? start) < start ? " " : "";
      return gap + (index < 2 ? text.slice(start, end).toUpperCase() : text.slice(start, end));
    });
    return words.join("").slice(0, 200);
  }

  /** A byte offset of the syntax tree as offset in the file; offset 0 is left out of the tree. */
  at(location: number | undefined): number {
    return this.range[0] + this.#offsets.toUtf16(location ?? 0);
  }

  /** The index of the token that begins at or after an offset; the number of tokens when there is none. */
  indexFrom(offset: number): number {
    const { tokens } = this;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A token's text in upper case; empty beyond the end. */
  word(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.start, token.end).toUpperCase() : "";
  }

  kind(index: number): Kind {
    return this.tokens[index]?.kind ?? Kind.End;
  }

  /** The index of the parenthesis that closes the one at `open`; the last token's when none does. */
  closing(open: number): number {
    let depth = 0;
    for (let i = open; i < this.tokens.length; i += 1) {
      depth += depthChange(this.kind(i), this.text, this.tokens[i]);
      if (depth === 0) return i;
    }
    return this.tokens.length - 1;
  }

  /** The stretches between commas outside parentheses, as token indices [from, to). */
  list(from: number, to: number): [from: number, to: number][] {
    const parts: [number, number][] = [];
    let depth = 0;
    let start = from;
    for (let i = from; i < to; i += 1) {
      depth += depthChange(this.kind(i), this.text, this.tokens[i]);
      if (depth === 0 && this.kind(i) === Kind.Comma) {
        parts.push([start, i]);
        start = i + 1;
      }
    }
    parts.push([start, to]);
    return parts;
  }

  /** The range of tokens [from, to); the statement's when there are none. */
  rangeOf(from: number, to: number): Range {
    const first = this.tokens[from];
    const last = this.tokens[to - 1];
    return first && last && to > from ? [first.start, last.end] : this.range;
  }

  /** The text of tokens [from, to), as written. */
  slice(from: number, to: number): string {
    const first = this.tokens[from];
    const last = this.tokens[to - 1];
    return first && last && to > from ? this.text.slice(first.start, last.end) : "";
  }
}

function depthChange(kind: Kind, text: string, token: Token | undefined): number {
  if (kind === Kind.OpenParen) return 1;
  if (kind === Kind.CloseParen) return -1;
  if (kind !== Kind.Punctuation || !token) return 0;
  const character = text[token.start];
  if (character === "[") return 1;
  return character === "]" ? -1 : 0;
}
