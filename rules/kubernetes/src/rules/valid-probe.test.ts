import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./valid-probe.ts";

const API =
  "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080, name: http }, { containerPort: 9090, name: metrics }]";
const withProbe = (probe: string): string => deployment(`${API}\n  ${probe}`);

/** The flow style keeps the probe on line 13, indented by ten. */
const at = (column: number, endColumn: number) => ({ line: 13, column, endLine: 13, endColumn });

kubernetesRuleTester().run("valid-probe", rule, {
  valid: [
    withProbe("readinessProbe: { httpGet: { port: http } }"),
    withProbe("readinessProbe: { grpc: { port: 8080 }, successThreshold: 2 }"),
    withProbe(
      "livenessProbe: { tcpSocket: { port: metrics }, successThreshold: 1, terminationGracePeriodSeconds: 5 }",
    ),
    withProbe('startupProbe: { exec: { command: [sh, -c, "test -f /tmp/ready"] }, successThreshold: 0 }'),
    // `ports` is informational: a port that is not declared may well be listened to.
    withProbe("readinessProbe: { httpGet: { port: 8081 } }"),
    // Filled in by a tool.
    withProbe('readinessProbe: { httpGet: { port: "${PORT}" } }'),
    // It asks something, and says so.
    withProbe('readinessProbe: { exec: { command: [sh, -c, "echo ping | nc -w1 localhost 8080"] } }'),
    withProbe('readinessProbe: { exec: { command: [sh, -c, "echo $(check)"] } }'),
    withProbe("readinessProbe: { exec: { command: [truecheck] } }"),
    // A kustomize patch has no selector; the handler and the ports stand in the base.
    withProbe("readinessProbe: { httpGet: { port: https }, periodSeconds: 5 }").replace(
      / {2}selector.*\n/,
      "",
    ),
    deployment("- name: api\n  livenessProbe: { periodSeconds: 5 }"),
    // A patch may change a probe of the base, and ask a port of it.
    deployment(
      "- $patch: merge\n- { name: api, image: api:1, readinessProbe: { httpGet: { port: https } }, livenessProbe: { periodSeconds: 5 } }",
    ),
    // A native sidecar may have probes.
    `${deployment("- name: worker\n  image: worker:1")}      initContainers:\n        - { name: proxy, image: a, restartPolicy: Always, livenessProbe: { tcpSocket: { port: 80 } } }\n`,
  ],
  invalid: [
    {
      name: "what a patch says itself",
      code: deployment("- $patch: merge\n- { name: api, livenessProbe: { successThreshold: 2 } }"),
      errors: [
        {
          messageId: "successThreshold",
          data: { kind: "liveness", container: "api" },
          line: 11,
          column: 59,
          endLine: 11,
          endColumn: 60,
        },
      ],
    },
    {
      name: "a port of another name",
      code: withProbe("readinessProbe: { httpGet: { port: https } }"),
      errors: [
        {
          messageId: "unknownPort",
          data: {
            kind: "readiness",
            port: "https",
            container: "api",
            consequence: "so the pod never becomes ready and the rollout hangs",
            declared: " (declared: http, metrics)",
          },
          ...at(46, 51),
        },
      ],
    },
    {
      name: "a port of another container, which the kubelet does not look at",
      code: deployment(
        `- name: proxy\n  image: proxy:1\n  livenessProbe: { tcpSocket: { port: "http" } }\n${API}`,
      ),
      errors: [
        {
          messageId: "unknownPort",
          data: {
            kind: "liveness",
            port: "http",
            container: "proxy",
            consequence: "so the probe never fails and a container that hangs is not restarted",
            declared: "",
          },
          line: 12,
          column: 47,
          endLine: 12,
          endColumn: 53,
        },
      ],
    },
    {
      name: "in a Pod, whose startup never ends",
      code: "apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: a, image: b, startupProbe: { httpGet: { port: web } } }] }\n",
      errors: [
        {
          messageId: "unknownPort",
          data: {
            kind: "startup",
            port: "web",
            container: "a",
            consequence:
              "so the container never counts as started, its pod never becomes ready and the rollout hangs",
            declared: "",
          },
          line: 3,
          column: 76,
          endLine: 3,
          endColumn: 79,
        },
      ],
    },
    {
      name: "a number in quotes",
      code: withProbe('readinessProbe: { httpGet: { port: "8080" } }'),
      errors: [{ messageId: "quotedPort", data: { kind: "readiness", port: "8080" }, ...at(46, 52) }],
    },
    {
      name: "no handler",
      code: withProbe("livenessProbe: { periodSeconds: 5 }"),
      errors: [{ messageId: "noHandler", data: { kind: "liveness" }, ...at(11, 24) }],
    },
    {
      name: "two handlers",
      code: withProbe("livenessProbe: { httpGet: { port: 8080 }, exec: { command: [check] } }"),
      errors: [
        {
          messageId: "manyHandlers",
          data: { kind: "liveness", handlers: "httpGet and exec" },
          ...at(11, 24),
        },
      ],
    },
    {
      name: "a successThreshold where there is no coming back",
      code: withProbe("startupProbe: { tcpSocket: { port: 8080 }, successThreshold: 2 }"),
      errors: [{ messageId: "successThreshold", data: { kind: "startup" }, ...at(72, 73) }],
    },
    {
      name: "a grace period of a probe that ends nothing",
      code: withProbe("readinessProbe: { tcpSocket: { port: 8080 }, terminationGracePeriodSeconds: 5 }"),
      errors: [{ messageId: "gracePeriod", ...at(87, 88) }],
    },
    {
      name: "a probe of an init container",
      code: `${deployment("- name: worker\n  image: worker:1")}      initContainers:\n        - { name: init, image: a, livenessProbe: { tcpSocket: { port: web } } }\n`,
      errors: [
        {
          messageId: "initContainer",
          data: { kind: "liveness", container: "init" },
          line: 13,
          column: 35,
          endLine: 13,
          endColumn: 48,
        },
      ],
    },
    {
      name: "a command that cannot fail",
      code: withProbe("readinessProbe: { exec: { command: [/bin/true] } }"),
      errors: [
        {
          messageId: "vacuous",
          data: {
            kind: "readiness",
            command: "/bin/true",
            consequence: "a broken version counts as available and replaces the one that works",
          },
          ...at(46, 57),
        },
      ],
    },
    {
      name: "a script that cannot fail",
      code: withProbe('livenessProbe: { exec: { command: [sh, -c, "exit 0"] } }'),
      errors: [
        {
          messageId: "vacuous",
          data: {
            kind: "liveness",
            command: "sh -c exit 0",
            consequence: "a process that hangs is never restarted",
          },
          ...at(45, 63),
        },
      ],
    },
  ],
});
