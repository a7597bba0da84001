/**
 * Positions in a text, in the three units that meet here: JavaScript counts UTF-16 code units, libpg-query's
 * syntax tree counts UTF-8 bytes, and its error cursor counts code points. Everything outside this file speaks
 * UTF-16 offsets, and 1-based lines and columns.
 */

/** A point: `line` and `column` are 1-based, columns count UTF-16 code units. */
export interface Point {
  line: number;
  column: number;
}

/** A stretch of text, 1-based; the end column is exclusive (SARIF's and ESLint's convention). */
export interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}

/** A region in a file; `path` is relative to the repository's root, with `/`. */
export interface Location extends Region {
  path: string;
}

/** ESLint's shape of a region: 1-based lines, 1-based columns (our languages set `columnStart: 1`). */
export interface SourceLoc {
  start: Point;
  end: Point;
}

/** UTF-16 offsets, end exclusive. */
export type Range = [start: number, end: number];

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;
/** Most texts have none: their line breaks are found much quicker. */
const ODD_BREAK = /[\r\u2028\u2029]/;

/** Lines of a text: offset ↔ line and column. Line breaks as ESLint has them (CRLF, LF, CR, U+2028, U+2029). */
export class Lines {
  readonly text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    if (!ODD_BREAK.test(text)) {
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
      return;
    }
    for (const match of text.matchAll(LINE_BREAK)) this.#starts.push(match.index + match[0].length);
  }

  /** How many lines there are; an empty text has one. */
  get count(): number {
    return this.#starts.length;
  }

  /** The text of a 1-based line, without its line break; empty beyond the end. */
  line(line: number): string {
    const start = this.#starts[line - 1];
    if (start === undefined) return "";
    return this.text.slice(start, this.#starts[line] ?? this.text.length).replace(/[\r\n\u2028\u2029]+$/, "");
  }

  /** Line and column of a UTF-16 offset; offsets outside the text are moved to its nearer end. */
  point(offset: number): Point {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  /** UTF-16 offset of a 1-based line and column; beyond a line's or the text's end it is moved back there. */
  offset(point: Point): number {
    const start = this.#starts[Math.max(0, point.line - 1)] ?? this.text.length;
    const next = this.#starts[point.line] ?? this.text.length;
    return Math.min(start + point.column - 1, next);
  }

  loc([start, end]: Range): SourceLoc {
    return { start: this.point(start), end: this.point(end) };
  }

  region(range: Range): Region {
    return regionOf(this.loc(range));
  }
}

/** ESLint's loc as a region. */
export function regionOf(loc: SourceLoc): Region {
  return {
    startLine: loc.start.line,
    startColumn: loc.start.column,
    endLine: loc.end.line,
    endColumn: loc.end.column,
  };
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** UTF-8 byte offsets (libpg-query's syntax tree and scanner) to UTF-16 offsets. Linear once, then a look-up. */
export class Utf8Offsets {
  readonly #text: string;
  readonly #ascii: boolean;
  #table: Uint32Array | undefined;

  constructor(text: string) {
    this.#text = text;
    // eslint-disable-next-line no-control-regex -- the question is exactly whether all is ASCII, NUL included
    this.#ascii = /^[\x00-\x7f]*$/.test(text);
  }

  /** The UTF-16 offset of a byte offset; one inside a character gives that character's start. */
  toUtf16(byteOffset: number): number {
    if (this.#ascii) return Math.min(byteOffset, this.#text.length);
    this.#table ??= this.#build();
    return this.#table[Math.min(byteOffset, this.#table.length - 1)] ?? this.#text.length;
  }

  #build(): Uint32Array {
    const table = new Uint32Array(Buffer.byteLength(this.#text) + 1);
    let byte = 0;
    let unit = 0;
    for (const character of this.#text) {
      const bytes = utf8Length(character.codePointAt(0) ?? 0);
      table.fill(unit, byte, byte + bytes);
      byte += bytes;
      unit += character.length;
    }
    table[byte] = unit;
    return table;
  }
}

/** A 0-based count of code points (libpg-query's error cursor, less one) as UTF-16 offset. */
export function codePointsToUtf16(text: string, codePoints: number): number {
  let unit = 0;
  let seen = 0;
  for (const character of text) {
    if (seen >= codePoints) break;
    unit += character.length;
    seen += 1;
  }
  return unit;
}
