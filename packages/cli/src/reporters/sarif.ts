import { toSarif } from "@yantra-lint/sarif";
import { pageOf } from "../commands/explain.ts";
import type { Report } from "../report.ts";
import { sealKey } from "../seal-key.ts";

/**
 * The report as SARIF 2.1.0: `github` as code scanning wants it (no suppressed findings, its limits kept),
 * `audit` with everything. Paths begin at the git work tree's top, where code scanning looks for them.
 */
export function sarif(report: Report, variant: "github" | "audit"): string {
  const place = <T extends { path: string }>(item: T): T =>
    report.prefix === "" ? item : { ...item, path: `${report.prefix}/${item.path}` };
  const causeOf = (fingerprint: string) => {
    const cause = report.gate?.causes.get(fingerprint);
    return cause ? { cause: place(cause) } : {};
  };
  const { log, notices } = toSarif({
    tool: { name: "yantra-lint", version: report.version },
    rules: [...report.rules.values()].map((known) => ({
      id: known.id,
      type: known.rule.meta.type,
      description: known.rule.meta.docs.description,
      level: report.settings[known.id]?.severity === "warn" ? "warning" : "error",
      page: pageOf(known),
      messages: known.rule.meta.messages,
      tags: ["deployment-safety", known.pack],
    })),
    findings: report.findings.map(({ state, ...finding }) => ({
      ...place(finding),
      ...(report.base && state !== "fixed" ? { state } : {}),
      ...causeOf(finding.fingerprint),
      ...(finding.related ? { related: finding.related.map(place) } : {}),
      ...(finding.suppressed
        ? { suppressed: { ...finding.suppressed, location: place(finding.suppressed.location) } }
        : {}),
    })),
    notices: report.notices.map((notice) =>
      notice.path === undefined ? notice : { ...notice, path: place({ path: notice.path }).path },
    ),
    textOf: (path) => report.textOf(report.prefix === "" ? path : path.slice(report.prefix.length + 1)),
    variant,
    executionSuccessful: report.crashes.length === 0,
    ...(report.gate?.report ? { report: report.gate.report } : {}),
    ...(report.gate?.changed ? { changed: placedPaths(report.gate.changed, report.prefix) } : {}),
    ...sealKey(process.env),
  });
  for (const { message } of notices) process.stderr.write(`yantra-lint: ${message}\n`);
  return `${JSON.stringify(log, null, 2)}\n`;
}

function placedPaths<T>(map: ReadonlyMap<string, T>, prefix: string): Map<string, T> {
  return new Map(Array.from(map, ([path, value]) => [prefix === "" ? path : `${prefix}/${path}`, value]));
}
