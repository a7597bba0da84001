import { FactIndex, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf } from "../testing.ts";
import rule from "./no-expired-annotation.ts";

const RULE = "yantra/code/no-expired-annotation";

function check(text: string, today: string, soon?: number): Finding[] {
  return runWorkspaceRule(RULE, rule, {
    facts: new FactIndex(factsOf({ "src/a.ts": text })),
    today,
    level: "warning",
    ...(soon === undefined ? {} : { options: [{ soon }] }),
  });
}

describe("silent", () => {
  test.each([
    ["no date", "// @yantra-risk low -- copy only", "2999-01-01"],
    ["its last day is today", "// @yantra-risk low until=2026-05-01 -- copy only", "2026-05-01"],
    ["its last day is to come", "// @yantra-risk high until=2026-05-01 -- cards", "2026-04-30"],
    ["it is ignored anyway", "// @yantra-risk low until=2020-01-01", "2026-05-01"],
    ["a date that no calendar has", "// @yantra-risk low until=2020-02-30 -- copy", "2026-05-01"],
    ["no annotation", "// until=2020-01-01 @yantra-risk low -- copy", "2026-05-01"],
  ])("%s", (_, text, today) => {
    expect(check(text, today)).toEqual([]);
  });

  test("it ends after the days that count as soon", () => {
    expect(check("// @yantra-risk low until=2026-05-15 -- copy", "2026-05-01", 14)).toEqual([]);
  });
});

test("one that lowered", () => {
  expect(check("const a = 1;\n// @yantra-risk low until=2026-02-28 -- copy only  ", "2026-03-01")).toEqual([
    {
      ruleId: RULE,
      messageId: "lowered",
      level: "warning",
      message:
        "This annotation ended on 2026-02-28, one day ago: it lowers nothing any more, so changes here need a human again although the comment says that they are harmless. Take it away, or look at the code again and give it a new date.",
      path: "src/a.ts",
      startLine: 2,
      startColumn: 4,
      endLine: 2,
      endColumn: 50,
    },
  ]);
});

test("one that lifts still lifts", () => {
  expect(check("/** @yantra-risk high until=2025-03-01 -- cards */", "2026-03-01")).toEqual([
    {
      ruleId: RULE,
      messageId: "lifted",
      level: "warning",
      message:
        "This annotation ended on 2025-03-01, 365 days ago, and still lifts the risk of every change here to high. Take it away if the danger is over, or give it a new date if it is not.",
      path: "src/a.ts",
      startLine: 1,
      startColumn: 5,
      endLine: 1,
      endColumn: 48,
    },
  ]);
});

test.each([
  ["low", "2026-05-01", "today", "in full"],
  ["low", "2026-05-14", "in 13 days", "in full"],
  ["medium", "2026-05-02", "in one day", "as medium although the date has passed"],
])("%s until %s ends soon", (value, until, ahead, how) => {
  expect(check(`// @yantra-risk ${value} until=${until} -- copy`, "2026-05-01", 14)).toMatchObject([
    {
      messageId: "ending",
      message: `This annotation ends on ${until}, ${ahead}, after which changes here are judged ${how}. Take it away, or look at the code again and give it a new date.`,
      startLine: 1,
      startColumn: 4,
    },
  ]);
});
