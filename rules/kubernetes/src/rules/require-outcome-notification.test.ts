import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { findingsOf, told } from "../testing.ts";
import rule from "./require-outcome-notification.ts";

const SUBSCRIBE = "notifications.argoproj.io/subscribe";

/** A Rollout whose annotations stand on line 6 and following. */
function rollout(annotations: string[] = [], kind = "Rollout"): string {
  return [
    "apiVersion: argoproj.io/v1alpha1",
    `kind: ${kind}`,
    "metadata:",
    "  name: web",
    `  annotations:${annotations.length === 0 ? " {}" : ""}`,
    ...annotations.map((annotation) => `    ${annotation}`),
    "spec: { selector: { matchLabels: { app: web } } }",
    "",
  ].join("\n");
}

function central(name: string, subscriptions: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata:\n${subscriptions}`;
}

/** A Canary whose alerts stand on line 8. */
function canary(alerts: string): string {
  return `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec:\n  targetRef: { kind: Deployment, name: web }\n  analysis:\n    interval: 1m\n    alerts: ${alerts}\n`;
}

const RELEASE =
  "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web, namespace: shop }\nspec: {}\n";
const fluxAlert = (sources: string, more = ""): string =>
  `apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Alert\nmetadata: { name: a, namespace: flux-system }\nspec:\n  eventSources: [${sources}]\n${more}`;

function tell(files: Files): string[] {
  return findingsOf(rule, files).map(told);
}

describe("require-outcome-notification: valid", () => {
  it.each<[string, Files]>([
    [
      "subscriptions to both",
      {
        "r.yaml": rollout([
          `${SUBSCRIBE}.on-rollout-completed.slack: x`,
          `${SUBSCRIBE}.on-rollout-aborted.slack: x`,
        ]),
      },
    ],
    [
      "an analysis that fails is a failure",
      {
        "r.yaml": rollout([
          `${SUBSCRIBE}.on-rollout-completed.slack: x`,
          `${SUBSCRIBE}.on-analysis-run-failed.slack: x`,
        ]),
      },
    ],
    ["a trigger of one's own", { "r.yaml": rollout([`${SUBSCRIBE}.on-the-end.slack: x`]) }],
    [
      "a list of subscriptions",
      { "r.yaml": rollout(['notifications.argoproj.io/subscriptions: "- trigger: [a]"']) },
    ],
    [
      "subscriptions of all Rollouts",
      {
        "r.yaml": rollout(),
        "c.yaml": central(
          "argo-rollouts-notification-configmap",
          "  subscriptions: |\n    - recipients: [slack:x]\n      triggers: [on-rollout-completed, on-rollout-aborted]\n",
        ),
      },
    ],
    [
      "subscriptions of all Applications",
      {
        "r.yaml": rollout([], "Application"),
        "c.yaml": central("argocd-notifications-cm", '  subscriptions: "- recipients: [x]"\n'),
      },
    ],
    [
      "subscriptions of a project",
      { "r.yaml": rollout([], "Application"), "p.yaml": rollout([`${SUBSCRIBE}.slack: x`], "AppProject") },
    ],
    [
      "an alert of Flagger",
      { "c.yaml": canary("[{ name: a, severity: info, providerRef: { name: slack } }]") },
    ],
    // The controller may have an alert of its own.
    ["Flagger without alerts", { "c.yaml": canary("[]") }],
    [
      "an alert of Flux",
      { "h.yaml": RELEASE, "a.yaml": fluxAlert("{ kind: HelmRelease, name: '*', namespace: shop }") },
    ],
    [
      "a patch",
      { "r.yaml": rollout().replace("spec: { selector: { matchLabels: { app: web } } }", "spec: {}") },
    ],
    ["another group's", { "r.yaml": rollout().replace("argoproj.io", "example.com") }],
  ])("%s", (_, files) => {
    expect(tell(files)).toEqual([]);
  });
});

describe("require-outcome-notification: invalid", () => {
  it("a Rollout that tells nobody", () => {
    const [finding, ...rest] = findingsOf(rule, { "r.yaml": rollout() });
    expect(rest).toEqual([]);
    expect(finding && told(finding)).toBe("r.yaml:4:9-4:12 silent");
    expect(finding?.message).toBe(
      'Nothing in this repository tells anybody how a release of Rollout "web" ends: a rollback in the night looks in the morning like a release that never was. Annotate it with notifications.argoproj.io/subscribe.on-rollout-completed.<service> and …on-rollout-aborted.<service>.',
    );
  });

  it("only one of both, at what says it", () => {
    expect(tell({ "r.yaml": rollout([`${SUBSCRIBE}.on-rollout-completed.slack: x`]) })).toEqual([
      "r.yaml:6:5-6:67 onlySuccess",
    ]);
    expect(tell({ "r.yaml": rollout([`${SUBSCRIBE}.on-rollout-aborted.slack: x`]) })).toEqual([
      "r.yaml:6:5-6:65 onlyFailure",
    ]);
  });

  it("steps on the way are no outcome", () => {
    expect(tell({ "r.yaml": rollout([`${SUBSCRIBE}.on-rollout-updated.slack: x`]) })).toEqual([
      "r.yaml:4:9-4:12 silent",
    ]);
  });

  it("another's subscriptions", () => {
    const files = {
      "r.yaml": rollout([], "Application"),
      "c.yaml": central("argo-rollouts-notification-configmap", '  subscriptions: "- recipients: [x]"\n'),
    };
    expect(tell(files)).toEqual(["r.yaml:4:9-4:12 silent"]);
  });

  it("Flagger's alerts for errors only, and one that is never sent", () => {
    expect(tell({ "c.yaml": canary("[{ name: a, severity: error, providerRef: { name: s } }]") })).toEqual([
      "c.yaml:8:35-8:40 onlyFailure",
    ]);
    expect(tell({ "c.yaml": canary("[{ name: a, providerRef: { name: s } }]") })).toEqual([
      "c.yaml:8:22-8:23 mute",
    ]);
  });

  it("Flux, where the alert is about others, suspended, or for errors only", () => {
    const others = fluxAlert(
      "{ kind: HelmRelease, name: other, namespace: shop }, { kind: HelmRelease, name: '*' }",
    );
    expect(tell({ "h.yaml": RELEASE, "a.yaml": others })).toEqual(["h.yaml:3:19-3:22 silent"]);
    const all = "{ kind: HelmRelease, name: '*', namespace: shop }";
    expect(tell({ "h.yaml": RELEASE, "a.yaml": fluxAlert(all, "  suspend: true\n") })).toEqual([
      "h.yaml:3:19-3:22 silent",
    ]);
    expect(tell({ "h.yaml": RELEASE, "a.yaml": fluxAlert(all, "  eventSeverity: error\n") })).toEqual([
      "h.yaml:3:19-3:22 onlyFailure",
    ]);
  });
});
