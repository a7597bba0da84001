import {
  compareText,
  type Change,
  type ChangedFile,
  type EditKind,
  type FileCategory,
} from "@yantra-lint/core";

/** Categories whose files are judged by what their edit does to the program. */
const PROGRAM: readonly FileCategory[] = ["source", "data", "build"];

/** Kinds that change what existing code does, or may. */
const SUBSTANTIVE: readonly EditKind[] = ["logic", "deletion", "unknown"];

/** Whether the file is part of the program, built from or into it. */
export function isProgram(file: ChangedFile): boolean {
  return PROGRAM.includes(file.category);
}

/** Whether the edit changes what the program does; tests, documents and files of other families never do. */
export function isSubstantive(file: ChangedFile): boolean {
  return isProgram(file) && SUBSTANTIVE.includes(file.edit.kind);
}

/** Whether the edit changes more than comments and format, as far as the file has any: prose is no comment. */
export function isEdited({ category, edit }: ChangedFile): boolean {
  return edit.kind !== "comment" || category === "docs" || category === "tooling";
}

/** The names of the declarations an edit touches (by `change` when given), in the file's order. */
export function touched(file: ChangedFile, change?: "added" | "changed" | "removed"): string[] {
  const declarations = file.edit.declarations.filter((one) => change === undefined || one.change === change);
  const line = (one: (typeof declarations)[number]) => (one.after ?? one.before)?.start ?? 0;
  const names = declarations
    .toSorted((a, b) => line(a) - line(b) || compareText(a.name, b.name))
    .map((declaration) => declaration.name);
  return [...new Set(names)];
}

/** Both names of a file that was renamed. */
export function pathsOf(file: ChangedFile): string[] {
  return file.previousPath === undefined ? [file.path] : [file.path, file.previousPath];
}

/** The changed files of the given categories whose edit is more than comments and that `named` does not hold. */
export function unnamedFiles(
  change: Change,
  categories: readonly FileCategory[],
  named: readonly { path: string }[],
): ChangedFile[] {
  const paths = new Set(named.map(({ path }) => path));
  return change.files.filter(
    (file) => categories.includes(file.category) && isEdited(file) && !paths.has(file.path),
  );
}
