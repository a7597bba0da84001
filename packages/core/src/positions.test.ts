import { describe, expect, it } from "vitest";
import { codePointsToUtf16, Lines, Utf8Offsets } from "./positions.ts";

describe("Utf8Offsets", () => {
  // é: 2 bytes, 1 code point, 1 unit. 😀: 4 bytes, 1 code point, 2 units. 漢: 3 bytes, 1, 1.
  const text = "é😀漢x";

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [5, 1],
    [6, 3],
    [9, 4],
    [10, 5],
    [99, 5],
  ])("byte %i is unit %i", (byte, unit) => {
    expect(new Utf8Offsets(text).toUtf16(byte)).toBe(unit);
  });

  it("is the identity on ASCII, NUL included", () => {
    const offsets = new Utf8Offsets("a\0b");
    expect([0, 1, 2, 3, 4].map((byte) => offsets.toUtf16(byte))).toEqual([0, 1, 2, 3, 3]);
  });

  it("agrees with Buffer at every character's start", () => {
    const offsets = new Utf8Offsets(text);
    for (let unit = 0; unit <= text.length; unit += 1) {
      if (unit === 2) continue; // inside the surrogate pair
      expect(offsets.toUtf16(Buffer.byteLength(text.slice(0, unit)))).toBe(unit);
    }
  });
});

describe("codePointsToUtf16", () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [3, 4],
    [4, 5],
    [9, 5],
  ])("code point %i is unit %i", (codePoints, unit) => {
    expect(codePointsToUtf16("é😀漢x", codePoints)).toBe(unit);
  });
});

describe("Lines", () => {
  const lines = new Lines("é😀\r\nb\rc\n\u2028d");

  it("knows every kind of line break", () => {
    expect(lines.count).toBe(5);
    expect([1, 2, 3, 4, 5, 6].map((line) => lines.line(line))).toEqual(["é😀", "b", "c", "", "d", ""]);
  });

  it.each([
    [0, { line: 1, column: 1 }],
    [3, { line: 1, column: 4 }],
    [5, { line: 2, column: 1 }],
    [7, { line: 3, column: 1 }],
    [9, { line: 4, column: 1 }],
    [11, { line: 5, column: 2 }],
    [99, { line: 5, column: 2 }],
    [-1, { line: 1, column: 1 }],
  ])("offset %i is at %o", (offset, point) => {
    expect(lines.point(offset)).toEqual(point);
  });

  it("finds the offset of a point again", () => {
    for (const offset of [0, 1, 3, 5, 6, 7, 8, 9, 10, 11])
      expect(lines.offset(lines.point(offset))).toBe(offset);
  });

  it("has one line in an empty text", () => {
    expect(new Lines("").region([0, 0])).toEqual({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 });
  });
});
