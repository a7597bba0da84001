import {
  defineWorkspaceRule,
  type FactIndex,
  type ReferenceFact,
  type ResourceFact,
} from "@yantra-lint/core";
import { absenceIsCertain, missingKey } from "../workspace/certainty.ts";
import { locationOf, Names } from "../workspace/names.ts";
import { Scopes } from "../workspace/scopes.ts";
import { allPods, demandedLabels, meantLabel, type Pods, PodsByLabel } from "../workspace/selectors.ts";

/** What happens when an object of a kind is missing; sentences for the message. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  ConfigMap: "Pods that need it do not start, so the rollout hangs, and a rollback that needs it hangs too.",
  Secret: "Pods that need it do not start, so the rollout hangs, and a rollback that needs it hangs too.",
  AnalysisTemplate: "The Rollout is invalid without it: nothing is analysed and nothing is rolled back.",
  ClusterAnalysisTemplate:
    "The Rollout is invalid without it: nothing is analysed and nothing is rolled back.",
  Service: "Traffic that is meant for it goes nowhere.",
};

/** A name that nothing defines breaks when it is deployed, not when it is reviewed. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: { description: "Disallow references to objects that do not exist", recommended: "error" },
    messages: {
      missing:
        '{{kind}} "{{name}}" does not exist in this repository. {{consequence}} {{hint}}Define it, or list it under `external` when it is made elsewhere.',
      missingKey:
        '{{kind}} "{{name}}" has no key "{{key}}". Pods that need it do not start, so the rollout hangs. {{hint}}Add the key, or correct its name.',
      selectsNothing:
        'Service "{{name}}" selects no pods: no workload in this repository has the labels {{labels}}. Every request to it fails while the rollout looks healthy. {{hint}}Make the selector and the pod labels the same.',
    },
    schema: [],
  },
  check({ facts, settings, report }) {
    const names = new Names(facts, settings);
    const scopes = new Scopes(facts);
    const pods = allPods(facts);
    const podsByLabel = new PodsByLabel(pods);
    const used = usedNames(facts);
    for (const resource of facts.of("resource")) {
      for (const reference of resource.references) judge(resource, reference);
      if (resource.kind === "Service" && resource.selector && resource.complete)
        judgeSelector(resource, resource.selector);
    }

    function judge(resource: ResourceFact, reference: ReferenceFact): void {
      const { kind, name, namespace, optional, key } = reference;
      if (optional) return;
      const location = locationOf({ path: resource.path, ...reference });
      const scope = scopes.of(resource.path);
      if (names.exists(kind, name, namespace)) {
        const missing = key !== undefined && missingKey(names.definitions(kind, name), key, scopes);
        if (missing) {
          const related = [{ ...missing.location, message: `${kind} "${name}" is defined here.` }];
          report({ messageId: "missingKey", data: { kind, name, key, hint: "" }, location, related });
        }
        return;
      }
      const near = names.nearest(kind, name, (definition) => scope.paths.has(definition.location.path));
      const orphan = near && !used.has(`${kind}/${near.name}`);
      if (!orphan && !absenceIsCertain(resource, kind, scope)) return;
      report({
        messageId: "missing",
        data: {
          kind,
          name,
          consequence: CONSEQUENCES[kind] ?? "What refers to it does nothing.",
          hint: hintOf(near?.name),
        },
        location,
        ...(near
          ? { related: [{ ...near.location, message: `${kind} "${near.name}" is defined here.` }] }
          : {}),
      });
    }

    function judgeSelector(service: ResourceFact, selector: NonNullable<ResourceFact["selector"]>): void {
      const demanded = demandedLabels(selector.labels, service.path, scopes.renderings);
      if (demanded.length === 0 || podsByLabel.maySelectAny(demanded)) return;
      if (names.isExternal("Service", service.name, service.namespace)) return;
      const scope = scopes.of(service.path);
      const here = pods.filter(({ fact }) => scope.paths.has(fact.path));
      const near = here
        .map((candidate) => ({ candidate, label: meantLabel(demanded, candidate) }))
        .find(({ label }) => label);
      if (!near && !(scope.closed && here.some(isWhole))) return;
      const { fact } = near?.candidate ?? {};
      report({
        messageId: "selectsNothing",
        data: {
          name: service.name,
          labels: demanded.map(([label, value]) => `${label}: ${value}`).join(", "),
          hint: hintOf(near?.label),
        },
        location: locationOf({ path: service.path, ...selector }),
        ...(fact
          ? {
              related: [
                {
                  ...locationOf(fact),
                  message: `${fact.kind} "${fact.name}" makes pods with "${near?.label}".`,
                },
              ],
            }
          : {}),
      });
    }
  },
});

function hintOf(meant: string | undefined): string {
  return meant === undefined ? "" : `Did you mean "${meant}"? `;
}

/** Every name that something refers to, as `kind/name`. */
function usedNames(facts: FactIndex): Set<string> {
  return new Set(
    facts.of("resource").flatMap(({ references }) => references.map(({ kind, name }) => `${kind}/${name}`)),
  );
}

function isWhole({ fact }: Pods): boolean {
  return fact.complete && fact.containers.length > 0;
}
