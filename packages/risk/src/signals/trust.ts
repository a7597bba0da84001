import { unnamedFiles } from "../edits.ts";
import type { Family, Reason } from "../reason.ts";
import { list, plain, sentence } from "../wording.ts";

const OWN_CHANGE = "Change what judges changes in a change of its own.";

/** Edits of what judges the change. */
export const settings: Family = (change) => [
  ...change.settings.map((one): Reason => ({
    strength: 700,
    floor: "high",
    evidence: `${plain(one.path)} ${sentence(plain(one.what, 200))}`,
    path: one.path,
    line: one.line,
    lower: OWN_CHANGE,
  })),
  ...unnamedFiles(change, ["settings"], change.settings).map((file): Reason => ({
    strength: 600,
    floor: "high",
    evidence: `${plain(file.path)}, by which changes are judged, is edited.`,
    path: file.path,
    line: file.edit.line,
    lower: OWN_CHANGE,
  })),
];

/** Comments that hide findings and that the base does not have. */
export const suppression: Family = (change) =>
  change.suppressions.map((one): Reason => {
    const rules = list(one.rules.map((rule) => plain(rule)).sort());
    const reason = plain(one.reason, 160);
    return {
      strength: 600,
      floor: "high",
      evidence: `A new comment hides ${rules || "findings"}${reason === "" ? " without a reason." : `: ${sentence(reason)}`}`,
      path: one.path,
      line: one.line,
      lower: "Fix what it hides.",
    };
  });
