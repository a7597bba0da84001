import { parseAnnotations } from "./annotations.ts";
import type { Comment } from "./comments.ts";
import type { Fact } from "./facts.ts";
import { type Lines, regionOf } from "./positions.ts";
import { readSuppressions } from "./suppressions.ts";

/** The facts that comments of any language state: valid annotations and suppressions. */
export function commentFacts(comments: readonly Comment[], lines: Lines): Fact[] {
  const annotations = comments.flatMap((comment) =>
    parseAnnotations(comment).flatMap((annotation): Fact[] => {
      const { name, value, options, reason } = annotation;
      if (!name || annotation.problems.length > 0) return [];
      return [
        {
          type: "annotation",
          path: "",
          ...regionOf(lines.loc(annotation.range)),
          name,
          value,
          options,
          reason,
        },
      ];
    }),
  );
  return [...annotations, ...readSuppressions(comments, lines)];
}
