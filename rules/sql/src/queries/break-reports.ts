import type { FactIndex, WorkspaceReport } from "@yantra-lint/core";
import { breaksOf } from "./broken.ts";
import { byOperation, changeOf, disproved, locationOf, placesOf, relatedTo, usesInWords } from "./report.ts";

/** What is told of an operation, but for the rule's own words. */
interface Report extends Omit<WorkspaceReport, "messageId"> {
  /** `running`: the base's code, which still runs; `standing`: the code at hand, without a base; `likely`: a guess. */
  state: "running" | "standing" | "likely";
}

/** One report for each operation after which PostgreSQL refuses queries, as `judge` has it. */
export function* reportsOf(
  facts: FactIndex,
  base: FactIndex | undefined,
  judge: Parameters<typeof breaksOf>[2],
): Iterable<Report> {
  const breaks = byOperation(breaksOf(facts, base, judge));
  for (const { operation, stage, problem, queries, certain } of breaks) {
    const places = placesOf(queries, facts);
    yield {
      state: certain ? (base ? "running" : "standing") : "likely",
      data: {
        change: changeOf(operation),
        uses: usesInWords(places),
        them: places.length === 1 ? "it" : "them",
        reason: problem.what,
        annotation: disproved(facts, stage, operation),
      },
      location: locationOf(stage, operation),
      related: relatedTo(places, "is refused once this has run."),
    };
  }
}
