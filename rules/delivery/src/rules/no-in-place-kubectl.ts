import type { DeployCommand } from "@yantra-lint/core/deploy-commands";
import { type Deployment, deploymentsOf, isSet } from "../jobs.ts";
import type { Action, Job } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";
import { bringsWorkloads } from "../workloads.ts";

/** kubectl's names of what runs pods (`kubectl api-resources`), and Argo's. */
const WORKLOAD =
  /^(?:deployments?|deploy|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|cronjobs?|cj|jobs?|pods?|po|rollouts?|ro|dc|deploymentconfigs?)(?:\.[a-z0-9.]+)?(?:\/|$)/i;
const APPLYING = /^(?:apply|create|replace)$/;

/** What a command changes in the cluster alone is in no commit, so no revert brings it back. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: {
      description: "Disallow kubectl commands that change workloads in place",
      recommended: "warn",
      reversible: false,
    },
    messages: {
      changed:
        "`{{command}}` changes the workload in the cluster only: the manifests still name the old version, so the next apply undoes it, and reverting the commit rolls nothing back. Write the change into the manifest and apply that.",
      restarted:
        "`{{command}}` is all that deploys here, so the pods pull whatever their tag means now, and there is no earlier revision to go back to. Put the version that was built into the manifest and apply that.",
      recreated:
        "`{{command}}` deletes the object and creates it anew: its pods are gone at once, and when the new ones fail there is nothing left to roll back to. Use `kubectl apply`, which replaces them step by step.",
    },
    schema: [],
  },
  create(context) {
    function check(owner: Job | Action): void {
      const deployments = deploymentsOf(owner);
      const applies = deployments.some(isApply);
      for (const { step, command } of deployments) {
        const messageId = problemOf(command, applies);
        if (!messageId) continue;
        const range = step.script?.rangeWithin(command.range) ?? step.range;
        context.report({
          loc: context.sourceCode.positions.loc(range),
          messageId,
          data: { command: `${command.tool} ${command.verb}${messageId === "recreated" ? " --force" : ""}` },
        });
      }
    }
    return { Job: check, Action: check };
  },
});

function isApply({ command: { tool, verb } }: Deployment): boolean {
  return /^(?:kubectl|oc)$/.test(tool) ? APPLYING.test(verb) || verb.startsWith("set ") : true;
}

function problemOf(
  command: DeployCommand,
  applies: boolean,
): "changed" | "restarted" | "recreated" | undefined {
  const { tool, verb, arguments: given } = command;
  if (tool !== "kubectl" && tool !== "oc") return undefined;
  if (/^(?:argo rollouts )?set (?:image|env|resources)$/.test(verb)) return "changed";
  if ((verb === "edit" || verb === "patch") && given.some((word) => WORKLOAD.test(word))) return "changed";
  if (verb === "replace" && isSet(command, "force") && bringsWorkloads(command)) return "recreated";
  return verb === "rollout restart" && !applies ? "restarted" : undefined;
}
