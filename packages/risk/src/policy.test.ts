import { describe, expect, test } from "vitest";
import { approvalsNeeded, blockingLevel, DEFAULT_POLICY, mergePolicy } from "./policy.ts";
import { readPartialPolicy, readPolicy } from "./policy-shape.ts";

describe("the default policy", () => {
  test.each([
    ["low", "staging", 0],
    ["low", "production", 0],
    ["medium", "staging", 0],
    ["medium", "production", 1],
    ["medium", "Staging", 1],
    ["medium", "staging2", 1],
    ["medium", "constructor", 1],
    ["high", "staging", 1],
    ["high", "anything", 1],
  ] as const)("%s to %s needs %i", (riskClass, environment, needed) => {
    expect(approvalsNeeded(DEFAULT_POLICY, riskClass, environment)).toBe(needed);
  });

  test("is a policy", () => {
    expect(readPolicy(JSON.parse(JSON.stringify(DEFAULT_POLICY)))).toEqual({ policy: DEFAULT_POLICY });
  });
});

describe("merging", () => {
  test("nothing is the default", () => {
    expect(mergePolicy()).toEqual(DEFAULT_POLICY);
    expect(mergePolicy({})).toEqual(DEFAULT_POLICY);
  });

  test("a part leaves the others", () => {
    const merged = mergePolicy({
      classes: { medium: { approvals: 2 } },
      blocks: { CodeQL: "warning" },
      codeowners: false,
    });
    expect(merged).toEqual({
      ...DEFAULT_POLICY,
      classes: { ...DEFAULT_POLICY.classes, medium: { deploys: ["staging"], approvals: 2 } },
      blocks: { "*": "error", CodeQL: "warning" },
      codeowners: false,
    });
  });

  test("the default is not changed by it", () => {
    const before = JSON.stringify(DEFAULT_POLICY);
    mergePolicy({ classes: { high: { deploys: ["*"] } }, blocks: { "*": "never" } });
    expect(JSON.stringify(DEFAULT_POLICY)).toBe(before);
  });
});

test("what blocks: the tool's own word, whatever its case, then the others'", () => {
  const policy = mergePolicy({ blocks: { codeql: "warning", Trivy: "never", trivy: "error" } });
  expect(blockingLevel(policy, "CodeQL")).toBe("warning");
  expect(blockingLevel(policy, "Trivy")).toBe("never");
  expect(blockingLevel(policy, "trivy")).toBe("error");
  expect(blockingLevel(policy, "Semgrep OSS")).toBe("error");
  expect(blockingLevel(policy, "constructor")).toBe("error");
  expect(blockingLevel({ ...policy, blocks: {} }, "Semgrep OSS")).toBe("error");
});

describe("what a person writes", () => {
  test("is merged over the default", () => {
    expect(readPartialPolicy({})).toEqual({ policy: DEFAULT_POLICY });
    expect(
      readPartialPolicy({
        classes: { high: { approvals: 2 } },
        teams: { "@org/pay": ["grace"] },
        blocks: { CodeQL: "never" },
      }),
    ).toEqual({
      policy: {
        ...DEFAULT_POLICY,
        classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: 2 } },
        teams: { "@org/pay": ["grace"] },
        blocks: { "*": "error", CodeQL: "never" },
      },
    });
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["a misspelt field", { class: {} }],
    ["a misspelt class", { classes: { hihg: {} } }],
    ["a misspelt field of a class", { classes: { high: { deploy: [] } } }],
    ["classes that are null", { classes: null }],
    ["a class that is null", { classes: { high: null } }],
    ["no approvals", { classes: { high: { approvals: 0 } } }],
    ["a rule without approvers", { approvers: [{ paths: ["a"], approvers: [] }] }],
    ["a rule without paths", { approvers: [{ paths: [], approvers: ["ada"] }] }],
    ["a prototype", { teams: JSON.parse('{"__proto__":["eve"]}') as unknown }],
  ])("and is no policy with %s", (_, value) => {
    expect(readPartialPolicy(value)).toHaveProperty("problems");
  });
});

test.each([
  ["no approvals at all", { classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: 0 } } }],
  ["less than none", { classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: -1 } } }],
  ["a fraction", { classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: 1.5 } } }],
  ["a class too few", { classes: { low: DEFAULT_POLICY.classes.low } }],
  ["an unknown level", { blocks: { "*": "sometimes" } }],
  ["a team that is no list", { teams: { pay: "ada" } }],
  ["a field too much", { allow: true }],
])("a policy with %s is none", (_, part) => {
  expect(readPolicy({ ...DEFAULT_POLICY, ...part })).toHaveProperty("problems");
});
