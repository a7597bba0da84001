import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./valid-progress-deadline.ts";

const startup = (numbers: string): string =>
  `- name: api\n  image: api:1\n  startupProbe: { httpGet: { port: 8080 }, ${numbers} }`;
const withSpec = (line: string, numbers: string): string =>
  deployment(startup(numbers)).replace("spec:\n", `spec:\n  ${line}\n`);

kubernetesRuleTester().run("valid-progress-deadline", rule, {
  valid: [
    deployment(startup("failureThreshold: 30")),
    withSpec("progressDeadlineSeconds: 61", "failureThreshold: 30, periodSeconds: 2"),
    withSpec("progressDeadlineSeconds: 3600", "failureThreshold: 120"),
    // A Deployment without startup probe, and one whose numbers a tool fills in.
    withSpec("progressDeadlineSeconds: 5", "").replace(/ *startupProbe.*\n/, ""),
    withSpec('progressDeadlineSeconds: "${DEADLINE}"', "failureThreshold: 120"),
    // A StatefulSet has no deadline.
    deployment(startup("failureThreshold: 120")).replace("kind: Deployment", "kind: StatefulSet"),
    // A patch.
    deployment(startup("failureThreshold: 120")).replace(/ {2}selector.*\n/, ""),
  ],
  invalid: [
    {
      name: "the deadline is as long as the start",
      code: withSpec("progressDeadlineSeconds: 60", "failureThreshold: 30, periodSeconds: 2"),
      errors: [
        {
          messageId: "short",
          data: {
            kind: "Deployment",
            workload: "checkout",
            deadline: "60",
            reason: 'the startupProbe of container "api" lets it start for 60 s',
            needed: "60",
          },
          line: 5,
          column: 28,
          endLine: 5,
          endColumn: 30,
        },
      ],
    },
    {
      name: "the default deadline, in a Rollout",
      code: deployment(startup("failureThreshold: 60"))
        .replace("apps/v1", "argoproj.io/v1alpha1")
        .replace("kind: Deployment", "kind: Rollout"),
      errors: [
        {
          messageId: "short",
          data: {
            kind: "Rollout",
            workload: "checkout",
            deadline: "600",
            reason: 'the startupProbe of container "api" lets it start for 600 s',
            needed: "600",
          },
          line: 12,
          column: 11,
          endLine: 12,
          endColumn: 23,
        },
      ],
    },
    {
      name: "together with minReadySeconds",
      code: withSpec("minReadySeconds: 400", "initialDelaySeconds: 20, failureThreshold: 20"),
      errors: [
        {
          messageId: "short",
          data: {
            kind: "Deployment",
            workload: "checkout",
            deadline: "600",
            reason:
              'the startupProbe of container "api" lets it start for 220 s, and minReadySeconds adds 400 s',
            needed: "620",
          },
          line: 13,
          column: 11,
          endLine: 13,
          endColumn: 23,
        },
      ],
    },
  ],
});
