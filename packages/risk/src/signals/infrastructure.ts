import type { ChangedFile, EditKind } from "@yantra-lint/core";
import { isEdited, touched } from "../edits.ts";
import type { Family } from "../reason.ts";
import { list, plain } from "../wording.ts";

const STRENGTH: Record<EditKind, number> = {
  comment: 0,
  style: 300,
  copy: 300,
  addition: 450,
  endpoint: 450,
  unknown: 550,
  deletion: 650,
  logic: 650,
};

/** What machines and pipelines are told. Each is high: it is in force for every release until it is undone. */
export const infrastructure: Family = (change) =>
  change.files
    .filter((file) => (file.category === "infrastructure" || file.category === "ci") && isEdited(file))
    .map((file) => ({
      strength: STRENGTH[file.edit.kind] - (file.category === "ci" ? 100 : 0),
      floor: "high",
      evidence: evidence(file),
      path: file.path,
      line: file.edit.line,
      lower: "Ship it in a change of its own, so that it is undone without the code.",
    }));

function evidence(file: ChangedFile): string {
  // What has no name of its own (`(document)`) says nothing here.
  const names = touched(file)
    .filter((name) => !/^[([]/.test(name))
    .map((name) => plain(name, 60));
  const what = names.length > 0 ? `: ${list(names)}` : "";
  const verb = { added: "is new", deleted: "is gone", modified: "changes", renamed: "changes" }[file.status];
  return file.category === "ci"
    ? `${plain(file.path)}, which builds or ships everything, ${verb}${what}.`
    : `${plain(file.path)}, which says what runs, ${verb}${what}.`;
}
