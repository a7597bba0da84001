import { expect, it } from "vitest";
import { nearestWord } from "./words.ts";

it.each([
  ["rsik", ["risk", "owner"], "risk"],
  ["HIGH", ["low", "high"], "high"],
  ["payments", ["risk", "owner"], undefined],
  ["lo", ["low", "high"], "low"],
  ["", ["low"], undefined],
])("%s is nearest to %o: %s", (word, candidates, expected) => {
  expect(nearestWord(word, candidates)).toBe(expected);
});
