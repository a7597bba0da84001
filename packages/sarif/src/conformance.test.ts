import { createRequire } from "node:module";
import draft04 from "ajv-draft-04";
import { describe, expect, test } from "vitest";
import { exampleInput, FINDINGS } from "./example.fixture.ts";
import { LIMITS } from "./limits.ts";
import { complaintsAbout } from "./multitool.fixture.ts";
import { type SarifInput, toSarif } from "./sarif.ts";

/** What others say of our logs: the standard's JSON Schema, and Microsoft's validator with GitHub's rules. */
const require = createRequire(import.meta.url);

const CASES: [name: string, changes: Partial<SarifInput>][] = [
  ["for GitHub", {}],
  ["for the audit", { variant: "audit", category: "services/checkout", runId: "7" }],
  ["without findings", { findings: [], notices: [] }],
  ["of a run that failed", { executionSuccessful: false }],
  [
    "with findings anchored to changed lines, and a report",
    {
      findings: FINDINGS.map((finding) => ({ ...finding, state: "new" })),
      changed: new Map([
        ["src/db.ts", [{ start: 1, count: 1 }]],
        ["deploy/web.yaml", [{ start: 2, count: 1 }]],
        ["db/migrations/größe ändern.sql", [{ start: 4, count: 1 }]],
        ["elsewhere/a b.yaml", [{ start: 9, count: 3 }]],
      ]),
      report: { format: 1, risk: { class: "high", score: 82 } },
      sealKey: "a key",
    },
  ],
];

describe("the JSON Schema of SARIF 2.1.0", () => {
  // Formats are the multitool's to judge. One pattern of the schema is no regular expression in Unicode mode.
  const ajv = new draft04.default({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    allErrors: true,
  });
  const schema: unknown = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  if (typeof schema !== "object" || schema === null) throw new Error("The schema is an object.");
  const validate = ajv.compile(schema);

  test.each(CASES)("takes a log %s", (_, changes) => {
    validate(JSON.parse(JSON.stringify(toSarif(exampleInput(changes)).log)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("refuses what is none", () => {
    expect(validate({ version: "2.1.0", runs: [{ tool: {} }] })).toBe(false);
  });
});

describe("the SARIF multitool, with the rules of the standard and of GitHub", () => {
  test.each(CASES)("finds no error and no warning in a log %s", (_, changes) => {
    const { log } = toSarif(exampleInput(changes));
    expect(complaintsAbout(JSON.stringify(log, undefined, 2))).toEqual([]);
  });

  test("finds none in a log that is cut", () => {
    const [finding] = FINDINGS;
    if (!finding) throw new Error("There are findings.");
    const { log } = toSarif(
      exampleInput({ findings: Array.from({ length: LIMITS.results + 1 }, () => finding) }),
    );
    expect(log.runs[0]?.properties).toHaveProperty(["yantra/resultsLeftOut"], 1);
    const short = {
      ...log,
      runs: log.runs.map((run) => ({ ...run, results: run.results?.slice(0, 2) ?? [] })),
    };
    expect(complaintsAbout(JSON.stringify(short, undefined, 2))).toEqual([]);
  });

  test("does look: it sees a rule index without rule, and text that is no JSON", () => {
    const { log } = toSarif(exampleInput());
    const broken = JSON.stringify(log, undefined, 2).replace(/"ruleIndex": 1,/, '"ruleIndex": 77,');
    expect(complaintsAbout(broken)).toEqual([
      "error SARIF1009 runs[0].results[1] result ruleIndex 77 runs[0].tool.driver.rules 78",
    ]);
    expect(complaintsAbout("{")).toHaveLength(1);
  });
});
