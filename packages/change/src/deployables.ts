import {
  type ChangedFile,
  EDIT_KINDS,
  type FactIndex,
  describeGuard,
  guardsOf,
  type ResourceFact,
  serviceOf,
} from "@yantra-lint/core";
import type { TouchedWorkload, WorkspaceSettings } from "@yantra-lint/core";

const IMAGE_RECIPE = /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[^/]+)?$/;
const NOT_DEPLOYED = /(?:^|\/)(?:tests?|e2e|fixtures|testdata|examples?|docs?|\.devcontainer)\//i;
const WORKLOADS = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Rollout",
  "CronJob",
  "Job",
  "ReplicaSet",
]);

/**
 * Directories of what is deployed: those with a recipe for an image, and those that the images of the manifests are
 * built from; sorted. The root ("") counts only when it is the only one, since it holds all others.
 */
export function deployableDirectories(
  paths: Iterable<string>,
  facts: FactIndex,
  settings: WorkspaceSettings,
): string[] {
  const directories = new Set<string>();
  for (const path of paths) {
    if (IMAGE_RECIPE.test(path) && !NOT_DEPLOYED.test(path)) directories.add(parentOf(path));
  }
  for (const { service } of builtWorkloads(facts, settings)) directories.add(service);
  if (directories.size > 1) directories.delete("");
  return [...directories].sort();
}

/** Workloads whose image is built from a directory of the repository. */
function builtWorkloads(
  facts: FactIndex,
  settings: WorkspaceSettings,
): { workload: ResourceFact; service: string }[] {
  return facts
    .of("resource")
    .filter(({ kind }) => WORKLOADS.has(kind))
    .flatMap((workload) =>
      workload.containers.flatMap(({ image }) => {
        const service = image === "" ? undefined : serviceOf(image, facts, settings);
        return service ? [{ workload, service: service.directory }] : [];
      }),
    );
}

/** Files whose change says nothing of what runs. */
const HARMLESS = new Set(["docs", "test", "tooling"]);

/**
 * The workloads that a change reaches: their manifest is edited, or code of the directory their image is built from,
 * or what that code depends upon. Each with what watches it.
 */
export function touchedWorkloads(
  files: readonly ChangedFile[],
  facts: FactIndex,
  settings: WorkspaceSettings,
): TouchedWorkload[] {
  const substantial = files
    .filter(({ category, edit }) => !HARMLESS.has(category) && edit.kind !== "comment")
    .toSorted((a, b) => EDIT_KINDS.indexOf(b.edit.kind) - EDIT_KINDS.indexOf(a.edit.kind));
  const causes = new Map<ResourceFact, string>();
  for (const workload of facts.of("resource")) {
    if (!WORKLOADS.has(workload.kind)) continue;
    if (substantial.some(({ path }) => path === workload.path)) causes.set(workload, workload.path);
  }
  for (const { workload, service } of builtWorkloads(facts, settings)) {
    if (causes.has(workload)) continue;
    const cause = substantial.find(
      ({ path, dependents }) => isWithin(path, service) || (dependents?.deployables ?? []).includes(service),
    );
    if (cause) causes.set(workload, cause.path);
  }
  return [...causes].map(([workload, because]) => ({
    kind: workload.kind,
    name: workload.name,
    path: workload.path,
    line: workload.startLine,
    because,
    guards: guardsOf(workload, facts).map(describeGuard),
  }));
}

/** Whether a path lies in a directory; "" is the root. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "" || path.startsWith(`${directory}/`);
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
