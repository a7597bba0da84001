import {
  type Change,
  type ChangedFile,
  compareText,
  type Dependents,
  type Fact,
  FactIndex,
  type FileCategory,
  type FileEdit,
  type FileHistory,
  type FileStatus,
  type FileVersions,
  type NewFinding,
  type SettingChange,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import { changedAnnotations } from "./annotations.ts";
import { byPath } from "./by-path.ts";
import { categoryOf, graver, isHarmless, languageOf } from "./category.ts";
import { dependencyChanges, isDependencyFile } from "./dependencies/index.ts";
import { deployableDirectories, isWithin, touchedWorkloads } from "./deployables.ts";
import { editOf } from "./edit.ts";
import { hunksOf } from "./hunks.ts";
import { loadedPaths } from "./loaded.ts";
import { mergeDependencies } from "./merge-dependencies.ts";
import { changedMigrations } from "./migrations.ts";
import { addedSuppressions, type HiddenFinding } from "./suppressions.ts";

/** A changed file as it is read: both texts, where they are texts. */
export interface ChangedText extends FileVersions {
  previousPath?: string;
  status: FileStatus;
  /** A link, a submodule, a change of mode, or no text: what it does cannot be read. */
  opaque: boolean;
  /** A link or a submodule: it is what it leads to, and not what its name says. */
  special?: "link" | "submodule";
}

/** Who imports whom, as far as a description asks (see ModuleGraph). */
export interface Graph {
  dependents(path: string): { direct: number; transitive: number; percentile: number } | undefined;
  importersOf(path: string, names: readonly string[] | "all"): readonly string[];
  closure(path: string): ReadonlySet<string>;
}

export interface DescribeInput {
  files: readonly ChangedText[];
  /** All paths of the repository. */
  paths: readonly string[];
  facts: { before: readonly Fact[]; after: readonly Fact[] };
  settings: WorkspaceSettings;
  /** The packs' answer on how a file was edited. */
  compare: (file: FileVersions) => FileEdit | undefined;
  /** Of the new version, with the files that are gone; absent: dependents are not counted. */
  graph?: Graph;
  /** Files in directories of tests that running code imports: they are no tests. */
  imported?: ReadonlySet<string>;
  history: ReadonlyMap<string, FileHistory>;
  /** New findings that nothing hides, and new ones that a comment does. */
  findings: readonly NewFinding[];
  hidden: readonly HiddenFinding[];
  /** What the change does to the settings it is judged by. */
  settingChanges: readonly SettingChange[];
}

/** All that a change does, as data. Pure: the same input gives the same description. */
export function describeChange(input: DescribeInput): Change {
  const before = new FactIndex(input.facts.before);
  const after = new FactIndex(input.facts.after);
  const deployables = deployableDirectories(input.paths, after, input.settings);
  const kinds = kindsOf(before, after);
  const isLoaded = loadedPaths(input.files, input.paths);
  const sorted = [...input.files].sort((a, b) => compareText(a.path, b.path));
  const described = sorted.map((file) => describeFile(file, input, { kinds, deployables, isLoaded }));
  const files = described.map(({ file }) => file);
  return {
    files,
    dependencies: mergeDependencies(described.flatMap(({ dependencies }) => dependencies)),
    migrations: changedMigrations(files, before, after),
    annotations: annotationsOf(sorted, files, before, after),
    findings: [...input.findings],
    suppressions: addedSuppressions(files, before, after, input.hidden),
    settings: [...input.settingChanges],
    workloads: touchedWorkloads(files, after, input.settings),
  };
}

interface Kinds {
  migrations: ReadonlySet<string>;
  manifests: ReadonlySet<string>;
}

function kindsOf(before: FactIndex, after: FactIndex): Kinds {
  const pathsOf = (type: "migration" | "resource" | "kustomization"): string[] =>
    [...before.of(type), ...after.of(type)].map(({ path }) => path);
  return {
    migrations: new Set(pathsOf("migration")),
    manifests: new Set([...pathsOf("resource"), ...pathsOf("kustomization")]),
  };
}

interface Surroundings {
  kinds: Kinds;
  deployables: readonly string[];
  isLoaded: (path: string) => boolean;
}

function describeFile(
  source: ChangedText,
  input: DescribeInput,
  { kinds, deployables, isLoaded }: Surroundings,
) {
  const { path, previousPath, status, before = "", after = "" } = source;
  const has = (set: ReadonlySet<string>): boolean => set.has(path) || set.has(previousPath ?? path);
  const hints = { migration: has(kinds.migrations), manifest: has(kinds.manifests) };
  const categoryAt = (at: string): FileCategory => {
    const told = categoryOf(at, hints);
    const known = told === "test" && input.imported?.has(at) ? "source" : told;
    // A recipe of an image names its base image, and is infrastructure all the same.
    const asked = isDependencyFile(at) && !["test", "settings", "ci", "infrastructure"].includes(known);
    return asked ? "dependencies" : known;
  };
  const own = categoryAt(path);
  const old = previousPath === undefined ? own : categoryAt(previousPath);
  const shown = graver(own, old);
  // What it leads to may be anything.
  const category = source.special && isHarmless(shown) ? "data" : shown;
  const names = own === "dependencies" || (own === "infrastructure" && isDependencyFile(path));
  const dependencies = names && !source.opaque ? dependencyChanges(source) : undefined;
  const hunks = hunksOf(before, after);
  const edited = editOf({
    ...source,
    category,
    renamed: previousPath !== undefined,
    hunks,
    dependencies,
    compare: input.compare,
  });
  // What becomes another kind of file does not do anymore what it did, or does what it did not.
  const turned = own !== old && !isHarmless(category) && edited.kind !== "unknown";
  const reached = (edited.kind === "addition" || edited.kind === "endpoint") && isLoaded(path);
  const edit: FileEdit = turned || reached ? { ...edited, kind: "logic" } : edited;
  const language = languageOf(path);
  const history = input.history.get(previousPath ?? path);
  const dependents = input.graph && dependentsOf(path, edit, input.graph, deployables);
  const file: ChangedFile = {
    path,
    ...(previousPath === undefined ? {} : { previousPath }),
    status,
    hunks,
    linesAdded: hunks.reduce((sum, hunk) => sum + hunk.after.count, 0),
    linesDeleted: hunks.reduce((sum, hunk) => sum + hunk.before.count, 0),
    category,
    ...(language === undefined ? {} : { language }),
    edit,
    ...(dependents ? { dependents } : {}),
    ...(history ? { history } : {}),
  };
  return { file, dependencies: dependencies ?? [] };
}

function dependentsOf(
  path: string,
  edit: FileEdit,
  graph: Graph,
  deployables: readonly string[],
): Dependents | undefined {
  const known = graph.dependents(path);
  if (!known) return undefined;
  const closure = graph.closure(path);
  const none = edit.exports !== "all" && edit.exports.length === 0;
  return {
    direct: known.direct,
    transitive: known.transitive,
    percentile: known.percentile,
    ofExports: none ? [] : [...graph.importersOf(path, edit.exports)].sort(compareText),
    deployables: deployables.filter((directory) => {
      if (isWithin(path, directory)) return true;
      for (const dependent of closure) if (isWithin(dependent, directory)) return true;
      return false;
    }),
  };
}

function annotationsOf(
  sources: readonly ChangedText[],
  files: readonly ChangedFile[],
  before: FactIndex,
  after: FactIndex,
) {
  const old = byPath(before.of("annotation"));
  const own = byPath(after.of("annotation"));
  return files.flatMap((file, index) => {
    const source = sources[index];
    return changedAnnotations({
      path: file.path,
      edit: file.edit,
      renamed: file.previousPath !== undefined,
      before: { text: source?.before ?? "", annotations: old.get(file.previousPath ?? file.path) ?? [] },
      after: { text: source?.after ?? "", annotations: own.get(file.path) ?? [] },
    });
  });
}
