import { describe, expect, it } from "vitest";
import { isCalendarDate, parseAnnotations } from "./annotations.ts";
import type { Comment } from "./comments.ts";

function comment(text: string, textStart = 2): Comment {
  return { text, textStart, range: [textStart - 2, textStart + text.length] };
}

describe("valid annotations", () => {
  it.each([
    ["@yantra-risk high -- moves money", { name: "risk", value: "high", options: {}, reason: "moves money" }],
    [
      "@yantra-risk low until=2027-01-31 -- copy only -- reviewed",
      { name: "risk", value: "low", options: { until: "2027-01-31" }, reason: "copy only -- reviewed" },
    ],
    ["@yantra-owner team/payments", { name: "owner", value: "team/payments", options: {}, reason: "" }],
    [
      "@yantra-health /payments checks=stripe,db",
      { name: "health", value: "/payments", options: { checks: "stripe,db" }, reason: "" },
    ],
    ["@yantra-depends @shop/ledger", { name: "depends", value: "@shop/ledger", options: {}, reason: "" }],
    [
      "@yantra-phase contract after=v1.4.0",
      { name: "phase", value: "contract", options: { after: "v1.4.0" }, reason: "" },
    ],
  ])("%s", (text, expected) => {
    const [annotation, ...more] = parseAnnotations(comment(text));
    expect(more).toEqual([]);
    expect(annotation).toMatchObject({ ...expected, problems: [] });
  });

  it("stand on lines of their own in a block comment, with exact ranges", () => {
    const text = "*\n * Pays.\n * @yantra-owner shop\r\n * @yantra-depends bank  \n ";
    const found = parseAnnotations(comment(text, 10));
    expect(found.map(({ name, value }) => [name, value])).toEqual([
      ["owner", "shop"],
      ["depends", "bank"],
    ]);
    expect(found.map(({ range: [start, end] }) => text.slice(start - 10, end - 10))).toEqual([
      "@yantra-owner shop",
      "@yantra-depends bank",
    ]);
  });

  it("are not read out of running text", () => {
    expect(parseAnnotations(comment("see @yantra-risk in the manual"))).toEqual([]);
  });
});

describe("problems", () => {
  it.each([
    ["@yantra-rsik high -- x", "unknownName", "@yantra-rsik", "@yantra-risk"],
    ["@yantra-colour red", "unknownName", "@yantra-colour", undefined],
    ["@yantra-risk hihg -- x", "invalidValue", "hihg", "high"],
    ["@yantra-risk -- x", "missingValue", "@yantra-risk", undefined],
    ["@yantra-risk high", "missingReason", "@yantra-risk", undefined],
    ["@yantra-risk high untli=2027-01-01 -- x", "unknownOption", "untli", "until"],
    ["@yantra-risk high until=2027-02-30 -- x", "invalidOption", "2027-02-30", undefined],
    ["@yantra-risk high until=soon -- x", "invalidOption", "soon", undefined],
    [
      "@yantra-risk high until=2027-01-01 until=2027-01-02 -- x",
      "repeatedOption",
      "until=2027-01-02",
      undefined,
    ],
    ["@yantra-owner shop team", "unexpectedWord", "team", undefined],
    ["@yantra-health payments", "invalidValue", "payments", undefined],
  ])("%s: %s", (text, kind, marked, suggestion) => {
    const [annotation] = parseAnnotations(comment(text));
    const problems = annotation?.problems ?? [];
    expect(problems.map((problem) => problem.kind)).toEqual([kind]);
    const [start, end] = problems[0]?.range ?? [0, 0];
    expect(text.slice(start - 2, end - 2)).toBe(marked);
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it("takes option names for what they are, whatever an object inherits", () => {
    const [annotation] = parseAnnotations(comment("@yantra-owner shop __proto__=x constructor=y"));
    expect(annotation?.problems.map((problem) => problem.kind)).toEqual(["unknownOption", "unknownOption"]);
  });
});

it.each([
  ["2026-02-28", true],
  ["2026-02-29", false],
  ["2024-02-29", true],
  ["2026-13-01", false],
])("%s is a day of the calendar: %s", (text, expected) => {
  expect(isCalendarDate(text)).toBe(expected);
});
