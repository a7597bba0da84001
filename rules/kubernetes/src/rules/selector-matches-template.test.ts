import { kubernetesRuleTester } from "../testing.ts";
import rule from "./selector-matches-template.ts";

const workload = (selector: string, labels: string, kind = "Deployment", apiVersion = "apps/v1"): string =>
  [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    "metadata: { name: checkout }",
    "spec:",
    `  selector: ${selector}`,
    `  template: { metadata: { labels: ${labels} }, spec: { containers: [{ name: a, image: b }] } }`,
    "",
  ].join("\n");
const expression = (text: string): string => `{ matchExpressions: [{ key: tier, ${text} }] }`;
const names = { kind: "Deployment", workload: "checkout" };

kubernetesRuleTester().run("selector-matches-template", rule, {
  valid: [
    // Merged with the base's labels first.
    workload("{ matchLabels: { app: checkout } }", "{ $patch: merge, tier: web }"),
    workload("{ matchLabels: { app: checkout } }", "{ app: checkout, tier: web }"),
    workload("{ matchLabels: { version: 1.10 } }", "{ version: 1.10 }"),
    workload(expression("operator: In, values: [web, api]"), "{ tier: web }"),
    workload(expression("operator: NotIn, values: [db]"), "{ tier: web }"),
    // A label that is not there is not in the list either.
    workload(expression("operator: NotIn, values: [db]"), "{}"),
    workload(expression("operator: Exists"), "{ tier: web }"),
    workload(expression("operator: DoesNotExist"), "{ app: checkout }"),
    // Filled in by a tool.
    workload('{ matchLabels: { app: "${APP}" } }', "{ app: checkout }"),
    workload("{ matchLabels: { app: checkout } }", '{ app: "${APP}" }'),
    workload(expression('operator: In, values: ["${TIER}"]'), "{ tier: web }"),
    // The controller makes a Job's selector, and takes what it is given with manualSelector.
    workload("{ matchLabels: { app: other } }", "{ app: checkout }", "Job", "batch/v1"),
    workload("{ matchLabels: { app: other } }", "{ app: checkout }", "Deployment", "example.com/v1"),
    // Patches: one without selector, one without template, and a Rollout whose pods are described elsewhere.
    workload("{}", "{ app: checkout }").replace(/ {2}selector.*\n/, ""),
    workload("{ matchLabels: { app: other } }", "{}").replace(/ {2}template.*\n/, ""),
  ],
  invalid: [
    {
      name: "another value",
      code: workload("{ matchLabels: { app: checkout, tier: web } }", "{ app: chekout, tier: web }"),
      errors: [
        {
          messageId: "mismatch",
          data: { ...names, asked: "app: checkout", actual: "says app: chekout" },
          line: 5,
          column: 35,
          endLine: 5,
          endColumn: 43,
        },
      ],
    },
    {
      name: "a label that the template does not have, in a Rollout",
      code: workload(
        "{ matchLabels: { app: checkout } }",
        "{ name: checkout }",
        "Rollout",
        "argoproj.io/v1alpha1",
      ),
      errors: [
        {
          messageId: "mismatch",
          data: {
            kind: "Rollout",
            workload: "checkout",
            asked: "app: checkout",
            actual: "has no such label",
          },
          line: 5,
          column: 35,
          endLine: 5,
          endColumn: 43,
        },
      ],
    },
    ...(
      [
        ["operator: In, values: [api]", "{ tier: web }", "tier In (api)", "says tier: web"],
        ["operator: NotIn, values: [web]", "{ tier: web }", "tier NotIn (web)", "says tier: web"],
        ["operator: Exists", "{ app: a }", "tier Exists", "has no such label"],
        ["operator: DoesNotExist", "{ tier: web }", "tier DoesNotExist", "says tier: web"],
      ] as const
    ).map(([text, labels, asked, actual]) => ({
      name: text,
      code: workload(expression(text), labels),
      errors: [
        {
          messageId: "mismatch",
          data: { ...names, asked, actual },
          line: 5,
          column: 34,
          endLine: 5,
          endColumn: 49 + text.length,
        },
      ],
    })),
    {
      name: "nothing is selected",
      code: workload("{}", "{ app: checkout }", "StatefulSet"),
      errors: [
        {
          messageId: "empty",
          data: { kind: "StatefulSet", workload: "checkout" },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 11,
        },
      ],
    },
  ],
});
