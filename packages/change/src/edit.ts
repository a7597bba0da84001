import type {
  DependencyChange,
  EditKind,
  FileCategory,
  FileEdit,
  FileVersions,
  Hunk,
} from "@yantra-lint/core";
import { isLockFile } from "./dependencies/index.ts";
import { isReformatted, movesSources } from "./lock-files.ts";
import { restOfManifest } from "./manifest-rest.ts";

/** What is needed to say how a file was edited. */
export interface EditInput extends FileVersions {
  category: FileCategory;
  renamed: boolean;
  /** A link, a submodule, a change of mode or no text: no text tells what it does. */
  opaque: boolean;
  /** A link or a submodule: it is what it leads to, and not what its name says. */
  special?: "link" | "submodule";
  hunks: readonly Hunk[];
  /** What became of its dependencies; undefined when the file names none or could not be read. */
  dependencies: readonly DependencyChange[] | undefined;
  /** The packs' answer (see `Pack.compare`). */
  compare: (file: FileVersions) => FileEdit | undefined;
}

const PICTURE = /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff|woff2?|ttf|otf|eot)$/i;

/** How a file was edited: what the packs say of its syntax tree, else what its category allows to say. */
export function editOf(input: EditInput): FileEdit {
  const { path, category, before, after, compare } = input;
  if (input.special) return plain(input, "unknown");
  // Pictures and fonts are no text, wherever they stand.
  if (input.opaque) return plain(input, category === "asset" || PICTURE.test(path) ? "style" : "unknown");
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

/** In a manifest the rest (scripts, entries) may be more than versions; in a lock file, where these come from. */
function dependencyEdit(input: EditInput, edit: FileEdit | undefined): FileEdit {
  const { dependencies } = input;
  if (isLockFile(input.path)) return dependencies ? lockEdit(input, dependencies) : plain(input, "unknown");
  const rest = restOfManifest(input, input.hunks, dependencies ?? []);
  if (rest === "changed") return plain(input, "logic");
  if (!dependencies) return edit ?? plain(input, "unknown");
  // What is left are versions, which are told as dependencies.
  if (rest === "same") return plain(input, "comment");
  return dependencies.length > 0 ? plain(input, "unknown") : (edit ?? plain(input, "unknown"));
}

/** Changed versions are told as dependencies; the same version from another place or with another hash is not. */
function lockEdit(input: EditInput, dependencies: readonly DependencyChange[]): FileEdit {
  const { path, before, after, hunks } = input;
  if (after === undefined) return plain(input, "logic");
  if (before === undefined) return plain(input, "comment");
  if (movesSources(path, before, after)) return plain(input, "logic");
  // Sums of what was looked at once come and go with go.mod, which tells of it.
  const isTold = dependencies.length > 0 || /(?:^|\/)go\.sum$/.test(path);
  return plain(input, isTold || isReformatted(before, after, hunks) ? "comment" : "logic");
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
