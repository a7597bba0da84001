import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { textMembers } from "./regions.ts";

/**
 * Labels of the pods that experiments of Argo Rollouts run beside a workload's own, one entry for each of their
 * templates. A Rollout's step takes the pod template of the new or the stable version and puts its own labels over
 * those of the template; an Experiment has whole templates. (argo-rollouts v1.10, docs/features/experiment.md;
 * rollout/experiment.go, GetExperimentFromTemplate; experiments/replicaset.go, newReplicaSetFromTemplate.)
 */
export function experimentLabels(resource: Resource): Record<string, string>[] {
  const { rollout, place } = resource;
  const own = rollout ? textMembers(place.find("spec.template.metadata.labels")) : {};
  const path = rollout ? "metadata.labels" : "template.metadata.labels";
  return experimentTemplates(resource).map((template) => ({ ...own, ...textMembers(template.find(path)) }));
}

/** The Services that experiments make under a name of the manifest's (`templates[].service.name`). */
export function experimentServices(resource: Resource): string[] {
  return experimentTemplates(resource).flatMap((template) => template.find("service.name")?.text ?? []);
}

function experimentTemplates({ group, kind, place, rollout }: Resource): Place[] {
  const steps = rollout ? (place.find("spec.strategy.canary.steps")?.items() ?? []) : [];
  if (rollout) return steps.flatMap((step) => step.find("experiment.templates")?.items() ?? []);
  return group === "argoproj.io" && kind === "Experiment"
    ? (place.find("spec.templates")?.items() ?? [])
    : [];
}
