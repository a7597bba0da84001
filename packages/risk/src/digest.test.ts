import { describe, expect, test } from "vitest";
import { canonicalJson } from "@yantra-lint/core";
import { changeDigest } from "./digest.ts";
import { DEFAULT_POLICY, mergePolicy } from "./policy.ts";
import { git } from "./report.fixture.ts";

const input = { baseTree: git("1"), headTree: git("2"), policy: DEFAULT_POLICY, toolVersion: "1.0.0" };

describe("the digest", () => {
  test("is the same for the same change, in whatever order the policy was written", () => {
    const { classes, ...rest } = DEFAULT_POLICY;
    const { low, medium, high } = classes;
    const turned = { ...rest, classes: { high, medium, low } };
    expect(changeDigest({ ...input, policy: turned })).toBe(changeDigest(input));
    // Approvals are kept in files: a digest that changes by itself would void them all.
    expect(changeDigest(input)).toMatchInlineSnapshot(
      `"892cbad8eadb894e11d97e96d00308f0f0ff6511aadd6cf059987f79cbc43243"`,
    );
  });

  test.each([
    ["base tree", { baseTree: git("3") }],
    ["no base", { baseTree: undefined }],
    ["head tree", { headTree: git("3") }],
    ["swapped trees", { baseTree: git("2"), headTree: git("1") }],
    ["version", { toolVersion: "1.0.1" }],
    ["policy", { policy: mergePolicy({ classes: { high: { deploys: ["staging"] } } }) }],
  ])("changes with the %s", (_, change) => {
    expect(changeDigest({ ...input, ...change })).not.toBe(changeDigest(input));
  });
});

test("canonical JSON sorts keys, leaves out what is undefined, and keeps lists", () => {
  const parsed: unknown = JSON.parse('{"__proto__":{"b":1},"é":[2,1],"a":{"d":null,"c":"\\n"}}');
  expect(canonicalJson(parsed)).toBe('{"__proto__":{"b":1},"a":{"c":"\\n","d":null},"é":[2,1]}');
  expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
});
