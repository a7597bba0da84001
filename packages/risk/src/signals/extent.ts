import type { ChangedFile } from "@yantra-lint/core";
import { isProgram, isSubstantive } from "../edits.ts";
import { FULL, logStrength, type Family } from "../reason.ts";
import { count, list, plain } from "../wording.ts";

/** As many changed lines take all points. */
const MANY_LINES = 2047;

/** Lines of code that does something else now; new code that nothing calls counts a quarter. */
export const size: Family = (change) => {
  const grave = sum(change.files.filter(isSubstantive));
  const added = sum(change.files.filter((file) => isProgram(file) && isAdded(file)));
  const strength = logStrength(grave + Math.floor(added / 4), MANY_LINES);
  if (strength === 0) return [];
  const parts = [
    ...(grave > 0 ? [`${count(grave, "line")} of existing code`] : []),
    ...(added > 0 ? [`${count(added, "line")} of new code`] : []),
  ];
  return [
    {
      strength,
      evidence: `The change edits ${list(parts)}.`,
      ...(strength > FULL / 2
        ? { lower: "Split the change: each part is easier to judge and to undo." }
        : {}),
    },
  ];
};

/** Directories and areas of the code that a change touches at once. */
export const spread: Family = (change) => {
  const files = change.files.filter(isSubstantive);
  const directories = new Set(files.map((file) => directory(file.path)));
  const areas = new Set(files.map((file) => area(file.path)));
  const inDirectories = logStrength(directories.size - 1, 31);
  const inAreas = logStrength(areas.size - 1, 7);
  const strength = Math.floor((inDirectories + inAreas) / 2);
  if (strength === 0) return [];
  const names = [...areas].sort().map((name) => plain(name, 60));
  return [
    {
      strength,
      evidence: `Code changes in ${count(directories.size, "directory", "directories")}, in ${list(names, 4)}.`,
      ...(areas.size > 1 ? { lower: "Split the change by area, so that each part rolls back alone." } : {}),
    },
  ];
};

function sum(files: readonly ChangedFile[]): number {
  return files.reduce((total, file) => total + file.linesAdded + file.linesDeleted, 0);
}

function isAdded(file: ChangedFile): boolean {
  return file.edit.kind === "addition" || file.edit.kind === "endpoint";
}

function directory(path: string): string {
  return path.split("/").slice(0, -1).join("/") || ".";
}

/** Directories whose children are the areas of a repository, by the habits of monorepos. */
const GROUPS = [
  "apps",
  "packages",
  "services",
  "libs",
  "crates",
  "cmd",
  "pkg",
  "modules",
  "projects",
  "plugins",
];

function area(path: string): string {
  const [first = "", second] = path.split("/").slice(0, -1);
  if (first === "") return "the root";
  return second !== undefined && GROUPS.includes(first) ? `${first}/${second}` : first;
}
