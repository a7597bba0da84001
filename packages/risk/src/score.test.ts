import type { Change, ChangedFile, EditKind, FileCategory, Reliance } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { annotationOf, declared, dependencyOf, fileAnnotationOf, fileOf, inputOf } from "./change.fixture.ts";
import type { RiskReport, SignalId } from "./model.ts";
import { assessRisk, topSignals } from "./score.ts";
import { DEFAULT_WEIGHTS, riskSettings, type RiskOverrides } from "./settings.ts";

const judge = (parts: Partial<Change>, overrides?: RiskOverrides): RiskReport =>
  assessRisk(inputOf(parts, overrides));

/** What one signal id adds, and the sentences that say so. */
const of = (report: RiskReport, id: SignalId) => {
  const own = report.signals.filter((signal) => signal.id === id);
  return {
    points: own.reduce((sum, { points }) => sum + points, 0),
    floor: own.find(({ floor }) => floor)?.floor,
    said: own.map(({ evidence }) => evidence),
  };
};

const mild = (path: string, category: FileCategory, kind: EditKind = "comment"): ChangedFile =>
  fileOf(path, { category, edit: { kind, declarations: [], exports: [] } });

const MIGRATION = {
  path: "db/migrations/2.sql",
  line: 1,
  status: "added",
  direction: "up",
  phase: "expand",
  irreversible: [] as string[],
} as const;
const WORKLOAD = {
  kind: "Rollout",
  name: "checkout",
  path: "deploy/rollout.yaml",
  line: 4,
  because: "src/a.ts",
  guards: [] as string[],
};

describe("classes by default", () => {
  test.each<[string, Partial<Change>, string]>([
    ["nothing", {}, "low 0"],
    ["CSS", { files: [mild("a.css", "style", "style")] }, "low 1"],
    ["copy", { files: [mild("copy/en.json", "copy", "copy")] }, "low 2"],
    ["copy of a format that is not understood", { files: [mild("copy/en.ftl", "copy", "unknown")] }, "low 2"],
    ["documentation", { files: [mild("README.md", "docs")] }, "low 0"],
    ["comments", { files: [fileOf("src/a.ts", { edit: { kind: "comment" } })] }, "low 0"],
    [
      "comments about authentication",
      { files: [fileOf("src/auth.ts", { edit: { kind: "comment" } })] },
      "low 0",
    ],
    ["a comment in a manifest", { files: [mild("deploy/a.yaml", "infrastructure")] }, "low 0"],
    ["a comment in a pipeline", { files: [mild(".github/workflows/ci.yaml", "ci")] }, "low 0"],
    ["a test", { files: [mild("src/auth.test.ts", "test", "logic")] }, "low 1"],
    ["style beside payments", { files: [mild("src/payments.module.css", "style", "style")] }, "low 1"],
    ["tooling", { files: [mild(".prettierrc", "tooling")] }, "low 0"],
    ["an addition", { files: [fileOf("src/a.ts", { edit: { kind: "addition" } })] }, "low 3"],
    ["a new endpoint", { files: [fileOf("src/a.ts", { edit: { kind: "endpoint" } })] }, "low 5"],
    [
      "an addition about payments",
      { files: [fileOf("src/payments.ts", { edit: { kind: "addition" } })] },
      "high 70",
    ],
    ["business logic", { files: [fileOf("src/a.ts")] }, "medium 30"],
    ["deleted code", { files: [fileOf("src/a.ts", { edit: { kind: "deletion" } })] }, "medium 30"],
    ["a language not understood", { files: [fileOf("main.go", { edit: { kind: "unknown" } })] }, "medium 30"],
    ["data not understood", { files: [mild("seed.bin", "data", "unknown")] }, "medium 30"],
    ["a new dependency", { dependencies: [dependencyOf()] }, "medium 30"],
    ["a removed dependency", { dependencies: [dependencyOf({ change: "removed" })] }, "medium 30"],
    ["a dependency only in the lock file", { dependencies: [dependencyOf({ direct: false })] }, "medium 30"],
    ["a new tool of development", { dependencies: [dependencyOf({ scope: "development" })] }, "medium 30"],
    [
      "a new tool that another one brings",
      { dependencies: [dependencyOf({ scope: "development", direct: false })] },
      "low 1",
    ],
    [
      "a tool of development, major",
      { dependencies: [dependencyOf({ scope: "development", change: "major" })] },
      "low 2",
    ],
    ["a link called README.md", { files: [mild("README.md", "docs", "unknown")] }, "medium 30"],
    ["a picture that is a link", { files: [mild("logo.png", "asset", "unknown")] }, "medium 30"],
    ["tooling that could not be read", { files: [mild(".prettierrc", "tooling", "unknown")] }, "medium 30"],
    ["a test in a language not understood", { files: [mild("a_test.go", "test", "unknown")] }, "low 1"],
    ["a manifest that nobody compared", { files: [mild("mix.exs", "dependencies", "unknown")] }, "medium 30"],
    [
      "a manifest with a tool of development, and the rest not compared",
      {
        files: [mild("package.json", "dependencies", "unknown")],
        dependencies: [dependencyOf({ scope: "development", change: "minor" })],
      },
      "medium 30",
    ],
    [
      "a manifest with a tool of development, and the rest as it was",
      {
        files: [mild("package.json", "dependencies")],
        dependencies: [dependencyOf({ scope: "development", change: "minor" })],
      },
      "low 1",
    ],
    ["a manifest's scripts", { files: [mild("package.json", "dependencies", "logic")] }, "medium 30"],
    ["authentication", { files: [fileOf("src/auth/guard.ts")] }, "high 70"],
    ["authorization", { files: [fileOf("src/rbac.ts")] }, "high 70"],
    ["session", { files: [fileOf("src/session-store.ts")] }, "high 70"],
    ["crypto", { files: [fileOf("src/encrypt.ts")] }, "high 70"],
    ["billing", { files: [fileOf("src/invoice.ts")] }, "high 70"],
    ["payment", { files: [fileOf("src/refund.ts")] }, "high 70"],
    [
      "payment under another name",
      { files: [fileOf("src/a.ts", { previousPath: "src/refund.ts" })] },
      "high 70",
    ],
    ["a migration", { migrations: [MIGRATION] }, "high 70"],
    ["a migration that nobody read", { files: [mild("db/migrate/1.rb", "migration", "unknown")] }, "high 70"],
    ["infrastructure", { files: [mild("deploy/a.yaml", "infrastructure", "addition")] }, "high 70"],
    ["CI", { files: [mild(".github/workflows/ci.yaml", "ci", "unknown")] }, "high 70"],
    [
      "settings",
      { settings: [{ path: "yantra.config.yaml", line: 3, what: "turns off sql/no-drop-column" }] },
      "high 70",
    ],
    ["CODEOWNERS", { files: [mild("CODEOWNERS", "settings", "unknown")] }, "high 70"],
    [
      "a suppression",
      { suppressions: [{ path: "a.ts", line: 1, rules: ["yantra/a/b"], reason: "" }] },
      "high 70",
    ],
    [
      "an error",
      { findings: [{ ruleId: "yantra/a/b", level: "error", path: "a", line: 1, message: "No." }] },
      "high 70",
    ],
    [
      "a warning",
      { findings: [{ ruleId: "yantra/a/b", level: "warning", path: "a", line: 1, message: "No." }] },
      "low 2",
    ],
    [
      "a note",
      { findings: [{ ruleId: "yantra/a/b", level: "note", path: "a", line: 1, message: "No." }] },
      "low 0",
    ],
    [
      "a lowered annotation",
      { annotations: [annotationOf({ change: "lowered", risk: "medium" })] },
      "high 70",
    ],
    ["a removed annotation", { annotations: [annotationOf({ change: "removed", risk: "high" })] }, "high 70"],
    ["a removed annotation low", { annotations: [annotationOf({ change: "removed" })] }, "low 0"],
    [
      "an added annotation high",
      { annotations: [annotationOf({ change: "added", risk: "high" })] },
      "high 70",
    ],
    ["an added annotation low", { annotations: [annotationOf({ change: "added" })] }, "medium 30"],
    [
      "a workload that nothing watches",
      { files: [fileOf("src/a.ts", { edit: { kind: "addition" } })], workloads: [WORKLOAD] },
      "low 10",
    ],
    ["a workload that is watched", { workloads: [{ ...WORKLOAD, guards: ["AnalysisTemplate x"] }] }, "low 0"],
  ])("%s", (_, parts, expected) => {
    const report = judge(parts);
    expect(`${report.class} ${report.score}`).toBe(expected);
  });

  test("the scores of the usual changes", () => {
    const leaf = judge({
      files: [fileOf("src/leaf.ts")],
      workloads: [{ ...WORKLOAD, because: "src/leaf.ts" }],
    });
    expect([leaf.sum, leaf.class]).toEqual([28, "medium"]);
    const core = judge({
      files: [
        fileOf("src/core.ts", {
          linesAdded: 60,
          dependents: {
            direct: 30,
            transitive: 200,
            percentile: 0.97,
            ofExports: ["src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts", "src/e.ts", "src/f.ts", "src/g.ts"],
            deployables: ["api", "web", "worker"],
          },
        }),
      ],
    });
    expect([core.sum, core.class]).toEqual([51, "medium"]);
    expect(judge({ migrations: [MIGRATION] }).sum).toBe(39);
    const grave = judge({
      migrations: [{ ...MIGRATION, phase: "contract", irreversible: ["DROP COLUMN orders.note"] }],
      files: [fileOf("src/auth/session-store.ts")],
    });
    expect([grave.score, grave.class]).toEqual([93, "high"]);
  });
});

test("a new manifest is told as one", () => {
  const files = [{ ...mild("mix.exs", "dependencies", "unknown"), status: "added" as const }];
  expect(of(judge({ files }), "edit")).toMatchObject({
    floor: "medium",
    said: ["mix.exs is a new manifest, and what beside its dependencies it brings was not looked at."],
  });
});

describe("floors", () => {
  test("win over the sum, and name the first signal that sets them", () => {
    const report = judge({ files: [fileOf("src/auth.ts")], migrations: [MIGRATION] });
    expect(report.signals.map(({ id, points, floor }) => [id, points, floor])).toEqual([
      ["migration", 39, "high"],
      ["edit", 18, "medium"],
      ["path", 15, "high"],
      ["size", 3, undefined],
    ]);
    expect(report).toMatchObject({ sum: 75, score: 75, class: "high", floor: { class: "high", signal: 0 } });
  });

  test("lift the score to their class, where the configuration has it begin", () => {
    const thresholds = { medium: 25, high: 55 };
    expect(judge({ files: [fileOf("src/auth.ts")] }, { thresholds })).toMatchObject({
      sum: 36,
      score: 55,
      class: "high",
      thresholds,
    });
    expect(judge({ files: [fileOf("src/a.ts")] }, { thresholds })).toMatchObject({
      score: 25,
      class: "medium",
    });
  });

  test("hold though an id's weight is 0", () => {
    const report = judge({ migrations: [MIGRATION] }, { weights: { migration: 0 } });
    expect(report).toMatchObject({ sum: 0, score: 70, class: "high", floor: { class: "high", signal: 0 } });
  });

  const floors = [{ name: "money", paths: ["src/**", "!src/demo/**"], class: "high" as const }];
  test.each<[string, Partial<Change>, string]>([
    ["code", { files: [fileOf("src/a.ts")] }, "high"],
    ["documents", { files: [mild("src/README.md", "docs")] }, "high"],
    ["copy", { files: [mild("src/copy/en.json", "copy", "copy")] }, "high"],
    ["comments", { files: [fileOf("src/a.ts", { edit: { kind: "comment" } })] }, "low"],
    ["what is taken out", { files: [fileOf("src/demo/a.ts", { edit: { kind: "addition" } })] }, "low"],
    ["what was there before", { files: [fileOf("lib/a.ts", { previousPath: "src/a.ts" })] }, "high"],
  ])("of the configuration: %s", (_, parts, expected) => {
    expect(judge(parts, { floors }).class).toBe(expected);
  });

  test("of class low take a path out of the built-in ones, and out of nothing else", () => {
    const file = fileOf("src/auth-demo/a.ts");
    const demo = { name: "demo", paths: ["src/auth-demo/**"], class: "low" as const };
    expect(judge({ files: [file] }).class).toBe("high");
    expect(judge({ files: [file] }, { floors: [demo] }).class).toBe("medium");
    expect(judge({ files: [file] }, { floors: [...floors, demo] }).class).toBe("high");
    const moved = fileOf("src/auth-demo/a.ts", { previousPath: "src/auth/a.ts" });
    expect(judge({ files: [moved] }, { floors: [demo] }).class).toBe("high");
  });
});

describe("annotations", () => {
  const file = fileOf("src/a.ts", { edit: { declarations: [declared("total"), declared("Cart.add")] } });
  const cases: [string, ReturnType<typeof annotationOf>[], string][] = [
    ["on the file", [fileAnnotationOf()], "low"],
    ["on every declaration", [annotationOf(), annotationOf({ declaration: "Cart" })], "low"],
    ["on one of two", [annotationOf()], "medium"],
    ["on a name that only begins alike", [annotationOf(), annotationOf({ declaration: "Car" })], "medium"],
    [
      "of another file",
      [annotationOf({ path: "src/b.ts" }), annotationOf({ path: "src/b.ts", declaration: "Cart" })],
      "medium",
    ],
    ["until today", [annotationOf({ until: "2026-04-06" }), annotationOf({ declaration: "Cart" })], "low"],
    [
      "until yesterday",
      [annotationOf({ until: "2026-04-05" }), annotationOf({ declaration: "Cart" })],
      "medium",
    ],
    [
      "added by the change",
      [annotationOf({ change: "added" }), annotationOf({ declaration: "Cart" })],
      "medium",
    ],
    [
      "beside one medium",
      [annotationOf(), annotationOf({ declaration: "Cart" }), annotationOf({ risk: "medium" })],
      "medium",
    ],
    [
      "beside one high",
      [annotationOf(), annotationOf({ declaration: "Cart" }), annotationOf({ risk: "high" })],
      "high",
    ],
    ["high, though it ended", [annotationOf({ risk: "high", until: "2020-01-01" })], "high"],
    ["raised", [annotationOf({ change: "raised", risk: "high" })], "high"],
  ];
  test.each(cases)("%s", (_, annotations, expected) => {
    expect(judge({ files: [file], annotations }).class).toBe(expected);
  });

  test("low takes the edit's points, too, and says so", () => {
    const report = judge({
      files: [file],
      annotations: [annotationOf(), annotationOf({ declaration: "Cart", reason: "" })],
    });
    expect(of(report, "edit")).toEqual({
      points: 2,
      floor: undefined,
      said: ["src/a.ts changes what `Cart.add` and `total` do, annotated low at the base."],
    });
    expect(of(report, "annotation").said).toEqual([
      "`Cart` is annotated low.",
      "`total` is annotated low: Words.",
    ]);
  });

  test("low is never below a floor by path, nor where no declaration is known", () => {
    const annotations = [annotationOf({ path: "src/auth.ts" })];
    expect(judge({ files: [fileOf("src/auth.ts")], annotations }).class).toBe("high");
    const floors = [{ name: "money", paths: ["src/**"], class: "medium" as const }];
    expect(judge({ files: [fileOf("src/a.ts")], annotations: [annotationOf()] }, { floors }).class).toBe(
      "medium",
    );
    const bare = fileOf("src/a.ts", { edit: { declarations: [] } });
    expect(judge({ files: [bare], annotations: [annotationOf()] }).class).toBe("medium");
  });
});

describe("points within an id", () => {
  test("each further file adds half of the one before, up to the weight", () => {
    const files = ["a", "b", "c", "d", "e"].map((name) => fileOf(`src/${name}.ts`));
    const points = judge({ files })
      .signals.filter(({ id }) => id === "edit")
      .map((signal) => [signal.path, signal.points]);
    expect(points).toEqual([
      ["src/a.ts", 18],
      ["src/b.ts", 8],
      ["src/c.ts", 0],
      ["src/d.ts", 0],
      ["src/e.ts", 0],
    ]);
  });

  test("more than 21 signals become 20 and one that holds the others", () => {
    const files = Array.from({ length: 50 }, (_, index) =>
      fileOf(`src/${String(index).padStart(2, "0")}.ts`),
    );
    const report = judge({ files: [...files, mild("README.md", "docs")] });
    const own = report.signals.filter(({ id }) => id === "edit");
    expect(own).toHaveLength(21);
    expect(own.find(({ path }) => path === undefined)).toEqual({
      id: "edit",
      points: 0,
      floor: "medium",
      evidence: "… and 31 more files.",
    });
    expect(of(report, "edit").points).toBe(DEFAULT_WEIGHTS.edit);
  });

  test("what sets the highest floor is listed, however few its points", () => {
    const findings = Array.from({ length: 40 }, (_, index) => ({
      ruleId: "yantra/a/b",
      level: "error" as const,
      path: "a.yaml",
      line: index + 1,
      message: "No.",
    }));
    const report = judge({
      findings: [...findings.map((one) => ({ ...one, level: "warning" as const })), findings[0]!],
    });
    expect(report.signals[report.floor!.signal]).toMatchObject({ path: "a.yaml", line: 1, floor: "high" });
  });
});

describe("evidence", () => {
  test("a workload that is watched says by what, for no points", () => {
    const guards = ["Canary c (has it for its target: spec.targetRef)", "alert Slow (watches every service)"];
    const { signals } = judge({ workloads: [{ ...WORKLOAD, guards }] });
    expect(signals).toEqual([
      {
        id: "trigger",
        points: 0,
        evidence:
          "Rollout checkout runs src/a.ts, and is watched by Canary c (has it for its target: spec.targetRef) and alert Slow (watches every service).",
        path: "deploy/rollout.yaml",
        line: 4,
      },
    ]);
  });

  const said = (id: SignalId, parts: Partial<Change>) => of(judge(parts), id).said;

  test("of edits", () => {
    const edits: [Parameters<typeof fileOf>[1], string][] = [
      [{}, "changes what `total` does."],
      [{ edit: { declarations: [] } }, "changes what existing code does."],
      [
        {
          edit: {
            declarations: ["a", "b", "c", "d", "e"].map((name, index) => declared(name, "changed", index)),
          },
        },
        "changes what `a`, `b`, `c` and 2 more do.",
      ],
      [{ edit: { kind: "deletion", declarations: [declared("a", "removed")] } }, "removes `a`."],
      [
        { status: "deleted", edit: { kind: "deletion", declarations: [declared("a", "removed")] } },
        "is gone, and with it `a`.",
      ],
      [
        { edit: { kind: "addition", declarations: [declared("a", "added")] } },
        "adds `a`, which nothing existing calls.",
      ],
      [
        { edit: { kind: "endpoint", declarations: [declared("GET /a", "added")] } },
        "adds `GET /a`, reached by a new route.",
      ],
      [{ edit: { kind: "unknown" }, language: "Go" }, "is Go, so what its change does cannot be told."],
      [
        { edit: { kind: "deletion", declarations: [declared("(default)", "removed")] } },
        "removes (default).",
      ],
      [{ edit: { declarations: [declared("[statement]")] } }, "changes what existing code does."],
      [{ edit: { kind: "logic", declarations: [declared("a`\n\u202eb")] } }, "changes what `a' b` does."],
      [{ edit: { kind: "comment" } }, "changes only comments or format."],
      [{ edit: { kind: "comment" }, status: "renamed", hunks: [] }, "is renamed and otherwise as it was."],
    ];
    for (const [parts, expected] of edits) {
      expect(said("edit", { files: [fileOf("src/a.ts", parts)] })).toEqual([`src/a.ts ${expected}`]);
    }
  });

  test("of dependents, exports and deployables", () => {
    const files = [
      fileOf("src/pricing.ts", {
        edit: { exports: ["total", "discount"] },
        dependents: {
          direct: 7,
          transitive: 19,
          percentile: 0.9,
          ofExports: ["g.ts", "f.ts", "e.ts", "d.ts", "c.ts", "b.ts", "a.ts"],
          deployables: ["worker", "web", "api"],
        },
      }),
      fileOf("src/b.ts", {
        edit: { exports: "all" },
        dependents: {
          direct: 1,
          transitive: 1,
          percentile: 0.5,
          ofExports: ["src/c.ts"],
          deployables: ["admin"],
        },
      }),
    ];
    expect(said("dependents", { files })).toEqual([
      "19 modules depend on src/pricing.ts (7 directly), more than on 90 % of all modules. 1 other changed module has dependents, too.",
    ]);
    expect(said("exports", { files })).toEqual([
      "`discount` and `total` are imported by 7 modules: a.ts, b.ts, c.ts and 4 more.",
      "What src/b.ts exports is imported by 1 module: src/c.ts.",
    ]);
    expect(said("deployables", { files })).toEqual([
      "4 deployables hold what changed: admin, api, web and worker.",
    ]);
  });

  test("of dependencies", () => {
    const dependencies = [
      dependencyOf({ change: "major", before: "4.18.0" }),
      dependencyOf({ name: "a", path: "b.json", direct: false }),
      dependencyOf({ name: "c", change: "removed", scope: "development", before: "1.0.0" }),
      dependencyOf({ name: "d", change: "unclear", before: "main" }),
      dependencyOf({ name: "e", change: "minor", before: "4.9.0", line: 13 }),
    ];
    expect(said("dependency", { dependencies })).toEqual([
      "express (npm) goes from 4.18.0 to 5.0.0, which may break what uses it.",
      "d (npm) goes from main to 5.0.0, and how far that is cannot be told.",
      "a (npm) 5.0.0 is new, by another dependency.",
      "e (npm) goes from 4.9.0 to 5.0.0.",
      "c (npm) is gone, for development.",
    ]);
  });

  test("of migrations", () => {
    const migrations = [
      {
        ...MIGRATION,
        direction: "up" as const,
        phase: "contract" as const,
        irreversible: ["DROP TABLE b", "DROP COLUMN a.b"],
        hasDown: false,
      },
      { ...MIGRATION, path: "db/migrations/1.sql", status: "modified" as const },
      { ...MIGRATION, path: "db/migrations/3.sql" },
    ];
    expect(said("migration", { migrations }).toSorted()).toEqual([
      "The migration db/migrations/1.sql is edited, though it may have been applied already.",
      "The migration db/migrations/2.sql takes from the database (contract), and no rollback brings back DROP COLUMN a.b and DROP TABLE b. It has no down migration.",
      "The migration db/migrations/3.sql adds to the database (expand).",
    ]);
  });

  test("of contract migrations: whether the release is confirmed that they rely on", () => {
    const contract = { ...MIGRATION, phase: "contract" as const };
    const evidence = (...relies: Reliance[]): string | undefined =>
      said("migration", { migrations: [{ ...contract, relies }] })[0]?.replace(
        /^The migration .*? \(contract\)\. /,
        "",
      );
    const promoted = { environment: "production", state: "promoted", time: "2026-03-01T10:00:00Z" } as const;
    const waiting = { environment: "eu", state: "notPromoted" } as const;
    expect(evidence()).toBe(
      "It names no release that does without what it takes away (`@yantra-phase contract after=`), so nothing confirms that none needs it.",
    );
    expect(evidence({ release: "v2.5.0", standings: [] })).toBe(
      "It relies on v2.5.0, and nothing confirms that it serves: no outcome of any release is known.",
    );
    expect(evidence({ release: "v2.5.0", standings: [promoted] })).toBe(
      "It relies on v2.5.0, which serves in production since 2026-03-01T10:00:00Z.",
    );
    expect(evidence({ release: "v2.5.0", standings: [waiting, promoted] })).toBe(
      "It relies on v2.5.0, which serves in production since 2026-03-01T10:00:00Z, and is not confirmed in eu (no outcome says that it was promoted).",
    );
    expect(
      evidence(
        { release: "v2", standings: [{ ...promoted, state: "rolledBack" }] },
        { release: "v3\u200b\n", standings: [{ ...promoted, state: "wentBack" }] },
      ),
    ).toBe(
      "It relies on v2, which is not confirmed in production (rolled back at 2026-03-01T10:00:00Z). It relies on v3, which is not confirmed in production (which went back to an older release at 2026-03-01T10:00:00Z).",
    );
    // Confirmed or not, somebody has to approve it.
    const confirmed = judge({
      migrations: [{ ...contract, relies: [{ release: "v2.5.0", standings: [promoted] }] }],
    });
    const unconfirmed = judge({ migrations: [contract] });
    expect([confirmed.class, confirmed.score]).toEqual(["high", unconfirmed.score]);
    expect(of(confirmed, "migration").floor).toBe("high");
  });

  test("of the rest", () => {
    const report = judge({
      files: [
        fileOf("services/a/src/x.ts", {
          linesAdded: 900,
          history: { commits: 20, authors: 3, ageDays: 90, fixes: 9, reverts: 1, known: false },
        }),
        fileOf("services/b/src/y.ts"),
        mild("deploy/a.yaml", "infrastructure", "addition"),
        mild(".gitlab-ci.yml", "ci", "unknown"),
        mild("CODEOWNERS", "settings", "unknown"),
      ],
      findings: [
        { ruleId: "yantra/a/b", level: "error", path: "a.ts", line: 1, message: "Two\nlines. Do it." },
      ],
      suppressions: [{ path: "a.ts", line: 2, rules: ["yantra/a/c", "yantra/a/b"], reason: "Soon gone" }],
      settings: [{ path: "yantra.config.yaml", line: 3, what: "turns off sql/no-drop-column" }],
      workloads: [
        { ...WORKLOAD, because: "services/b/src/y.ts" },
        { ...WORKLOAD, name: "b", because: "CODEOWNERS", path: "CODEOWNERS" },
      ],
      annotations: [annotationOf({ change: "lowered", risk: "high", reason: "Moves money" })],
    });
    const rest = report.signals.filter(({ id }) => id !== "edit");
    expect(rest.map(({ evidence, path, line }) => `${path ?? ""}:${line ?? ""} ${evidence}`))
      .toMatchInlineSnapshot(`
        [
          "yantra.config.yaml:3 yantra.config.yaml turns off sql/no-drop-column.",
          "src/a.ts:2 The annotation of \`total\`, which says high, is lowered: Moves money.",
          "a.ts:1 New error, yantra/a/b: Two lines.",
          "a.ts:2 A new comment hides yantra/a/b and yantra/a/c: Soon gone.",
          ".gitlab-ci.yml:3 .gitlab-ci.yml, which builds or ships everything, changes.",
          "CODEOWNERS:3 CODEOWNERS, by which changes are judged, is edited.",
          ": The change edits 915 lines of existing code.",
          "deploy/a.yaml:3 deploy/a.yaml, which says what runs, changes.",
          "CODEOWNERS:4 Rollout b changes, and no analysis or alert would roll it back.",
          "deploy/rollout.yaml:4 Rollout checkout runs services/b/src/y.ts, and no analysis or alert would roll it back.",
          "services/a/src/x.ts:3 services/a/src/x.ts changed in 20 commits, 9 of them to repair something, and was taken back once, and the authors of this change are new to it.",
          ": Code changes in 2 directories, in services/a and services/b.",
        ]
      `);
  });
});

describe("families", () => {
  test("copy and tests reach workloads with few points", () => {
    const files = [mild("src/a.ts", "copy", "copy")];
    expect(of(judge({ files, workloads: [WORKLOAD] }), "trigger").points).toBe(1);
  });

  test("dependents count by place, few ones never much, and those of one barrel less", () => {
    const points = (percentile: number, transitive: number, direct = 31, ofExports: string[] = []) =>
      of(
        judge({
          files: [
            fileOf("a.ts", { dependents: { direct, transitive, percentile, ofExports, deployables: [] } }),
          ],
        }),
        "dependents",
      ).points;
    expect([points(0, 0), points(0.9, 0), points(0.99, 1), points(0.5, 500)]).toEqual([0, 0, 4, 6]);
    expect([points(0.9, 500), points(1, 63)]).toEqual([18, 22]);
    expect([points(1, 500, 1), points(1, 500, 1, ["b.ts", "c.ts", "d.ts"])]).toEqual([11, 14]);
  });

  test("one deployable is none too many, and an ordinary history says nothing", () => {
    const report = judge({
      files: [
        fileOf("a.ts", {
          dependents: { direct: 0, transitive: 0, percentile: 0, ofExports: [], deployables: ["web"] },
          history: { commits: 12, authors: 2, ageDays: 300, fixes: 1, reverts: 0, known: true },
        }),
      ],
    });
    expect(report.signals.map(({ id }) => id)).toEqual(["edit", "size"]);
  });

  test("tests, documents and what other families judge have no size, spread or history", () => {
    const report = judge({
      files: (["test", "docs", "migration", "ci"] as const).map((category, index) =>
        fileOf(`d${index}/e/f${index}`, {
          category,
          history: { commits: 9, authors: 1, ageDays: 9, fixes: 9, reverts: 3, known: false },
        }),
      ),
    });
    const ids = new Set(report.signals.map(({ id }) => id));
    expect([...ids].sort()).toEqual(["edit", "infrastructure", "migration"]);
  });
});

describe("settings", () => {
  test("are the defaults with a configuration's words over them", () => {
    const settings = riskSettings({ weights: { size: 3 }, thresholds: { high: 80 } });
    expect(settings.weights).toEqual({ ...DEFAULT_WEIGHTS, size: 3 });
    expect(settings.thresholds).toEqual({ medium: 30, high: 80 });
  });

  test("refuse classes in the wrong order", () => {
    expect(() => riskSettings({ thresholds: { medium: 71 } })).toThrow(
      "Class medium begins at 71, above class high, which begins at 70.",
    );
  });
});

test("the top signals hold the one that sets the floor", () => {
  const files = [
    fileOf("src/a.ts", {
      dependents: { direct: 70, transitive: 90, percentile: 1, ofExports: ["b.ts"], deployables: ["x", "y"] },
    }),
  ];
  const report = judge(
    { files },
    { floors: [{ name: "x", paths: ["src/**"], class: "high" }], weights: { path: 0 } },
  );
  expect(topSignals(report, 2).map(({ id }) => id)).toEqual(["dependents", "path"]);
  expect(topSignals(report, 99).map(({ id }) => id)).toEqual([
    "dependents",
    "edit",
    "size",
    "deployables",
    "exports",
    "path",
  ]);
});
