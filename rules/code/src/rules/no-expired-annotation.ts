import { type AnnotationFact, defineWorkspaceRule } from "@yantra-lint/core";

const DAY = 24 * 60 * 60 * 1000;

/**
 * `until` is the last day on which an annotation holds. The score judges so too: after that day `low` lowers nothing,
 * while `medium` and `high` lift until somebody takes them away (`RiskInput` of @yantra-lint/risk).
 */
export default defineWorkspaceRule({
  meta: {
    type: "suggestion",
    docs: { description: "Disallow annotations whose last day has passed", recommended: "warn" },
    schema: [
      {
        type: "object",
        properties: {
          soon: {
            description: "Report annotations that end within so many days, too.",
            type: "integer",
            minimum: 0,
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ soon: 0 }],
    messages: {
      lowered:
        "This annotation ended on {{until}}, {{ago}}: it lowers nothing any more, so changes here need a human again although the comment says that they are harmless. Take it away, or look at the code again and give it a new date.",
      lifted:
        "This annotation ended on {{until}}, {{ago}}, and still lifts the risk of every change here to {{value}}. Take it away if the danger is over, or give it a new date if it is not.",
      ending:
        "This annotation ends on {{until}}, {{ahead}}, after which changes here are judged {{how}}. Take it away, or look at the code again and give it a new date.",
    },
  },
  check({ facts, options, today, report }) {
    const soon = soonOf(options[0]);
    for (const fact of facts.of("annotation")) {
      const until = fact.options["until"];
      const days = until === undefined ? undefined : daysBetween(today, until);
      if (until === undefined || days === undefined || days >= soon) continue;
      const low = fact.value === "low";
      if (days < 0) {
        report({
          messageId: low ? "lowered" : "lifted",
          data: { until, ago: `${count(-days)} ago`, ...(low ? {} : { value: fact.value }) },
          location: place(fact),
        });
        continue;
      }
      const how = low ? "in full" : `as ${fact.value} although the date has passed`;
      report({
        messageId: "ending",
        data: { until, ahead: days === 0 ? "today" : `in ${count(days)}`, how },
        location: place(fact),
      });
    }
  },
});

function place({ path, startLine, startColumn, endLine, endColumn }: AnnotationFact) {
  return { path, startLine, startColumn, endLine, endColumn };
}

function soonOf(options: unknown): number {
  if (typeof options !== "object" || options === null || !("soon" in options)) return 0;
  return typeof options.soon === "number" ? options.soon : 0;
}

/** Whole days from one date (YYYY-MM-DD) to another; undefined when one is no date. */
function daysBetween(from: string, to: string): number | undefined {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
  return Number.isNaN(days) ? undefined : Math.round(days);
}

function count(days: number): string {
  return days === 1 ? "one day" : `${days} days`;
}
