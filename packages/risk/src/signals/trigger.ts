import type { ChangedFile, EditKind, FileCategory } from "@yantra-lint/core";
import { pathsOf } from "../edits.ts";
import type { Family, Reason } from "../reason.ts";
import { plain } from "../wording.ts";

const HARMLESS_CATEGORIES: readonly FileCategory[] = ["test", "docs", "style", "copy", "asset"];
const HARMLESS_KINDS: readonly EditKind[] = ["comment", "style", "copy"];

/** Workloads that run what changed, and that nothing would roll back. Few points where no code changed. */
export const trigger: Family = (change) => {
  const grave = new Set(change.files.filter((file) => !isHarmless(file)).flatMap(pathsOf));
  return change.workloads
    .filter((workload) => workload.guards.length === 0)
    .map((workload): Reason => {
      const name = `${plain(workload.kind, 60)} ${plain(workload.name, 60)}`;
      const because = plain(workload.because);
      return {
        strength: grave.has(workload.because) ? 600 : 80,
        evidence: `${name} ${because === plain(workload.path) ? "changes" : `runs ${because}`}, and no analysis or alert would roll it back.`,
        path: workload.path,
        line: workload.line,
        lower: `Let an analysis or an alert watch ${name}.`,
      };
    });
};

function isHarmless({ category, edit }: ChangedFile): boolean {
  return HARMLESS_CATEGORIES.includes(category) || HARMLESS_KINDS.includes(edit.kind);
}
