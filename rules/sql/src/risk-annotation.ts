import { type Comment, parseAnnotations } from "@yantra-lint/core";

/** Whether a comment says that its migration is a risk, and so why it may not lead back: `@yantra-risk high`. */
export function isRiskSaid(comment: Comment): boolean {
  return parseAnnotations(comment).some(({ name, value }) => name === "risk" && value === "high");
}
