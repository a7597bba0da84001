import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import { decide, type GateDecision, type GateInput, type GateResult, type GateRun } from "./gate.ts";
import type { Approval, ChangeReport } from "./model.ts";
import { DEFAULT_POLICY, mergePolicy } from "./policy.ts";
import { flooredRisk, git, reportOf, riskOf, runOf } from "./report.fixture.ts";

function gate(runs: GateRun | GateRun[], parts: Partial<GateInput> = {}): GateDecision {
  return decide({ runs: [runs].flat(), environment: "production", approvals: [], ...parts });
}

const result = (parts: Partial<GateResult> = {}): GateResult => ({
  level: "error",
  ruleId: "yantra/sql/no-drop-column",
  message: "orders.note is dropped.",
  path: "migrations/2.sql",
  line: 4,
  suppressed: false,
  ...parts,
});

const codeql = (results: GateResult[], parts: Partial<GateRun> = {}): GateRun => ({
  source: "codeql.sarif",
  tool: { name: "CodeQL", version: "2.20" },
  results,
  failed: [],
  sealed: "absent",
  ...parts,
});

const review = (approver: string, parts: Partial<Approval> = {}): Approval => ({
  approver,
  commit: git("c"),
  source: "reviews.json",
  ...parts,
});

/** A run whose payload was edited as JSON, by a path of keys. */
function edited(report: ChangeReport, edit: (payload: Record<string, unknown>) => void): GateRun {
  const payload = JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
  edit(payload);
  return runOf(payload);
}

describe("decides", () => {
  test.each([
    ["low", "staging", "deploy", 0],
    ["low", "production", "deploy", 0],
    ["medium", "staging", "deploy", 0],
    ["medium", "production", "approval", 3],
    ["medium", "unheard-of", "approval", 3],
    ["high", "staging", "approval", 3],
    ["high", "production", "approval", 3],
  ] as const)("class %s to %s: %s", (risk, environment, outcome, exitCode) => {
    const decision = gate(runOf(reportOf({ risk })), { environment });
    expect(decision).toMatchObject({ outcome, exitCode, class: risk, score: riskOf(risk).score });
  });

  test("what a change needs, who may give it, and how", () => {
    const report = reportOf({
      ownership: [{ path: "pay/a.ts", owners: ["@org/pay", "@dba"], source: "CODEOWNERS:3" }],
    });
    const run = runOf(report, { source: "it's results.sarif" });
    expect(gate(run, { approvals: [review("grace", { commit: git("9") })] })).toEqual({
      outcome: "approval",
      exitCode: 3,
      class: "high",
      score: 80,
      needed: 1,
      counted: [],
      refused: [{ approval: review("grace", { commit: git("9") }), why: expect.any(String) as unknown }],
      blocking: [],
      reasons: [
        "Class high (score 80) needs 1 approval for production and has 0.",
        "pay/a.ts needs the approval of one of @org/pay, @dba (CODEOWNERS:3). Nobody is known to be in @org/pay: add the members under `teams` in the policy.",
        "The approval of grace (reviews.json) does not count. It is of commit 999999999999, and the change has moved on since.",
      ],
      who: ["One of @org/pay, @dba."],
      how: [
        String.raw`Run ${"`"}yantra-lint approve 'it'\''s results.sarif' --environment production --approver NAME${"`"} and give the gate what it writes with --approvals FILE.`,
        `Or approve the pull request at commit ${git("c")} and give the gate its reviews with --github-reviews FILE, or those of GitLab with --approvals FILE.`,
      ],
    });
  });

  test("an approved change deploys and says by whom", () => {
    expect(gate(runOf(), { approvals: [review("grace")] })).toMatchObject({
      outcome: "deploy",
      exitCode: 0,
      counted: [review("grace")],
      reasons: ["Class high (score 80) needs 1 approval for production and has 1: grace."],
      who: [],
      how: [],
    });
  });

  test("who may approve when nobody owns it", () => {
    expect(gate(runOf()).who).toEqual(["Anybody who is not an author of the change."]);
  });

  test("a floor counts as the score does", () => {
    expect(gate(runOf(reportOf({ risk: flooredRisk() })))).toMatchObject({ outcome: "approval", score: 70 });
  });

  test("several reports: the gravest answer", () => {
    const runs = [runOf(reportOf({ risk: "low" })), runOf(reportOf({ risk: "high" }), { source: "b.sarif" })];
    expect(gate(runs)).toMatchObject({ outcome: "approval", class: "high" });
    expect(gate(runs.toReversed())).toMatchObject({ outcome: "approval", class: "high" });
  });

  test("the policy given to the gate, in place of the report's", () => {
    const strict = mergePolicy({ classes: { low: { deploys: [] } } });
    expect(gate(runOf(reportOf({ risk: "low" })), { policyOverride: strict }).outcome).toBe("approval");
    const mild = mergePolicy({ classes: { high: { deploys: ["production"] } } });
    expect(gate(runOf(), { policyOverride: mild }).outcome).toBe("deploy");
  });
});

describe("findings block", () => {
  const low = runOf(reportOf({ risk: "low" }));
  const withFindings = (results: GateResult[], errors: number, warnings: number): GateRun =>
    runOf(reportOf({ risk: "low", findings: { errors, warnings } }), { results });

  test("ours", () => {
    const decision = gate(withFindings([result(), result({ level: "warning" })], 1, 1));
    expect(decision).toMatchObject({ outcome: "blocked", exitCode: 1 });
    expect(decision.blocking).toEqual([{ ...result(), tool: "yantra-lint", source: "results.sarif" }]);
    expect(decision.reasons[0]).toBe(
      "1 finding blocks: 1 of yantra-lint. The first is yantra/sql/no-drop-column (migrations/2.sql:4).",
    );
  });

  test("those of other tools", () => {
    expect(gate([low, codeql([result({ ruleId: "js/xss" })])])).toMatchObject({
      outcome: "blocked",
      blocking: [{ tool: "CodeQL", ruleId: "js/xss" }],
    });
  });

  test.each<[string, Partial<GateResult>]>([
    ["suppressed", { suppressed: true }],
    ["old", { state: "unchanged" }],
    ["gone", { state: "absent" }],
    ["passed", { kind: "pass" }],
    ["for information", { kind: "informational" }],
    ["warnings", { level: "warning" }],
    ["notes", { level: "note" }],
  ])("not those that are %s", (_, parts) => {
    expect(gate([low, codeql([result(parts)])]).outcome).toBe("deploy");
  });

  test.each<[string, Partial<GateResult>]>([
    ["updated ones", { state: "updated" }],
    ["new ones", { state: "new" }],
  ])("also %s", (_, parts) => {
    expect(gate([low, codeql([result(parts)])]).outcome).toBe("blocked");
  });

  test("from the level on that the policy says, by tool", () => {
    const policyOverride = mergePolicy({ blocks: { codeql: "warning", Trivy: "never" } });
    const warning = codeql([result({ level: "warning" })]);
    const trivy = codeql([result()], { tool: { name: "Trivy" } });
    expect(gate([low, warning], { policyOverride }).outcome).toBe("blocked");
    expect(gate([low, trivy], { policyOverride }).outcome).toBe("deploy");
    expect(gate([low, codeql([result()])], { policyOverride }).outcome).toBe("blocked");
  });

  test("also what is approved", () => {
    const run = runOf(reportOf({ findings: { errors: 1, warnings: 0 } }), { results: [result()] });
    expect(gate(run, { approvals: [review("grace")] }).outcome).toBe("blocked");
  });
});

describe("fails closed", () => {
  const low = reportOf({ risk: "low" });

  test.each<[string, GateRun[], string]>([
    ["nothing at all", [], "No run of yantra-lint"],
    ["an empty run of another tool", [codeql([])], "Results of other tools alone let nothing pass"],
    ["another tool with our report", [codeql([], { report: low, sealed: "valid" })], "No run of yantra-lint"],
    ["no risk data", [runOf(low, { report: undefined })], "it holds no risk data"],
    ["null for risk data", [runOf(null)], "The report is no object"],
    ["a list for risk data", [runOf([low])], "The report is no object"],
    ["no seal", [runOf(low, { sealed: "absent" })], "it has no seal"],
    ["a broken seal", [runOf(low, { sealed: "broken" })], "the seal is broken"],
    ["a seal without the key", [runOf(low, { sealed: "unsigned" })], "not signed with the key"],
    ["a failed run", [runOf(low, { failed: ["It crashed."] })], "did not see everything: It crashed."],
    ["a failed run of another tool", [runOf(low), codeql([], { failed: ["No results."] })], "CodeQL"],
    ["one good report beside a bad one", [runOf(low), runOf({})], "cannot be believed"],
    [
      "reports of two trees",
      [runOf(low), runOf(reportOf({ risk: "low", head: { tree: git("8"), uncommitted: [], reviewed: [] } }))],
      "different trees",
    ],
    [
      "another version in the run",
      [runOf(low, { tool: { name: "yantra-lint", version: "0.9.0" } })],
      "and the run is not",
    ],
    ["no version in the run", [runOf(low, { tool: { name: "yantra-lint" } })], "and the run is not"],
    [
      "uncommitted files",
      [runOf(reportOf({ risk: "low", head: { tree: git("2"), uncommitted: ["a.ts"], reviewed: [] } }))],
      "stand in no commit: a.ts",
    ],
    [
      "no tree",
      [runOf(reportOf({ risk: "low", head: { uncommitted: [], reviewed: [] } }))],
      "which tree was judged",
    ],
    [
      "findings taken out",
      [runOf(reportOf({ risk: "low", findings: { errors: 1, warnings: 0 } }))],
      "the results hold 0 and 0",
    ],
    [
      "findings put in",
      [runOf(low, { results: [result({ level: "warning" })] })],
      "the results hold 0 and 1",
    ],
    [
      "a finding called old",
      [
        runOf(reportOf({ risk: "low", findings: { errors: 1, warnings: 0 } }), {
          results: [result({ state: "unchanged" })],
        }),
      ],
      "the results hold 0 and 0",
    ],
    [
      "a finding suppressed afterwards",
      [
        runOf(reportOf({ risk: "low", findings: { errors: 1, warnings: 0 } }), {
          results: [result({ suppressed: true })],
        }),
      ],
      "the results hold 0 and 0",
    ],
  ])("%s", (_, runs, reason) => {
    const decision = gate(runs);
    expect(decision).toMatchObject({ outcome: "error", exitCode: 2 });
    expect(decision.reasons.join("\n")).toContain(reason);
  });

  test.each(["", " ", "\t", "pro\u0000duction"])("an environment called %j", (environment) => {
    expect(gate(runOf(low), { environment })).toMatchObject({ outcome: "error", exitCode: 2 });
  });

  test("another version than this program's", () => {
    expect(gate(runOf(low), { knownVersion: "1.0.0" }).outcome).toBe("deploy");
    expect(gate(runOf(low), { knownVersion: "1.0.1" }).outcome).toBe("error");
  });

  test("errors are told before findings, and findings before approvals", () => {
    const blocked = runOf(reportOf({ findings: { errors: 1, warnings: 0 } }), { results: [result()] });
    expect(gate(blocked).outcome).toBe("blocked");
    expect(gate([blocked, codeql([], { failed: ["It crashed."] })]).outcome).toBe("error");
  });

  test.each([
    ["as judged", { headTree: git("2"), baseTree: git("1"), clean: true }, "deploy"],
    ["without the base", { headTree: git("2"), clean: true }, "deploy"],
    ["with another tree", { headTree: git("3"), baseTree: git("1"), clean: true }, "error"],
    ["with another base", { headTree: git("2"), baseTree: git("3"), clean: true }, "error"],
    ["with edits", { headTree: git("2"), baseTree: git("1"), clean: false }, "error"],
  ] as const)("a checkout %s: %s", (_, checkout, outcome) => {
    expect(gate(runOf(low), { checkout }).outcome).toBe(outcome);
  });

  test("a checkout with a base for a report without one", () => {
    const baseless = reportOf({ risk: "low" });
    delete baseless.base;
    baseless.digest = digestOf(baseless);
    expect(gate(runOf(baseless), {}).outcome).toBe("deploy");
    const checkout = { headTree: git("2"), baseTree: git("1"), clean: true };
    expect(gate(runOf(baseless), { checkout }).outcome).toBe("error");
  });

  test("a policy given to the gate that is none, or that has other approvers", () => {
    const none = {
      ...DEFAULT_POLICY,
      classes: { ...DEFAULT_POLICY.classes, low: { deploys: ["*"], approvals: NaN } },
    };
    expect(gate(runOf(low), { policyOverride: none }).outcome).toBe("error");
    const others = mergePolicy({ approvers: [{ paths: ["**"], approvers: ["@eve"] }] });
    expect(gate(runOf(low), { policyOverride: others }).outcome).toBe("error");
  });
});

describe("attacks", () => {
  const high = reportOf({ risk: flooredRisk() });
  const grace = [review("grace")];

  test("the report they start from passes when it is approved, and only then", () => {
    expect(gate(runOf(high)).outcome).toBe("approval");
    expect(gate(runOf(high), { approvals: grace }).outcome).toBe("deploy");
  });

  const edits: [string, (payload: Record<string, unknown>) => void][] = [
    ["the policy loosened", (it) => (it["policy"] = mergePolicy({ classes: { high: { deploys: ["*"] } } }))],
    ["the policy's blocks loosened", (it) => (it["policy"] = mergePolicy({ blocks: { "*": "never" } }))],
    ["the digest replaced", (it) => (it["digest"] = "0".repeat(64))],
    ["the tree replaced", (it) => (it["head"] = { ...high.head, tree: git("7") })],
    ["the base replaced", (it) => (it["base"] = { commit: git("b"), tree: git("7") })],
    ["the base taken out", (it) => delete it["base"]],
    ["the class lowered", (it) => (it["risk"] = { ...high.risk, class: "low" })],
    ["the score lowered", (it) => (it["risk"] = { ...high.risk, score: 5 })],
    ["score and class lowered", (it) => (it["risk"] = { ...high.risk, score: 5, class: "low" })],
    ["the floor taken out", (it) => (it["risk"] = { ...riskOf("low"), signals: high.risk.signals })],
    ["the floor moved", (it) => (it["risk"] = { ...high.risk, floor: { class: "high", signal: 0 } })],
    ["the floor out of reach", (it) => (it["risk"] = { ...high.risk, floor: { class: "high", signal: 99 } })],
    ["the sum lowered", (it) => (it["risk"] = { ...high.risk, sum: 0 })],
    [
      "the thresholds raised",
      (it) => (it["risk"] = { ...riskOf("high"), thresholds: { medium: 90, high: 95 } }),
    ],
    [
      "negative points",
      (it) => (it["risk"] = { ...high.risk, signals: [{ ...high.risk.signals[0], points: -5 }] }),
    ],
    ["a score that is no number", (it) => (it["risk"] = { ...high.risk, score: null })],
    ["a score as text", (it) => (it["risk"] = { ...high.risk, score: "5" })],
    ["a class of its own", (it) => (it["risk"] = { ...high.risk, class: "none" })],
    ["another format", (it) => (it["format"] = 2)],
    ["a format as text", (it) => (it["format"] = "1")],
    ["another tool", (it) => (it["tool"] = { name: "other", version: "1.0.0" })],
    ["another version", (it) => (it["tool"] = { name: "yantra-lint", version: "99.0.0" })],
    ["a field too much", (it) => (it["approved"] = true)],
    ["no authors", (it) => delete it["authors"]],
    ["authors that are no list", (it) => (it["authors"] = "ada")],
    ["nameless authors", (it) => (it["authors"] = [""])],
    ["no ownership", (it) => delete it["ownership"]],
    ["ownership without owners", (it) => (it["ownership"] = [{ path: "a", owners: [], source: "policy" }])],
    [
      "ownership that nothing meets",
      (it) => (it["ownership"] = [{ path: "a", owners: ["@x"], source: "y", approvals: 0 }]),
    ],
    ["negative findings", (it) => (it["findings"] = { errors: -1, warnings: 0 })],
    ["findings in fractions", (it) => (it["findings"] = { errors: 0.5, warnings: 0 })],
    ["short commits", (it) => (it["head"] = { ...high.head, reviewed: ["cccccc"] })],
    ["an inherited class", (it) => (it["risk"] = { ...high.risk, class: "toString" })],
  ];

  test.each(edits)("%s", (_, edit) => {
    const run = edited(high, edit);
    expect(gate(run, { approvals: grace })).toMatchObject({ outcome: "error", exitCode: 2 });
  });

  test.each([
    `{"__proto__": ${JSON.stringify(high)}}`,
    JSON.stringify(high).replace("{", '{"__proto__":{"class":"low"},'),
    JSON.stringify(high).replace('"teams":{}', '"teams":{"__proto__":["grace"]}'),
    JSON.stringify(high).replace('"blocks":{', '"blocks":{"__proto__":"never",'),
  ])("a prototype in the payload: %.40s", (text) => {
    const payload: unknown = JSON.parse(text);
    expect(gate(runOf(high, { report: payload }), { approvals: grace }).outcome).toBe("error");
    expect(Object.prototype).not.toHaveProperty("class");
  });

  test.each<[string, Approval]>([
    ["stale by digest", { approver: "grace", digest: "0".repeat(64), source: "a.json" }],
    ["stale by commit", review("grace", { commit: git("9") })],
    ["approved, then a new commit", review("grace", { commit: git("b") })],
    [
      "for another environment",
      { approver: "grace", digest: high.digest, environment: "staging", source: "a" },
    ],
    ["one's own by login", review("ada")],
    ["one's own by address", review("ADA@Example.com")],
    ["one's own by the forge's address", review("1+ada@users.noreply.github.com")],
    ["one's own by name", review("ada lovelace")],
    ["changes requested", review("grace", { objection: true })],
    ["a program's", review("app[bot]", { bot: true })],
    ["a stranger's", review("eve", { outsider: true })],
    ["a team's", review("@org/pay")],
  ])("an approval that is none: %s", (_, approval) => {
    expect(gate(runOf(high), { approvals: [approval] })).toMatchObject({ outcome: "approval", exitCode: 3 });
  });

  test("one person twice, where two are needed", () => {
    const policy = { classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: 2 } } };
    const two = reportOf({ policy });
    expect(gate(runOf(two), { approvals: [review("grace"), review("Grace")] }).outcome).toBe("approval");
    expect(gate(runOf(two), { approvals: [review("grace"), review("edgar")] }).outcome).toBe("deploy");
  });

  test("a team made up by the approver", () => {
    const ownership = [{ path: "a", owners: ["@org/pay"], source: "CODEOWNERS:1" }];
    const owned = reportOf({ ownership });
    for (const name of ["grace", "@org/pay", "org/pay", "pay"])
      expect(gate(runOf(owned), { approvals: [review(name)] }).outcome).toBe("approval");
    const forged = edited(
      owned,
      (it) => (it["policy"] = { ...DEFAULT_POLICY, teams: { "@org/pay": ["grace"] } }),
    );
    expect(gate(forged, { approvals: [review("grace")] }).outcome).toBe("error");
  });
});

describe("properties", () => {
  const RUNS = { seed: 20_261_122, numRuns: 200 };
  const authors = ["Ada Lovelace", "ada@example.com", "42+grace@users.noreply.github.com", "edgar"];
  const aliases = [
    ...authors,
    ...["ada", "@ADA", "ada+x@example.com", "grace", "Grace@home.example", "@edgar", "edgar@x.example"],
    ...["lovelace", "Ada Lovelace <someone@else.example>", "9-edgar@users.noreply.gitlab.com"],
  ];
  const report = reportOf({
    authors,
    policy: { people: { ada: ["ada@example.com", "lovelace", "ada"] }, teams: { "@org/all": aliases } },
  });
  const approval = (name: fc.Arbitrary<string>): fc.Arbitrary<Approval> =>
    fc.record(
      {
        approver: name,
        source: fc.constant("a.json"),
        digest: fc.constantFrom(report.digest, "0".repeat(64)),
        commit: fc.constantFrom(git("c"), git("9"), ""),
        environment: fc.constantFrom("production", "staging"),
        objection: fc.constant(true as const),
        outsider: fc.constant(true as const),
        bot: fc.constant(true as const),
      },
      { requiredKeys: ["approver", "source"] },
    );

  test("authors alone let nothing of class high pass, whatever they call themselves", () => {
    fc.assert(
      fc.property(
        fc.array(approval(fc.constantFrom(...aliases)), { maxLength: 8 }),
        fc.constantFrom("production", "staging", "*", "toString"),
        (approvals, environment) => {
          expect(gate(runOf(report), { approvals, environment }).outcome).toBe("approval");
        },
      ),
      RUNS,
    );
  });

  test("more findings, runs and objections never make an answer milder", () => {
    const gravity = { deploy: 0, approval: 1, blocked: 2, error: 3 };
    fc.assert(
      fc.property(
        fc.constantFrom("low" as const, "medium" as const, "high" as const),
        fc.array(approval(fc.constantFrom("grace", "edgar", "alan", "ada")), { maxLength: 4 }),
        fc.array(fc.constantFrom<GateResult["level"]>("none", "note", "warning", "error"), { maxLength: 3 }),
        fc.boolean(),
        (risk, approvals, levels, objected) => {
          const run = runOf(reportOf({ risk }));
          const before = gate(run, { approvals });
          const objections = objected ? [review("alan", { objection: true })] : [];
          const after = gate([run, codeql(levels.map((level) => result({ level })))], {
            approvals: [...approvals, ...objections],
          });
          expect(gravity[after.outcome]).toBeGreaterThanOrEqual(gravity[before.outcome]);
        },
      ),
      RUNS,
    );
  });

  test("whatever stands in the payload, there is an answer and it is no consent", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (payload) => {
        expect(gate(runOf(reportOf(), { report: payload }))).toMatchObject({ outcome: "error", exitCode: 2 });
      }),
      RUNS,
    );
  });

  test("one field of a good report replaced by anything: never milder than the report", () => {
    const keys = [
      "format",
      "tool",
      "base",
      "head",
      "policy",
      "digest",
      "authors",
      "ownership",
      "risk",
      "findings",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const run = edited(report, (it) => (it[key] = value));
        expect(["error", "approval"]).toContain(gate(run).outcome);
      }),
      RUNS,
    );
  });
});
