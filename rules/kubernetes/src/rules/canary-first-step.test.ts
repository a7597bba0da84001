import { kubernetesRuleTester } from "../testing.ts";
import rule from "./canary-first-step.ts";

interface Given {
  steps?: string;
  more?: string;
  replicas?: string;
}

/** A Rollout whose `steps` stand on line 8, from column 14 on. */
function rollout({ steps, more = "", replicas = "10" }: Given): string {
  return [
    "apiVersion: argoproj.io/v1alpha1",
    "kind: Rollout",
    "metadata: { name: checkout }",
    `spec:${replicas === "" ? "" : `\n  replicas: ${replicas}`}`,
    "  selector: { matchLabels: { app: checkout } }",
    "  strategy:",
    `    canary:${steps === undefined ? " {}" : `\n      steps: ${steps}`}`,
    ...(more === "" ? [] : [`      ${more}`]),
    "",
  ].join("\n");
}

const ROUTED = "trafficRouting: { nginx: { stableIngress: checkout } }";

function canary(analysis: string, more = ""): string {
  return `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: checkout }\nspec:\n  targetRef: { kind: Deployment, name: checkout }\n${more}  analysis: ${analysis}\n`;
}

function scaler(spec: string, name = "checkout"): string {
  return `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: c }\nspec: { scaleTargetRef: { kind: Rollout, name: ${name} }${spec} }\n`;
}

kubernetesRuleTester().run("canary-first-step", rule, {
  valid: [
    rollout({ steps: "[{ setWeight: 10 }, { pause: { duration: 5m } }]" }),
    rollout({ steps: "[{ setWeight: 10 }, { pause: { duration: 5m } }]", more: ROUTED, replicas: "1" }),
    // Weights below the limit may follow one another; the last of them is held.
    rollout({
      steps: "[{ setWeight: 2 }, { setWeight: 8 }, { analysis: {} }, { setWeight: 60 }]",
      more: ROUTED,
    }),
    // Nothing is sent yet by a weight of 0.
    rollout({ steps: "[{ setWeight: 0 }, { setWeight: 5 }, { pause: {} }]", more: ROUTED }),
    // Of a thousand.
    rollout({
      steps: "[{ setWeight: 50 }, { pause: {} }]",
      more: "trafficRouting: { maxTrafficWeight: 1000, nginx: {} }",
    }),
    // The share the pods give is 10 %, though 11 is asked for.
    rollout({ steps: "[{ setWeight: 11 }, { pause: {} }]" }),
    // An autoscaler in another file may say the replicas; the controller would take 1.
    rollout({ steps: "[{ setWeight: 10 }, { pause: {} }]", replicas: "" }),
    rollout({ steps: "[{ setWeight: 10 }, { pause: {} }]", replicas: "1" }) + scaler(", minReplicas: 20"),
    // Nothing runs.
    rollout({ steps: "[{ setWeight: 50 }]", replicas: "0" }),
    // A placeholder.
    rollout({ steps: '[{ setWeight: "${WEIGHT}" }]' }),
    // A patch without steps, and another strategy.
    rollout({}).replace(/ {2}selector.*\n/, ""),
    rollout({}).replace("canary: {}", "blueGreen: { activeService: checkout }"),
    // An experiment sends its own share.
    rollout({
      steps: "[{ experiment: { templates: [{ name: a, specRef: canary, weight: 5 }] } }]",
      more: ROUTED,
    }),
    // Tried before the first weight: by those who send a header, with copies of requests, in an experiment.
    rollout({
      steps:
        "[{ setHeaderRoute: { name: a, match: [{ headerName: x }] } }, { pause: {} }, { setWeight: 50 }, { pause: {} }]",
      more: ROUTED,
    }),
    rollout({
      steps:
        "[{ setMirrorRoute: { name: a, match: [{}], percentage: 5 } }, { analysis: {} }, { setWeight: 50 }]",
      more: ROUTED,
    }),
    rollout({ steps: "[{ experiment: { templates: [] } }, { setWeight: 50 }, { pause: {} }]" }),
    // More may be wanted.
    { code: rollout({ steps: "[{ setWeight: 20 }, { pause: {} }]" }), options: [{ max: 20 }] },
    canary("{ interval: 1m, threshold: 5, maxWeight: 50, stepWeight: 10 }"),
    canary("{ interval: 1m, threshold: 5, stepWeights: [1, 2, 10, 80] }"),
    // Blue/green and A/B testing: no part of all requests, but the checks before the switch.
    canary("{ interval: 1m, threshold: 5, iterations: 10, stepWeight: 50 }"),
    canary("{ interval: 1m, threshold: 5, stepWeight: 50 }", "  provider: kubernetes\n"),
    // Nothing is analysed: another rule's finding.
    canary("{ interval: 1m, threshold: 5, stepWeight: 50 }", "  skipAnalysis: true\n"),
    // Another group's.
    canary("{ stepWeight: 50 }").replace("flagger.app", "example.com"),
  ],
  invalid: [
    {
      code: rollout({ steps: "[{ setWeight: 25 }, { pause: {} }]", more: ROUTED }),
      errors: [
        {
          messageId: "weight",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 25, weight: 25 },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "a patch, whose replicas stand elsewhere",
      code: rollout({ steps: "[{ setWeight: 25 }, { pause: {} }]", replicas: "" }).replace(
        / {2}selector.*\n/,
        "",
      ),
      errors: [
        {
          messageId: "weight",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 25, weight: 25 },
          line: 7,
          column: 28,
          endLine: 7,
          endColumn: 30,
        },
      ],
    },
    {
      name: "whole pods make more of it",
      code: rollout({ steps: "[{ setWeight: 10 }, { pause: {} }]", replicas: "3" }),
      errors: [
        {
          messageId: "replicas",
          data: {
            kind: "Rollout",
            name: "checkout",
            max: 10,
            share: 25,
            weight: 10,
            replicas: "3 replicas",
            needed: 9,
          },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "at an autoscaler's least",
      code: rollout({ steps: "[{ setWeight: 10 }, { pause: {} }]", replicas: "20" }) + scaler(""),
      errors: [
        {
          messageId: "replicas",
          data: {
            kind: "Rollout",
            name: "checkout",
            max: 10,
            share: 50,
            weight: 10,
            replicas: "1 replica",
            needed: 9,
          },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "more replicas may give more of it",
      code: rollout({ steps: "[{ setWeight: 10 }, { pause: {} }]", replicas: "15" }),
      errors: [
        {
          messageId: "replicas",
          data: {
            kind: "Rollout",
            name: "checkout",
            max: 10,
            share: 12.5,
            weight: 10,
            replicas: "15 replicas",
            needed: 19,
          },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "a large weight that no smaller one would make small enough",
      code: rollout({ steps: "[{ setWeight: 20 }, { pause: {} }]", replicas: "5" }),
      errors: [
        {
          messageId: "wholePods",
          data: {
            kind: "Rollout",
            name: "checkout",
            max: 10,
            share: 20,
            weight: 20,
            replicas: "5 replicas",
            needed: 9,
            alone: 16.7,
          },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "a large weight, with pods enough for a smaller one",
      code: rollout({ steps: "[{ setWeight: 20 }, { pause: {} }]" }),
      errors: [
        {
          messageId: "weight",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 20 },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 30,
        },
      ],
    },
    {
      name: "a route for headers that is not held, and one that is taken away",
      code: rollout({
        steps:
          "[{ setHeaderRoute: { name: a } }, { pause: {} }, { setHeaderRoute: { name: a, match: [] } }, { setWeight: 25 }, { pause: {} }]",
        more: ROUTED,
      }),
      errors: [
        {
          messageId: "weight",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 25 },
          line: 9,
          column: 120,
          endLine: 9,
          endColumn: 122,
        },
      ],
    },
    {
      name: "without surge a single replica skips small weights, and the first that counts is everything",
      code: rollout({
        steps: "[{ setWeight: 10 }, { pause: {} }, { setWeight: 60 }]",
        more: "maxSurge: 0",
        replicas: "1",
      }),
      errors: [
        {
          messageId: "wholePods",
          data: {
            kind: "Rollout",
            name: "checkout",
            max: 10,
            share: 100,
            weight: 60,
            replicas: "1 replica",
            needed: 10,
            alone: 0,
          },
          line: 9,
          column: 62,
          endLine: 9,
          endColumn: 64,
        },
      ],
    },
    {
      name: "passed at once",
      code: rollout({ steps: "[{ setWeight: 5 }, { setWeight: 50 }, { pause: {} }]", more: ROUTED }),
      errors: [
        {
          messageId: "notHeld",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 5, next: 50 },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 29,
        },
      ],
    },
    {
      name: "nothing holds the last one either",
      code: rollout({ steps: "[{ setWeight: 5 }]", more: ROUTED }),
      errors: [
        {
          messageId: "notHeld",
          data: { kind: "Rollout", name: "checkout", max: 10, share: 5, next: 100 },
          line: 9,
          column: 28,
          endLine: 9,
          endColumn: 29,
        },
      ],
    },
    {
      name: "no weight at all",
      code: rollout({
        steps: "[{ pause: { duration: 1m } }, { setCanaryScale: { weight: 10 } }]",
        more: ROUTED,
      }),
      errors: [
        {
          messageId: "noWeight",
          data: { kind: "Rollout", name: "checkout", max: 10 },
          line: 9,
          column: 7,
          endLine: 9,
          endColumn: 12,
        },
      ],
    },
    {
      name: "no steps",
      code: rollout({}),
      errors: [
        {
          messageId: "noSteps",
          data: { kind: "Rollout", name: "checkout", max: 10 },
          line: 8,
          column: 5,
          endLine: 8,
          endColumn: 11,
        },
      ],
    },
    {
      name: "Flagger's steps, all alike",
      code: canary("{ interval: 1m, threshold: 5, maxWeight: 50, stepWeight: 20 }"),
      errors: [
        {
          messageId: "weight",
          data: { kind: "Canary", name: "checkout", max: 10, share: 20 },
          line: 6,
          column: 70,
          endLine: 6,
          endColumn: 72,
        },
      ],
    },
    {
      name: "Flagger's steps, one by one",
      code: canary("{ interval: 1m, threshold: 5, stepWeights: [5, 20] }"),
      options: [{ max: 3 }],
      errors: [
        {
          messageId: "weight",
          data: { kind: "Canary", name: "checkout", max: 3, share: 5 },
          line: 6,
          column: 57,
          endLine: 6,
          endColumn: 58,
        },
      ],
    },
  ],
});
