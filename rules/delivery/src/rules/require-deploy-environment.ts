import { deployStepOf, othersText } from "../jobs.ts";
import { defineRule } from "../rule.ts";

/** The environment is what approvals, wait timers, secrets and the record of deployments hang on. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: { description: "Require that a job that deploys names its environment", recommended: "warn" },
    messages: {
      missing:
        'The job "{{job}}"{{others}} deploys ({{what}}) without an environment: no approval, wait timer or branch rule holds it back, and GitHub keeps no record of which commit to roll back to. Add `environment: production` (or its name) and protect that environment.',
    },
    schema: [],
  },
  create(context) {
    return {
      // Told once: a workflow with thirty such jobs has one decision to make, not thirty.
      Workflow({ jobs }) {
        const [first, ...others] = jobs.flatMap((job) => {
          if (job.environment) return [];
          const found = deployStepOf(job);
          return found ? [{ job, what: found.what }] : [];
        });
        if (!first) return;
        context.report({
          loc: context.sourceCode.positions.loc(first.job.place.keyRange),
          messageId: "missing",
          data: { job: first.job.id, what: first.what, others: othersText(others.length, "job") },
        });
      },
    };
  },
});
