import {
  type AnnotationFact,
  type Confirmation,
  confirmationOf,
  defineWorkspaceRule,
  type FactIndex,
} from "@yantra-lint/core";
import { listed } from "../release.ts";

/** That a release was built, or is about to be out, does not say that it serves: only its outcome does. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Require the release that a contract migration relies on to be promoted",
      recommended: "error",
      phase: "contract",
      reversible: false,
    },
    schema: [
      {
        type: "object",
        properties: {
          environment: { type: "string", minLength: 1 },
          demandOutcomes: { type: "boolean" },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ environment: "production", demandOutcomes: false }],
    messages: {
      rolledBack:
        "This relies on {{release}}, which was rolled back in {{environment}} at {{time}} ({{evidence}}): the release before it runs there again, and its queries fail on what this migration takes away. Wait until a release that does without it is promoted, and name that one in `after=`.",
      wentBack:
        "This relies on {{release}}, but {{environment}} went back to {{other}} at {{time}} ({{evidence}}), which ran before it and may still use what this migration takes away: its queries would fail. Wait until a release that does without it is promoted again, and name that one in `after=`.",
      notPromoted:
        "This relies on {{release}}, and no outcome says that it was promoted in {{environment}}{{known}}: where the release before it still serves, its queries fail on what this migration takes away. {{tag}}Merge this when {{release}} is promoted and the pipeline has recorded it.",
      unproven:
        "This relies on {{release}}, and nothing says that it serves in {{environment}}: where the release before it still does, its queries fail on what this migration takes away. {{tag}}Let the pipeline record what becomes of releases, in `.yantra/outcomes.jsonl` on the base branch or in a file given with `--outcomes`.",
    },
  },
  check({ facts, options, report }) {
    const [{ environment, demandOutcomes }] = options as readonly [
      { environment: string; demandOutcomes: boolean },
    ];
    for (const annotation of contractsOf(facts)) {
      const release = annotation.options["after"] ?? "";
      const confirmation = confirmationOf(facts, release, environment);
      if (confirmation.state === "promoted" || (confirmation.state === "unknown" && !demandOutcomes))
        continue;
      report({
        messageId: confirmation.state === "unknown" ? "unproven" : confirmation.state,
        data: { release, environment, ...wordsOf(confirmation), tag: tagOf(facts, release) },
        location: annotation,
      });
    }
  },
});

/**
 * The annotations of migrations that the change adds. What shipped before has been judged, and the records may begin
 * later; without a base it is not known what is new.
 */
function contractsOf(facts: FactIndex): AnnotationFact[] {
  const added = new Set(
    facts.of("changedFile").flatMap(({ status, path }) => (status === "added" ? [path] : [])),
  );
  const ups = new Set(
    facts.of("migration").flatMap(({ direction, path }) => (direction === "up" ? [path] : [])),
  );
  return facts
    .of("annotation")
    .filter(
      ({ name, value, options, path }) =>
        name === "phase" &&
        value === "contract" &&
        options["after"] !== undefined &&
        added.has(path) &&
        ups.has(path),
    );
}

function wordsOf(confirmation: Confirmation): Record<string, string> {
  switch (confirmation.state) {
    case "rolledBack":
    case "wentBack": {
      const { path, startLine, time, release, sha } = confirmation.by;
      return { time, evidence: `${path}:${startLine}`, other: release ?? sha ?? "" };
    }
    case "notPromoted": {
      const { environments } = confirmation;
      return { known: ` (the outcomes are of ${listed(environments)})` };
    }
    default:
      return {};
  }
}

function tagOf(facts: FactIndex, release: string): string {
  const tag = facts.of("tag").find(({ name }) => name === release);
  return tag ? `The git tag ${tag.name} says that it was built, not that it serves. ` : "";
}
