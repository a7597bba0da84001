import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./require-liveness-probe.ts";

const BARE = "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080 }]";

kubernetesRuleTester().run("require-liveness-probe", rule, {
  valid: [
    deployment(`${BARE}\n  livenessProbe: { httpGet: { path: /live, port: 8080 } }`),
    // A worker: no ports, and nothing that selects it.
    deployment("- name: worker\n  image: worker:1"),
    // A kustomize patch has no selector; the probe may stand in the base.
    deployment(BARE).replace(/ {2}selector.*\n/, ""),
    // A patch that changes the ports only.
    deployment("- name: api\n  ports: [{ containerPort: 8080 }]"),
    // It hands all requests on to another container of the pod.
    deployment(`- { name: main, image: a }\n${BARE}\n  args: [--v=10, --upstream=http://127.0.0.1:8081/]`),
    // An init container ends by itself.
    `${deployment("- name: worker\n  image: worker:1")}      initContainers:\n        - { name: init, image: a, ports: [{ containerPort: 80 }] }\n`,
    // A Job ends, or is ended by its deadline.
    "apiVersion: batch/v1\nkind: Job\nspec: { selector: {}, template: { spec: { containers: [{ name: a, image: b, ports: [{ containerPort: 1 }] }] } } }\n",
  ],
  invalid: [
    {
      name: "a readiness probe takes it out of traffic, but does not restart it",
      code: deployment(`${BARE}\n  readinessProbe: { tcpSocket: { port: 8080 } }`),
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
      name: "null is no probe, and a native sidecar serves too",
      code: `${deployment(`${BARE}\n  livenessProbe:`)}      initContainers:\n        - { name: proxy, image: b, restartPolicy: Always, ports: [{ containerPort: 80 }] }\n`,
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
          data: { container: "proxy", kind: "Deployment", workload: "checkout" },
          line: 15,
          column: 19,
          endLine: 15,
          endColumn: 24,
        },
      ],
    },
  ],
});
