import { type ChangedFile, FactIndex, type SuppressionFact } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { addedSuppressions } from "./suppressions.ts";

function suppression(path: string, line: number, rule = "yantra/sql/no-drop-column"): SuppressionFact {
  return {
    type: "suppression",
    path,
    startLine: line,
    startColumn: 1,
    endLine: line,
    endColumn: 2,
    directive: "disable-next-line",
    rules: [rule],
    foreign: [],
    reason: "why",
  };
}

function file(path: string, previousPath?: string): ChangedFile {
  return {
    path,
    ...(previousPath === undefined ? {} : { previousPath }),
    status: previousPath === undefined ? "modified" : "renamed",
    hunks: [],
    linesAdded: 0,
    linesDeleted: 0,
    category: "source",
    edit: { kind: "logic", line: 1, declarations: [], exports: [] },
  };
}

function added(
  files: ChangedFile[],
  before: SuppressionFact[],
  after: SuppressionFact[],
  hidden: { path: string; line: number }[] = [],
) {
  return addedSuppressions(
    files,
    new FactIndex(before),
    new FactIndex(after),
    hidden.map((one) => ({ ...one, ruleId: "yantra/sql/no-drop-column", reason: "why" })),
  ).map(({ path, line }) => `${path}:${line}`);
}

describe("addedSuppressions", () => {
  it("leaves out one that only moved, in its file or with it", () => {
    expect(added([file("a.sql")], [suppression("a.sql", 1)], [suppression("a.sql", 9)])).toEqual([]);
    expect(added([file("b.sql", "a.sql")], [suppression("a.sql", 1)], [suppression("b.sql", 1)])).toEqual([]);
  });

  it("finds a second one of the same words", () => {
    const after = [suppression("a.sql", 1), suppression("a.sql", 9)];
    expect(added([file("a.sql")], [suppression("a.sql", 1)], after)).toEqual(["a.sql:9"]);
  });

  it("finds another rule's", () => {
    const after = [suppression("a.sql", 1, "yantra/sql/no-set-not-null")];
    expect(added([file("a.sql")], [suppression("a.sql", 1)], after)).toEqual(["a.sql:1"]);
  });

  it("finds one that was there and now hides something new", () => {
    const [before, after] = [[suppression("a.sql", 1)], [suppression("a.sql", 5)]];
    expect(added([file("a.sql")], before, after, [{ path: "a.sql", line: 5 }])).toEqual(["a.sql:5"]);
  });

  it("counts one once that is new and hides something new", () => {
    expect(added([file("a.sql")], [], [suppression("a.sql", 5)], [{ path: "a.sql", line: 5 }])).toEqual([
      "a.sql:5",
    ]);
  });
});
