import type { DeployCommand } from "@yantra-lint/core/deploy-commands";
import { deploymentsOf, isSet, mayHaveMoreFlags } from "../jobs.ts";
import type { Action, Job } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";

/** `helm upgrade` is done when the API server has taken the manifests, whatever becomes of the pods. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: {
      description: "Require that helm upgrade waits for the release and rolls back what fails",
      recommended: "warn",
      reversible: false,
    },
    messages: {
      noWait:
        "`helm upgrade` succeeds here as soon as the cluster has taken the manifests: pods that crash leave the job green and the broken release in place. Add `--atomic` (Helm 4: `--rollback-on-failure`), which waits for the pods and goes back by itself.",
      noRollback:
        "`helm upgrade --wait` fails here when the pods do not become ready, and leaves the broken release in place until somebody rolls back by hand. Add `--atomic` (Helm 4: `--rollback-on-failure`), which goes back by itself.",
    },
    schema: [],
  },
  create(context) {
    function check(owner: Job | Action): void {
      const commands = owner.steps.flatMap(({ deployCommands }) => deployCommands);
      if (commands.some(({ tool, verb }) => tool === "helm" && verb === "rollback")) return;
      for (const { step, command } of deploymentsOf(owner)) {
        if (!isUpgrade(command) || isSet(command, "atomic", "rollback-on-failure")) continue;
        if (mayHaveMoreFlags(command, 2)) continue;
        const range = step.script?.rangeWithin(command.range) ?? step.range;
        context.report({
          loc: context.sourceCode.positions.loc(range),
          messageId: isSet(command, "wait") ? "noRollback" : "noWait",
        });
      }
    }
    return { Job: check, Action: check };
  },
});

function isUpgrade({ tool, verb }: DeployCommand): boolean {
  return tool === "helm" && verb === "upgrade";
}
