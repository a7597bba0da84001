import { gzipSync } from "node:zlib";
import type { Finding } from "@yantra-lint/core";
import type { Result, Run } from "sarif";
import { describe, expect, test } from "vitest";
import { exampleInput, FINDINGS, RULES } from "./example.fixture.ts";
import { LIMITS, limitSize } from "./limits.ts";
import { type SarifInput, toSarif } from "./sarif.ts";

function runOf(changes: Partial<SarifInput> = {}): Run {
  const [run] = toSarif(exampleInput(changes)).log.runs;
  if (!run) throw new Error("A log has one run.");
  return run;
}

function resultsOf(changes: Partial<SarifInput> = {}): Result[] {
  return runOf(changes).results ?? [];
}

describe("a log", () => {
  test("is the same for the same input, byte by byte", () => {
    const once = JSON.stringify(toSarif(exampleInput()).log);
    expect(JSON.stringify(toSarif(exampleInput()).log)).toBe(once);
    expect(once).not.toMatch(/startTime|endTime|guid/i);
  });

  test("always has results, also none", () => {
    const run = runOf({ findings: [], notices: [] });
    expect(run.results).toEqual([]);
    expect(run.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  test("names its category and run as GitHub reads them", () => {
    expect(runOf().automationDetails?.id).toBe("yantra-lint/");
    expect(runOf({ category: "services/checkout/", runId: "main/7" }).automationDetails?.id).toBe(
      "services/checkout/main-7",
    );
  });

  test("says what kept the tool from looking, and what it wants to tell", () => {
    expect(runOf({ executionSuccessful: false }).invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            descriptor: { id: "helm-template" },
            level: "note",
            message: { text: "2 templates are not read: {{ .Values.image }} is unknown." },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "charts/web%20app/a.yaml", uriBaseId: "%SRCROOT%" },
                },
              },
            ],
          },
          {
            descriptor: { id: "cache" },
            level: "note",
            message: { text: "The cache could not be written." },
          },
        ],
      },
    ]);
  });
});

describe("a rule", () => {
  test("carries its descriptions, page, level and messages", () => {
    expect(runOf().tool.driver.rules?.[0]).toEqual({
      id: "yantra/sql/no-drop-column",
      name: "NoDropColumn",
      shortDescription: { text: "Disallow dropping a column outside the contract phase." },
      fullDescription: {
        text: "Disallow dropping a column outside the contract phase. The release that still runs reads it.",
      },
      help: {
        text: "Disallow dropping a column outside the contract phase. Run `yantra-lint explain yantra/sql/no-drop-column` to read why, and what to do instead.",
        markdown: RULES[0]?.page,
      },
      messageStrings: { dropped: { text: "{0}.{1} is dropped, but {0} is still read." } },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["sql", "irreversible"], precision: "high", "problem.severity": "error" },
    });
  });

  test("leaves out messages that are no sentences with a full stop", () => {
    expect(runOf().tool.driver.rules?.[2]?.messageStrings).toEqual({
      selector: { text: "The selector {0} matches no pods." },
    });
  });

  test("that is a suggestion is a recommendation to GitHub", () => {
    expect(runOf().tool.driver.rules?.[2]?.properties).toMatchObject({
      "problem.severity": "recommendation",
    });
  });

  test("must be known when a finding names it", () => {
    expect(() => toSarif(exampleInput({ rules: RULES.slice(1) }))).toThrow(
      "The rules for SARIF lack yantra/sql/no-drop-column, which has a finding.",
    );
  });
});

describe("a result", () => {
  test("has its place, its links, its fixes and its fingerprints", () => {
    const [result] = resultsOf();
    const file = {
      uri: "db/migrations/gr%C3%B6%C3%9Fe%20%C3%A4ndern.sql",
      uriBaseId: "%SRCROOT%",
    };
    const deletedRegion = { startLine: 2, startColumn: 1, endLine: 2, endColumn: 37 };
    expect(result).toEqual({
      ruleId: "yantra/sql/no-drop-column",
      ruleIndex: 0,
      level: "error",
      message: {
        text: "orders.note is dropped, but release 41 still reads it. Drop it one release later. See [It is read here \\[0\\]](1), [And here](2).",
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: file,
            region: { startLine: 2, startColumn: 20, endLine: 2, endColumn: 36 },
          },
        },
      ],
      relatedLocations: [
        {
          id: 1,
          physicalLocation: {
            artifactLocation: { uri: "src/db.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 1, startColumn: 28, endLine: 1, endColumn: 32 },
          },
          message: { text: "It is read here [0]." },
        },
        {
          id: 2,
          physicalLocation: {
            artifactLocation: { uri: "src/db.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 1, startColumn: 21, endLine: 1, endColumn: 45 },
          },
          message: { text: "And here." },
        },
      ],
      partialFingerprints: {
        primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]+:1$/),
        "yantraFingerprint/v1": expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      fixes: [
        {
          description: { text: "What `yantra-lint --fix` does." },
          artifactChanges: [
            { artifactLocation: file, replacements: [{ deletedRegion, insertedContent: { text: "" } }] },
          ],
        },
        {
          description: { text: "Keep the column for now." },
          artifactChanges: [
            {
              artifactLocation: file,
              replacements: [{ deletedRegion, insertedContent: { text: "-- later\n" } }],
            },
          ],
        },
      ],
    });
  });

  test("of several lines is shown on the first, with all of them as context", () => {
    expect(resultsOf()[1]?.locations?.[0]?.physicalLocation).toMatchObject({
      region: { startLine: 3, startColumn: 1 },
      contextRegion: { startLine: 3, startColumn: 1, endLine: 4, endColumn: 34 },
    });
    expect(resultsOf()[1]?.locations?.[0]?.physicalLocation?.region).not.toHaveProperty("endLine");
  });

  test("says hostile text as text", () => {
    expect(resultsOf()[1]?.message.text).toBe(
      "SET NOT NULL on `{{0}}` reads the whole table \\[twice\\](1) under \uFFFD\\[31mlock\uFFFD\\[0m.",
    );
  });

  test("never has a line or column below 1", () => {
    const [finding] = FINDINGS;
    if (!finding) throw new Error("There are findings.");
    const broken: Finding = { ...finding, startLine: -1, startColumn: 0, endLine: 0, endColumn: 0 };
    const [result] = resultsOf({ findings: [broken] });
    expect(result?.locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 1,
    });
  });

  test("does without hash and fixes when the text is not at hand", () => {
    const [result] = resultsOf({ textOf: () => undefined });
    expect(result).not.toHaveProperty("fixes");
    expect(result?.partialFingerprints).not.toHaveProperty("primaryLocationLineHash");
  });

  test("that is suppressed is for the audit only", () => {
    expect(resultsOf().map((result) => result.ruleIndex)).toEqual([0, 1, 2]);
    expect(resultsOf({ variant: "audit" }).map((result) => result.suppressions)).toEqual([
      [],
      [],
      [
        {
          kind: "inSource",
          status: "accepted",
          justification: "The pods come from another repository.",
          location: {
            physicalLocation: {
              artifactLocation: { uri: "deploy/web.yaml", uriBaseId: "%SRCROOT%" },
              region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 14 },
            },
          },
        },
      ],
      [],
    ]);
    expect(resultsOf()[0]).not.toHaveProperty("suppressions");
  });

  test("has the same fingerprint in both variants", () => {
    const github = resultsOf().map((result) => result.partialFingerprints);
    const audit = resultsOf({ variant: "audit" }).map((result) => result.partialFingerprints);
    expect(github).toEqual([audit[0], audit[1], audit[3]]);
  });
});

describe("GitHub's limits", () => {
  function many(count: number): Finding[] {
    return Array.from({ length: count }, (_, index) => ({
      ruleId: "yantra/sql/no-set-not-null",
      level: index % 1000 === 999 ? "error" : "warning",
      message: `Finding ${index}.`,
      path: "a.sql",
      startLine: index + 1,
      startColumn: 1,
      endLine: index + 1,
      endColumn: 2,
    }));
  }

  test("25,000 results: the most severe stay, in their order", () => {
    const { log, notices } = toSarif(exampleInput({ findings: many(26_000) }));
    const results = log.runs[0]?.results ?? [];
    expect(results).toHaveLength(LIMITS.results);
    expect(results.filter((result) => result.level === "error")).toHaveLength(26);
    expect(results.at(-1)?.message.text).toBe("Finding 25999.");
    expect(notices).toEqual([
      {
        id: "sarif-limit-results",
        message:
          "26000 findings are more than the 25000 GitHub accepts in one upload: the 1000 least severe are left out. Lint fewer paths at a time, each with a category of its own.",
      },
    ]);
  });

  test("the audit keeps them all", () => {
    const { log, notices } = toSarif(exampleInput({ findings: many(26_000), variant: "audit" }));
    expect(log.runs[0]?.results).toHaveLength(26_000);
    expect(notices).toEqual([]);
  });

  test("5,000 results shown: nothing is cut, but it is said", () => {
    const { log, notices } = toSarif(exampleInput({ findings: many(5_001) }));
    expect(log.runs[0]?.results).toHaveLength(5_001);
    expect(notices.map(({ id }) => id)).toEqual(["sarif-limit-results-shown"]);
    expect(toSarif(exampleInput({ findings: many(5_000) })).notices).toEqual([]);
  });

  test("100 locations a result and 10 tags a rule", () => {
    const [finding, ...rest] = FINDINGS;
    const related = Array.from({ length: 150 }, (_, index) => ({
      message: `Place ${index}.`,
      path: "src/db.ts",
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 2,
    }));
    const [rule, ...otherRules] = RULES;
    if (!finding || !rule) throw new Error("There are findings and rules.");
    const tags = Array.from({ length: 30 }, (_, index) => `tag-${index}`);
    const { log, notices } = toSarif(
      exampleInput({
        findings: [{ ...finding, related }, ...rest],
        rules: [{ ...rule, tags }, ...otherRules],
      }),
    );
    expect(log.runs[0]?.results?.[0]?.relatedLocations).toHaveLength(99);
    expect(log.runs[0]?.results?.[0]?.message.text).toMatch(/\[Place 98\]\(99\)\.$/);
    expect(log.runs[0]?.tool.driver.rules?.[0]?.properties?.tags).toEqual(tags.slice(0, 10));
    expect(notices.map(({ id }) => id)).toEqual(["sarif-limit-tags", "sarif-limit-locations"]);
  });

  test("the size of an upload: fixes go first, then the least severe results", () => {
    const { log } = toSarif(exampleInput({ variant: "audit" }));
    expect(limitSize(log)).toEqual({ log, notices: [] });

    const justTooLarge = gzipSync(JSON.stringify(log, undefined, 2)).length - 1;
    const withoutFixes = limitSize(log, justTooLarge);
    expect(withoutFixes.notices.map(({ id }) => id)).toEqual(["sarif-limit-size"]);
    expect(withoutFixes.log.runs[0]?.results).toHaveLength(4);
    expect(JSON.stringify(withoutFixes.log)).not.toContain("insertedContent");

    const tiny = limitSize(log, 10);
    expect(tiny.log.runs[0]?.results).toEqual([]);
    expect(tiny.notices.map(({ id }) => id)).toEqual(["sarif-limit-size", "sarif-limit-size-results"]);
  });
});
