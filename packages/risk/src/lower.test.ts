import type { Change, ChangedFile, ChangedMigration } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { annotationOf, dependencyOf, fileOf, inputOf } from "./change.fixture.ts";
import { whatWouldLower } from "./lower.ts";

const migration: ChangedMigration = {
  path: "db/migrations/2_drop_note.sql",
  line: 1,
  status: "added",
  direction: "up",
  phase: "contract",
  irreversible: ["DROP COLUMN orders.note"],
};

const migrationFile: ChangedFile = {
  ...fileOf(migration.path, { status: "added", category: "migration", language: "SQL" }),
  edit: { kind: "addition", line: 1, declarations: [], exports: [] },
};
const manifest: ChangedFile = {
  ...fileOf("deploy/rollout.yaml", { category: "infrastructure" }),
  edit: { kind: "logic", line: 9, declarations: [], exports: [] },
};
const lower = (parts: Partial<Change>) => whatWouldLower(inputOf(parts));
const error = { ruleId: "yantra/a/b", level: "error", path: "src/a.ts", line: 1, message: "No." } as const;

test("nothing lowers what is low", () => {
  expect(lower({ files: [fileOf("a.css", { category: "style" })] })).toEqual([]);
});

test("a change that is nothing else is not told to ship apart", () => {
  expect(lower({ files: [migrationFile], migrations: [{ ...migration, irreversible: [] }] })).toEqual([]);
});

describe("one thing alone", () => {
  test("a migration beside logic", () => {
    expect(lower({ files: [migrationFile, fileOf("src/a.ts")], migrations: [migration] })).toEqual([
      "Ship the migration db/migrations/2_drop_note.sql in a change of its own: then this would be medium (30).",
    ]);
  });

  test("an edit of authentication", () => {
    expect(lower({ files: [fileOf("src/auth.ts"), fileOf("src/a.ts")] })).toEqual([
      "Ship the edit of src/auth.ts in a change of its own: then this would be medium (30).",
    ]);
  });

  test("errors", () => {
    expect(lower({ files: [fileOf("src/a.ts")], findings: [error, { ...error, line: 2 }] })).toEqual([
      "Fix the 2 errors: then this would be medium (30).",
    ]);
  });

  test("a suppression", () => {
    const suppressions = [{ path: "src/a.ts", line: 1, rules: ["yantra/a/b"], reason: "" }];
    expect(lower({ files: [fileOf("src/a.ts")], suppressions })).toEqual([
      "Fix what the new suppression hides: then this would be medium (30).",
    ]);
  });

  test("a lowered annotation, which may be high itself", () => {
    const files = [fileOf("src/a.ts")];
    expect(lower({ files, annotations: [annotationOf({ change: "lowered", risk: "medium" })] })).toEqual([
      "Keep the annotations that the change lowers or takes away: then this would be medium (30).",
    ]);
    expect(lower({ files, annotations: [annotationOf({ change: "lowered", risk: "high" })] })).toEqual([]);
  });

  test("a dependency beside words", () => {
    const files = [
      fileOf("package.json", { category: "dependencies", edit: { kind: "unknown" } }),
      fileOf("README.md", { category: "docs", edit: { kind: "comment" } }),
    ];
    expect(lower({ files, dependencies: [dependencyOf()] })).toEqual([
      "Change express in a change of its own: then this would be low (0).",
    ]);
  });

  test("a workload that nothing watches, beside enough to make it medium", () => {
    const file = fileOf("src/a.ts", {
      edit: { kind: "addition" },
      linesAdded: 4000,
      dependents: { direct: 1, transitive: 1, percentile: 0.1, ofExports: [], deployables: [] },
    });
    const workload = {
      kind: "Rollout",
      name: "shop",
      path: "d.yaml",
      line: 1,
      because: "src/a.ts",
      guards: [],
    };
    const parts = { files: [file], workloads: [workload, { ...workload, name: "cart" }] };
    const input = inputOf(parts, { thresholds: { medium: 20 } });
    expect(whatWouldLower(input)).toEqual([
      "Let an analysis or an alert watch Rollout cart and Rollout shop: then this would be low (11).",
    ]);
  });
});

describe("several things", () => {
  test("are told with what they leave, and what they do together", () => {
    const input = inputOf({
      files: [migrationFile, manifest, fileOf("src/auth.ts"), fileOf("src/a.ts")],
      migrations: [migration],
      dependencies: [dependencyOf()],
      findings: [error],
    });
    expect(whatWouldLower(input)).toMatchInlineSnapshot(`
      [
        "Ship the migration db/migrations/2_drop_note.sql, the edit of deploy/rollout.yaml and the edit of src/auth.ts in changes of their own and fix the error: only together would they make this medium (33).",
      ]
    `);
  });

  test("that are not needed are left out of what is told together", () => {
    const together = lower({
      files: [migrationFile, fileOf("src/a.ts")],
      migrations: [migration],
      findings: [error],
      dependencies: [dependencyOf({ change: "minor", before: "4.0.0" })],
    }).at(-1);
    expect(together).toBe(
      "Ship the migration db/migrations/2_drop_note.sql in a change of its own and fix the error: only together would they make this medium (30).",
    );
  });
});
