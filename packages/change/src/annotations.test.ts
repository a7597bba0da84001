import type { AnnotationFact, FileEdit, TouchedDeclaration } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { changedAnnotations } from "./annotations.ts";

function annotation(line: number, value: string, until?: string): AnnotationFact {
  return {
    type: "annotation",
    path: "",
    startLine: line,
    startColumn: 1,
    endLine: line,
    endColumn: 2,
    name: "risk",
    value,
    options: until === undefined ? {} : { until },
    reason: "why",
  };
}

function edit(...declarations: TouchedDeclaration[]): FileEdit {
  return { kind: "logic", line: 1, declarations, exports: [] };
}

const PAY: TouchedDeclaration = {
  name: "pay",
  change: "changed",
  exported: true,
  before: { start: 3, count: 5 },
  after: { start: 3, count: 6 },
};
const TEXT = ["import x from 'x';", "", "// @yantra-risk …", "export function pay() {}"].join("\n");

function changes(before: AnnotationFact[], after: AnnotationFact[], edited = edit(PAY)) {
  return changedAnnotations({
    path: "a.ts",
    edit: edited,
    before: { text: TEXT, annotations: before },
    after: { text: TEXT, annotations: after },
  }).map(({ change, risk, declaration }) => [change, risk, declaration]);
}

describe("changedAnnotations", () => {
  it.each([
    ["stands", [annotation(3, "high")], [annotation(3, "high")], ["standing", "high", "pay"]],
    ["is new", [], [annotation(3, "low")], ["added", "low", "pay"]],
    ["is raised", [annotation(3, "low")], [annotation(3, "high")], ["raised", "high", "pay"]],
    ["is lowered", [annotation(3, "high")], [annotation(3, "low")], ["lowered", "high", "pay"]],
    ["is gone", [annotation(3, "high")], [], ["removed", "high", "pay"]],
    [
      "lowers for longer",
      [annotation(3, "low", "2026-01-01")],
      [annotation(3, "low", "2027-01-01")],
      ["added", "low", "pay"],
    ],
    [
      "lowers for less long",
      [annotation(3, "low", "2027-01-01")],
      [annotation(3, "low", "2026-01-01")],
      ["standing", "low", "pay"],
    ],
  ])("one that %s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual([expected]);
  });

  it("does not take a standing low one along to another path", () => {
    const side = { text: TEXT, annotations: [annotation(3, "low")] };
    const told = changedAnnotations({
      path: "b.ts",
      edit: edit(PAY),
      renamed: true,
      before: side,
      after: side,
    });
    expect(told).toMatchObject([{ change: "added", risk: "low" }]);
    const high = { text: TEXT, annotations: [annotation(3, "high")] };
    expect(
      changedAnnotations({ path: "b.ts", edit: edit(PAY), renamed: true, before: high, after: high }),
    ).toMatchObject([{ change: "standing", risk: "high" }]);
  });

  it("leaves out those on declarations that nothing touches", () => {
    expect(changes([annotation(20, "high")], [annotation(21, "high")])).toEqual([]);
  });

  it("takes the annotation of code that is gone for standing", () => {
    const { after, ...gone } = { ...PAY, change: "removed" as const };
    expect(after).toBeDefined();
    expect(changes([annotation(3, "high")], [], edit(gone))).toEqual([["standing", "high", "pay"]]);
  });

  it("counts a low one that is taken away for nothing", () => {
    expect(changes([annotation(3, "low")], [])).toEqual([]);
  });

  it("takes one above all code for the whole file's", () => {
    const text = ["// @yantra-risk high -- cards", "", "import x from 'x';"].join("\n");
    const side = { text, annotations: [annotation(1, "high")] };
    const told = changedAnnotations({ path: "a.ts", edit: edit(PAY), before: side, after: side });
    expect(told).toMatchObject([{ change: "standing", risk: "high", line: 1 }]);
    expect(told[0]).not.toHaveProperty("declaration");
  });

  it("takes every one for the file's where declarations are not known", () => {
    expect(changes([annotation(20, "medium")], [annotation(20, "medium")], edit())).toEqual([
      ["standing", "medium", undefined],
    ]);
  });
});
