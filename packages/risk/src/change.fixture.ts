import type {
  Change,
  ChangedAnnotation,
  ChangedFile,
  DependencyChange,
  TouchedDeclaration,
} from "@yantra-lint/core";
import type { RiskInput } from "./model.ts";
import { riskSettings, type RiskOverrides } from "./settings.ts";

/** A change that does nothing but what a test says. */
function changeOf(parts: Partial<Change> = {}): Change {
  return {
    files: [],
    dependencies: [],
    migrations: [],
    annotations: [],
    findings: [],
    suppressions: [],
    settings: [],
    workloads: [],
    ...parts,
  };
}

export function inputOf(parts: Partial<Change> = {}, overrides: RiskOverrides = {}): RiskInput {
  return { change: changeOf(parts), settings: riskSettings(overrides), today: "2026-04-06" };
}

/** A source file of TypeScript whose edit changes what `total` does, in ten lines. */
export function fileOf(
  path: string,
  { edit, ...parts }: Partial<Omit<ChangedFile, "edit">> & { edit?: Partial<ChangedFile["edit"]> } = {},
): ChangedFile {
  return {
    path,
    status: "modified",
    hunks: [{ before: { start: 1, count: 5 }, after: { start: 1, count: 5 } }],
    linesAdded: 5,
    linesDeleted: 5,
    category: "source",
    language: "TypeScript",
    edit: { kind: "logic", line: 3, declarations: [declared("total")], exports: ["total"], ...edit },
    ...parts,
  };
}

export function declared(
  name: string,
  change: TouchedDeclaration["change"] = "changed",
  line = 1,
): TouchedDeclaration {
  const span = { start: line, count: 5 };
  return {
    name,
    change,
    exported: true,
    ...(change === "added" ? {} : { before: span }),
    ...(change === "removed" ? {} : { after: span }),
  };
}

/** An annotation low of `total`, which stood at the base. */
export function annotationOf(parts: Partial<ChangedAnnotation> = {}): ChangedAnnotation {
  return { declaration: "total", ...fileAnnotationOf(parts) };
}

/** The same of a whole file. */
export function fileAnnotationOf(parts: Partial<ChangedAnnotation> = {}): ChangedAnnotation {
  return { path: "src/a.ts", line: 2, change: "standing", risk: "low", reason: "Words.", ...parts };
}

export function dependencyOf(parts: Partial<DependencyChange> = {}): DependencyChange {
  return {
    path: "package.json",
    line: 12,
    ecosystem: "npm",
    name: "express",
    change: "added",
    after: "5.0.0",
    scope: "runtime",
    direct: true,
    ...parts,
  };
}
