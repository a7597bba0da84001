import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../testing.ts";
import rule from "./require-rolling-update.ts";

const SERVICE =
  "apiVersion: v1\nkind: Service\nmetadata: { name: checkout }\nspec: { selector: { app: checkout } }\n";

interface Workload {
  kind?: string;
  apiVersion?: string;
  container?: string;
  pod?: string;
}

/** A workload whose `spec` begins with the given lines, on line 5. */
function workload(spec: string, { kind, apiVersion, container, pod }: Workload = {}): string {
  return [
    `apiVersion: ${apiVersion ?? "apps/v1"}`,
    `kind: ${kind ?? "Deployment"}`,
    "metadata: { name: checkout }",
    "spec:",
    ...spec.split("\n").map((line) => `  ${line}`),
    "  selector: { matchLabels: { app: checkout } }",
    "  template:",
    "    metadata: { labels: { app: checkout } }",
    `    spec: { containers: [{ name: api, image: a${container ?? ""} }]${pod ?? ""} }`,
    "",
  ].join("\n");
}

function rolling(bounds: string, replicas?: number): string {
  const strategy = `strategy: { type: RollingUpdate, rollingUpdate: { ${bounds} } }`;
  return replicas === undefined ? strategy : `${strategy}\nreplicas: ${replicas}`;
}

const ROLLOUT = { kind: "Rollout", apiVersion: "argoproj.io/v1alpha1" };
const STATEFUL_SET = { kind: "StatefulSet" };
const DAEMON_SET = { kind: "DaemonSet" };

function tell(text: string, others: Files = { "deploy/service.yaml": SERVICE }): string[] {
  return findingsOf(rule, { "deploy/app.yaml": text, ...others }).map(
    ({ startLine, startColumn, endLine, endColumn, messageId }) =>
      `${startLine}:${startColumn}-${endLine}:${endColumn} ${messageId}`,
  );
}

describe("nothing is said of", () => {
  it.each([
    ["the default strategy", workload("replicas: 1")],
    ["a strategy of one key", workload("strategy: { type: RollingUpdate }\nreplicas: 1")],
    ["a surge", workload(rolling("maxSurge: 1, maxUnavailable: 0", 1))],
    ["some of the pods", workload(rolling("maxUnavailable: 2", 3))],
    ["99 %, rounded down", workload(rolling("maxUnavailable: 99%", 2))],
    ["no surge, but another pod", workload(rolling("maxSurge: 0, maxUnavailable: 25%", 2))],
    // Of one or of ten: an autoscaler or the default decides.
    ["replicas that are not given", workload(rolling("maxSurge: 0, maxUnavailable: 1"))],
    ["no replicas", workload(rolling("maxUnavailable: 1", 0))],
    ["a placeholder", workload(rolling('maxUnavailable: "${N}"', 1))],
    ["a kustomize patch", workload("strategy: { type: Recreate }").replace(/ {2}selector.*\n/, "")],
    ["another group's kind", workload("strategy: { type: Recreate }", { apiVersion: "example.com/v1" })],
    // The old pod must let go of the volume or the port first.
    [
      "a volume",
      workload("strategy: { type: Recreate }", {
        pod: ", volumes: [{ persistentVolumeClaim: { claimName: a } }]",
      }),
    ],
    ["the node's network", workload("strategy: { type: Recreate }", { pod: ", hostNetwork: true" })],
    [
      "a port of the node",
      workload("strategy: { type: Recreate }", {
        container: ", ports: [{ containerPort: 80, hostPort: 80 }]",
      }),
    ],
    [
      "a device of the node",
      workload("strategy: { type: Recreate }", {
        container: ", resources: { limits: { nvidia.com/gpu: 1 } }",
      }),
    ],
    // Its Service is for metrics or a webhook, and two of it may not act at once.
    [
      "a controller",
      workload("strategy: { type: Recreate }").replace("name: checkout", "name: shop-operator"),
    ],
    // Prometheus can wait.
    [
      "metrics alone",
      workload("strategy: { type: Recreate }", {
        container: ", ports: [{ containerPort: 80, name: metrics }]",
      }),
    ],
    ["a canary", workload("strategy: { canary: {} }", ROLLOUT)],
    ["blue and green", workload("strategy: { blueGreen: { activeService: a } }", ROLLOUT)],
    // The bounds are for pods without traffic routing.
    [
      "a canary with traffic routing",
      workload("strategy: { canary: { trafficRouting: {}, maxUnavailable: 100% } }\nreplicas: 2", ROLLOUT),
    ],
    [
      "a StatefulSet of one",
      workload("updateStrategy: { rollingUpdate: { maxUnavailable: 1 } }\nreplicas: 1", STATEFUL_SET),
    ],
    ["nodes in groups", workload("updateStrategy: { rollingUpdate: { maxUnavailable: 10 } }", DAEMON_SET)],
  ])("%s", (_, text) => {
    expect(tell(text)).toEqual([]);
  });

  it("what no Service selects", () => {
    const other = SERVICE.replace("app: checkout", "app: cart");
    expect(tell(workload("strategy: { type: Recreate }"), { "deploy/service.yaml": other })).toEqual([]);
  });

  it("a StatefulSet whose Service is only a name, unless it declares ports", () => {
    const files = { "deploy/service.yaml": SERVICE.replace("spec: {", "spec: { clusterIP: None,") };
    const onDelete = (container?: string): string =>
      workload("updateStrategy: { type: OnDelete }", {
        kind: "StatefulSet",
        ...(container === undefined ? {} : { container }),
      });
    expect(tell(onDelete(), files)).toEqual([]);
    expect(tell(onDelete(", ports: [{ containerPort: 5432 }]"), files)).toEqual(["5:27-5:35 onDelete"]);
  });

  it("replicas that an autoscaler decides", () => {
    const scaler =
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: checkout }\nspec: { scaleTargetRef: { kind: Deployment, name: checkout }, minReplicas: 3 }\n";
    const files = { "deploy/service.yaml": SERVICE, "deploy/hpa.yaml": scaler };
    expect(tell(workload(rolling("maxUnavailable: 1", 1)), files)).toEqual([]);
    expect(tell(workload(rolling("maxUnavailable: 100%", 1)), files)).toEqual(["5:69-5:73 noneLeft"]);
  });

  it("replicas that an overlay may decide", () => {
    const base = { "deploy/service.yaml": SERVICE, "deploy/kustomization.yaml": "resources: [app.yaml]\n" };
    const overlay = { "production/kustomization.yaml": "resources: [../deploy]\n" };
    const text = workload(rolling("maxUnavailable: 1", 1));
    expect(tell(text, base)).toEqual(["5:69-5:70 noneLeft"]);
    expect(tell(text, { ...base, ...overlay })).toEqual([]);
  });
});

describe("a patch", () => {
  const overlay = {
    "production/kustomization.yaml": "resources: [../deploy]\npatches: [{ path: update.yaml }]\n",
  };
  const base = {
    "deploy/service.yaml": SERVICE,
    "deploy/kustomization.yaml": "resources: [app.yaml, service.yaml]\n",
  };
  const RECREATE =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: checkout }\nspec: { strategy: { type: Recreate } }\n";
  const patched = (text: string, patch = RECREATE, others: Files = {}): string[] =>
    tell(text, { ...base, ...overlay, "production/update.yaml": patch, ...others });

  it("is judged on what it changes", () => {
    expect(patched(workload("replicas: 2"))).toEqual(["4:27-4:35 recreate"]);
    expect(patched(workload("replicas: 2"), workload("strategy: { type: Recreate }"))).toEqual([
      "5:21-5:29 recreate",
    ]);
  });

  it("says nothing new where the base is updated so, where pods exclude each other, where nobody asks them", () => {
    expect(patched(workload("strategy: { type: Recreate }"))).toEqual(["5:21-5:29 recreate"]);
    const volume = ", volumes: [{ persistentVolumeClaim: { claimName: a } }]";
    expect(patched(workload("replicas: 2", { pod: volume }))).toEqual([]);
    expect(patched(workload("replicas: 2").replaceAll("app: checkout", "app: worker"))).toEqual([]);
  });

  it("says nothing without what it changes, or without a strategy", () => {
    expect(patched(workload("replicas: 2").replace("name: checkout", "name: cart"))).toEqual([]);
    expect(patched(workload("replicas: 2"), workload("replicas: 3"))).toEqual([]);
    expect(patched(workload("strategy: { canary: {} }", ROLLOUT), workload("replicas: 3", ROLLOUT))).toEqual(
      [],
    );
  });
});

describe("reported is", () => {
  it.each([
    ["Recreate", workload("strategy: { type: Recreate }"), "5:21-5:29 recreate"],
    [
      "Recreate in OpenShift",
      workload("strategy: { type: Recreate }", {
        kind: "DeploymentConfig",
        apiVersion: "apps.openshift.io/v1",
      }),
      "5:21-5:29 recreate",
    ],
    ["OnDelete", workload("updateStrategy: { type: OnDelete }", STATEFUL_SET), "5:27-5:35 onDelete"],
    ["all of them", workload(rolling("maxUnavailable: 100%")), "5:69-5:73 noneLeft"],
    ["as many as there are", workload(rolling("maxUnavailable: 3, maxSurge: 1", 3)), "5:69-5:70 noneLeft"],
    ["the only one, rounded down and no surge", workload(rolling("maxSurge: 0", 1)), "5:63-5:64 noneLeft"],
    [
      "all of a canary",
      workload("strategy: { canary: { maxUnavailable: 1 } }\nreplicas: 1", ROLLOUT),
      "5:41-5:42 noneLeft",
    ],
    ["a Rollout without strategy", workload("replicas: 1", ROLLOUT), "4:1-4:5 noStrategy"],
    ["a Rollout with an empty strategy", workload("strategy: {}", ROLLOUT), "5:13-5:15 noStrategy"],
    [
      "all of a StatefulSet, rounded up",
      workload("updateStrategy: { rollingUpdate: { maxUnavailable: 51% } }\nreplicas: 2", STATEFUL_SET),
      "5:54-5:57 noneLeft",
    ],
    [
      "all nodes",
      workload("updateStrategy: { rollingUpdate: { maxUnavailable: 100% } }", DAEMON_SET),
      "5:54-5:58 noneLeft",
    ],
  ])("%s", (_, text, found) => {
    expect(tell(text)).toEqual([found]);
  });

  it("in words", () => {
    const messages = [rolling("maxUnavailable: 2", 2), rolling("maxSurge: 0", 1)].map(
      (spec) =>
        findingsOf(rule, { "deploy/app.yaml": workload(spec), "deploy/service.yaml": SERVICE })[0]?.message,
    );
    expect(messages).toEqual([
      'Deployment "checkout" may lose all of its pods at once during an update: maxUnavailable is 2, and there are 2 replicas. Nothing serves until a new pod is ready, and if the new version does not start nothing serves at all. Set maxUnavailable to 0 and maxSurge to 1 or more.',
      'Deployment "checkout" may lose all of its pods at once during an update: there is 1 replica, and with maxSurge 0 it must stop before a new one starts. Nothing serves until a new pod is ready, and if the new version does not start nothing serves at all. Set maxUnavailable to 0 and maxSurge to 1 or more.',
    ]);
  });
});
