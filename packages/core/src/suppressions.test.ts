import { describe, expect, it } from "vitest";
import type { Finding } from "./finding.ts";
import { Lines } from "./positions.ts";
import { applySuppressions, readSuppressions } from "./suppressions.ts";

const RULE = "yantra/sql/no-drop-column";
const OTHER = "yantra/sql/no-set-not-null";

/** Comments of a SQL-like text: from `--` to the line's end. */
function read(text: string) {
  const comments = Array.from(text.matchAll(/--(.*)/g), (match) => ({
    text: match[1] ?? "",
    textStart: match.index + 2,
    range: [match.index, match.index + match[0].length] as [number, number],
  }));
  return readSuppressions(comments, new Lines(text)).map((fact) => ({ ...fact, path: "a.sql" }));
}

function finding(line: number, ruleId = RULE, path = "a.sql"): Finding {
  return {
    ruleId,
    level: "error",
    message: "m",
    path,
    startLine: line,
    startColumn: 1,
    endLine: line,
    endColumn: 5,
  };
}

function hidden(text: string, findings: Finding[]) {
  const result = applySuppressions(findings, read(text), { unsuppressible: new Set(), judges: () => true });
  return {
    lines: result.findings.filter((one) => one.suppressed).map((one) => one.startLine),
    unused: result.unused.map(({ fact, rule }) => [fact.startLine, rule]),
  };
}

describe("readSuppressions", () => {
  it("reads directive, rules and reason", () => {
    expect(read(`-- eslint-disable-next-line ${RULE}, ${OTHER} -- moved -- in v3`)).toMatchObject([
      { directive: "disable-next-line", rules: [RULE, OTHER], reason: "moved -- in v3", startLine: 1 },
    ]);
  });

  it("keeps other plugins' rules apart, and a comment without names", () => {
    expect(read("-- eslint-disable-line no-console\n-- eslint-disable")).toMatchObject([
      { rules: [], foreign: ["no-console"], reason: "" },
      { rules: [], foreign: [], reason: "" },
    ]);
  });

  it("is not fooled by words that begin alike", () => {
    expect(read(`-- eslint-disabled ${RULE}\n-- see eslint-disable ${RULE}`)).toEqual([]);
  });
});

describe("applySuppressions", () => {
  it("hides the next line only", () => {
    expect(
      hidden(`\n-- eslint-disable-next-line ${RULE} -- r\n\n`, [finding(2), finding(3), finding(4)]),
    ).toEqual({
      lines: [3],
      unused: [],
    });
  });

  it("hides the named rule only, in that file only", () => {
    const text = `-- eslint-disable ${RULE} -- r`;
    expect(hidden(text, [finding(2, OTHER), finding(2, RULE, "b.sql")])).toEqual({
      lines: [],
      unused: [[1, RULE]],
    });
  });

  it("ends a block at eslint-enable", () => {
    const text = `-- eslint-disable ${RULE} -- r\n\n-- eslint-enable ${RULE}\n`;
    expect(hidden(text, [finding(2), finding(4)]).lines).toEqual([2]);
  });

  it("ends a block at an eslint-enable without names, and begins anew", () => {
    const text = `-- eslint-disable ${RULE} -- r\n\n-- eslint-enable\n\n-- eslint-disable ${RULE} -- s\n`;
    expect(hidden(text, [finding(2), finding(4), finding(6)]).lines).toEqual([2, 6]);
  });

  it("hides a line by the comment on it, and what stands before a block's comment is not hidden", () => {
    expect(hidden(`\n-- eslint-disable-line ${RULE} -- r`, [finding(1), finding(2)]).lines).toEqual([2]);
    expect(hidden(`\n -- eslint-disable ${RULE} -- r`, [finding(1), finding(2), finding(3)]).lines).toEqual([
      3,
    ]);
  });

  it("hides nothing when no rule is named", () => {
    expect(hidden("-- eslint-disable", [finding(2)])).toEqual({ lines: [], unused: [] });
  });

  it("does not call a suppression unused whose rule is off", () => {
    const facts = read(`-- eslint-disable ${RULE} -- r`);
    const result = applySuppressions([], facts, { unsuppressible: new Set(), judges: () => false });
    expect(result.unused).toEqual([]);
  });

  it("keeps the reason, and leaves unsuppressible rules visible", () => {
    const facts = read(`-- eslint-disable-next-line ${RULE} -- the reason`);
    const options = { unsuppressible: new Set<string>(), judges: () => true };
    expect(applySuppressions([finding(2)], facts, options).findings[0]?.suppressed?.reason).toBe(
      "the reason",
    );
    const visible = applySuppressions([finding(2)], facts, { ...options, unsuppressible: new Set([RULE]) });
    expect(visible.findings[0]?.suppressed).toBeUndefined();
  });
});
