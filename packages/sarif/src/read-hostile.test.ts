import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exampleInput } from "./example.fixture.ts";
import { readSarif, SarifError } from "./read.ts";
import { toSarif } from "./sarif.ts";

describe("whatever the log holds", () => {
  /** Reads a text and wants no error but the one that is meant for people. */
  function holds(text: string): void {
    try {
      for (const run of readSarif(text, { sealKey: "k", root: "/repo" })) {
        expect(run.results.every(({ message, level }) => message !== "" && level.length > 0)).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof SarifError)) throw error;
      expect(error.message).toMatch(/\.$/);
    }
  }

  test("any JSON, and what is none, is read or refused", () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), holds), { seed: 7, numRuns: 2_000 });
  });

  test("any log with a value in the wrong place is read or refused", () => {
    const report = { a: [1] };
    const { log } = toSarif(exampleInput({ variant: "audit", report, sealKey: "k" }));
    const rich = {
      ...log,
      runs: log.runs.map((run) => ({
        ...run,
        artifacts: [{ location: { uri: "a.ts", uriBaseId: "B" } }],
        originalUriBaseIds: { B: { uri: "file:///x/", uriBaseId: "C" }, C: { uri: "y/" } },
        invocations: [
          {
            exitCode: 1,
            ruleConfigurationOverrides: [{ descriptor: { index: 0 }, configuration: { level: "note" } }],
            toolExecutionNotifications: [{ level: "error", message: { id: "x", arguments: ["a"] } }],
          },
        ],
      })),
    };
    const names = ["__proto__", "constructor", "id", "text", "level", "uri", "index", "toString", "length"];
    const wrong = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...names), fc.jsonValue()).map((value): unknown => value),
      fc.constantFrom<unknown>(-1, 1e308, "", "__proto__", "file://", "%", "{0}", "[x](1)", []),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), wrong), { minLength: 1, maxLength: 4 }), (edits) => {
        let text = JSON.stringify(rich);
        for (const [place, value] of edits) text = replaced(text, place, value);
        holds(text);
      }),
      { seed: 7, numRuns: 600 },
    );
  });

  /** The JSON with the value at one of its places, counted in the order of the text, replaced. */
  function replaced(text: string, place: number, value: unknown): string {
    let count = 0;
    JSON.parse(text, (_, inner: unknown) => {
      count += 1;
      return inner;
    });
    let index = 0;
    const edited: unknown = JSON.parse(text, (_, inner: unknown) => {
      const here = index === place % count;
      index += 1;
      return here ? value : inner;
    });
    return JSON.stringify(edited);
  }
});
