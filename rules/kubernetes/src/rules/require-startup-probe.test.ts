import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./require-startup-probe.ts";

const BARE = "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080 }]";
const live = (numbers: string): string =>
  `${BARE}\n  livenessProbe: { httpGet: { path: /live, port: 8080 }${numbers} }`;
const AT_NAME = { line: 10, column: 17, endLine: 10, endColumn: 20 };
const names = { container: "api", kind: "Deployment", workload: "checkout" };

kubernetesRuleTester().run("require-startup-probe", rule, {
  valid: [
    // Nothing kills it, so nothing must be held back.
    deployment(
      `${BARE}\n  readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 }`,
    ),
    // Kubernetes' defaults: failures at 0, 10 and 20 s. Zero means the default.
    deployment(live("")),
    deployment(live(", periodSeconds: 0")),
    deployment(live(", initialDelaySeconds: 15, periodSeconds: 5, failureThreshold: 2")),
    deployment(
      `${live(", periodSeconds: 1")}\n  startupProbe: { httpGet: { port: 8080 }, failureThreshold: 30 }`,
    ),
    // Listening is enough to pass.
    deployment(`${BARE}\n  livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }`),
    // Filled in by a tool.
    deployment(live(', periodSeconds: "${PERIOD}"')),
    // A worker without ports, and a patch without selector.
    deployment(
      "- name: worker\n  image: a\n  livenessProbe: { exec: { command: [check] }, periodSeconds: 1 }",
    ),
    deployment(live(", periodSeconds: 1")).replace(/ {2}selector.*\n/, ""),
    { code: deployment(live(", periodSeconds: 2")), options: [{ seconds: 4 }] },
  ],
  invalid: [
    {
      name: "the failures come sooner than by default",
      code: deployment(live(", periodSeconds: 5")),
      errors: [{ messageId: "missing", data: { ...names, seconds: "10" }, ...AT_NAME }],
    },
    {
      name: "one failure is enough",
      code: deployment(live(", initialDelaySeconds: 5, failureThreshold: 1")),
      errors: [{ messageId: "missing", data: { ...names, seconds: "5" }, ...AT_NAME }],
    },
    {
      name: "a time that the configuration asks for",
      code: deployment(live("")),
      options: [{ seconds: 60 }],
      errors: [{ messageId: "missing", data: { ...names, seconds: "20" }, ...AT_NAME }],
    },
  ],
});
