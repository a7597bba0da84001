import { type AnnotationName, type Comment, type Fact, parseAnnotations } from "@yantra-lint/core";

/**
 * Whether the author says that a migration is a risk, and why, and so that it may not lead back: `@yantra-risk high --
 * reason` in a comment. One that is not valid, such as one without a reason, says nothing, here as everywhere.
 */
export function isRiskSaid(comments: readonly Comment[]): boolean {
  return comments
    .flatMap((comment) => parseAnnotations(comment))
    .some((annotation) => annotation.problems.length === 0 && isHighRisk(annotation));
}

/** The same of the facts that were read from a file's comments. */
export function isRiskSaidInFacts(facts: Iterable<Fact>): boolean {
  for (const fact of facts) if (fact.type === "annotation" && isHighRisk(fact)) return true;
  return false;
}

function isHighRisk({ name, value }: { name: AnnotationName | undefined; value: string }): boolean {
  return name === "risk" && value === "high";
}
