import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./no-hasty-liveness-probe.ts";

const API = "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080, name: http }]";
const probes = (readiness: string, liveness: string): string =>
  deployment(`${API}\n  readinessProbe: { ${readiness} }\n  livenessProbe: { ${liveness} }`);
const AT_KEY = { line: 14, column: 11, endLine: 14, endColumn: 24 };

kubernetesRuleTester().run("no-hasty-liveness-probe", rule, {
  valid: [
    probes("httpGet: { path: /ready, port: http }", "httpGet: { path: /live, port: http }"),
    // The same question, but it waits longer for the answer.
    probes("httpGet: { port: http }", "httpGet: { port: http }, failureThreshold: 6"),
    probes("httpGet: { port: http }, periodSeconds: 5", "httpGet: { port: http }"),
    probes("httpGet: { port: http }, periodSeconds: 60", "httpGet: { port: http }, periodSeconds: 100"),
    // After five minutes a restart is worth a try.
    probes("httpGet: { port: http }, periodSeconds: 150", "httpGet: { port: http }, periodSeconds: 150"),
    // The kernel answers.
    probes("tcpSocket: { port: 8080 }", "tcpSocket: { port: 8080 }"),
    // The server's own status answers.
    probes("grpc: { port: 8080 }", "grpc: { port: 8080 }"),
    // The application tells them apart by a header.
    probes(
      "httpGet: { port: http, httpHeaders: [{ name: X-Probe, value: ready }] }",
      "httpGet: { port: http, httpHeaders: [{ name: X-Probe, value: live }] }",
    ),
    probes("exec: { command: [check, ready] }", "exec: { command: [check, live] }"),
    // Not known, or not valid.
    probes('httpGet: { port: http }, periodSeconds: "${PERIOD}"', "httpGet: { port: http }"),
    probes("periodSeconds: 5", "periodSeconds: 5"),
    probes("httpGet: { port: http }", "httpGet: { port: http }").replace(/ {2}selector.*\n/, ""),
    deployment(`${API}\n  livenessProbe: { httpGet: { port: http } }`),
  ],
  invalid: [
    {
      name: "the same probe twice",
      code: probes("httpGet: { path: /health, port: 8080 }", "httpGet: { path: /health, port: 8080 }"),
      errors: [
        { messageId: "hasty", data: { container: "api", liveness: "20", readiness: "20" }, ...AT_KEY },
      ],
    },
    {
      name: "the port by name and by number, and the path by default",
      code: probes(
        "httpGet: { path: /, port: 8080 }, failureThreshold: 6",
        "httpGet: { port: http }, periodSeconds: 5",
      ),
      errors: [
        { messageId: "hasty", data: { container: "api", liveness: "10", readiness: "50" }, ...AT_KEY },
      ],
    },
    {
      name: "an anchor",
      code: deployment(
        `${API}\n  readinessProbe: &probe { exec: { command: [check] } }\n  livenessProbe: *probe`,
      ),
      errors: [
        { messageId: "hasty", data: { container: "api", liveness: "20", readiness: "20" }, ...AT_KEY },
      ],
    },
    {
      name: "the first failure is enough",
      code: probes("httpGet: { port: 8080 }", "httpGet: { port: 8080 }, failureThreshold: 1"),
      errors: [{ messageId: "hasty", data: { container: "api", liveness: "0", readiness: "20" }, ...AT_KEY }],
    },
  ],
});
