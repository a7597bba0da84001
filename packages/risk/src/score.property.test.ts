import {
  EDIT_KINDS,
  type Change,
  type ChangedAnnotation,
  type ChangedFile,
  type ChangedMigration,
  type DependencyChange,
  type FileCategory,
  type NewFinding,
  type TouchedWorkload,
} from "@yantra-lint/core";
import fc, { type Arbitrary } from "fast-check";
import { expect, test } from "vitest";
import { declared, fileAnnotationOf, inputOf } from "./change.fixture.ts";
import { RISK_CLASSES, SIGNAL_IDS, type RiskInput, type RiskReport } from "./model.ts";
import { assessRisk } from "./score.ts";

const RUNS = { seed: 20260406, numRuns: 300 };

const CATEGORIES: readonly FileCategory[] = [
  ...([
    "source",
    "source",
    "source",
    "test",
    "docs",
    "tooling",
    "style",
    "copy",
    "asset",
    "migration",
  ] as const),
  ...(["infrastructure", "ci", "dependencies", "settings", "build", "data"] as const),
];
const PATHS = [
  "src/a.ts",
  "src/auth.ts",
  "src/pay/b.ts",
  "lib/c.go",
  "packages/x/d.ts",
  "deploy/e.yaml",
  "f",
  "db/g.sql",
];
const NAMES = ["a", "b", "Cart", "Cart.total"];
const FLOORS = [{ name: "pay", paths: ["src/pay/**"], class: "medium" as const }];

const path = fc.constantFrom(...PATHS);
const text = fc.constantFrom("", "One.", "Two\nlines", "`x`");
const line = fc.integer({ min: 1, max: 3 });
const fileAt = (at: string): Arbitrary<ChangedFile> =>
  fc
    .record({
      status: fc.constantFrom("added", "modified", "deleted", "renamed"),
      linesAdded: fc.integer({ min: 0, max: 3000 }),
      linesDeleted: fc.integer({ min: 0, max: 50 }),
      category: fc.constantFrom(...CATEGORIES),
      kind: fc.constantFrom(...EDIT_KINDS),
      names: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
      dependents: fc.option(
        fc.record({
          direct: fc.integer({ min: 0, max: 9 }),
          transitive: fc.integer({ min: 0, max: 200 }),
          percentile: fc.double({ min: 0, max: 1, noNaN: true }),
          ofExports: fc.uniqueArray(path),
          deployables: fc.uniqueArray(fc.constantFrom("web", "api", "worker")),
        }),
        { nil: undefined },
      ),
      history: fc.option(
        fc.record({
          commits: fc.integer({ min: 0, max: 300 }),
          authors: fc.integer({ min: 1, max: 9 }),
          ageDays: fc.nat(999),
          fixes: fc.nat(50),
          reverts: fc.nat(5),
          known: fc.boolean(),
        }),
        { nil: undefined },
      ),
    })
    .map(({ kind, names, dependents, history, ...rest }) => ({
      path: at,
      hunks: [],
      edit: { kind, line: 1, declarations: names.map((name) => declared(name)), exports: names },
      ...(dependents ? { dependents } : {}),
      ...(history ? { history } : {}),
      ...rest,
    }));
const files = fc
  .uniqueArray(path, { maxLength: PATHS.length - 1 })
  .chain((paths) => fc.tuple(...paths.map(fileAt)));

const dependency: Arbitrary<DependencyChange> = fc.record({
  path: fc.constantFrom("package.json", "go.mod"),
  line,
  ecosystem: fc.constantFrom("npm", "go"),
  name: fc.constantFrom("a", "b"),
  change: fc.constantFrom("minor", "removed", "unclear", "added", "major"),
  scope: fc.constantFrom("development", "runtime"),
  direct: fc.boolean(),
});
const migration: Arbitrary<ChangedMigration> = fc.record({
  path,
  line,
  status: fc.constantFrom("added", "modified", "deleted", "renamed"),
  direction: fc.constant("up" as const),
  phase: fc.constantFrom("expand", "migrate", "contract"),
  irreversible: fc.array(fc.constantFrom("DROP TABLE a", "DROP TABLE b"), { maxLength: 2 }),
  hasDown: fc.boolean(),
});
const annotation: Arbitrary<ChangedAnnotation> = fc
  .record({
    path,
    line,
    declaration: fc.constantFrom(undefined, ...NAMES),
    change: fc.constantFrom("standing", "added", "raised", "lowered", "removed"),
    risk: fc.constantFrom("low", "medium", "high"),
    reason: text,
    until: fc.constantFrom(undefined, "2026-04-05", "2026-04-06"),
  })
  .map(({ declaration, until, ...rest }) => ({
    ...rest,
    ...(declaration === undefined ? {} : { declaration }),
    ...(until === undefined ? {} : { until }),
  }));
const finding: Arbitrary<NewFinding> = fc.record({
  ruleId: fc.constantFrom("yantra/a/b", "yantra/a/c"),
  level: fc.constantFrom("error", "warning", "note"),
  path,
  line,
  message: text,
});
const workload: Arbitrary<TouchedWorkload> = fc.record({
  kind: fc.constantFrom("Deployment", "Rollout"),
  name: fc.constantFrom("a", "b"),
  path,
  line,
  because: path,
  guards: fc.array(fc.constant("AnalysisTemplate x"), { maxLength: 1 }),
});
const suppression = fc.record({
  path,
  line,
  rules: fc.array(fc.constantFrom("yantra/a/b", "yantra/a/c")),
  reason: text,
});
const setting = fc.record({ path, line, what: text });

const change: Arbitrary<Change> = fc.record({
  files,
  dependencies: fc.array(dependency, { maxLength: 30 }),
  migrations: fc.array(migration, { maxLength: 3 }),
  annotations: fc.array(annotation, { maxLength: 6 }),
  findings: fc.array(finding, { maxLength: 30 }),
  suppressions: fc.array(suppression, { maxLength: 3 }),
  settings: fc.array(setting, { maxLength: 2 }),
  workloads: fc.array(workload, { maxLength: 4 }),
});

// Mostly one list at a time: where everything is there, everything is high and capped.
const LISTS = [
  "files",
  "dependencies",
  "migrations",
  "annotations",
  "findings",
  "suppressions",
  "settings",
  "workloads",
] as const;
const sparse = fc
  .tuple(change, fc.subarray([...LISTS], { minLength: 1, maxLength: 4 }))
  .map(([whole, kept]) => {
    const { change: empty } = inputOf();
    return kept.reduce<Change>((some, key) => ({ ...some, [key]: whole[key] }), empty);
  });
const changes = fc.oneof(change, sparse);

const judge = (change: Change): RiskReport => assessRisk(input(change));
const input = (change: Change): RiskInput => ({ ...inputOf({}, { floors: FLOORS }), change });
const rank = (report: RiskReport) => RISK_CLASSES.indexOf(report.class);
const points = (report: RiskReport, id: string) =>
  report.signals.filter((signal) => signal.id === id).reduce((sum, signal) => sum + signal.points, 0);

function expectNoLower(before: Change, after: Change): void {
  const [a, b] = [judge(before), judge(after)];
  const lowered = SIGNAL_IDS.filter((id) => points(b, id) < points(a, id));
  expect({ lowered, score: b.score >= a.score, sum: b.sum >= a.sum, class: rank(b) >= rank(a) }).toEqual({
    lowered: [],
    score: true,
    sum: true,
    class: true,
  });
}

/** Any one item made graver in one respect; `undefined` where it cannot be. */
type Worsen<T> = (item: T) => T[];

const later = <T>(order: readonly T[], item: T): T[] => order.slice(order.indexOf(item) + 1);

const worsenFile: Worsen<ChangedFile> = (file) => [
  ...later(EDIT_KINDS, file.edit.kind).map((kind) => ({ ...file, edit: { ...file.edit, kind } })),
  { ...file, linesAdded: file.linesAdded * 2 + 1 },
  { ...file, edit: { ...file.edit, declarations: [...file.edit.declarations, declared("another")] } },
  { ...file, previousPath: "src/login.ts" },
  ...(file.dependents
    ? [
        { ...file, dependents: { ...file.dependents, percentile: (file.dependents.percentile + 1) / 2 } },
        { ...file, dependents: { ...file.dependents, transitive: file.dependents.transitive + 7 } },
        { ...file, dependents: { ...file.dependents, ofExports: [...file.dependents.ofExports, "z.ts"] } },
        { ...file, dependents: { ...file.dependents, deployables: [...file.dependents.deployables, "z"] } },
      ]
    : []),
  ...(file.history
    ? [
        { ...file, history: { ...file.history, fixes: file.history.fixes + 3 } },
        { ...file, history: { ...file.history, reverts: file.history.reverts + 1 } },
        { ...file, history: { ...file.history, known: false } },
      ]
    : []),
];
const worsenDependency: Worsen<DependencyChange> = (one) => [
  // A tool that is new is watched more closely than one that goes from version to version.
  ...later(["minor", "removed", "unclear", "added", "major"] as const, one.change)
    .filter(() => one.scope === "runtime" || one.change !== "added")
    .map((change) => ({ ...one, change })),
  { ...one, scope: "runtime" },
  { ...one, direct: true },
];
const worsenMigration: Worsen<ChangedMigration> = (one) => [
  ...later(["expand", "migrate", "contract"] as const, one.phase).map((phase) => ({ ...one, phase })),
  { ...one, irreversible: [...one.irreversible, "DELETE FROM a"] },
  { ...one, hasDown: false },
  { ...one, status: "modified" },
];
const worsenAnnotation: Worsen<ChangedAnnotation> = (one) => [
  ...later(["low", "medium", "high"] as const, one.risk).map((risk) => ({ ...one, risk })),
  { ...one, change: "lowered" },
];
const worsenFinding: Worsen<NewFinding> = (one) =>
  later(["note", "warning", "error"] as const, one.level).map((level) => ({ ...one, level }));
const worsenWorkload: Worsen<TouchedWorkload> = (one) => [{ ...one, guards: [] }];

function variants<T>(items: readonly T[], worsen: Worsen<T>): T[][] {
  return items.flatMap((item, index) => worsen(item).map((worse) => items.with(index, worse)));
}

/** All changes that are `change` with one thing made worse. */
function worsened(change: Change): Change[] {
  return [
    ...variants(change.files, worsenFile).map((files) => ({ ...change, files })),
    ...variants(change.dependencies, worsenDependency).map((dependencies) => ({ ...change, dependencies })),
    ...variants(change.migrations, worsenMigration).map((migrations) => ({ ...change, migrations })),
    ...variants(change.annotations, worsenAnnotation).map((annotations) => ({ ...change, annotations })),
    ...variants(change.findings, worsenFinding).map((findings) => ({ ...change, findings })),
    ...variants(change.workloads, worsenWorkload).map((workloads) => ({ ...change, workloads })),
  ];
}

test("to make one part of a change graver never lowers anything", () => {
  fc.assert(
    fc.property(changes, fc.nat(), (before, pick) => {
      const worse = worsened(before);
      const after = worse[pick % Math.max(1, worse.length)];
      if (after) expectNoLower(before, after);
    }),
    { ...RUNS, numRuns: 1000 },
  );
});

/** One thing more, of each list. An annotation `low` that stood at the base is there to lower. */
const additions: Record<(typeof LISTS)[number], (change: Change) => Arbitrary<Change>> = {
  files: (change) => {
    const free = PATHS.filter((path) => !change.files.some((file) => file.path === path));
    return fc
      .constantFrom(...free)
      .chain(fileAt)
      .map((file) => ({ ...change, files: [...change.files, file] }));
  },
  dependencies: (change) =>
    dependency.map((one) => ({ ...change, dependencies: [...change.dependencies, one] })),
  migrations: (change) => migration.map((one) => ({ ...change, migrations: [...change.migrations, one] })),
  annotations: (change) =>
    annotation
      .filter(({ change, risk }) => change !== "standing" || risk !== "low")
      .map((one) => ({ ...change, annotations: [...change.annotations, one] })),
  findings: (change) => finding.map((one) => ({ ...change, findings: [...change.findings, one] })),
  suppressions: (change) =>
    suppression.map((one) => ({ ...change, suppressions: [...change.suppressions, one] })),
  settings: (change) => setting.map((one) => ({ ...change, settings: [...change.settings, one] })),
  workloads: (change) => workload.map((one) => ({ ...change, workloads: [...change.workloads, one] })),
};

test.each(LISTS)("to add to %s never lowers anything", (key) => {
  fc.assert(
    fc.property(
      changes.chain((before) => fc.tuple(fc.constant(before), additions[key](before))),
      ([before, after]) => expectNoLower(before, after),
    ),
    RUNS,
  );
});

test("the same change in another order gives the same bytes, and is left as it was", () => {
  const shuffled = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
  const other = (change: Change) =>
    fc.record({
      files: shuffled(change.files).chain((files) =>
        fc.tuple(
          ...files.map((file) =>
            shuffled(file.edit.declarations).map((declarations) => ({
              ...file,
              edit: { ...file.edit, declarations },
            })),
          ),
        ),
      ),
      dependencies: shuffled(change.dependencies),
      migrations: shuffled(change.migrations),
      annotations: shuffled(change.annotations),
      findings: shuffled(change.findings),
      suppressions: shuffled(change.suppressions),
      settings: shuffled(change.settings),
      workloads: shuffled(change.workloads),
    });
  fc.assert(
    fc.property(
      change.chain((one) => fc.tuple(fc.constant(one), other(one))),
      ([one, another]) => {
        const written = JSON.stringify(one);
        const report = JSON.stringify(judge(one));
        expect(JSON.stringify(judge(another))).toBe(report);
        expect(JSON.stringify(judge(one))).toBe(report);
        expect(JSON.stringify(one)).toBe(written);
      },
    ),
    RUNS,
  );
});

test("score, class and floor follow from the signals", () => {
  fc.assert(
    fc.property(changes, (one) => {
      const { settings } = input(one);
      const report = judge(one);
      const { signals, sum, score, floor } = report;
      expect(signals.reduce((total, signal) => total + signal.points, 0)).toBe(sum);
      expect(signals.filter((signal) => !Number.isInteger(signal.points) || signal.points < 0)).toEqual([]);
      expect(SIGNAL_IDS.filter((id) => points(report, id) > settings.weights[id])).toEqual([]);
      const listed = (id: string) => signals.filter((signal) => signal.id === id).length;
      expect(SIGNAL_IDS.filter((id) => listed(id) > 21)).toEqual([]);
      const highest = RISK_CLASSES.findLast((name) => signals.some((signal) => signal.floor === name));
      expect(floor?.class).toBe(highest);
      if (floor) expect(signals.findIndex((signal) => signal.floor === floor.class)).toBe(floor.signal);
      const least = { low: 0, ...settings.thresholds };
      expect(score).toBe(Math.max(Math.min(100, sum), least[highest ?? "low"]));
      expect(report.class).toBe(RISK_CLASSES.findLast((name) => score >= least[name]));
    }),
    RUNS,
  );
});

test("no annotation low lowers what a path, a migration, infrastructure, settings or a finding says", () => {
  const families = ["path", "migration", "infrastructure", "settings", "suppression", "finding"];
  fc.assert(
    fc.property(changes, (one) => {
      const low = one.files.map(({ path }) => fileAnnotationOf({ path }));
      const report = judge({ ...one, annotations: low });
      const floors = judge({ ...one, annotations: [] }).signals.filter(({ id }) => families.includes(id));
      const ranks = floors.flatMap(({ floor }) => (floor ? [RISK_CLASSES.indexOf(floor)] : []));
      expect(rank(report)).toBeGreaterThanOrEqual(Math.max(0, ...ranks));
      const pointsOf = (one: RiskReport) => families.map((id) => points(one, id));
      expect(pointsOf(report)).toEqual(pointsOf({ ...report, signals: floors }));
    }),
    RUNS,
  );
});
