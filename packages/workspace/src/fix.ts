import type { Finding, TextEdit } from "@yantra-lint/core";

/** Applies the fixes that do not touch each other, first come first served; the rest waits for the next pass. */
export function applyFixes(text: string, findings: readonly Finding[]): { text: string; applied: number } {
  const edits = findings
    .flatMap(({ fix, suppressed }): TextEdit[] => (fix && !suppressed ? [fix] : []))
    .sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  let result = "";
  let at = 0;
  let applied = 0;
  for (const { range, text: replacement } of edits) {
    if (range[0] < at || (applied > 0 && range[0] === at)) continue;
    result += text.slice(at, range[0]) + replacement;
    at = range[1];
    applied += 1;
  }
  return { text: result + text.slice(at), applied };
}
