import { visible } from "../text.ts";
import type { Report, ToldFinding } from "../report.ts";

/**
 * New findings as JUnit XML, a test suite for each file: what CI systems without SARIF show. A run without findings
 * is one test that passed.
 */
export function junit(report: Report): string {
  const findings = report.findings.filter(({ state, suppressed }) => state === "new" && !suppressed);
  const suites = new Map<string, ToldFinding[]>();
  for (const finding of findings) {
    const suite = suites.get(finding.path);
    if (suite) suite.push(finding);
    else suites.set(finding.path, [finding]);
  }
  const told =
    suites.size === 0
      ? '  <testsuite name="yantra-lint" tests="1" failures="0" errors="0">\n    <testcase name="no new findings" classname="yantra-lint" />\n  </testsuite>\n'
      : [...suites].map(([file, ofFile]) => suiteOf(file, ofFile)).join("");
  const tests = Math.max(1, findings.length);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="yantra-lint" tests="${tests}" failures="${findings.length}" errors="0">\n${told}</testsuites>\n`;
}

function suiteOf(file: string, findings: readonly ToldFinding[]): string {
  const count = findings.length;
  const cases = findings.map((finding) => caseOf(file, finding)).join("");
  return `  <testsuite name="${escape(file)}" tests="${count}" failures="${count}" errors="0">\n${cases}  </testsuite>\n`;
}

function caseOf(file: string, { ruleId, level, message, startLine, startColumn }: ToldFinding): string {
  const place = `${file}:${startLine}:${startColumn}`;
  return `    <testcase name="${escape(`${ruleId} at ${startLine}:${startColumn}`)}" classname="${escape(file)}">
      <failure type="${level}" message="${escape(message)}">${escape(`${place}: ${message}`)}</failure>
    </testcase>
`;
}

/** XML 1.0 has no control characters but tab and line breaks, not even escaped: they are made visible. */
function escape(text: string): string {
  return visible(text)
    .replaceAll(/\p{Surrogate}|[\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
}
