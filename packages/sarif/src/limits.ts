import type { Level, Notice } from "@yantra-lint/core";
import type { Log, Result } from "sarif";

/**
 * What GitHub code scanning takes ("SARIF support for code scanning", Data for uploaded SARIF files). Beyond the
 * hard limits an upload is refused as a whole, which is worse than a cut report.
 */
export const LIMITS = {
  /** Bytes of a gzipped upload. */
  gzippedBytes: 10_000_000,
  /** Results a run; more are refused. */
  results: 25_000,
  /** Results a run that are shown, the most severe first. */
  resultsShown: 5_000,
  /** Locations a result that are kept; 1,000 are taken. */
  locations: 100,
  /** Tags a rule that are kept; 20 are taken. */
  tags: 10,
  /** Characters of a rule's descriptions. */
  description: 1_000,
} as const;

const SEVERITY: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };

/** The first `count` of `results` by severity, in their old order. */
function mostSevere(results: readonly Result[], count: number): Result[] {
  return results
    .map((result, index) => ({ result, index }))
    .sort((a, b) => severity(a.result) - severity(b.result) || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ result }) => result);
}

function severity(result: Result): number {
  return result.level === undefined || result.level === "none" ? SEVERITY.note : SEVERITY[result.level];
}

/** Cuts the number of results to what an upload may hold, the most severe first. */
export function limitResults(results: Result[]): { results: Result[]; notices: Notice[] } {
  const count = results.length;
  if (count > LIMITS.results) {
    const left = count - LIMITS.results;
    return {
      results: mostSevere(results, LIMITS.results),
      notices: [
        notice(
          "results",
          `${count} findings are more than the ${LIMITS.results} GitHub accepts in one upload: the ${left} least severe are left out. Lint fewer paths at a time, each with a category of its own.`,
        ),
      ],
    };
  }
  if (count > LIMITS.resultsShown) {
    return {
      results,
      notices: [
        notice(
          "results-shown",
          `GitHub shows ${LIMITS.resultsShown} of these ${count} findings, the most severe first. Lint fewer paths at a time, each with a category of its own.`,
        ),
      ],
    };
  }
  return { results, notices: [] };
}

/**
 * Makes the log fit an upload: without fixes first, then with fewer results. Size is judged as the log is
 * written with an indentation of two.
 */
export function limitSize(log: Log, limit: number = LIMITS.gzippedBytes): { log: Log; notices: Notice[] } {
  const notices: Notice[] = [];
  let size = gzippedSize(log, limit);
  if (size <= limit) return { log, notices };

  let smaller = withResults(log, (results) => results.map(withoutFixes));
  notices.push(
    notice(
      "size",
      `The report is larger than the ${limit} gzipped bytes GitHub accepts: it goes without fixes.`,
    ),
  );
  size = gzippedSize(smaller, limit);
  while (size > limit && resultCount(smaller) > 0) {
    const keep = Math.floor(resultCount(smaller) * Math.min(0.9, limit / size));
    smaller = withResults(smaller, (results) => mostSevere(results, keep));
    size = gzippedSize(smaller, limit);
  }
  const left = resultCount(log) - resultCount(smaller);
  if (left > 0) {
    notices.push(
      notice(
        "size-results",
        `The ${left} least severe findings are left out, so that GitHub accepts the report. Lint fewer paths at a time, each with a category of its own.`,
      ),
    );
  }
  return { log: smaller, notices };
}

/** The gzipped size in bytes; a log whose plain text already fits is not compressed to know it. */
function gzippedSize(log: Log, limit: number): number {
  const text = JSON.stringify(log, undefined, 2);
  const plain = Buffer.byteLength(text);
  // Loaded for a log this large only: every run waits for this module.
  return plain <= limit ? plain : process.getBuiltinModule("node:zlib").gzipSync(text).length;
}

function withoutFixes(result: Result): Result {
  const rest = { ...result };
  delete rest.fixes;
  return rest;
}

function resultCount(log: Log): number {
  return log.runs.reduce((sum, run) => sum + (run.results?.length ?? 0), 0);
}

function withResults(log: Log, change: (results: Result[]) => Result[]): Log {
  return { ...log, runs: log.runs.map((run) => ({ ...run, results: change(run.results ?? []) })) };
}

/** A notice about a limit. */
export function notice(id: string, message: string): Notice {
  return { id: `sarif-limit-${id}`, message };
}
