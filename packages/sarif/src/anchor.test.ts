import type { Finding, LineSpan, Location } from "@yantra-lint/core";
import fc from "fast-check";
import type { Result } from "sarif";
import { describe, expect, test } from "vitest";
import { anchor, type ChangedLines } from "./anchor.ts";
import { exampleInput, RULES } from "./example.fixture.ts";
import { type SarifFinding, type SarifInput, toSarif } from "./sarif.ts";

const RULE = "yantra/kubernetes/no-unresolved-reference";

function place(path: string, startLine: number, endLine = startLine): Location {
  return { path, startLine, startColumn: 3, endLine, endColumn: 9 };
}

function finding(at: Location, related: Location[] = []): SarifFinding {
  return {
    ...at,
    ruleId: RULE,
    level: "error",
    message: "The selector app=web matches no pods.",
    related: related.map((location, index) => ({ ...location, message: `Place ${index}.` })),
    state: "new",
  };
}

function lines(spans: Record<string, [start: number, count: number][]>): ChangedLines {
  return new Map(
    Object.entries(spans).map(([path, all]) => [path, all.map(([start, count]) => ({ start, count }))]),
  );
}

function line(path: string, at: number): Location {
  return { path, startLine: at, startColumn: 1, endLine: at, endColumn: 1 };
}

describe("a finding", () => {
  test("on a changed line stays", () => {
    const at = place("a.yaml", 4, 9);
    expect(anchor(finding(at), lines({ "a.yaml": [[2, 3]] }))).toEqual({ location: at, moved: false });
  });

  test("stays where nothing is changed that has to do with it", () => {
    const at = place("a.yaml", 4);
    const spans = lines({ "b.yaml": [[1, 9]], "a.yaml": [[4, 0]] });
    expect(anchor(finding(at, [place("c.yaml", 1)]), spans)).toEqual({ location: at, moved: false });
    expect(anchor(finding(at), spans, place("c.yaml", 1))).toEqual({ location: at, moved: false });
  });

  test.each<[where: string, expected: Location, spans: Record<string, [number, number][]>]>([
    ["a changed line inside of it", line("a.yaml", 6), { "a.yaml": [[6, 3]], "b.yaml": [[2, 1]] }],
    [
      "a related location on a changed line",
      place("b.yaml", 2, 5),
      { "a.yaml": [[1, 1]], "b.yaml": [[2, 1]] },
    ],
    [
      "a changed line inside of a related location",
      line("b.yaml", 4),
      { "a.yaml": [[1, 1]], "b.yaml": [[4, 9]] },
    ],
    ["the cause", place("c.ts", 7, 9), { "a.yaml": [[1, 1]], "c.ts": [[7, 1]] }],
    ["a changed line inside of the cause", line("c.ts", 9), { "a.yaml": [[1, 1]], "c.ts": [[9, 1]] }],
    [
      "the nearest changed line of its file",
      line("a.yaml", 2),
      {
        "a.yaml": [
          [10, 1],
          [1, 2],
        ],
        "c.ts": [[1, 1]],
      },
    ],
    [
      "the line above of two equally near",
      line("a.yaml", 1),
      {
        "a.yaml": [
          [9, 1],
          [1, 1],
        ],
      },
    ],
    [
      "the nearest changed line of the cause's file",
      line("c.ts", 12),
      {
        "c.ts": [
          [1, 1],
          [12, 5],
        ],
      },
    ],
  ])("is anchored to %s", (_, expected, spans) => {
    // Its region ends before line 8, and the one of the related place within line 5.
    const at = { ...place("a.yaml", 5, 8), endColumn: 1 };
    const related = [place("d.yaml", 1), place("b.yaml", 2, 5)];
    const { location, moved } = anchor(finding(at, related), lines(spans), place("c.ts", 7, 9));
    expect(location).toEqual(expected);
    expect(moved).toBe(true);
  });

  test("takes a related location that begins on a changed line before one that holds some", () => {
    const at = anchor(
      finding(place("a.yaml", 5), [place("b.yaml", 1, 50), place("c.yaml", 3)]),
      lines({ "b.yaml": [[20, 1]], "c.yaml": [[3, 1]] }),
    );
    expect(at).toEqual({ location: place("c.yaml", 3), moved: true });
  });

  test("is anchored to a changed line or not at all, and never to a line that there is not", () => {
    const span = fc.record({ start: fc.integer({ min: 1, max: 30 }), count: fc.integer({ min: 0, max: 4 }) });
    const at = fc.record({
      path: fc.constantFrom("a", "b", "c"),
      startLine: fc.integer({ min: 1, max: 30 }),
      endLine: fc.integer({ min: 1, max: 30 }),
      startColumn: fc.integer({ min: 1, max: 3 }),
      endColumn: fc.integer({ min: 1, max: 3 }),
    });
    const spans = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.array(span, { maxLength: 4 }));
    const isOn = (all: Record<string, LineSpan[]>, { path, startLine }: Location): boolean =>
      (all[path] ?? []).some(({ start, count }) => startLine >= start && startLine < start + count);
    fc.assert(
      fc.property(at, fc.array(at, { maxLength: 3 }), fc.option(at), spans, (own, related, cause, all) => {
        const changed = new Map(Object.entries(all));
        const found = anchor(finding(own, related), changed, cause ?? undefined);
        if (found.moved) return isOn(all, found.location) && !isOn(all, own);
        return found.location.path === own.path && found.location.startLine === own.startLine;
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});

describe("in SARIF", () => {
  const TEXTS: Record<string, string> = {
    "deploy/rollout.yaml": "kind: Rollout\nspec:\n  selector:\n    app: web\n",
    "deploy/config.yaml": "kind: ConfigMap\n  data: {}  \n",
  };
  const AT = { path: "deploy/rollout.yaml", startLine: 4, startColumn: 10, endLine: 4, endColumn: 13 };
  const FOUND = finding(AT, [place("deploy/pod.yaml", 3)]);

  function resultOf(changes: Partial<SarifInput>): Result {
    const { log } = toSarif(
      exampleInput({ findings: [FOUND], notices: [], textOf: (path) => TEXTS[path], ...changes }),
    );
    const [result] = log.runs[0]?.results ?? [];
    if (!result) throw new Error("There is a result.");
    return result;
  }

  const CHANGED = lines({ "deploy/config.yaml": [[2, 1]] });
  const MOVED: SarifFinding = { ...FOUND, cause: place("deploy/config.yaml", 1, 2) };

  test("its own place is the first related location, and linked", () => {
    const result = resultOf({ findings: [MOVED], changed: CHANGED });
    expect(result.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "deploy/config.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 11 },
        },
      },
    ]);
    expect(result.relatedLocations?.map(({ id, physicalLocation }) => [id, physicalLocation])).toEqual([
      [
        1,
        {
          artifactLocation: { uri: "deploy/rollout.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine: 4, startColumn: 10, endLine: 4, endColumn: 13 },
        },
      ],
      [2, expect.objectContaining({ artifactLocation: { uri: "deploy/pod.yaml", uriBaseId: "%SRCROOT%" } })],
    ]);
    expect(result.message.text).toBe(
      "The selector app=web matches no pods. See [deploy/rollout.yaml:4](1), [Place 0](2).",
    );
    expect(result.properties).toEqual({ "yantra/anchored": true });
  });

  test("a line whose text is not at hand is meant as a whole", () => {
    const result = resultOf({ findings: [MOVED], changed: CHANGED, textOf: () => undefined });
    expect(result.locations?.[0]?.physicalLocation?.region).toEqual({ startLine: 2 });
  });

  test("its fingerprints are those of its own place", () => {
    const moved = resultOf({ findings: [MOVED], changed: CHANGED });
    expect(moved.partialFingerprints).toHaveProperty("primaryLocationLineHash");
    expect(moved.partialFingerprints).toEqual(resultOf({}).partialFingerprints);
  });

  test("nothing moves when it was there before, in the audit, or when nobody says what changed", () => {
    const still = resultOf({ findings: [MOVED] });
    expect(still.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe("deploy/rollout.yaml");
    expect(still).not.toHaveProperty("properties");
    expect(resultOf({ findings: [MOVED], changed: CHANGED, variant: "audit" })).toEqual({
      ...still,
      suppressions: [],
    });
    const old = { ...MOVED, state: "existing" as const };
    expect(resultOf({ findings: [old], changed: CHANGED }).locations).toEqual(still.locations);
  });

  test("it has no more locations than GitHub keeps", () => {
    const related = Array.from({ length: 150 }, (_, index) => place("deploy/pod.yaml", index + 1));
    const many: Finding = finding(AT, related);
    const { log, notices } = toSarif(
      exampleInput({
        findings: [{ ...many, state: "new" }],
        rules: RULES,
        changed: lines({ [AT.path]: [[1, 1]] }),
      }),
    );
    const result = log.runs[0]?.results?.[0];
    expect(result?.relatedLocations).toHaveLength(99);
    expect(result?.message.text).toMatch(/See \[deploy\/rollout\.yaml:4\]\(1\), .*\[Place 97\]\(99\)\.$/);
    expect(notices.map(({ message }) => message)).toEqual([
      `A finding of ${RULE} has 152 locations; GitHub keeps 100, so the rest is left out.`,
    ]);
  });
});
