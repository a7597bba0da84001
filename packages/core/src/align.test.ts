import { describe, expect, it } from "vitest";
import { align, firstDifferentLine } from "./align.ts";

describe("align", () => {
  it("pairs what is common, in order", () => {
    expect(align("abcde".split(""), "xbcye".split(""))).toEqual({
      pairs: [
        [1, 1],
        [2, 2],
        [4, 4],
      ],
      removed: [0, 3],
      added: [0, 3],
    });
  });

  it("takes what moved for removed and added", () => {
    const { removed, added } = align("abc".split(""), "cab".split(""));
    expect([removed, added]).toEqual([[2], [0]]);
  });

  it("gives up on a middle that is too large, but keeps the ends", () => {
    const many = (word: string): string[] => Array.from({ length: 3000 }, (_, i) => `${word}${i}`);
    const { pairs, removed } = align(["a", ...many("x"), "z"], ["a", ...many("y"), "x1", "z"]);
    expect(pairs).toEqual([
      [0, 0],
      [3001, 3002],
    ]);
    expect(removed).toHaveLength(3000);
  });

  it("knows empty lists", () => {
    expect(align([], ["a"])).toEqual({ pairs: [], removed: [], added: [0] });
  });
});

describe("firstDifferentLine", () => {
  it.each([
    ["a\nb\nc", "a\nx\nc", 2],
    ["a\nb", "a\nb\nc", 2],
    ["a\nb\n", "a\nb\nc\n", 3],
    ["a", "a", 1],
    ["a\nb", "b", 1],
  ])("%j → %j: %i", (before, after, line) => {
    expect(firstDifferentLine(before, after)).toBe(line);
  });
});
