import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hunksOf } from "./hunks.ts";

describe("hunksOf", () => {
  it("tells nothing of equal texts", () => {
    expect(hunksOf("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it.each([
    ["a\nb\nc\n", "a\nx\nc\n", [{ before: { start: 2, count: 1 }, after: { start: 2, count: 1 } }]],
    ["a\nc\n", "a\nb\nc\n", [{ before: { start: 1, count: 0 }, after: { start: 2, count: 1 } }]],
    ["a\nb\nc\n", "a\nc\n", [{ before: { start: 2, count: 1 }, after: { start: 1, count: 0 } }]],
    ["", "a\n", [{ before: { start: 0, count: 0 }, after: { start: 1, count: 1 } }]],
    ["a", "a\n", [{ before: { start: 1, count: 1 }, after: { start: 1, count: 1 } }]],
    [
      "a\nb\nc\nd\ne\n",
      "x\nb\nc\nd\ny\n",
      [
        { before: { start: 1, count: 1 }, after: { start: 1, count: 1 } },
        { before: { start: 5, count: 1 }, after: { start: 5, count: 1 } },
      ],
    ],
  ])("%j → %j", (before, after, hunks) => {
    expect(hunksOf(before, after)).toEqual(hunks);
  });

  it("covers a text that differs too much by one hunk", () => {
    const many = (word: string): string => Array.from({ length: 4000 }, (_, at) => `${word}${at}\n`).join("");
    expect(hunksOf(`same\n${many("a")}`, `same\n${many("b")}`)).toEqual([
      { before: { start: 2, count: 4000 }, after: { start: 2, count: 4000 } },
    ]);
  });

  it("turns the old text into the new one", () => {
    const text = fc.array(fc.constantFrom("a\n", "b\n", "c\r\n", "\n"), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const result = [...before];
        for (const hunk of hunksOf(before.join(""), after.join("")).reverse()) {
          const at = hunk.before.count === 0 ? hunk.before.start : hunk.before.start - 1;
          const from = hunk.after.count === 0 ? hunk.after.start : hunk.after.start - 1;
          result.splice(at, hunk.before.count, ...after.slice(from, from + hunk.after.count));
        }
        expect(result.join("")).toBe(after.join(""));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
