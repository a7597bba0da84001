import type { Linter } from "eslint";
import { expect, test } from "vitest";
import { kubernetesRuleTester, lint, lintPatch } from "../testing.ts";
import rule from "./canary-analysis-can-fail.ts";

const QUERY = "provider: { prometheus: { query: 'sum(rate(x[2m]))' } }";
const CONDITION = 'successCondition: "result[0] <= 0.01"';

/** A template whose metrics' members begin on line 6, column 29. */
function template(metrics: string[], more = "", kind = "AnalysisTemplate"): string {
  return [
    "apiVersion: argoproj.io/v1alpha1",
    `kind: ${kind}`,
    "metadata: { name: errors }",
    "spec:",
    "  metrics:",
    ...metrics.map((metric, index) => `    - { name: errors${index}, ${metric} }`),
    ...(more === "" ? [] : [`  ${more}`]),
    "",
  ].join("\n");
}

/** A Canary whose analysis stands on line 6. */
function canary(analysis: string, more = ""): string {
  return `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec:\n  targetRef: { kind: Deployment, name: web }\n${more}  analysis: ${analysis}\n`;
}

/** A Canary with one metric; its name stands on line 9, column 17. */
function checked(metric: string): string {
  return canary(`\n    interval: 1m\n    metrics:\n      - { name: ${metric} }`).replace(
    "analysis: \n",
    "analysis:\n",
  );
}

function rollout(analysis: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web }\nspec:\n  strategy:\n    canary:\n      analysis: ${analysis}\n`;
}

const CANARY = { kind: "Canary", name: "web" };
const TEMPLATE = { kind: "AnalysisTemplate", name: "errors", metric: "errors0" };

kubernetesRuleTester().run("canary-analysis-can-fail", rule, {
  valid: [
    template([`${QUERY}, ${CONDITION}, interval: 1m, count: 5, failureLimit: 2`]),
    template([`${QUERY}, failureCondition: "result[0] > 0.01", interval: 1m, failureLimit: 9`]),
    template([`${QUERY}, ${CONDITION}, count: "5", interval: 1m, failureLimit: "4"`]),
    // With consecutiveSuccessLimit failures need not count.
    template([`${QUERY}, ${CONDITION}, interval: 1m, failureLimit: -1, consecutiveSuccessLimit: 3`]),
    // The Job's exit, and what a plugin does.
    template(["provider: { job: { spec: {} } }", "provider: { plugin: { x/y: {} } }"]),
    // A patch, and values that arguments fill in.
    template(["failureLimit: 2, interval: 1m"]),
    template([`${QUERY}, ${CONDITION}, count: "{{args.count}}", failureLimit: 3`]),
    template([`${QUERY}, ${CONDITION}, count: 2, interval: 1m, failureLimit: "{{args.limit}}"`]),
    // A difference may be below 0, and what another provider answers is not known.
    template(['provider: { prometheus: { query: a - b } }, successCondition: "result[0] >= 0"']),
    template(['provider: { web: { url: x } }, successCondition: "result >= 0"']),
    // The other condition decides.
    template([`${QUERY}, successCondition: "true", failureCondition: "result[0] > 1"`]),
    template([`${QUERY}, ${CONDITION}, failureCondition: "false"`]),
    // One of two is on trial.
    template([`${QUERY}, ${CONDITION}`, QUERY], "dryRun: [{ metricName: errors1 }]"),
    // A pattern is not run.
    template([`${QUERY}, ${CONDITION}`], "dryRun: [{ metricName: '(a|b)+' }]"),
    rollout("{ templates: [{ templateName: errors }], dryRun: [{ metricName: latency }] }"),
    checked("request-success-rate, thresholdRange: { min: 99 }"),
    checked("request-success-rate, threshold: 99"),
    checked("request-duration, thresholdRange: { max: 500 }"),
    checked("errors, templateRef: { name: errors }, thresholdRange: { max: 0.01 }"),
    checked("errors, templateRef: { name: errors }"),
    checked("errors, threshold: 5, query: up"),
    canary("{ interval: 1m, webhooks: [{ name: test, url: http://x }] }"),
    canary("{ interval: 1m, webhooks: [{ name: test, type: confirm-promotion, url: http://x }] }"),
    // A patch of a Canary.
    "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec: { analysis: { interval: 1m } }\n",
    "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec: { suspend: true }\n",
  ],
  invalid: [
    {
      code: template([`${QUERY}, interval: 1m, count: 5`]),
      errors: [{ messageId: "noCondition", data: TEMPLATE, line: 6, column: 15, endLine: 6, endColumn: 22 }],
    },
    {
      name: "a limit that is the count",
      code: template(
        [`failureLimit: 5, count: 5, interval: 1m, ${QUERY}, ${CONDITION}`],
        "",
        "ClusterAnalysisTemplate",
      ),
      errors: [
        {
          messageId: "neverReached",
          data: { ...TEMPLATE, kind: "ClusterAnalysisTemplate", limit: 5, times: "5 times" },
          line: 6,
          column: 38,
          endLine: 6,
          endColumn: 39,
        },
      ],
    },
    {
      name: "a single measurement",
      code: template([`failureLimit: 1, ${QUERY}, ${CONDITION}`]),
      errors: [
        {
          messageId: "neverReached",
          data: { ...TEMPLATE, limit: 1, times: "once" },
          line: 6,
          column: 38,
          endLine: 6,
          endColumn: 39,
        },
      ],
    },
    {
      name: "a limit above the count",
      code: template([`failureLimit: "6", count: 5, interval: 1m, ${QUERY}, ${CONDITION}`]),
      errors: [
        {
          messageId: "refused",
          data: { ...TEMPLATE, limit: 6, count: 5 },
          line: 6,
          column: 39,
          endLine: 6,
          endColumn: 40,
        },
      ],
    },
    {
      name: "conditions that are foregone",
      code: template([
        `successCondition: "result[0] >= 0", ${QUERY}`,
        `failureCondition: "false", ${QUERY}`,
        `successCondition: true, ${QUERY}`,
      ]),
      errors: [
        {
          messageId: "foregone",
          data: { ...TEMPLATE, condition: "result[0] >= 0" },
          line: 6,
          column: 43,
          endLine: 6,
          endColumn: 57,
        },
        {
          messageId: "foregone",
          data: { ...TEMPLATE, metric: "errors1", condition: "false" },
          line: 7,
          column: 43,
          endLine: 7,
          endColumn: 48,
        },
        {
          messageId: "foregone",
          data: { ...TEMPLATE, metric: "errors2", condition: "true" },
          line: 8,
          column: 42,
          endLine: 8,
          endColumn: 46,
        },
      ],
    },
    {
      name: "all metrics dry",
      code: template(
        [QUERY, `${QUERY}, ${CONDITION}`],
        "dryRun: [{ metricName: errors0 }, { metricName: errors1 }]",
      ),
      errors: [
        {
          messageId: "allDry",
          data: { kind: "AnalysisTemplate", name: "errors" },
          line: 8,
          column: 3,
          endLine: 8,
          endColumn: 9,
        },
      ],
    },
    {
      name: "all metrics dry for one Rollout",
      code: rollout("{ templates: [{ templateName: errors }], dryRun: [{ metricName: '.*' }] }"),
      errors: [
        {
          messageId: "dryAnalysis",
          data: { kind: "Rollout", name: "web" },
          line: 7,
          column: 82,
          endLine: 7,
          endColumn: 84,
        },
      ],
    },
    {
      name: "Flagger: skipped",
      code: canary("{ interval: 1m }", "  skipAnalysis: true\n"),
      errors: [{ messageId: "skipped", data: CANARY, line: 6, column: 17, endLine: 6, endColumn: 21 }],
    },
    {
      name: "Flagger: none",
      code: "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec:\n  targetRef: { kind: Deployment, name: web }\n",
      errors: [{ messageId: "noAnalysis", data: CANARY, line: 4, column: 1, endLine: 4, endColumn: 5 }],
    },
    {
      name: "Flagger: nothing is asked in time",
      code: canary("{ interval: 1m, webhooks: [{ name: test, type: post-rollout, url: http://x }] }"),
      errors: [{ messageId: "noChecks", data: CANARY, line: 6, column: 3, endLine: 6, endColumn: 11 }],
    },
    ...(
      [
        ["request-success-rate", "noMinimum", {}, 17, 37],
        ["request-success-rate, thresholdRange: { max: 100 }", "noMinimum", {}, 39, 53],
        ["request-success-rate, thresholdRange: { min: 0.99 }", "percent", { min: 0.99 }, 62, 66],
        ["request-duration", "noMaximum", {}, 17, 33],
        ["request-duration, thresholdRange: { max: 0.5 }", "seconds", { max: 0.5 }, 58, 61],
        ["errors", "unknownMetric", {}, 17, 23],
        ["errors, templateRef: { name: errors }, thresholdRange: {}", "noBounds", {}, 56, 70],
      ] as const
    ).map(([metric, messageId, data, column, endColumn]) => ({
      name: `Flagger: ${metric}`,
      code: checked(metric),
      errors: [
        {
          messageId,
          data: { ...CANARY, metric: metric.split(",")[0] ?? "", ...data },
          line: 9,
          column,
          endLine: 9,
          endColumn,
        },
      ],
    })),
  ],
});

test("a patch lacks no analysis, and what it says is judged", () => {
  const config = {
    plugins: { y: { rules: { analysis: rule } } },
    rules: { "y/analysis": "error" },
  } satisfies Linter.Config;
  const bare =
    "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec: { targetRef: { kind: Deployment, name: web } }\n";
  const empty = canary("{ interval: 1m }");
  expect([bare, empty].map((text) => lint(text, config).length)).toEqual([1, 1]);
  expect([bare, empty].map((text) => lintPatch(text, config).length)).toEqual([0, 0]);
  expect(lintPatch(bare.replace("spec: {", "spec: { skipAnalysis: true,"), config)).toMatchObject([
    { messageId: "skipped" },
  ]);
});
