import type { Linter } from "eslint";
import { expect, test } from "vitest";
import { deployment, kubernetesRuleTester, lint, lintPatch } from "../testing.ts";
import rule from "./require-readiness-probe.ts";

const BARE = "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080 }]";
const SERVICE = "---\napiVersion: v1\nkind: Service\nspec: { selector: { app: checkout } }\n";

kubernetesRuleTester().run("require-readiness-probe", rule, {
  valid: [
    deployment(`${BARE}\n  readinessProbe: { httpGet: { path: /ready, port: 8080 } }`),
    // A worker: no ports, and nothing that selects it.
    deployment("- name: worker\n  image: worker:1"),
    // Ports that only Prometheus or the kubelet asks.
    deployment(
      "- name: worker\n  image: worker:1\n  ports: [{ containerPort: 9090, name: http-metrics }, { containerPort: 8081, name: healthz }]",
    ),
    deployment(
      "- name: cache\n  image: cache-exporter:1\n  ports: [{ containerPort: 9121, name: exporter }]",
    ),
    // Whatever an exporter's port is called, only Prometheus asks it.
    deployment(
      "- name: redis\n  image: oliver006/redis_exporter:v1.62\n  ports: [{ containerPort: 9121, name: http }]",
    ),
    deployment("- name: node-exporter\n  image: node:1\n  ports: [{ containerPort: 9100 }]"),
    // A Service that is only the name a StatefulSet must have: no port, no requests.
    deployment("- name: runner\n  image: runner:1").replace("kind: Deployment", "kind: StatefulSet") +
      SERVICE.replace("spec: {", "spec: { clusterIP: None,"),
    // With a directive it is a patch, however whole it looks.
    deployment(`- $patch: replace\n${BARE}`),
    // Two containers and a Service: it is not said which of them serves.
    deployment("- name: a\n  image: a:1\n- name: b\n  image: b:1") + SERVICE,
    // Ends before the pod serves.
    `${deployment("- name: worker\n  image: worker:1")}      initContainers:\n        - { name: init, image: a, ports: [{ containerPort: 80 }] }\n`,
    // A kustomize patch has no selector; the probe may stand in the base.
    deployment(BARE).replace(/ {2}selector.*\n/, ""),
    // A patch that changes the ports only.
    deployment("- name: api\n  ports: [{ containerPort: 8080 }]"),
    // The pod is for another container, by name or because this one hands all requests on to it.
    deployment(`- { name: main, image: a }\n${BARE}`).replace(
      "app: checkout } }\n    spec",
      "app: checkout }, annotations: { kubectl.kubernetes.io/default-container: main } }\n    spec",
    ),
    deployment(`- { name: main, image: a }\n${BARE}\n  args: [--v=10, --upstream=http://127.0.0.1:8081/]`),
    deployment(`- { name: main, image: a }\n${BARE}\n  args: [--upstream, "http://localhost:8081"]`),
    // A controller waits for a condition of its own.
    `${deployment(BARE)}      readinessGates: [{ conditionType: target-health.elbv2.k8s.aws/x }]\n`,
    // Nothing is rolled out, or it ends.
    `apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: a, image: b, ports: [{ containerPort: 1 }] }] }\n`,
    `apiVersion: batch/v1\nkind: Job\nspec: { selector: {}, template: { spec: { containers: [{ name: a, image: b, ports: [{ containerPort: 1 }] }] } } }\n`,
    // A dump of what a Deployment made; its template is the one to change.
    deployment(BARE)
      .replace("kind: Deployment", "kind: ReplicaSet")
      .replace("name: checkout }", "name: checkout, ownerReferences: [{ kind: Deployment }] }"),
    // Another group's Deployment, of which nothing is known.
    deployment(BARE).replace("apps/v1", "example.com/v1"),
  ],
  invalid: [
    {
      name: "what exports something else",
      code: deployment(BARE.replace("image: api:1", "image: shop/report-exporter:1")),
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    },
    ...["ReplicaSet", "ReplicationController"].map((kind) => ({
      name: `${kind}, which replaces no pod`,
      code: deployment(BARE)
        .replace("kind: Deployment", `kind: ${kind}`)
        .replace("apps/v1", kind === "ReplicaSet" ? "apps/v1" : "v1"),
      errors: [
        {
          messageId: "unrolled",
          data: { container: "api", kind, workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    })),
    {
      name: "the container that the pod is for",
      code: deployment(`${BARE}\n  args: ["--upstream=http://localhost:8081"]`).replace(
        "app: checkout } }\n    spec",
        "app: checkout }, annotations: { kubectl.kubernetes.io/default-container: api } }\n    spec",
      ),
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    },
    {
      name: "a default container that is not there, and a proxy to another host",
      code: deployment(
        `${BARE}\n  args: ["--upstream=http://127.0.0.1.example.com", "http://localhost:1"]`,
      ).replace(
        "app: checkout } }\n    spec",
        "app: checkout }, annotations: { kubectl.kubernetes.io/default-container: main } }\n    spec",
      ),
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    },
    {
      code: deployment(BARE),
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    },
    {
      name: "each serving container, also a native sidecar; null is no probe",
      code: `${deployment(`${BARE}\n  readinessProbe:`)}      initContainers:\n        - { name: "é😀", image: b, restartPolicy: Always, ports: [{ containerPort: 80 }] }\n`,
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
        {
          messageId: "missing",
          data: { container: "é😀", kind: "Deployment", workload: "checkout" },
          line: 15,
          column: 19,
          endLine: 15,
          endColumn: 24,
        },
      ],
    },
    {
      name: "beside a container that is probed",
      code: deployment(
        `${BARE}\n  readinessProbe: { tcpSocket: { port: 8080 } }\n- name: proxy\n  image: proxy:1\n  ports: [{ containerPort: 8443 }]`,
      ),
      errors: [
        {
          messageId: "unwatched",
          data: { container: "proxy", kind: "Deployment", workload: "checkout" },
          line: 14,
          column: 17,
          endLine: 14,
          endColumn: 22,
        },
      ],
    },
    {
      name: "no ports, but a Service of the same file selects its only container",
      code: deployment("- name: api\n  image: api:1") + SERVICE,
      errors: [
        {
          messageId: "missing",
          data: { container: "api", kind: "Deployment", workload: "checkout" },
          line: 10,
          column: 17,
          endLine: 10,
          endColumn: 20,
        },
      ],
    },
    {
      name: "a Rollout in JSON, whose container has no name",
      filename: "rollout.json",
      code: '{"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"r"},"spec":{"selector":{},"template":{"spec":{"containers":[{"image":"a","ports":[{"containerPort":1}]}]}}}}',
      errors: [
        {
          messageId: "missing",
          data: { container: "", kind: "Rollout", workload: "r" },
          line: 1,
          column: 135,
          endLine: 1,
          endColumn: 178,
        },
      ],
    },
  ],
});

test("what a kustomization names as a patch lacks nothing, however whole it looks", () => {
  const config = {
    plugins: { y: { rules: { probe: rule } } },
    rules: { "y/probe": "error" },
  } satisfies Linter.Config;
  expect(lint(deployment(BARE), config)).toMatchObject([{ messageId: "missing" }]);
  expect(lintPatch(deployment(BARE), config)).toEqual([]);
});
