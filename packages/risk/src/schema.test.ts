import fs from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { dependencyOf, fileOf, inputOf } from "./change.fixture.ts";
import { whatWouldLower } from "./lower.ts";
import { SIGNAL_IDS, type RiskInput } from "./model.ts";
import { assessRisk } from "./score.ts";
import { DEFAULT_THRESHOLDS, DEFAULT_WEIGHTS, riskSettings } from "./settings.ts";

const schemaOf = (name: string): AnySchemaObject => {
  const schema: unknown = JSON.parse(
    fs.readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), "utf8"),
  );
  if (typeof schema !== "object" || schema === null) throw new Error("The schema is an object.");
  return schema;
};

/** What `yantra-lint risk --format json` prints of an input. */
const printed = (input: RiskInput) => ({
  ...assessRisk(input),
  lower: whatWouldLower(input),
  base: { commit: "0".repeat(40), how: "origin/main" },
  digest: "0".repeat(64),
});

describe("the schema of a report", () => {
  const validate = new Ajv2020({ allErrors: true }).compile(schemaOf("risk"));

  test.each([
    ["of nothing", inputOf()],
    [
      "with a floor, and more signals than are listed",
      inputOf({
        files: Array.from({ length: 30 }, (_, index) => fileOf(`src/auth/${index}.ts`)),
        dependencies: [dependencyOf()],
        suppressions: [{ path: "a.ts", line: 1, rules: [], reason: "" }],
      }),
    ],
  ])("takes one %s", (_, input) => {
    expect(validate(printed(input)), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ["a class", { class: "severe" }],
    ["a score", { score: 101 }],
    ["a signal's id", { signals: [{ id: "luck", points: 1, evidence: "x" }] }],
    ["a field", { decision: "go" }],
  ])("refuses %s it does not know", (_, parts) => {
    expect(validate({ ...printed(inputOf()), ...parts })).toBe(false);
  });

  test("knows every signal", () => {
    const signals = SIGNAL_IDS.map((id) => ({ id, points: 1, evidence: "x" }));
    expect(validate({ ...printed(inputOf()), signals })).toBe(true);
  });
});

describe("the schema of a configuration", () => {
  const ajv = new Ajv2020({ allErrors: true, strictTuples: false });
  const validate = ajv.compile(schemaOf("config"));

  test("takes what the settings are made of", () => {
    const floors = [{ name: "money", paths: ["src/**", "!src/demo/"], class: "high" }];
    const risk = { thresholds: DEFAULT_THRESHOLDS, weights: DEFAULT_WEIGHTS, floors };
    expect(validate({ risk }), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ risk: riskSettings() })).toBe(true);
  });

  test.each([
    { weights: { luck: 3 } },
    { weights: { path: -1 } },
    { weights: { path: 1.5 } },
    { thresholds: { low: 3 } },
    { thresholds: { high: 101 } },
    { floors: [{ name: "x", paths: [], class: "high" }] },
    { floors: [{ name: "x", paths: ["a"], class: "severe" }] },
    { floors: [{ paths: ["a"], class: "high" }] },
  ])("refuses %j", (risk) => {
    expect(validate({ risk })).toBe(false);
  });
});
