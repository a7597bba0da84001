import type { Standing } from "./confirmation.ts";
import type { Phase } from "./rule.ts";

/** What became of a file since the base. */
export type FileStatus = "added" | "modified" | "deleted" | "renamed";

/** Lines from `start` on, `count` of them, 1-based; count 0 is the gap behind line `start`, as in a unified diff. */
export interface LineSpan {
  start: number;
  count: number;
}

/** One stretch of lines that differs. */
export interface Hunk {
  before: LineSpan;
  after: LineSpan;
}

/**
 * What an edit does, from the mildest to the gravest:
 * - `comment`: comments and format only; the program is the same
 * - `style`: how it looks (CSS, class names)
 * - `copy`: words that people read, and nothing else
 * - `addition`: code is added that nothing existing calls
 * - `endpoint`: an addition that is reached by a new route
 * - `unknown`: it could not be decided, as the language is not understood or does not parse
 * - `deletion`: code is gone
 * - `logic`: existing code does something else
 */
export const EDIT_KINDS = [
  "comment",
  "style",
  "copy",
  "addition",
  "endpoint",
  "unknown",
  "deletion",
  "logic",
] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** A declaration (function, class, method, constant, statement of SQL, resource …) that an edit touches. */
export interface TouchedDeclaration {
  /** Its name, such as `chargeCard` or `Cart.total`; a description in brackets for what has none. */
  name: string;
  change: "added" | "changed" | "removed";
  exported: boolean;
  /** Its lines with the comments that belong to it, at the base; absent when it is added. */
  before?: LineSpan;
  /** The same in the new version; absent when it is removed. */
  after?: LineSpan;
}

/** How one file was edited, decided on its syntax tree. */
export interface FileEdit {
  kind: EditKind;
  /** The line (of the new version, or of the old one when the file is gone) that shows it best. */
  line: number;
  declarations: TouchedDeclaration[];
  /** Names this module exports that behave differently now or are gone; added ones are not in it. */
  exports: string[] | "all";
}

/** A file's two versions. `before` is absent when the file is new, `after` when it is gone. */
export interface FileVersions {
  path: string;
  before?: string;
  after?: string;
}

/** What a file is, by its path (and a look at it). `tooling`: read on developers' machines only, such as a linter's settings. */
export type FileCategory =
  | "source"
  | "test"
  | "docs"
  | "tooling"
  | "style"
  | "copy"
  | "asset"
  | "migration"
  | "infrastructure"
  | "ci"
  | "dependencies"
  | "settings"
  | "build"
  | "data";

/** Who depends on a changed module. Counts are of modules of the repository, type-only imports left out. */
export interface Dependents {
  direct: number;
  transitive: number;
  /** Which share of the repository's modules has fewer transitive dependents, 0 to 1. */
  percentile: number;
  /** Modules that import just those exports that changed, through re-exports too; sorted paths. */
  ofExports: string[];
  /** What is deployed and holds the module or a dependent: directories, sorted. */
  deployables: string[];
}

/** What git knows of a file before the change. */
export interface FileHistory {
  commits: number;
  authors: number;
  /** Days since its first commit within what was read. */
  ageDays: number;
  /** Commits whose subject says that they repair something. */
  fixes: number;
  /** Commits that take back others. */
  reverts: number;
  /** Whether an author of the change has worked on it before. */
  known: boolean;
}

export interface ChangedFile {
  path: string;
  previousPath?: string;
  status: FileStatus;
  hunks: Hunk[];
  linesAdded: number;
  linesDeleted: number;
  category: FileCategory;
  /** Such as `TypeScript`; absent for what is no programming language. */
  language?: string;
  edit: FileEdit;
  dependents?: Dependents;
  history?: FileHistory;
}

/** A dependency that came, went, or has another version. */
export interface DependencyChange {
  path: string;
  /** In the new version, or in the old one when it is removed. */
  line: number;
  /** `npm`, `go`, `pypi`, `maven`, `cargo`, `rubygems`, `image`. */
  ecosystem: string;
  name: string;
  change: "added" | "removed" | "major" | "minor" | "unclear";
  before?: string;
  after?: string;
  scope: "runtime" | "development";
  /** Named in a manifest; false: only in a lock file. */
  direct: boolean;
}

export interface ChangedMigration {
  path: string;
  line: number;
  status: FileStatus;
  /** `down`: the way back, which no deployment runs. */
  direction: "up" | "down";
  /** The gravest phase of its operations. */
  phase: Phase;
  /** Operations whose effect no rollback brings back, in words: `DROP COLUMN orders.note`. */
  irreversible: string[];
  /** Whether a down migration stands beside it; undefined where the runner has none. */
  hasDown?: boolean;
  /** Of a contract migration that is added: the releases that it relies on (`after=`). Empty when it names none. */
  relies?: Reliance[];
}

/** A release that a contract migration relies on, and how it stands in each environment that outcomes are known of. */
export interface Reliance {
  release: string;
  /** Empty when no outcome is known at all. */
  standings: Standing[];
}

/** An annotation that counts for the change: on a declaration the diff touches, or changed itself. */
export interface ChangedAnnotation {
  path: string;
  line: number;
  /** The declaration it stands on; absent when it is the file's. */
  declaration?: string;
  /** `standing`: the same on both sides; `lowered` and `removed` take protection away. */
  change: "standing" | "added" | "raised" | "lowered" | "removed";
  /** The class that counts: the base's and the head's whichever is higher. */
  risk: "low" | "medium" | "high";
  reason: string;
  /** YYYY-MM-DD, the last day it holds. */
  until?: string;
}

export interface NewFinding {
  ruleId: string;
  level: "error" | "warning" | "note";
  path: string;
  line: number;
  message: string;
}

/** A comment that hides findings and that the base does not have. */
export interface AddedSuppression {
  path: string;
  line: number;
  rules: string[];
  reason: string;
}

/** An edit of what judges the change: policy, floors, owners, rules turned off, names declared external. */
export interface SettingChange {
  path: string;
  line: number;
  /** What it does, as a sentence's end: `turns off sql/no-drop-column`. */
  what: string;
}

/** A workload whose image or manifest the change touches, and what watches it. */
export interface TouchedWorkload {
  kind: string;
  name: string;
  path: string;
  line: number;
  /** A changed file that reaches it. */
  because: string;
  /** What would roll it back or raise an alarm, and how that was found (`describeGuard`); empty: nothing found. */
  guards: string[];
}

/** All that a change does, as data: what risk is judged from. Every list is in a stable order. */
export interface Change {
  files: ChangedFile[];
  dependencies: DependencyChange[];
  migrations: ChangedMigration[];
  annotations: ChangedAnnotation[];
  findings: NewFinding[];
  suppressions: AddedSuppression[];
  settings: SettingChange[];
  workloads: TouchedWorkload[];
}
