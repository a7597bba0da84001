/**
 * The hash by which GitHub recognises an alert's line again, `primaryLocationLineHash`: github/codeql-action,
 * `src/fingerprints.ts`. The upload action fills it in where it is absent; uploads through the API go without.
 *
 * A line's hash is a polynomial (base 37, modulo 2^64) over the 100 UTF-16 code units from the line's first unit
 * on, where spaces and tabs are left out, every line break is one LF, and the end of the file is one 0xFFFF
 * followed by zeros. Equal hashes are told apart by a count: `hash:1`, `hash:2`, …
 */
const WINDOW = 100;
const BASE = 37;
const END_OF_FILE = 0xffff;
const TWO_32 = 2 ** 32;

/** 37^100 modulo 2^64, the weight of the unit that leaves the window, in two halves. */
const LEAVING = BigInt.asUintN(64, BigInt(BASE) ** BigInt(WINDOW));
const LEAVING_HIGH = Number(LEAVING >> 32n);
const LEAVING_LOW = Number(LEAVING & 0xffffffffn);

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/**
 * Hashes the lines of a text as GitHub does. Lines end at LF, CR and CRLF only, unlike `Lines` of core. A BOM
 * counts, so give the text as it is on disk where that matters.
 *
 * @returns the hash of a 1-based line; undefined when there is no such line.
 */
export function primaryLocationLineHashes(text: string): (line: number) => string | undefined {
  const { units, starts } = significantUnits(text);
  const seen = new Map<string, number>();
  const hashes = windowHashes(units, starts).map((hash) => {
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  });
  return (line) => hashes[line - 1];
}

/** The code units that count, the end of the file included, and where each line begins among them. */
function significantUnits(text: string): { units: Uint16Array; starts: number[] } {
  const units = new Uint16Array(text.length + 1);
  const starts: number[] = [];
  let length = 0;
  let lineBegins = true;
  let afterCr = false;
  for (let index = 0; index <= text.length; index += 1) {
    const unit = index < text.length ? text.charCodeAt(index) : END_OF_FILE;
    const skipped = unit === SPACE || unit === TAB || (afterCr && unit === LF);
    // A blank between CR and LF makes them two line breaks; so it is in the original.
    afterCr = unit === CR;
    if (skipped) continue;
    if (lineBegins) starts.push(length);
    lineBegins = unit === LF || unit === CR;
    units[length] = unit === CR ? LF : unit;
    length += 1;
  }
  return { units: units.subarray(0, length), starts };
}

/**
 * The hashes of the windows that begin at `starts` (ascending), rolled from unit to unit, so that a file of
 * nothing but line breaks costs no more than another. 64 bits stand in two halves; no step exceeds 2^53.
 */
function windowHashes(units: Uint16Array, starts: readonly number[]): string[] {
  const hashes: string[] = [];
  let high = 0;
  let low = 0;
  let next = -WINDOW;
  for (const start of starts) {
    for (; next < start; next += 1) {
      const leaving = units[next] ?? 0;
      const gone = leaving * LEAVING_LOW;
      const sum = low * BASE + (units[next + WINDOW] ?? 0) - (gone % TWO_32);
      const carry = Math.floor(sum / TWO_32) - Math.floor(gone / TWO_32);
      low = modulo(sum);
      high = modulo(high * BASE + carry - leaving * LEAVING_HIGH);
    }
    hashes.push(high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, "0"));
  }
  return hashes;
}

function modulo(value: number): number {
  return ((value % TWO_32) + TWO_32) % TWO_32;
}
