import type { DependencyChange, FileVersions } from "@yantra-lint/core";
import { compareDependencies } from "./compare.ts";
import { formatOf } from "./formats.ts";
import type { Dependency, Format } from "./model.ts";

/** Larger ones, in UTF-16 code units, are not read: the largest lock files in the open have some 5 MB. */
const LARGEST = 20_000_000;

/** Whether a path is a manifest, a lock file or a list of images whose dependencies can be compared. */
export function isDependencyFile(path: string): boolean {
  return formatOf(path) !== undefined;
}

/** Whether a path is a lock file: what is installed, and not what is asked for. */
export function isLockFile(path: string): boolean {
  return formatOf(path)?.lock === true;
}

/**
 * The dependencies that came, went or have another version between two versions of a file: [] when none did or the
 * file holds none, undefined when a version of it could not be read. Never throws. Sorted by line, then name.
 *
 * - `major`: the compatible line is another one, up or down (semver's caret for npm, cargo and Go's v0, else the
 *   first number); ranges by their lower bound. `minor`: everything smaller. `unclear`: git addresses, tags, `latest`,
 *   `*`, versions another file decides, and overrides, constraints or engines that come and go.
 * - A name with several versions is one change for each compatible line; the versions are joined by `, `.
 * - `direct` in lock files that know it: the packages that the repository's manifests ask for.
 * - `development` where the file says so; in doubt `runtime`. A move between the two counts as added or removed at
 *   runtime.
 */
export function dependencyChanges(file: FileVersions): DependencyChange[] | undefined {
  const format = formatOf(file.path);
  if (format === undefined) return [];
  const before = read(format, file.before, file.path);
  const after = read(format, file.after, file.path);
  return before && after && compareDependencies(file.path, format, before, after);
}

function read(format: Format, text: string | undefined, path: string): Dependency[] | undefined {
  if (text === undefined) return [];
  if (text.length > LARGEST) return undefined;
  try {
    return format.read(text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"), path);
  } catch {
    // Parsers throw on broken text, and run out of stack on one nested thousands of levels deep.
    return undefined;
  }
}
