import { createHash } from "node:crypto";
import { compareFindings, type Finding, Lines } from "@yantra-lint/core";

/** The text of a file of the repository, without BOM; undefined when it is not at hand. */
export type TextOf = (path: string) => string | undefined;

/** Hex digits of a fingerprint: 128 bits, so that two findings never meet by chance. */
const LENGTH = 32;

/** Remembers the lines of each file, so that findings of one file split it once. */
export function linesOf(textOf: TextOf): (path: string) => Lines | undefined {
  const known = new Map<string, Lines | undefined>();
  return (path) => {
    if (known.has(path)) return known.get(path);
    const text = textOf(path);
    const lines = text === undefined ? undefined : new Lines(text);
    known.set(path, lines);
    return lines;
  };
}

/**
 * A stable fingerprint for each finding, in the order given: what is said (rule and message id) about which
 * text (the region, and the line it begins on, blanks aside). Neither line numbers nor the file's path count, so
 * a finding keeps its fingerprint when lines above it come and go and when its file is renamed or re-indented.
 * Findings that are equal in all this are counted in the order of their places. Where the text is not at hand,
 * the message stands for it.
 */
export function fingerprints(findings: readonly Finding[], textOf: TextOf): string[] {
  const linesAt = linesOf(textOf);
  const keys = new Map(findings.map((finding) => [finding, identity(finding, linesAt(finding.path))]));
  const seen = new Map<string, number>();
  const result = new Map<Finding, string>();
  for (const finding of [...findings].sort(compareFindings)) {
    const key = keys.get(finding) ?? "";
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    const hash = createHash("sha256").update(`${key}\0${occurrence}`).digest("hex");
    result.set(finding, hash.slice(0, LENGTH));
  }
  return findings.map((finding) => result.get(finding) ?? "");
}

function identity(finding: Finding, lines: Lines | undefined): string {
  const said = [finding.ruleId, finding.messageId ?? ""];
  if (!lines) return JSON.stringify([...said, "message", finding.message]);
  const start = lines.offset({ line: finding.startLine, column: finding.startColumn });
  const end = lines.offset({ line: finding.endLine, column: finding.endColumn });
  const place = [lines.text.slice(start, end), lines.line(finding.startLine)];
  return JSON.stringify([...said, "text", ...place.map(withoutBlanks)]);
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
