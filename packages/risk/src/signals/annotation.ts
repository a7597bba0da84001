import type { ChangedAnnotation } from "@yantra-lint/core";
import type { Family, Reason } from "../reason.ts";
import { code, plain, sentence } from "../wording.ts";

const STRENGTH = { low: 0, medium: 300, high: 800 };

/** What the annotations on touched declarations say, and what the change does to annotations. */
export const annotation: Family = (change, _settings, today) =>
  change.annotations.map((one): Reason => ({ ...judge(one, today), path: one.path, line: one.line }));

function judge(one: ChangedAnnotation, today: string): Reason {
  const what = one.declaration === undefined ? plain(one.path) : code(one.declaration);
  const reason = plain(one.reason, 160);
  const because = reason === "" ? "." : `: ${sentence(reason)}`;
  if (one.change === "lowered" || (one.change === "removed" && one.risk !== "low")) {
    const verb = one.change === "lowered" ? "is lowered" : "is taken away";
    return {
      strength: 900,
      floor: "high",
      evidence: `The annotation of ${what}, which says ${one.risk}, ${verb}${because}`,
      lower: `Keep the annotation of ${what} here, and change it in a change of its own.`,
    };
  }
  // Only what takes protection away is told of a `low` that goes.
  if (one.change === "removed") {
    return { strength: 0, evidence: `The annotation low of ${what} is taken away.` };
  }
  if (one.risk !== "low") {
    const ended = one.until !== undefined && one.until < today ? ` (until ${one.until})` : "";
    return {
      strength: STRENGTH[one.risk],
      floor: one.risk,
      evidence: `${what} is annotated ${one.risk}${ended}${because}`,
    };
  }
  if (one.change === "standing") {
    const isOver = one.until !== undefined && one.until < today;
    return {
      strength: 0,
      evidence: isOver
        ? `${what} was annotated low until ${one.until ?? ""}, which lowers nothing any more.`
        : `${what} is annotated low${because}`,
    };
  }
  // It lowers the next change, so somebody should have seen it.
  return {
    strength: STRENGTH.medium,
    floor: "medium",
    evidence: `The change itself annotates ${what} low, which lowers what later changes count${because}`,
    lower: `Annotate ${what} in a change of its own.`,
  };
}
