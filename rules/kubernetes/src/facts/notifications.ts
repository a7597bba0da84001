import type { Lines, NotificationFact, Region } from "@yantra-lint/core";
import type { Resource } from "../language/nodes.ts";
import { analysisPlace, isFlaggerCanary } from "../progressive/flagger.ts";
import { regionAt, regionOfRange } from "./regions.ts";

const SUBSCRIPTION = /^notifications\.argoproj\.io\/(?:subscribe\.(.+)|subscriptions$)/;

/**
 * Triggers that come with Argo Rollouts and Argo CD and tell how it ended; the others that come with them tell of
 * the way there. (argo-rollouts v1.10, manifests/notifications; Argo CD, "Triggers and Templates Catalog".)
 */
const SUCCESS = /\bon-(?:rollout-completed|deployed|sync-succeeded)\b/;
const FAILURE =
  /\bon-(?:rollout-aborted|analysis-run-failed|analysis-run-error|sync-failed|health-degraded|sync-status-unknown)\b/;
const ON_THE_WAY =
  /\bon-(?:rollout-updated|rollout-paused|rollout-step-completed|scaling-replica-set|analysis-run-running|sync-running|created|deleted)\b/;

/** Where Argo's controllers keep the subscriptions of all. (argo-rollouts, "Notifications"; Argo CD, "Subscriptions".) */
const CENTRAL: Readonly<Record<string, string>> = {
  "argo-rollouts-notification-configmap": "Rollout",
  "argocd-notifications-cm": "Application",
};

interface Told {
  success: boolean;
  failure: boolean;
}

/** Who is told how a deployment ends, as far as one resource says it. */
export function notificationsOf(resource: Resource, lines: Lines): NotificationFact[] {
  const { place, group, kind, name, namespace } = resource;
  const fact = (
    subject: { kind: string; name: string; namespace?: string | undefined },
    told: Told,
    at: Region,
  ) => {
    const { namespace: within, ...named } = subject;
    return {
      type: "notification" as const,
      path: "",
      ...named,
      ...(within === undefined ? {} : { namespace: within }),
      ...told,
      ...at,
    };
  };
  if (group === "argoproj.io" && ["Rollout", "Application", "AppProject"].includes(kind)) {
    // A project's subscriptions are its applications'.
    const subject = kind === "AppProject" ? { kind: "Application", name: "*" } : { kind, name, namespace };
    return (place.find("metadata.annotations")?.entries() ?? []).flatMap(([key, value]) => {
      const subscription = SUBSCRIPTION.exec(key);
      if (!subscription) return [];
      return [
        fact(subject, toldBy(subscription[1] ?? value.text ?? ""), regionOfRange(lines, value.keyRange)),
      ];
    });
  }
  const subscribed = group === "" && kind === "ConfigMap" ? CENTRAL[name] : undefined;
  if (subscribed !== undefined) {
    const subscriptions = place.find("data.subscriptions");
    if (!subscriptions) return [];
    const at = regionOfRange(lines, subscriptions.keyRange);
    return [fact({ kind: subscribed, name: "*" }, toldBy(subscriptions.text ?? ""), at)];
  }
  if (isFlaggerCanary(resource)) {
    return (analysisPlace(resource)?.find("alerts")?.items() ?? []).map((alert) => {
      // Flagger v1.44.0, pkg/controller/events.go: an alert without severity is never sent, whatever the docs say.
      const severity = alert.find("severity");
      const told = { success: severity?.text === "info", failure: severity !== undefined };
      return fact({ kind, name, namespace }, told, regionAt(lines, severity ?? alert.find("name") ?? alert));
    });
  }
  if (
    group === "notification.toolkit.fluxcd.io" &&
    kind === "Alert" &&
    place.find("spec.suspend")?.value !== true
  ) {
    // Flux, notification-controller, Alert: eventSeverity is info unless it says error.
    const success = place.find("spec.eventSeverity")?.text !== "error";
    return (place.find("spec.eventSources")?.items() ?? []).flatMap((source) => {
      const sourceKind = source.find("kind");
      if (sourceKind?.text === undefined) return [];
      const within = source.find("namespace")?.text ?? namespace;
      const subject = { kind: sourceKind.text, name: source.find("name")?.text ?? "*", namespace: within };
      return [fact(subject, { success, failure: true }, regionAt(lines, sourceKind))];
    });
  }
  return [];
}

/** What triggers tell of, by their names. One that is not known, or none, may tell of anything. */
function toldBy(triggers: string): Told {
  const success = SUCCESS.test(triggers);
  const failure = FAILURE.test(triggers);
  const other = !success && !failure && !ON_THE_WAY.test(triggers);
  return { success: success || other, failure: failure || other };
}
