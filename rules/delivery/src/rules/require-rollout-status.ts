import { type Deployment, deploymentsOf, mayHaveMoreFlags } from "../jobs.ts";
import type { Action, Job, Step } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";
import { bringsWorkloads } from "../workloads.ts";

const WATCHING = /^(?:rollout status|wait|argo rollouts (?:status|get))$/;
/** What a later step may be called that looks after the rollout itself. */
const CHECKING = /rollout|health|smoke|verif|\bwait|ready|readiness|status/i;
/** `kubectl apply` is done when the API server has taken the manifests, whatever becomes of the pods. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: {
      description: "Require that a job waits for the rollout it starts",
      recommended: "warn",
    },
    messages: {
      unwatched:
        "`{{command}}` succeeds as soon as the cluster has taken the change, and nothing after it waits for the pods: a release that crashes leaves the job green, so nobody rolls it back. Add `kubectl rollout status … --timeout=5m` behind it, and undo the rollout when that fails.",
    },
    schema: [],
  },
  create(context) {
    function check(owner: Job | Action): void {
      const started = deploymentsOf(owner).filter(startsRollout);
      // The last one is where the waiting is missing; a job that applies file after file waits once.
      const last = started.at(-1);
      if (!last || isWatched(owner)) return;
      const { step, command } = last;
      const range = step.script?.rangeWithin(command.range) ?? step.range;
      context.report({
        loc: context.sourceCode.positions.loc(range),
        messageId: "unwatched",
        data: { command: `${command.tool} ${command.verb}` },
      });
    }
    return { Job: check, Action: check };
  },
});

function startsRollout({ command }: Deployment): boolean {
  const { tool, verb } = command;
  if (tool !== "kubectl" && tool !== "oc") return false;
  if (/^(?:set (?:image|env|resources)|rollout restart)$/.test(verb)) return true;
  return verb === "apply" && !mayHaveMoreFlags(command, 0) && bringsWorkloads(command);
}

/** Whether the job, another of its workflow, or a step by its name waits for pods. */
function isWatched(owner: Job | Action): boolean {
  const steps = owner.type === "Job" ? owner.workflow.jobs.flatMap((job) => job.steps) : owner.steps;
  return steps.some(watches);
}

function watches(step: Step): boolean {
  if (step.deployCommands.some(({ verb }) => WATCHING.test(verb))) return true;
  const deploysToo = step.deployCommands.some(({ verb }) => verb === "apply" || verb.startsWith("set "));
  const names = [step.place.find("name")?.text ?? "", step.uses?.text ?? ""];
  return (!deploysToo && names.some((name) => CHECKING.test(name))) || step.commands.some(isCheckingScript);
}

function isCheckingScript({ words: [program, ...rest] }: { words: readonly { value: string }[] }): boolean {
  if (!program || /^(?:echo|printf|cat|git|grep|sed|export|kubectl|oc|docker)$/.test(program.value))
    return false;
  return [program, ...rest].some(({ value }) => /^[\w./-]+$/.test(value) && CHECKING.test(value));
}
