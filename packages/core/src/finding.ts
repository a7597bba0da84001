import type { Location, Range } from "./positions.ts";

/** SARIF's levels. Rules report `error` or `warning`; `note` is for information that never fails a run. */
export type Level = "error" | "warning" | "note";

/** Replace the text in `range` (UTF-16 offsets into the file as it was read, BOM not counted) by `text`. */
export interface TextEdit {
  range: Range;
  text: string;
}

export interface Suggestion {
  message: string;
  fix: TextEdit;
}

/** A second place that a finding speaks of, such as the other end of a broken reference. */
export interface RelatedLocation extends Location {
  message: string;
}

/** What a rule found, at one place. */
export interface Finding extends Location {
  /** The rule's full name, `yantra/<pack>/<rule>`. */
  ruleId: string;
  /** Which of the rule's messages it is; absent when a parser speaks. */
  messageId?: string;
  level: Level;
  /** One or two sentences: what happens, and what to do. */
  message: string;
  fix?: TextEdit;
  suggestions?: Suggestion[];
  related?: RelatedLocation[];
  /** Set when a comment in the file suppresses it; the reason is the comment's. */
  suppressed?: { reason: string; location: Location };
}

/** Something a user should know that is no fault in the artifacts: a file skipped, capped or not understood. */
export interface Notice {
  /** A stable word for the kind of notice, such as `helm-template`. */
  id: string;
  message: string;
  path?: string;
  /** Nothing in the file was checked. */
  unread?: boolean;
}

/** The order findings are told in: path, line, column, rule. Code units decide, so it is the same everywhere. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path, b.path) ||
    a.startLine - b.startLine ||
    a.startColumn - b.startColumn ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message)
  );
}

/** Orders texts by code units, independent of the machine's locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
