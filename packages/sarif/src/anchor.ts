import type { Finding, LineSpan, Location, Region } from "@yantra-lint/core";

/** The lines of the new version that a change added or edited, by path. */
export type ChangedLines = ReadonlyMap<string, readonly LineSpan[]>;

/** Where an alert is shown. `moved`: not at the finding's own place. */
export interface Anchor {
  /** An empty region at a line's beginning where only the line is meant. */
  location: Location;
  moved: boolean;
}

/**
 * The place at which GitHub counts a finding in a pull request: it leaves out alerts with lines that the diff does
 * not add ("Triaging code scanning alerts in pull requests"), and so every finding about what is missing and every
 * one whose cause is in another file. A finding whose first line is changed stays where it is. Any other is shown
 * at the first of these: a changed line inside of it; a related location on one; `cause`, if it is on one; the
 * nearest changed line of its file; of the cause's file. When there is none it stays.
 */
export function anchor(finding: Finding, changed: ChangedLines, cause?: Location): Anchor {
  if (isChanged(finding, changed)) return { location: placeOf(finding), moved: false };
  const related = finding.related ?? [];
  const place =
    changedInside(finding, changed) ??
    related.find((location) => isChanged(location, changed)) ??
    firstOf(related, (location) => changedInside(location, changed)) ??
    (cause && isChanged(cause, changed) ? cause : undefined) ??
    (cause && changedInside(cause, changed)) ??
    nearest(finding, changed) ??
    (cause && nearest(cause, changed));
  return place ? { location: placeOf(place), moved: true } : { location: placeOf(finding), moved: false };
}

/** A finding and a related location are more than their place. */
function placeOf({ path, startLine, startColumn, endLine, endColumn }: Location): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Only the first line counts: our regions are cut at its end. */
function isChanged({ path, startLine }: Location, changed: ChangedLines): boolean {
  return spansOf(path, changed).some(({ first, last }) => first <= startLine && startLine <= last);
}

function changedInside(place: Location, changed: ChangedLines): Location | undefined {
  const end = lastLine(place);
  const lines = spansOf(place.path, changed)
    .filter(({ first, last }) => first <= end && last >= place.startLine)
    .map(({ first }) => Math.max(first, place.startLine));
  return lines.length === 0 ? undefined : lineOf(place.path, Math.min(...lines));
}

/** The upper of two that are equally near: what stands below is more often a consequence. */
function nearest({ path, startLine }: Location, changed: ChangedLines): Location | undefined {
  const [line] = spansOf(path, changed)
    .map(({ first, last }) => Math.min(Math.max(startLine, first), last))
    .sort((a, b) => Math.abs(a - startLine) - Math.abs(b - startLine) || a - b);
  return line === undefined ? undefined : lineOf(path, line);
}

function spansOf(path: string, changed: ChangedLines): { first: number; last: number }[] {
  const spans = changed.get(path) ?? [];
  return spans
    .filter(({ count }) => count > 0)
    .map(({ start, count }) => ({ first: start, last: start + count - 1 }));
}

/** The last line of a region; its end is exclusive. */
function lastLine({ startLine, endLine, endColumn }: Region): number {
  return Math.max(startLine, endColumn <= 1 ? endLine - 1 : endLine);
}

function lineOf(path: string, line: number): Location {
  return { path, startLine: line, startColumn: 1, endLine: line, endColumn: 1 };
}
