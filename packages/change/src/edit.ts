import {
  canonicalJson,
  type DependencyChange,
  type EditKind,
  type FileCategory,
  type FileEdit,
  type FileVersions,
  type Hunk,
} from "@yantra-lint/core";

/** What is needed to say how a file was edited. */
export interface EditInput extends FileVersions {
  category: FileCategory;
  renamed: boolean;
  /** A link, a submodule or a change of mode: no text tells what it does. */
  opaque: boolean;
  hunks: readonly Hunk[];
  /** What became of its dependencies; undefined when the file names none or could not be read. */
  dependencies: readonly DependencyChange[] | undefined;
  /** The packs' answer (see `Pack.compare`). */
  compare: (file: FileVersions) => FileEdit | undefined;
}

/** How a file was edited: what the packs say of its syntax tree, else what its category allows to say. */
export function editOf(input: EditInput): FileEdit {
  const { path, category, before, after, compare } = input;
  if (input.opaque) return plain(input, "unknown");
  if (category === "asset" || category === "style") return plain(input, "style");
  if (category === "docs" || category === "tooling") return plain(input, "comment");
  const edit = compare({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
  if (category === "dependencies") return dependencyEdit(input, edit);
  if (category === "copy") return edit && edit.kind !== "unknown" ? edit : plain(input, "copy");
  // What a path means to others (a route, a page, a name that is looked up) the text does not tell.
  if (input.renamed && (!edit || edit.kind === "comment"))
    return { ...plain(input, "logic"), ...exportsOf(edit) };
  return edit ?? plain(input, "unknown");
}

/** A lock file without a changed version is noise; in a manifest the rest (scripts, entries) may be more. */
function dependencyEdit(input: EditInput, edit: FileEdit | undefined): FileEdit {
  const { dependencies } = input;
  const rest = restOfManifest(input);
  if (rest === "changed") return plain(input, "logic");
  if (!dependencies) return edit ?? plain(input, "unknown");
  // What is left are versions, which are told as dependencies.
  if (dependencies.length > 0)
    return plain(input, isLockFile(input.path) || rest === "same" ? "comment" : "unknown");
  if (rest === "same") return plain(input, "comment");
  if (edit) return edit;
  return plain(input, isLockFile(input.path) ? "comment" : "unknown");
}

/** Sections of a package.json that the readers of dependencies tell of, and the package's own version. */
const TOLD = new Set([
  "version",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "resolutions",
  "overrides",
  "packageManager",
]);

/** Whether a package.json changed beside its dependencies: its scripts run at install and build, its entries move. */
function restOfManifest({ path, before, after }: EditInput): "same" | "changed" | undefined {
  if (!/(?:^|\/)package\.json$/.test(path) || before === undefined || after === undefined) return undefined;
  const [old, own] = [restOf(before), restOf(after)];
  if (old === undefined || own === undefined) return undefined;
  return old === own ? "same" : "changed";
}

function restOf(text: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null) return undefined;
    return canonicalJson(Object.entries(manifest).filter(([name]) => !TOLD.has(name)));
  } catch {
    return undefined;
  }
}

const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|go\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|packages\.lock\.json)$/;

function isLockFile(path: string): boolean {
  return LOCK_FILE.test(path);
}

function exportsOf(edit: FileEdit | undefined): Pick<FileEdit, "declarations" | "exports"> {
  return { declarations: edit?.declarations ?? [], exports: edit?.exports ?? [] };
}

function plain({ hunks }: EditInput, kind: EditKind): FileEdit {
  return {
    kind,
    line: Math.max(1, hunks[0]?.after.start ?? 1),
    declarations: [],
    exports: kind === "unknown" ? "all" : [],
  };
}
