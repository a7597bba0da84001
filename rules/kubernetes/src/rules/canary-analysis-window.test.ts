import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { findingsOf, told } from "../testing.ts";
import rule from "./canary-analysis-window.ts";

/** A Rollout whose steps stand on lines 8 and following, each from column 11 on. */
function rollout(steps: string[], more = ""): string {
  return [
    "apiVersion: argoproj.io/v1alpha1",
    "kind: Rollout",
    "metadata: { name: web }",
    "spec:",
    "  selector: {}",
    "  strategy:",
    `    canary:${more === "" ? "" : `\n      ${more}`}`,
    "      steps:",
    ...steps.map((step) => `        - { ${step} }`),
    "",
  ].join("\n");
}

const analysis = (name: string, more = ""): string =>
  `analysis: { templates: [{ templateName: ${name}${more} }] }`;

function template(metrics: string[], kind = "AnalysisTemplate", more = ""): string {
  return [
    "apiVersion: argoproj.io/v1alpha1",
    `kind: ${kind}`,
    "metadata: { name: errors }",
    "spec:",
    `  metrics:${more}`,
    ...metrics.map(
      (metric, index) => `    - { name: m${index}, provider: { prometheus: { query: up } }, ${metric} }`,
    ),
    "",
  ].join("\n");
}

function canary(members: string, more = ""): string {
  return `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web }\nspec:\n${more}  targetRef: { kind: Deployment, name: web }\n  analysis: { ${members} }\n`;
}

function tell(files: Files, options: readonly unknown[] = [{}]): string[] {
  return findingsOf(rule, files, { options }).map(told);
}

describe("canary-analysis-window: valid", () => {
  const pause = (duration: string): string => `pause: { duration: ${duration} }`;
  const SLOW = ["setWeight: 5", analysis("errors"), "setWeight: 60"];

  it.each<[string, Files]>([
    [
      "pauses of five minutes",
      { "r.yaml": rollout(["setWeight: 5", pause("2m"), "setWeight: 20", pause("180")]) },
    ],
    [
      "an analysis of five minutes",
      { "r.yaml": rollout(SLOW), "t.yaml": template(["interval: 1m, count: 6"]) },
    ],
    [
      "an analysis that begins late, beside a shorter one",
      {
        "r.yaml": rollout(SLOW),
        "t.yaml": template(["interval: 30s, count: 5, initialDelay: 3m", "count: 1"]),
      },
    ],
    [
      "one that enough successes end",
      { "r.yaml": rollout(SLOW), "t.yaml": template(["interval: 1m, consecutiveSuccessLimit: 6"]) },
    ],
    [
      "what arguments say",
      { "r.yaml": rollout(SLOW), "t.yaml": template(['interval: "{{args.i}}", count: 2']) },
    ],
    [
      "a template made of others",
      { "r.yaml": rollout(SLOW), "t.yaml": `${template(["count: 1"])}  templates: [{ templateName: b }]\n` },
    ],
    ["a template from elsewhere", { "r.yaml": rollout(SLOW) }],
    ["an experiment or a plugin", { "r.yaml": rollout(["setWeight: 5", "experiment: { templates: [] }"]) }],
    ["a placeholder", { "r.yaml": rollout(["setWeight: 5", pause('"${WAIT}"')]) }],
    [
      "a human who is watched over",
      {
        "r.yaml": rollout(
          ["setWeight: 5", "pause: {}"],
          "analysis: { templates: [{ templateName: errors }] }",
        ),
        "s.yaml": rollout(["setWeight: 5", analysis("errors"), "pause: {}"]),
        "t.yaml": template(["count: 1"]),
      },
    ],
    [
      "an endless analysis in the background",
      {
        "r.yaml": rollout(
          ["setWeight: 5", pause("5m")],
          "analysis: { templates: [{ templateName: errors }] }",
        ),
        "t.yaml": template(["interval: 1m"]),
      },
    ],
    ["a human, who is a choice", { "r.yaml": rollout(["setWeight: 5", "pause: {}"]) }],
    // canary-first-step's.
    ["what begins with most requests", { "r.yaml": rollout(["setWeight: 60", pause("1s")]) }],
    ["a patch", { "r.yaml": rollout(["setWeight: 5", pause("1s")]).replace("  selector: {}\n", "") }],
    ["Flagger's steps", { "c.yaml": canary("interval: 1m, stepWeight: 5, maxWeight: 50") }],
    ["Flagger's iterations", { "c.yaml": canary("interval: 1m, iterations: 5") }],
    [
      "Flagger without a choice",
      { "c.yaml": canary("interval: 30s, stepWeight: 50", "  provider: kubernetes\n") },
    ],
    [
      "Flagger when it asks somebody",
      {
        "c.yaml": canary(
          "interval: 1s, stepWeight: 5, webhooks: [{ name: a, type: confirm-promotion, url: x }]",
        ),
      },
    ],
  ])("%s", (_, files) => {
    expect(tell(files)).toEqual([]);
  });
});

describe("canary-analysis-window: invalid", () => {
  it("a single short pause, at its duration", () => {
    const [finding, ...rest] = findingsOf(rule, {
      "r.yaml": rollout(["setWeight: 5", "pause: { duration: 150s }", "setWeight: 60"]),
    });
    expect(rest).toEqual([]);
    expect(finding && told(finding)).toBe("r.yaml:10:32-10:36 short");
    expect(finding?.message).toBe(
      'Rollout "web" gives the new version more than 50 % of the requests after 2 min 30 s, before faults that need minutes (leaks, retries, full queues) can show. Let its pauses and analyses take at least 5 min until then.',
    );
  });

  it("several that are short together, at the steps", () => {
    const steps = ["setWeight: 5", "pause: { duration: 10 }", "setWeight: 50", "pause: { duration: 10 }"];
    expect(tell({ "r.yaml": rollout(steps) })).toEqual(["r.yaml:8:7-8:12 short"]);
  });

  it("a short analysis", () => {
    const files = {
      "r.yaml": rollout(["setWeight: 5", analysis("errors", ", clusterScope: true"), "setWeight: 60"]),
      "t.yaml": template(["interval: 1m, count: 5"], "ClusterAnalysisTemplate"),
    };
    expect(tell(files)).toEqual(["r.yaml:10:13-10:21 short"]);
  });

  it("nothing holds it", () => {
    expect(tell({ "r.yaml": rollout(["setWeight: 5", "setWeight: 100"]) })).toEqual([
      "r.yaml:8:7-8:12 short",
    ]);
  });

  it("a human without an analysis, when the option says so", () => {
    const files = { "r.yaml": rollout(["setWeight: 5", "pause: {}"]) };
    const [finding, ...rest] = findingsOf(rule, files, { options: [{ manual: false }] });
    expect(rest).toEqual([]);
    expect(finding && told(finding)).toBe("r.yaml:10:20-10:22 human");
    expect(finding?.message).toContain("stays at 5 % until somebody promotes it");
  });

  it("an analysis without end that a step waits for", () => {
    const files = {
      "r.yaml": rollout(["setWeight: 5", analysis("errors")]),
      "t.yaml": template(["interval: 1m", "count: 1"]),
    };
    const [finding, ...rest] = findingsOf(rule, files);
    expect(rest).toEqual([]);
    expect(finding && told(finding)).toBe("r.yaml:10:13-10:21 endless");
    expect(finding?.message).toContain('waits for an analysis from "errors" that never ends');
  });

  it("Flagger's steps and iterations", () => {
    const flagger = (members: string): string[] => {
      const findings = findingsOf(rule, { "c.yaml": canary(members) });
      return findings.map(
        (finding) => `${told(finding)} ${/interval to \w+ or more/.exec(finding.message)?.[0]}`,
      );
    };
    // Five checks, two, and ten of the 10 s that are Flagger's least.
    expect(flagger("interval: 15s, stepWeight: 10, maxWeight: 50")).toEqual([
      "c.yaml:6:25-6:28 shortChecks interval to 60s or more",
    ]);
    expect(flagger("stepWeights: [1, 2, 80]")).toEqual([
      "c.yaml:6:3-6:11 shortChecks interval to 150s or more",
    ]);
    expect(flagger("interval: 1s, iterations: 10")).toEqual([
      "c.yaml:6:25-6:27 shortChecks interval to 30s or more",
    ]);
    expect(flagger("interval: 1s, iterations: 7")).toEqual([
      "c.yaml:6:25-6:27 shortChecks interval to 43s or more",
    ]);
  });

  it("says what Flagger's checks must take", () => {
    const [finding] = findingsOf(rule, { "c.yaml": canary("interval: 30s, iterations: 5") });
    expect(finding?.message).toBe(
      'Canary "web" gives the new version more than 50 % of the requests after 2 min 30 s, before faults that need minutes (leaks, retries, full queues) can show. Set its interval to 60s or more, so that its checks take at least 5 min until then.',
    );
  });

  it("other limits", () => {
    const files = {
      "r.yaml": rollout([
        "setWeight: 5",
        "pause: { duration: 20m }",
        "setWeight: 20",
        "pause: { duration: 1m }",
      ]),
    };
    expect(tell(files, [{ minSeconds: 1261 }])).toEqual(["r.yaml:8:7-8:12 short"]);
    expect(tell(files, [{ maxSeconds: 900 }])).toEqual(["r.yaml:8:7-8:12 long"]);
    expect(tell(files, [{ upTo: 10, maxSeconds: 900 }])).toEqual(["r.yaml:10:32-10:35 long"]);
  });
});
