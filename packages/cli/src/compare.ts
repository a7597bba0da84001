import type { ChangedFileFact, Fact, FileEdit, FileVersions, Finding, Region } from "@yantra-lint/core";
import { Lines } from "@yantra-lint/core";
import { hunksOf } from "@yantra-lint/change";
import { fingerprints } from "@yantra-lint/sarif";
import {
  type Base,
  type RepositoryChange,
  run,
  type RunOptions,
  type RunResult,
  textReader,
} from "@yantra-lint/workspace";
import type { ToldFinding } from "./report.ts";

/** What a change is compared with, and how. */
export interface Comparison {
  base: Base;
  change: RepositoryChange;
  /** The packs' answer on how a file was edited. */
  edit: (file: FileVersions) => FileEdit | undefined;
}

/** Findings with what became of them since the base. */
export interface Compared {
  findings: ToldFinding[];
  fixed: ToldFinding[];
  /** The base's run; absent without a base. */
  before?: RunResult;
  /** Facts that tell workspace rules what the change did to files. */
  changed: ChangedFileFact[];
}

/** Gives the findings of a run, with facts beside its own and, for a head, the run of its base. */
export type Judge = (result: RunResult, more?: readonly Fact[], base?: RunResult) => Finding[];

/**
 * Finds out which findings are new since the base, which were there before, and which are gone: by fingerprint,
 * which moved lines and renamed files keep. The base is linted like the work tree, with the same configuration,
 * its changed files read from git; what did not change comes from the cache. Without a base everything is new.
 */
export async function compare(
  result: RunResult,
  options: RunOptions,
  comparison: Comparison | undefined,
  judge: Judge,
): Promise<Compared> {
  if (!comparison) return { findings: marked(judge(result), options), fixed: [], changed: [] };

  const { before } = comparison.change;
  const baseResult = await run({ ...options, overlay: before });
  const changed = changedFacts(result, baseResult, options, comparison);
  const head = marked(judge(result, changed, baseResult), options);
  // The base is judged as a change that does nothing, so that rules about what a change brings are as silent there as
  // they are here about what was there before: else what they stand for would seem to be new.
  const base = marked(judge(baseResult, [], baseResult), { ...options, overlay: before });
  const known = new Map(base.map((finding) => [finding.fingerprint, finding]));
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
      .map(([, finding]) => ({ ...finding, state: "fixed" })),
    before: baseResult,
    changed,
  };
}

function marked(findings: readonly Finding[], { root, overlay }: RunOptions): ToldFinding[] {
  const marks = fingerprints(findings, textReader(root, overlay));
  return findings.map((finding, index) => ({ ...finding, fingerprint: marks[index] ?? "", state: "new" }));
}

/** One fact for each file that differs and that some pack reads, at the base or now. */
function changedFacts(
  head: RunResult,
  base: RunResult,
  { root, overlay }: RunOptions,
  { base: { commit }, change, edit }: Comparison,
): ChangedFileFact[] {
  const textOf = textReader(root, overlay);
  return change.files.flatMap((file): ChangedFileFact[] => {
    const { path, previousPath = path, status, before } = file;
    if (!head.kinds.has(path) && !base.kinds.has(previousPath)) return [];
    const after = status === "deleted" ? undefined : textOf(path);
    const versions = {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    const routes = base.facts
      .filter((fact) => fact.type === "route")
      .filter((fact) => fact.path === previousPath)
      .map(({ method, routePath }) => ({ method, routePath }));
    return [
      {
        type: "changedFile",
        path,
        ...firstChange(before ?? "", after),
        status,
        ...(file.previousPath === undefined ? {} : { previousPath: file.previousPath }),
        edit: edit(versions)?.kind ?? "unknown",
        base: commit.slice(0, 12),
        migrations: base.facts
          .filter((fact) => fact.type === "migration")
          .filter((fact) => fact.path === previousPath)
          .map(({ runner, stream, version, direction, digest, checksum }) => ({
            runner,
            stream,
            version,
            direction,
            ...(digest === undefined ? {} : { digest }),
            ...(checksum === undefined ? {} : { checksum }),
          })),
        ...(routes.length > 0 ? { routes } : {}),
      },
    ];
  });
}

/** The first line of the new version that differs; the file's first character when it is gone. */
function firstChange(before: string, after: string | undefined): Region {
  const start = after === undefined ? undefined : hunksOf(before, after)[0]?.after.start;
  if (after === undefined || start === undefined)
    return { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  const line = Math.max(1, start);
  return {
    startLine: line,
    startColumn: 1,
    endLine: line,
    endColumn: new Lines(after).line(line).length + 1,
  };
}
