import { describe, expect, test } from "vitest";
import type { Change } from "@yantra-lint/core";
import { readReport } from "./report.ts";
import { flooredRisk, reportOf, riskOf } from "./report.fixture.ts";
import { assessRisk } from "./score.ts";
import { DEFAULT_RISK_SETTINGS, riskSettings } from "./settings.ts";
import type { RiskReport, RiskSettings } from "./model.ts";

const EMPTY: Change = {
  files: [],
  dependencies: [],
  migrations: [],
  annotations: [],
  findings: [],
  suppressions: [],
  settings: [],
  workloads: [],
};

/** A change of a path that the built-in floors know, and a migration beside it. */
const GRAVE: Change = {
  ...EMPTY,
  files: [
    {
      path: "src/auth/login.ts",
      status: "modified",
      hunks: [{ before: { start: 1, count: 1 }, after: { start: 1, count: 2 } }],
      linesAdded: 2,
      linesDeleted: 1,
      category: "source",
      language: "TypeScript",
      edit: { kind: "logic", line: 1, declarations: [], exports: "all" },
    },
  ],
  migrations: [
    {
      path: "migrations/2.sql",
      line: 1,
      status: "added",
      direction: "up",
      phase: "contract",
      irreversible: ["DROP COLUMN orders.note"],
    },
  ],
};

function throughJson(risk: RiskReport): unknown {
  return JSON.parse(JSON.stringify(reportOf({ risk })));
}

describe("a judgement as it is made", () => {
  const judgements: [string, Change, RiskSettings][] = [
    ["nothing", EMPTY, DEFAULT_RISK_SETTINGS],
    ["a grave change", GRAVE, DEFAULT_RISK_SETTINGS],
    ["with other thresholds", GRAVE, riskSettings({ thresholds: { medium: 10, high: 95 } })],
    ["with weights of its own", GRAVE, riskSettings({ weights: { migration: 0, path: 0, edit: 7 } })],
    [
      "with a floor of its own",
      GRAVE,
      riskSettings({ floors: [{ name: "all", paths: ["**"], class: "medium" }] }),
    ],
  ];

  test.each(judgements)("is believed: %s", (_, change, settings) => {
    const risk = assessRisk({ change, settings, today: "2026-11-22" });
    const report = reportOf({ risk });
    expect(readReport(throughJson(risk))).toEqual({ report });
  });

  test("and not with a class that is lower", () => {
    const risk = assessRisk({ change: GRAVE, settings: DEFAULT_RISK_SETTINGS, today: "2026-11-22" });
    expect(risk.class).toBe("high");
    expect(readReport(throughJson({ ...risk, class: "medium" }))).toHaveProperty("problems");
    expect(readReport(throughJson({ ...risk, score: 30 }))).toHaveProperty("problems");
    expect(readReport(throughJson({ ...risk, signals: risk.signals.slice(1) }))).toHaveProperty("problems");
  });
});

test("the floor is the highest that a signal sets, and it is said", () => {
  const { floor, ...rest } = flooredRisk();
  expect(floor).toEqual({ class: "high", signal: 1 });
  expect(readReport(throughJson(rest))).toEqual({
    problems: ["risk.floor is absent, and the signals set high."],
  });
  const [first, ...others] = rest.signals;
  const signals = [...(first ? [{ ...first, floor: "medium" as const }] : []), ...others];
  expect(readReport(throughJson({ ...rest, signals, floor: { class: "medium", signal: 0 } }))).toEqual({
    problems: ["risk.floor is medium, and the signals set high."],
  });
});

test("a number without end is none, though JSON can hold one", () => {
  const { signals, ...rest } = riskOf("high");
  const endless: unknown = JSON.parse(
    JSON.stringify(
      reportOf({
        risk: { ...rest, score: 100, sum: 77, signals: signals.map((one) => ({ ...one, points: 77 })) },
      }),
    ).replaceAll("77", "1e999"),
  );
  expect(readReport(endless)).toEqual({
    problems: ["risk.sum is no number from 0 on.", "risk.signals[0].points is no number from 0 on."],
  });
});

test("every problem is told at once, with its place", () => {
  const report: unknown = JSON.parse(JSON.stringify({ ...reportOf(), authors: "ada", format: 3 }));
  expect(readReport(report)).toEqual({
    problems: ["format is not 1, the only one this version knows.", "authors is no list."],
  });
});

test("what does not follow is said with both numbers", () => {
  expect(readReport(throughJson({ ...riskOf("high"), class: "low" }))).toEqual({
    problems: ["risk.class is low, and the signals give high."],
  });
  expect(readReport(throughJson({ ...flooredRisk(), score: 12 }))).toEqual({
    problems: ["risk.score is 12, and the signals give 70."],
  });
});
