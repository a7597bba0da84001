import { posix } from "node:path";
import { defineWorkspaceRule, guardsOf, namesOf, type ResourceFact } from "@yantra-lint/core";
import { locationOf } from "../workspace/names.ts";

const GUARDED_KINDS = ["Deployment", "Rollout"];
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
    const unwatched = facts
      .of("resource")
      .filter((workload) => isWhole(workload) && !referred.has(`${workload.kind}/${workload.name}`))
      .map((workload) => {
        const { own, services } = namesOf(workload, facts);
        return { workload, own, services: serving(services, workload) };
      })
      .filter(({ workload, services }) => workload.kind === "Rollout" || services.length > 0)
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
    for (const { workload, own, services } of unwatched) {
      const { kind, name, namespace } = workload;
      const names = [...own, ...services.map((service) => service.name)];
      report({
        messageId: "unwatched",
        data: {
          kind,
          name,
          lack: lackOf(workload, [...new Set(names)], namespace),
          remedy: remedyFor(workload, services[0]?.name ?? name),
        },
        location: locationOf(workload),
        related: services.slice(0, 1).map((service) => ({
          ...locationOf(service),
          message: `Service "${service.name}" sends it requests.`,
        })),
      });
    }
  },
});

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
  const beside = users.filter(({ path }) => posix.dirname(path) === posix.dirname(workload.path));
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
  return `${controller}, and no alert or monitor in this repository names ${quoted} or compares all services${within}`;
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
