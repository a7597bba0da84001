import type { FileRule, Finding } from "@yantra-lint/core";

/** A rule with its full name and options, defaults filled in. */
export interface ActiveRule {
  id: string;
  rule: FileRule;
  options: readonly unknown[];
}

/** A finding without its path and level, which those who lint do not know. */
export type Reported = Omit<Finding, "path" | "level">;

/** What the parser refused; `line` is 0 when it gave no position. */
export interface ParserProblem {
  message: string;
  line: number;
  column: number;
  endLine?: number | undefined;
  endColumn?: number | undefined;
}

/** A file that was read and looked through by rules, in the order of the text; or what the parser refused in it. */
export type LintedFile = { code: unknown; reports: Reported[] } | { problems: readonly ParserProblem[] };
