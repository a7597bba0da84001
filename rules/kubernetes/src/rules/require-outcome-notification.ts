import { defineWorkspaceRule, type NotificationFact, type ResourceFact } from "@yantra-lint/core";
import { groupOf } from "../language/kinds.ts";
import { locationOf } from "../workspace/names.ts";
import { append } from "../workspace/renderings.ts";

/** What brings releases out, by group; with how to have somebody told. */
const DELIVERIES: Readonly<Record<string, readonly string[]>> = {
  "argoproj.io": ["Rollout", "Application"],
  "flagger.app": ["Canary"],
  "helm.toolkit.fluxcd.io": ["HelmRelease"],
  "kustomize.toolkit.fluxcd.io": ["Kustomization"],
};
const REMEDIES: Readonly<Record<string, string>> = {
  Rollout:
    "Annotate it with notifications.argoproj.io/subscribe.on-rollout-completed.<service> and …on-rollout-aborted.<service>",
  Application:
    "Annotate it with notifications.argoproj.io/subscribe.on-deployed.<service> and …on-sync-failed.<service>",
  Canary: "Give one of its alerts severity: info",
};
const FLUX_REMEDY = "Add an Alert of Flux with it among the eventSources and eventSeverity: info";

/** A rollback that nobody hears of is repeated by the next release; a success that nobody hears of proves nothing. */
export default defineWorkspaceRule({
  meta: {
    type: "suggestion",
    docs: {
      description: "Require somebody to be told when a release has succeeded and when it has failed",
      recommended: false,
    },
    messages: {
      silent:
        'Nothing in this repository tells anybody how a release of {{kind}} "{{name}}" ends: a rollback in the night looks in the morning like a release that never was. {{remedy}}.',
      onlyFailure:
        '{{kind}} "{{name}}" tells of releases that fail and not of those that succeed, so silence may mean that all is well or that nothing was sent. {{remedy}}.',
      onlySuccess:
        '{{kind}} "{{name}}" tells of releases that succeed and not of those that fail, so a rollback in the night is found by chance. {{remedy}}.',
      mute: 'This alert of {{kind}} "{{name}}" has no severity, and Flagger never sends such an alert. Add severity: info, which covers success and failure.',
    },
    schema: [],
  },
  check({ facts, report }) {
    const byName = new Map<string, NotificationFact[]>();
    for (const fact of facts.of("notification")) append(byName, `${fact.kind}/${fact.name}`, fact);
    for (const resource of facts.of("resource")) {
      if (!isDelivery(resource)) continue;
      const { kind, name, path } = resource;
      const own = [name, "*"]
        .flatMap((subject) => byName.get(`${kind}/${subject}`) ?? [])
        .filter((notification) => isInReach(notification, resource));
      const data = { kind, name, remedy: REMEDIES[kind] ?? FLUX_REMEDY };
      const mute = own.filter(({ success, failure }) => !success && !failure && kind === "Canary");
      for (const alert of mute) report({ messageId: "mute", data, location: locationOf(alert) });
      // Without alerts of its own a Canary uses the controller's, which no manifest shows.
      if (kind === "Canary" && own.length === mute.length) continue;
      const success = own.some((each) => each.success);
      const failure = own.some((each) => each.failure);
      if (success && failure) continue;
      const here = own.find((each) => each.path === path && (each.success || each.failure));
      report({
        messageId: success ? "onlySuccess" : failure ? "onlyFailure" : "silent",
        data,
        location: locationOf(here ?? resource),
      });
    }
  },
});

/** Not a patch of one: a whole Rollout has a selector or its workload, the others a source or a target. */
function isDelivery({ apiVersion, kind, name, complete, selector, references }: ResourceFact): boolean {
  if (!complete || name === "" || !DELIVERIES[groupOf(apiVersion)]?.includes(kind)) return false;
  return (
    kind !== "Rollout" || selector !== undefined || references.some((each) => each.kind === "Deployment")
  );
}

function isInReach({ namespace }: NotificationFact, resource: ResourceFact): boolean {
  return namespace === undefined || resource.namespace === undefined || namespace === resource.namespace;
}
