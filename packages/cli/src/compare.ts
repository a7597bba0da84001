import type { Finding } from "@yantra-lint/core";
import { fingerprints } from "@yantra-lint/sarif";
import {
  type Base,
  readChange,
  run,
  type RunOptions,
  type RunResult,
  textReader,
} from "@yantra-lint/workspace";
import type { ToldFinding } from "./report.ts";

/** Findings with what became of them since the base. */
export interface Compared {
  findings: ToldFinding[];
  fixed: ToldFinding[];
}

/**
 * Finds out which findings are new since the base, which were there before, and which are gone: by fingerprint,
 * which moved lines and renamed files keep. The base is linted like the work tree, with the same configuration,
 * its changed files read from git; what did not change comes from the cache. Without a base everything is new.
 */
export async function compare(
  findings: readonly Finding[],
  options: RunOptions,
  base: Base | undefined,
  judge: (result: RunResult) => Finding[],
): Promise<Compared> {
  const marks = fingerprints(findings, textReader(options.root, options.overlay));
  const marked = (finding: Finding, index: number): ToldFinding => ({
    ...finding,
    fingerprint: marks[index] ?? "",
    state: "new",
  });
  const head = findings.map(marked);
  if (!base) return { findings: head, fixed: [] };

  const { before } = readChange(options.root, base);
  const baseFindings = judge(await run({ ...options, overlay: before }));
  const baseMarks = fingerprints(baseFindings, textReader(options.root, before));
  const known = new Map(baseFindings.map((finding, index) => [baseMarks[index] ?? "", finding]));
  const now = new Set(head.map(({ fingerprint }) => fingerprint));
  return {
    findings: head.map((finding) => {
      const then = known.get(finding.fingerprint);
      // A finding whose suppression is gone is new: nobody answers for it any more.
      const wasThere =
        then !== undefined && (then.suppressed === undefined || finding.suppressed !== undefined);
      return wasThere ? { ...finding, state: "existing" } : finding;
    }),
    fixed: [...known]
      .filter(([fingerprint, finding]) => !now.has(fingerprint) && !finding.suppressed)
      .map(([fingerprint, finding]) => ({ ...finding, fingerprint, state: "fixed" })),
  };
}
