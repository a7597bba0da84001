import type { Finding } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { FINDINGS } from "./example.fixture.ts";
import { fingerprints } from "./fingerprints.ts";

const TEXT = "a: 1\nimage: web:latest\n";

function finding(changes: Partial<Finding> = {}): Finding {
  return {
    ruleId: "yantra/kubernetes/no-mutable-image",
    messageId: "mutable",
    level: "error",
    message: "web:latest can change under you.",
    path: "a.yaml",
    startLine: 2,
    startColumn: 8,
    endLine: 2,
    endColumn: 18,
    ...changes,
  };
}

function printsOf(findings: Finding[], texts: Record<string, string>): string[] {
  return fingerprints(findings, (path) => texts[path]);
}

test("stays when the line moves, is indented anew, or the file is renamed", () => {
  const before = printsOf([finding()], { "a.yaml": TEXT });
  expect(before[0]).toMatch(/^[0-9a-f]{32}$/);

  const moved = finding({ path: "b/c.yaml", startLine: 4, startColumn: 10, endLine: 4, endColumn: 20 });
  expect(printsOf([moved], { "b/c.yaml": "x: 1\ny: 2\nspec:\n  image: web:latest\n" })).toEqual(before);
});

test("changes with the rule, the message and the text", () => {
  const all = [
    printsOf([finding()], { "a.yaml": TEXT }),
    printsOf([finding({ ruleId: "yantra/kubernetes/other" })], { "a.yaml": TEXT }),
    printsOf([finding({ messageId: "other" })], { "a.yaml": TEXT }),
    printsOf([finding({ startColumn: 12 })], { "a.yaml": TEXT }),
    printsOf([finding()], { "a.yaml": "a: 1\nimage: api:latest\n" }),
  ];
  expect(new Set(all.flat()).size).toBe(all.length);
});

test("does not change with the wording of the message, unless the text is not at hand", () => {
  const reworded = finding({ message: "Pin it." });
  expect(printsOf([reworded], { "a.yaml": TEXT })).toEqual(printsOf([finding()], { "a.yaml": TEXT }));
  expect(printsOf([reworded], {})).not.toEqual(printsOf([finding()], {}));
});

test("tells equal findings apart by their order in the repository, whatever order they are given in", () => {
  const texts = { "a.yaml": TEXT, "b.yaml": TEXT };
  const [a, b] = [finding(), finding({ path: "b.yaml" })];
  const [first, second] = printsOf([a, b], texts);
  expect(first).not.toBe(second);
  expect(printsOf([b, a], texts)).toEqual([second, first]);
});

test("takes hostile regions as they come", () => {
  const beyond = finding({ startLine: 99, startColumn: 99, endLine: 100, endColumn: 0 });
  expect(printsOf([beyond], { "a.yaml": TEXT })[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(fingerprints(FINDINGS, () => undefined)).size).toBe(FINDINGS.length);
});
