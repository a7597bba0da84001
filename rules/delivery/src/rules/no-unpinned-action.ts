import { isMovingTag, parseImage } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import { touchesProduction } from "../jobs.ts";
import { defineRule } from "../rule.ts";

const COMMIT = /^[0-9a-f]{40}$/i;
const BRANCH = /^(?:main|master|trunk|head|develop|development|dev|latest|next|nightly|stable|edge)$|\//i;

interface Options {
  allow: readonly string[];
  everywhere: boolean;
}

/** An action runs with the job's credentials, and a tag or a branch of it is whatever its owner made it last. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: {
      description: "Require a commit for each action that takes part in a deployment",
      recommended: "warn",
    },
    messages: {
      branch:
        '"{{ref}}" of {{action}} is a branch: each run takes what was pushed to it last, so running the job of an earlier commit again, as a rollback does, runs other code. Pin it to a full commit: `{{action}}@<40 hex digits> # {{ref}}`.',
      tag: '"{{ref}}" of {{action}} is a tag that its owner (or a thief of the owner\'s account) can move, and this job releases: other code may run with its credentials, and a rollback that runs the job again is not the same job. Pin it to a full commit: `{{action}}@<40 hex digits> # {{ref}}`.',
      image:
        'The image "{{image}}" of this step moves, so running the job of an earlier commit again, as a rollback does, runs other code. Name the version that was tested, or its digest.',
    },
    schema: [
      {
        type: "object",
        properties: {
          allow: {
            type: "array",
            items: { type: "string" },
            description: "Actions whose tags are trusted, as `owner/*` or `owner/name`.",
          },
          everywhere: { type: "boolean", description: "Report actions of jobs that release nothing too." },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allow: ["actions/*", "github/*"], everywhere: false }],
  },
  create(context) {
    const { allow, everywhere } = readOptions(context.options);

    function check(uses: Place, deploying: boolean): void {
      const text = uses.text ?? "";
      if (text.startsWith("./") || text.includes("${{")) return;
      const loc = context.sourceCode.positions.loc(uses.innerRange);
      if (text.startsWith("docker://")) {
        const image = text.slice("docker://".length);
        const reference = parseImage(image);
        if (!reference || reference.digest !== undefined) return;
        if (reference.tag === undefined || isMovingTag(reference.tag))
          context.report({ loc, messageId: "image", data: { image } });
        return;
      }
      const [action = "", ref = ""] = text.split("@", 2);
      if (!action.includes("/") || ref === "" || COMMIT.test(ref)) return;
      const messageId = BRANCH.test(ref) ? "branch" : "tag";
      if (!everywhere && !deploying) return;
      if (messageId === "tag" && allow.some((pattern) => isAllowed(action, pattern))) return;
      context.report({ loc, messageId, data: { ref, action } });
    }

    return {
      Job(job) {
        const deploying = touchesProduction(job);
        if (job.uses) check(job.uses, deploying);
        for (const { uses } of job.steps) if (uses) check(uses, deploying);
      },
      Action(action) {
        for (const { uses } of action.steps) if (uses) check(uses, false);
      },
    };
  },
});

function isAllowed(action: string, pattern: string): boolean {
  const name = action.toLowerCase();
  const wanted = pattern.toLowerCase();
  return wanted.endsWith("/*")
    ? name.startsWith(wanted.slice(0, -1))
    : name === wanted || name.startsWith(`${wanted}/`);
}

function readOptions([given]: readonly unknown[]): Options {
  const options: Options = { allow: ["actions/*", "github/*"], everywhere: false };
  if (typeof given !== "object" || given === null) return options;
  if ("allow" in given && Array.isArray(given.allow))
    options.allow = given.allow.filter((entry): entry is string => typeof entry === "string");
  if ("everywhere" in given) options.everywhere = given.everywhere === true;
  return options;
}
