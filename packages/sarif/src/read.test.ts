import { describe, expect, test } from "vitest";
import { exampleInput, FINDINGS } from "./example.fixture.ts";
import { at, resultOf, runOf } from "./read.fixture.ts";
import { readSarif, type ReadOptions, SarifError, type SarifRun } from "./read.ts";
import { type SarifInput, toSarif } from "./sarif.ts";

function refusal(text: string): string {
  try {
    readSarif(text);
  } catch (error) {
    if (error instanceof SarifError) return error.message;
    throw error;
  }
  return "read";
}

describe("our own log", () => {
  const report = { format: 1, risk: { class: "high", score: 82.5, signals: [] }, base: undefined };

  function readBack(changes: Partial<SarifInput>, options?: ReadOptions): SarifRun[] {
    return readSarif(JSON.stringify(toSarif(exampleInput(changes)).log, undefined, 2), options);
  }

  test("comes back as it went: findings, report, seal", () => {
    const findings = FINDINGS.map((finding, index) => ({
      ...finding,
      state: index === 0 ? ("existing" as const) : ("new" as const),
    }));
    const category = "services/checkout";
    const [run] = readBack({ findings, report, variant: "audit", category, sealKey: "k" }, { sealKey: "k" });
    expect(run?.results).toEqual(
      FINDINGS.map(({ level, ruleId, path, startLine, suppressed }, index) => ({
        level,
        ruleId,
        path,
        line: startLine,
        suppressed: suppressed !== undefined,
        state: index === 0 ? "unchanged" : "new",
        message: [
          "orders.note is dropped, but release 41 still reads it. Drop it one release later. See It is read here [0] (src/db.ts:1), And here (src/db.ts:1).",
          "SET NOT NULL on `{0}` reads the whole table [twice](1) under \uFFFD[31mlock\uFFFD[0m.",
          "The selector app=chekout matches no pods.",
          "A file that is not at hand. Did you mean another?",
        ][index],
      })),
    );
    expect(run).toMatchObject({
      tool: { name: "yantra-lint", version: "1.2.3" },
      category: "services/checkout/",
      problems: [],
      seal: "valid",
      leftOut: 0,
    });
    expect(run?.report).toEqual({ format: 1, risk: { class: "high", score: 82.5, signals: [] } });
  });

  test("gives an anchored finding back at its own place", () => {
    const [finding] = FINDINGS;
    if (!finding) throw new Error("There are findings.");
    const changed = new Map([["src/db.ts", [{ start: 1, count: 1 }]]]);
    const [run] = readBack({ findings: [{ ...finding, state: "new" }], changed });
    expect(run?.results[0]).toMatchObject({ path: finding.path, line: 2 });
    expect(run?.results[0]?.message).toBe(
      "orders.note is dropped, but release 41 still reads it. Drop it one release later. See db/migrations/größe ändern.sql:2, It is read here [0] (src/db.ts:1), And here (src/db.ts:1).",
    );
  });

  test("says that it failed, and has no report unless it is given one", () => {
    const [run] = readBack({ executionSuccessful: false });
    expect(run?.problems).toEqual(["The tool did not finish: its run failed."]);
    expect(run?.report).toBeUndefined();
  });

  test("says how many results GitHub's limits cut", () => {
    const findings = Array.from({ length: 25_007 }, (_, index) => ({
      ruleId: "yantra/sql/no-set-not-null",
      level: "warning" as const,
      message: `Finding ${index}.`,
      path: "a.sql",
      startLine: index + 1,
      startColumn: 1,
      endLine: index + 1,
      endColumn: 2,
    }));
    const [run] = readBack({ findings });
    expect(run?.leftOut).toBe(7);
    expect(run?.problems).toEqual(["7 results were left out because the log was too large."]);
    expect(run?.seal).toBe("valid");
    expect(readBack({ findings: findings.slice(0, 9) })[0]?.leftOut).toBe(0);
  });

  test("stays checkable run by run when logs are merged", () => {
    const ours = toSarif(exampleInput({ sealKey: "k" })).log.runs;
    const edited = toSarif(exampleInput({ sealKey: "k" })).log.runs.map((run) => ({ ...run, results: [] }));
    const other = [{ tool: { driver: { name: "scan" } }, results: [] }];
    const merged = JSON.stringify({ runs: [...ours, ...other, ...edited], version: "2.1.0" });
    expect(readSarif(merged, { sealKey: "k" }).map(({ seal }) => seal)).toEqual([
      "valid",
      "absent",
      "broken",
    ]);
  });
});

describe("a level", () => {
  const rules = [
    { id: "plain" },
    { id: "grave", guid: "AB-1", defaultConfiguration: { level: "error" } },
    { id: "grave/small", defaultConfiguration: { level: "note" } },
  ];
  const extensions = [
    { name: "x" },
    {
      name: "pack",
      guid: "P-2",
      rules: [{ id: "js/x", guid: "R", defaultConfiguration: { level: "error" } }],
    },
  ];
  const tool = { driver: { name: "scan", rules }, extensions };

  test.each<[expected: string, result: object]>([
    ["warning", {}],
    ["note", { level: "note" }],
    ["note", { level: "note", ruleIndex: 1 }],
    ["warning", { ruleId: "plain" }],
    ["error", { ruleIndex: 1 }],
    ["error", { ruleId: "grave", level: null }],
    ["error", { rule: { id: "grave" } }],
    ["error", { rule: { index: 1 } }],
    ["error", { rule: { guid: "ab-1" } }],
    ["error", { ruleId: "grave/other" }],
    ["note", { ruleId: "grave/small" }],
    ["note", { ruleId: "grave/small/part" }],
    ["error", { ruleId: "grave", ruleIndex: 77 }],
    ["error", { ruleId: "grave", ruleIndex: -1 }],
    ["warning", { ruleId: "gravel" }],
    ["warning", { ruleId: "__proto__" }],
    ["error", { rule: { index: 0, toolComponent: { index: 1 } } }],
    ["error", { rule: { index: 0, toolComponent: { guid: "p-2" } } }],
    ["error", { ruleId: "js/x", ruleIndex: -1 }],
    ["warning", { rule: { id: "grave", toolComponent: { index: 0 } } }],
    ["none", { kind: "pass", ruleIndex: 1 }],
    ["none", { kind: "review" }],
    ["none", { level: "none" }],
    // What contradicts itself, and what nobody knows, is taken for the worst.
    ["error", { kind: "pass", level: "error" }],
    ["error", { kind: "whatever", ruleIndex: 1 }],
    ["error", { level: "critical" }],
  ])("is %s of %j", (expected, result) => {
    expect(resultOf(result, { tool }).level).toBe(expected);
  });

  test("that SARIF does not know is a problem", () => {
    expect(runOf({ results: [{ level: "critical" }, { level: "critical" }, { level: 3 }] }).problems).toEqual(
      [
        'The level "critical" is none of SARIF\'s; it counts as an error.',
        "The level 3 is none of SARIF's; it counts as an error.",
      ],
    );
  });

  test("is what the invocation of the result made it", () => {
    const override = (level?: string): object => ({
      executionSuccessful: true,
      ruleConfigurationOverrides: [
        { descriptor: { index: 1 }, configuration: level ? { level } : { rank: 1 } },
      ],
    });
    const levelOf = (invocations: object[], result: object): string =>
      resultOf({ ruleId: "grave", ...result }, { tool, invocations }).level;
    const second = { provenance: { invocationIndex: 1 } };
    expect(levelOf([override("note")], {})).toBe("note");
    expect(levelOf([override("note")], { level: "warning" })).toBe("warning");
    expect(levelOf([override()], {})).toBe("error");
    expect(levelOf([override("note"), override("warning")], second)).toBe("warning");
    expect(levelOf([override("note"), override("warning")], {})).toBe("error");
  });
});

describe("a result", () => {
  test("has the id of its rule, its line, and its state", () => {
    const tool = { driver: { name: "scan", rules: [{ id: "R1" }] } };
    expect(
      resultOf({ ruleIndex: 0, locations: [at("a.ts", 3)], baselineState: "updated" }, { tool }),
    ).toEqual({
      level: "warning",
      ruleId: "R1",
      message: "A fault.",
      path: "a.ts",
      line: 3,
      suppressed: false,
      state: "updated",
    });
    expect(resultOf({ baselineState: "older", locations: [at("a.ts", 0)] })).toEqual({
      level: "warning",
      message: "A fault.",
      path: "a.ts",
      suppressed: false,
    });
  });

  test.each<[suppressed: boolean, suppressions: unknown]>([
    [false, null],
    [false, []],
    [true, [{ kind: "inSource" }]],
    [
      true,
      [
        { kind: "external", status: "accepted" },
        { kind: "inSource", status: null },
      ],
    ],
    [false, [{ kind: "external", status: "underReview" }]],
    [
      false,
      [
        { kind: "external", status: "accepted" },
        { kind: "external", status: "rejected" },
      ],
    ],
    [false, [{ status: "ACCEPTED" }]],
    [false, ["accepted"]],
    [false, "accepted"],
  ])("is suppressed: %s, for %j", (suppressed, suppressions) => {
    expect(resultOf({ suppressions }).suppressed).toBe(suppressed);
  });
});

describe("a message", () => {
  const tool = {
    driver: {
      name: "scan",
      rules: [
        {
          id: "R",
          messageStrings: { m: { text: "{0} is {{unsafe}}." } },
          shortDescription: { text: "Short." },
        },
      ],
      globalMessageStrings: { g: { text: "Everywhere {1}." } },
    },
  };

  test.each<[said: string, message: object]>([
    ["Plain {0}.", { text: "Plain {0}." }],
    ["Value {{ .x }} of {0}.", { text: "Value {{ .x }} of {{0}}." }],
    ["a and b, {0}, {7}.", { text: "{0} and {1}, {{0}}, {7}.", arguments: ["a", "b"] }],
    ["x is {unsafe}.", { id: "m", arguments: ["x"] }],
    ["Everywhere b.", { id: "g", arguments: ["a", "b"] }],
    ["The text wins.", { id: "m", text: "The text wins." }],
    ["Short.", { id: "constructor" }],
    ["Short.", {}],
    ["two lines \uFFFD[31m", { text: "two\nlines \u001b[31m" }],
    [
      "from here (src/in.c:25), [gone], [there](https://example.com).",
      {
        text: "from [here](3), \\[[gone](9)\\], [there](https://example.com).",
      },
    ],
    ["a\\b[0] (src/in.c:25)", { text: "[a\\\\b\\[0\\]](3)" }],
  ])("is %j for %j", (said, message) => {
    const relatedLocations = [{ id: 3, ...at("src/in.c", 25) }];
    expect(resultOf({ message, ruleId: "R", relatedLocations }, { tool }).message).toBe(said);
  });

  test("is never endless", () => {
    const message = { text: "{0}".repeat(5_000), arguments: ["x".repeat(9_000)] };
    expect(resultOf({ message }).message).toHaveLength(10_000);
    expect(resultOf({ message: {} }).message).toBe("It does not say what.");
  });
});

describe("problems of a run", () => {
  const ok = { executionSuccessful: true };

  test.each<[problems: string[], run: object]>([
    [[], {}],
    [[], { invocations: [ok, { ...ok, exitCode: 1 }], externalPropertyFileReferences: {} }],
    [[], { invocations: [{ exitCode: 0 }, {}], properties: { "yantra/resultsLeftOut": 0 } }],
    [["The tool did not finish: its run failed."], { invocations: [ok, { executionSuccessful: false }] }],
    [
      ["The tool did not finish: its run failed with exit code 2 (no file)."],
      {
        invocations: [{ executionSuccessful: false, exitCode: 2, exitCodeDescription: "no file" }],
      },
    ],
    [
      ["The tool ended with exit code 1 and does not say whether that is success."],
      { invocations: [{ exitCode: 1 }] },
    ],
    [
      ['The tool ended by signal "SIGKILL" and does not say whether that is success.'],
      {
        invocations: [{ exitSignalName: "SIGKILL" }],
      },
    ],
    [
      ['Whether the tool finished is not to be known: executionSuccessful is "yes".'],
      {
        invocations: [{ executionSuccessful: "yes" }],
      },
    ],
    [
      ["The tool did not start: scan: not found"],
      { invocations: [{ ...ok, processStartFailureMessage: "scan: not found" }] },
    ],
    [["The run's invocations are no list."], { invocations: {} }],
    [["invocations[1] is no object."], { invocations: [ok, null] }],
    [
      ["The run has no results, not even an empty list: the tool did not look (SARIF 2.1.0 §3.14.23)."],
      {
        results: null,
      },
    ],
    [["The run's results are no list."], { results: {} }],
    [["results[0] is no object."], { results: [7] }],
    [
      ["Parts of the run stand in other files (externalPropertyFileReferences), unread."],
      {
        externalPropertyFileReferences: { results: [{ location: { uri: "r.json" } }] },
      },
    ],
    [
      ["1 results were left out because the log was too large."],
      { properties: { "yantra/resultsLeftOut": "no" } },
    ],
    [["The run does not say which tool it is of."], { tool: {} }],
  ])("are %j", (problems, run) => {
    expect(runOf(run).problems).toEqual(problems);
  });

  test("are notifications of errors, by their own level or their descriptor's", () => {
    const notifications = [
      { id: "N", defaultConfiguration: { level: "error" }, messageStrings: { m: { text: "Bad {0}." } } },
    ];
    const run = {
      tool: { driver: { name: "scan", notifications } },
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: [
            { level: "error", message: { text: "a.ts does not parse." } },
            { level: "warning", message: { text: "Slow." } },
            { message: { text: "Slow too." } },
            { descriptor: { id: "N" }, message: { id: "m", arguments: ["b.ts"] } },
            { descriptor: { id: "N" }, level: "note", message: { text: "No matter." } },
          ],
          toolConfigurationNotifications: [{ level: "error" }, 3],
        },
      ],
    };
    expect(runOf(run).problems).toEqual([
      "The tool tells of an error: a.ts does not parse.",
      "The tool tells of an error: Bad b.ts.",
      "The tool tells of an error: it does not say which.",
      "An element of toolConfigurationNotifications is no object.",
    ]);
  });

  test("are the log's, too", () => {
    expect(runOf({}, {}, { version: "2.0.0" }).problems).toEqual([
      "The log is SARIF 2.0.0; only SARIF 2.1.0 is understood.",
    ]);
    expect(runOf({}, {}, { version: 2, inlineExternalProperties: [{}] }).problems).toEqual([
      "The log is of an unknown version; only SARIF 2.1.0 is understood.",
      "Parts of the runs stand elsewhere in the log (inlineExternalProperties), unread.",
    ]);
  });

  test("are told up to a number", () => {
    const { problems } = runOf({ results: Array.from({ length: 30 }, () => 0) });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("There are 10 more problems.");
  });
});

describe("a text that is no log", () => {
  test.each([
    ["", "is empty."],
    ["\uFEFF \n", "is empty."],
    ["[]", "is no SARIF log: it is no JSON object."],
    ["null", "is no SARIF log: it is no JSON object."],
    ["{}", "is no SARIF log: it has no runs."],
    ['{"runs":{}}', "is no SARIF log: it has no runs."],
    ['{"runs":[1]}', "is no SARIF log: runs[0] is no object."],
    [
      '{"version":"2.1.0","runs":null}',
      "has null in place of runs: the tool that wrote it failed (SARIF 2.1.0 §3.13.4).",
    ],
    [`{"runs":${"[".repeat(300)}${"]".repeat(300)}}`, "is nested deeper than 200 levels."],
    [`{"runs":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`, "is nested deeper than 200 levels."],
  ])("%#: is refused", (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  test("is JSON that is cut", () => {
    const text = JSON.stringify(toSarif(exampleInput()).log);
    expect(refusal(text.slice(0, -1))).toMatch(/^is no JSON: .+\.$/);
    expect(refusal("{\u001b[31m")).not.toContain("\u001b");
  });

  test("is UTF-16", () => {
    const utf16 = Buffer.from('\uFEFF{"version":"2.1.0","runs":[]}', "utf16le").toString("utf8");
    expect(refusal(utf16)).toMatch(/^is not UTF-8, probably UTF-16/);
  });

  test("is not one with a byte order mark, or without runs", () => {
    expect(readSarif('\uFEFF{"version":"2.1.0","runs":[]}')).toEqual([]);
  });
});
