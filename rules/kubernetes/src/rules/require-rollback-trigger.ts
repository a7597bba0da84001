import { posix } from "node:path";
import { defineWorkspaceRule, type FactIndex, guardsOf, namesOf, type ResourceFact } from "@yantra-lint/core";
import { locationOf } from "../workspace/names.ts";

const GUARDED_KINDS = ["Deployment", "Rollout"];
/** What counts as a neighbour that something watches. */
const WORKLOADS = [...GUARDED_KINDS, "StatefulSet", "DaemonSet"];
const TEMPLATES = ["AnalysisTemplate", "ClusterAnalysisTemplate"];
/** How many names a message lists. */
const LISTED = 4;

/** A rollout that nothing watches succeeds by definition: somebody must be looking when it does not. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description:
        "Require something that rolls back or raises an alarm for every workload that serves requests",
      recommended: "warn",
    },
    messages: {
      unwatched:
        'Nothing here watches the requests of {{kind}} "{{name}}": {{lack}}. A broken version keeps failing until a user complains. {{remedy}}.',
      nothing:
        "This repository holds no analysis, alert or monitor, and nothing watches {{names}}: a broken version keeps failing until a user complains. Add an AnalysisTemplate to a Rollout, a Canary of Flagger, or a PrometheusRule whose query names the workload; turn this rule off where another repository holds them.",
    },
    schema: [],
  },
  check({ facts, report }) {
    const referred = new Set(
      facts
        .of("resource")
        .filter(({ kind }) => kind === "Rollout")
        .flatMap(({ references }) => references.map(({ kind, name }) => `${kind}/${name}`)),
    );
    const isAggregated = aggregatedServices(facts);
    const unwatched = facts
      .of("resource")
      .filter((workload) => isWhole(workload) && !referred.has(`${workload.kind}/${workload.name}`))
      .map((workload) => {
        const { own, services } = namesOf(workload, facts);
        return { workload, own, services: serving(services, workload) };
      })
      .filter(({ workload, services }) => workload.kind === "Rollout" || services.length > 0)
      // The API server's own alerts tell when it gets no answer (kubernetes-mixin, KubeAggregatedAPIErrors).
      .filter(({ services }) => services.length === 0 || !services.every(isAggregated))
      .filter(({ workload }) => guardsOf(workload, facts).length === 0 && !refersToTemplate(workload));
    const [first] = unwatched;
    if (first && facts.of("trigger").length === 0) {
      const names = new Set(unwatched.map(({ workload }) => `"${workload.name}"`));
      report({
        messageId: "nothing",
        data: { names: listed([...names]) },
        location: locationOf(first.workload),
      });
      return;
    }
    if (!first) return;
    const siblings = new Siblings(facts);
    for (const { workload, own, services } of unwatched) {
      const { kind, name, namespace } = workload;
      // A repository of triggers and plain Deployments: only beside others that are watched is one forgotten.
      if (kind !== "Rollout" && !siblings.areGuarded(workload)) continue;
      const near = services.filter((service) => isBeside(service, workload));
      const names = [...own, ...near.map((service) => service.name)];
      report({
        messageId: "unwatched",
        data: {
          kind,
          name,
          lack: lackOf(workload, [...new Set(names)], namespace),
          remedy: remedyFor(workload, near[0]?.name ?? name),
        },
        location: locationOf(workload),
        related: (kind === "Rollout" ? near : services).slice(0, 1).map((service) => ({
          ...locationOf(service),
          message: `Service "${service.name}" sends it requests.`,
        })),
      });
    }
  },
});

/** Whether both stand in one directory: in another there may be another application of the same labels. */
function isBeside(one: ResourceFact, other: ResourceFact): boolean {
  return posix.dirname(one.path) === posix.dirname(other.path);
}

/** Where a repository's triggers watch something: the directories and namespaces of what they guard. */
class Siblings {
  readonly #directories = new Set<string>();
  readonly #namespaces = new Set<string>();

  constructor(facts: FactIndex) {
    for (const workload of facts.of("resource")) {
      if (!WORKLOADS.includes(workload.kind) || guardsOf(workload, facts).length === 0) continue;
      this.#directories.add(posix.dirname(workload.path));
      if (workload.namespace !== undefined) this.#namespaces.add(workload.namespace);
    }
  }

  areGuarded({ path, namespace }: ResourceFact): boolean {
    return (
      this.#directories.has(posix.dirname(path)) ||
      (namespace !== undefined && this.#namespaces.has(namespace))
    );
  }
}

/** Tells the Services that the API server asks on behalf of its clients. */
function aggregatedServices(facts: FactIndex): (service: ResourceFact) => boolean {
  const asked = facts
    .of("resource")
    .filter(({ kind }) => kind === "APIService")
    .flatMap(({ references }) => references);
  return (service) =>
    asked.some(
      ({ name, namespace }) =>
        name === service.name && (service.namespace === undefined || service.namespace === namespace),
    );
}

/** Not only a patch of a workload, and not one whose names a tool fills in. */
function isWhole({ kind, name, complete, selector, references }: ResourceFact): boolean {
  if (!GUARDED_KINDS.includes(kind) || name === "" || !complete) return false;
  return (
    selector !== undefined || (kind === "Rollout" && references.some((each) => each.kind === "Deployment"))
  );
}

/** The Services whose requests are users', not Prometheus'; those beside the workload if there are any. */
function serving(services: readonly ResourceFact[], workload: ResourceFact): ResourceFact[] {
  const users = services.filter(({ name }) => !/(?:^|-)metrics$/.test(name));
  const beside = users.filter((service) => isBeside(service, workload));
  return beside.length > 0 ? beside : users;
}

/** A template it refers to and that is not here is made elsewhere, or another rule's finding. */
function refersToTemplate({ references }: ResourceFact): boolean {
  return references.some(({ kind }) => TEMPLATES.includes(kind));
}

function lackOf({ kind }: ResourceFact, names: readonly string[], namespace: string | undefined): string {
  const quoted = listed(
    names.map((name) => `"${name}"`),
    "or",
  );
  const within = namespace === undefined ? "" : `, and none is about namespace "${namespace}" as a whole`;
  const controller =
    kind === "Rollout" ? "it refers to no analysis" : "no Canary of Flagger has it for its target";
  return `${controller}, and no alert or monitor in this repository names ${quoted} or compares the errors of all services${within}`;
}

function remedyFor({ kind }: ResourceFact, service: string): string {
  const alert = `an alert whose query has service="${service}"`;
  return kind === "Rollout"
    ? `Add an analysis with a metric of its errors to its steps, or ${alert}`
    : `Add ${alert}, or deploy it with an analysis (a Rollout, or a Canary of Flagger)`;
}

/** `a, b or c`; beyond a few, how many more there are. */
function listed(names: readonly string[], last = "and"): string {
  const shown = names.length > LISTED ? [...names.slice(0, LISTED), `${names.length - LISTED} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} ${last} ${shown.at(-1)}`;
}
