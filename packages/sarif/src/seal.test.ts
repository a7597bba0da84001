import type { Run } from "sarif";
import { describe, expect, test } from "vitest";
import { exampleInput } from "./example.fixture.ts";
import { isRecord, type JsonRecord } from "./json.ts";
import { toSarif } from "./sarif.ts";
import { checkSeal, sealRun } from "./seal.ts";

const KEY = "a key that only the pipeline has";

/** A sealed run as it comes back from its file, after `edit`. */
function sealed(key?: string, edit: (text: string) => string = (text) => text): JsonRecord {
  const report = { risk: { class: "low", score: 4 }, until: undefined };
  const { log } = toSarif(exampleInput({ report, ...(key === undefined ? {} : { sealKey: key }) }));
  const run: unknown = JSON.parse(edit(JSON.stringify(log.runs[0], undefined, 2)));
  if (!isRecord(run)) throw new Error("A run is an object.");
  return run;
}

/** The same JSON with the names of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, turned(inner)]),
  );
}

function changed(run: JsonRecord, change: (run: Run) => void): JsonRecord {
  const copy: unknown = structuredClone(run);
  change(copy as Run);
  if (!isRecord(copy)) throw new Error("A run is an object.");
  return copy;
}

test.each([undefined, KEY])("holds for a run that nobody touched (key: %s)", (key) => {
  expect(checkSeal(sealed(key), key)).toBe("valid");
});

test("holds when a run that is sealed with a key is read without", () => {
  expect(checkSeal(sealed(KEY))).toBe("valid");
});

test("does not mind blanks, the order of names, and how characters are escaped", () => {
  const run = sealed(KEY, (text) => text.replaceAll("ö", "\\u00f6").replaceAll("\n", "\r\n\t"));
  expect(checkSeal(run, KEY)).toBe("valid");
  const other = turned(run);
  expect(isRecord(other) && checkSeal(other, KEY)).toBe("valid");
});

describe("is broken by", () => {
  test.each<[what: string, change: (run: Run) => void]>([
    ["a result taken out", (run) => run.results?.pop()],
    ["all results taken out", (run) => delete run.results],
    ["two results in another order", (run) => run.results?.reverse()],
    ["a lower level", (run) => Object.assign(run.results?.[0] ?? {}, { level: "note" })],
    [
      "a rule's lower level",
      (run) => Object.assign(run.tool.driver.rules?.[0] ?? {}, { defaultConfiguration: {} }),
    ],
    [
      "a suppression",
      (run) => Object.assign(run.results?.[0] ?? {}, { suppressions: [{ kind: "external" }] }),
    ],
    ["a failure called a success", (run) => Object.assign(run.invocations?.[0] ?? {}, { exitCode: 0 })],
    [
      "an edit of the report",
      (run) => Object.assign(run.properties?.["yantra/change"] as object, { risk: 0 }),
    ],
    ["another property beside it", (run) => Object.assign(run.properties ?? {}, { "yantra/x": 1 })],
    [
      "a property called __proto__",
      (run) => Object.defineProperty(run, "__proto__", { value: 1, enumerable: true }),
    ],
    [
      "a digest that is none",
      (run) => Object.assign(run.properties?.["yantra/seal"] as object, { sha256: "" }),
    ],
    ["a seal that is none", (run) => Object.assign(run.properties ?? {}, { "yantra/seal": "ok" })],
  ])("%s", (_, change) => {
    const run = sealed(KEY);
    expect(checkSeal(changed(run, change), KEY)).toBe("broken");
    expect(checkSeal(changed(run, change))).toBe("broken");
  });
});

describe("with a key", () => {
  test("is refused when it was made without, or with another", () => {
    expect(checkSeal(sealed(), KEY)).toBe("unsigned");
    expect(checkSeal(sealed(`${KEY}.`), KEY)).toBe("broken");
  });

  test("cannot be made anew by somebody without the key", () => {
    const run = changed(sealed(KEY), (copy) => copy.results?.pop());
    const again = changed(run, (copy) => Object.assign(copy, sealRun(copy)));
    expect(checkSeal(again)).toBe("valid");
    expect(checkSeal(again, KEY)).toBe("unsigned");
    const kept = changed(again, (copy) => {
      const old: unknown = sealed(KEY)["properties"];
      if (!isRecord(old) || !isRecord(old["yantra/seal"])) throw new Error("It is sealed.");
      Object.assign(copy.properties?.["yantra/seal"] as object, {
        hmacSha256: old["yantra/seal"]["hmacSha256"],
      });
    });
    expect(checkSeal(kept, KEY)).toBe("broken");
  });

  test("does not take an empty one, which a secret is that is not set", () => {
    expect(() => sealed("")).toThrow(new RangeError("The key of the seal is empty."));
    expect(() => checkSeal({}, "")).toThrow(new RangeError("The key of the seal is empty."));
  });
});

test("is absent where there is none", () => {
  expect(checkSeal({})).toBe("absent");
  expect(checkSeal({ properties: null }, KEY)).toBe("absent");
  expect(
    checkSeal(
      changed(sealed(KEY), (run) => delete run.properties),
      KEY,
    ),
  ).toBe("absent");
});
