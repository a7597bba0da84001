import type { DeployCommand } from "@yantra-lint/core/deploy-commands";
import { deploymentsOf, isSet, mayHaveMoreFlags, othersText } from "../jobs.ts";
import type { Action, Job } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";

const TOOLS: ReadonlySet<string> = new Set(["terraform", "tofu", "terragrunt"]);

/** Without a plan file, apply makes a plan of its own, and -auto-approve carries it out unseen. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: {
      description: "Require that an automatic terraform apply carries out a saved plan",
      recommended: "warn",
      reversible: false,
    },
    messages: {
      unplanned:
        "`{{tool}} apply -auto-approve` without a plan file{{others}} makes a new plan and carries it out unseen: what drifted since the review is destroyed or replaced with it, and no revert brings a deleted resource back. Save the plan with `{{tool}} plan -out=FILE`, have it reviewed, and apply that file.",
    },
    schema: [],
  },
  create(context) {
    function check(owners: readonly (Job | Action)[]): void {
      // Told once: a workflow that applies thirty modules one by one has one decision to make, not thirty.
      const [first, ...others] = owners.flatMap(deploymentsOf).filter(({ command }) => isUnplanned(command));
      if (!first) return;
      const { step, command } = first;
      const range = step.script?.rangeWithin(command.range) ?? step.range;
      context.report({
        loc: context.sourceCode.positions.loc(range),
        messageId: "unplanned",
        data: { tool: command.tool, others: othersText(others.length, "command") },
      });
    }
    return {
      Workflow: ({ jobs }) => check(jobs),
      Action: (action) => check([action]),
    };
  },
});

function isUnplanned(command: DeployCommand): boolean {
  const { tool, verb, arguments: given } = command;
  if (!TOOLS.has(tool) || verb !== "apply" || !isSet(command, "auto-approve")) return false;
  return given.length === 0 && !mayHaveMoreFlags(command, 0);
}
