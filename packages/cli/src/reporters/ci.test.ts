import { describe, expect, it } from "vitest";
import type { Report, ToldFinding } from "../report.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { junit } from "./junit.ts";

const HOSTILE = '100% of rows,\r\n::error::gone \u001b[31m<b> & "x" \ud800';

function finding(given: Partial<ToldFinding>): ToldFinding {
  return {
    ruleId: "yantra/sql/no-drop-column",
    level: "error",
    message: "It is dropped.",
    path: "db/a.sql",
    startLine: 2,
    startColumn: 3,
    endLine: 2,
    endColumn: 9,
    fingerprint: "f1",
    state: "new",
    ...given,
  };
}

function report(findings: ToldFinding[], prefix = ""): Report {
  return {
    version: "1.2.3",
    root: "/r",
    prefix,
    findings,
    fixed: [],
    notices: [],
    crashes: [],
    files: 1,
    rules: new Map(),
    settings: {},
    textOf: () => undefined,
  };
}

const location = { path: "db/a.sql", startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
const QUIET = [finding({ state: "existing" }), finding({ suppressed: { reason: "r", location } })];

describe("github", () => {
  it("gives a command for each new finding", () => {
    const findings = [
      finding({}),
      finding({ level: "warning", endLine: 4, endColumn: 1 }),
      finding({ level: "note" }),
    ];
    expect(github(report([...findings, ...QUIET], "shop"))).toBe(
      [
        "::error file=shop/db/a.sql,line=2,endLine=2,col=3,endColumn=9,title=yantra/sql/no-drop-column::It is dropped.\n",
        "::warning file=shop/db/a.sql,line=2,endLine=4,title=yantra/sql/no-drop-column::It is dropped.\n",
        "::notice file=shop/db/a.sql,line=2,endLine=2,col=3,endColumn=9,title=yantra/sql/no-drop-column::It is dropped.\n",
      ].join(""),
    );
  });

  it("lets no text end a command or begin another", () => {
    const told = github(report([finding({ message: HOSTILE, path: "a,b:c\n::error::x.sql" })]));
    expect(told.split("\n")).toHaveLength(2);
    expect(told).toContain("file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.sql,");
    expect(told).toContain("::100%25 of rows,%0D%0A::error::gone");
  });

  it("says nothing of a clean run", () => {
    expect(github(report(QUIET))).toBe("");
  });
});

describe("gitlab", () => {
  it("has every finding that is not suppressed, with GitLab's severities", () => {
    const findings = [finding({}), finding({ level: "warning", fingerprint: "f2", endLine: 5 }), ...QUIET];
    expect(JSON.parse(gitlab(report(findings, "shop")))).toEqual([
      {
        description: "It is dropped.",
        check_name: "yantra/sql/no-drop-column",
        fingerprint: "f1",
        severity: "major",
        location: { path: "shop/db/a.sql", lines: { begin: 2, end: 2 } },
      },
      expect.objectContaining({ fingerprint: "f2", severity: "minor" }),
      expect.objectContaining({ fingerprint: "f1" }),
    ]);
  });
});

describe("junit", () => {
  it("has a suite for each file and a failure for each new finding", () => {
    const findings = [finding({}), finding({ path: "deploy/b.yaml", level: "warning" }), ...QUIET];
    expect(junit(report(findings))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="yantra-lint" tests="2" failures="2" errors="0">
  <testsuite name="db/a.sql" tests="1" failures="1" errors="0">
    <testcase name="yantra/sql/no-drop-column at 2:3" classname="db/a.sql">
      <failure type="error" message="It is dropped.">db/a.sql:2:3: It is dropped.</failure>
    </testcase>
  </testsuite>
  <testsuite name="deploy/b.yaml" tests="1" failures="1" errors="0">
    <testcase name="yantra/sql/no-drop-column at 2:3" classname="deploy/b.yaml">
      <failure type="warning" message="It is dropped.">deploy/b.yaml:2:3: It is dropped.</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it("keeps what XML cannot hold out of it", () => {
    const told = junit(report([finding({ message: HOSTILE })]));
    expect(told).toContain(
      'message="100% of rows,\\x0d&#10;::error::gone \\x1b[31m&lt;b&gt; &amp; &quot;x&quot; \ufffd"',
    );
  });

  it("is one passed test when there is nothing new", () => {
    expect(junit(report(QUIET))).toContain('tests="1" failures="0"');
  });
});
