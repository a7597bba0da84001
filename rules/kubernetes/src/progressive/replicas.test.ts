import { describe, expect, it } from "vitest";
import { goDuration, pauseDuration, spokenSeconds, wholeNumber } from "./durations.ts";
import { canaryShare, replicasFor } from "./replicas.ts";

describe("canaryShare", () => {
  // argo-rollouts v1.10, utils/replicaset/canary_test.go: whole pods, surge counted in.
  it.each([
    [1, 10, 1, 50],
    [3, 10, 1, 25],
    [5, 10, 1, 16.67],
    [8, 10, 1, 11.11],
    [10, 10, 1, 10],
    [10, 5, 1, 9.09],
    [1, 10, 0, 0],
    [1, 60, 0, 100],
    [2, 10, 0, 50],
    [3, 50, 0, 66.67],
    [3, 50, 1, 50],
    [5, 20, 1, 20],
    [0, 20, 1, 0],
    [4, 100, 1, 100],
    [4, 0, 1, 0],
  ])("%i replicas, weight %i, surge %i: %d %", (replicas, weight, surge, share) => {
    expect(canaryShare(replicas, weight, surge)).toBeCloseTo(share, 2);
  });

  it("says how many replicas a share needs", () => {
    expect([
      replicasFor(10, 10, 1, 1),
      replicasFor(10, 10, 0, 1),
      replicasFor(1, 5, 1, 1),
      replicasFor(10, 10, 1, 15),
    ]).toEqual([9, 10, 19, 19]);
  });
});

describe("durations", () => {
  it.each([
    ["90s", 90],
    ["1h30m", 5400],
    ["1.5m", 90],
    ["500ms", 0.5],
    ["10", undefined],
    ["{{args.x}}", undefined],
    [10, undefined],
  ])("of Go: %s", (text, seconds) => {
    expect(goDuration(text)).toBe(seconds);
  });

  it.each([
    [10, 10],
    ["10", 10],
    ["1m", 60],
    ["soon", undefined],
    [null, undefined],
  ])("of a pause: %s", (value, seconds) => {
    expect(pauseDuration(value)).toBe(seconds);
  });

  it("are said in words", () => {
    expect([0, 40, 120, 150, 3900].map(spokenSeconds)).toEqual([
      "0 s",
      "40 s",
      "2 min",
      "2 min 30 s",
      "1 h 5 min",
    ]);
    expect([wholeNumber("3"), wholeNumber(2), wholeNumber("25%"), wholeNumber(1.5)]).toEqual([
      3,
      2,
      undefined,
      undefined,
    ]);
  });
});
