import type { ChangedFile, EditKind, FileCategory } from "@yantra-lint/core";
import { pathsOf } from "../edits.ts";
import type { Family, Reason } from "../reason.ts";
import { list, plain } from "../wording.ts";

const HARMLESS_CATEGORIES: readonly FileCategory[] = ["test", "docs", "style", "copy", "asset"];
const HARMLESS_KINDS: readonly EditKind[] = ["comment", "style", "copy"];

/**
 * Workloads that run what changed, and that nothing would roll back. Few points where no code changed. Of those that
 * are watched the report says by what, and how that was found: no points, but somebody may know better.
 */
export const trigger: Family = (change) => {
  const grave = new Set(change.files.filter((file) => !isHarmless(file)).flatMap(pathsOf));
  return change.workloads.map((workload): Reason => {
    const { guards, path, line } = workload;
    const name = `${plain(workload.kind, 60)} ${plain(workload.name, 60)}`;
    const because = plain(workload.because);
    const touched = `${name} ${because === plain(path) ? "changes" : `runs ${because}`}`;
    if (guards.length > 0) {
      return {
        strength: 0,
        evidence: `${touched}, and is watched by ${list(guards.map((guard) => plain(guard)))}.`,
        path,
        line,
      };
    }
    return {
      strength: grave.has(workload.because) ? 600 : 80,
      evidence: `${touched}, and no analysis or alert would roll it back.`,
      path,
      line,
      lower: `Let an analysis or an alert watch ${name}.`,
    };
  });
};

function isHarmless({ category, edit }: ChangedFile): boolean {
  return HARMLESS_CATEGORIES.includes(category) || HARMLESS_KINDS.includes(edit.kind);
}
