import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { deployment, findingsOf, told } from "../testing.ts";
import rule from "./require-rollback-trigger.ts";

const APP = deployment("- { name: api, image: api:1.0.0 }");
const SERVICE =
  "apiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec: { selector: { app: checkout } }\n";
const alert = (expr: string): string =>
  `groups:\n  - name: g\n    rules:\n      - alert: Errors\n        expr: ${expr}\n        for: 2m\n`;
/** An alert that has nothing to do with the workload, and what it watches. */
const OTHER = alert('x{deployment="cart"} > 1');
const SIBLING = deployment("- { name: api, image: api:1.0.0 }", "cart");
const TEMPLATE =
  "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: errors }\nspec: { metrics: [] }\n";
const CANARY =
  "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: c }\nspec: { targetRef: { kind: Deployment, name: checkout } }\n";

function rollout(more: string, name = "checkout"): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: ${name} }\nspec:\n${more}`;
}

const SELECTOR = "  selector: { matchLabels: { app: checkout } }\n";

function tell(files: Files): string[] {
  return findingsOf(rule, files).map(told);
}

describe("require-rollback-trigger: valid", () => {
  it.each<[string, Files]>([
    [
      "an alert that names it",
      { "a.yaml": APP, "s.yaml": SERVICE, "r.yml": alert('x{deployment="checkout"} > 1') },
    ],
    [
      "an alert that names its Service",
      { "a.yaml": APP, "s.yaml": SERVICE, "r.yml": alert('x{service="shop"} > 1') },
    ],
    [
      "an alert about its namespace",
      {
        "a.yaml": APP.replace("{ name: checkout }", "{ name: checkout, namespace: shop }"),
        "s.yaml": SERVICE,
        "r.yml": alert('x{namespace="shop"} > 1'),
      },
    ],
    ["a Canary of Flagger", { "a.yaml": APP, "s.yaml": SERVICE, "c.yaml": CANARY }],
    [
      "a Rollout with an analysis",
      {
        "t.yaml": TEMPLATE,
        "a.yaml": rollout(
          `${SELECTOR}  strategy: { canary: { analysis: { templates: [{ templateName: errors }] } } }\n`,
        ),
      },
    ],
    [
      "an analysis that is made elsewhere",
      {
        "r.yml": OTHER,
        "a.yaml": rollout(
          `${SELECTOR}  strategy: { canary: { analysis: { templates: [{ templateName: platform, clusterScope: true }] } } }\n`,
        ),
      },
    ],
    ["what nobody asks", { "a.yaml": APP, "b.yaml": SIBLING, "r.yml": OTHER }],
    [
      "a Deployment that stands beside nothing that is watched",
      {
        "deploy/a.yaml": APP.replace("{ name: checkout }", "{ name: checkout, namespace: shop }"),
        "deploy/s.yaml": SERVICE,
        "other/b.yaml": SIBLING.replace("{ name: cart }", "{ name: cart, namespace: other }"),
        "r.yml": OTHER,
      },
    ],
    [
      "what the API server asks, and watches",
      {
        "a.yaml": APP,
        "b.yaml": SIBLING,
        "s.yaml": SERVICE.replace("{ name: shop }", "{ name: shop, namespace: monitoring }"),
        "r.yml": OTHER,
        "api.yaml":
          "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1.shop }\nspec: { service: { name: shop, namespace: monitoring } }\n",
      },
    ],
    [
      "what only Prometheus asks",
      {
        "a.yaml": APP,
        "b.yaml": SIBLING,
        "r.yml": OTHER,
        "s.yaml": SERVICE.replace("name: shop", "name: checkout-metrics"),
      },
    ],
    [
      "a patch",
      { "a.yaml": APP.replace(/ {2}selector.*\n/, ""), "b.yaml": SIBLING, "s.yaml": SERVICE, "r.yml": OTHER },
    ],
    [
      "a template",
      {
        "a.yaml": APP.replace("name: checkout", 'name: "${NAME}"'),
        "b.yaml": SIBLING,
        "s.yaml": SERVICE,
        "r.yml": OTHER,
      },
    ],
    [
      "a StatefulSet",
      {
        "a.yaml": APP.replace("kind: Deployment", "kind: StatefulSet"),
        "b.yaml": SIBLING,
        "s.yaml": SERVICE,
        "r.yml": OTHER,
      },
    ],
    [
      "the pods of a Rollout that is watched itself",
      {
        "a.yaml": APP,
        "s.yaml": SERVICE,
        "r.yml": alert('x{rollout="store"} > 1'),
        "b.yaml": rollout(
          "  workloadRef: { apiVersion: apps/v1, kind: Deployment, name: checkout }\n",
          "store",
        ),
      },
    ],
  ])("%s", (_, files) => {
    expect(tell(files)).toEqual([]);
  });
});

describe("require-rollback-trigger: invalid", () => {
  it("a Deployment that a Service selects and no alert names", () => {
    const [finding, ...rest] = findingsOf(rule, {
      "deploy/a.yaml": APP,
      "deploy/b.yaml": SIBLING,
      "deploy/s.yaml": SERVICE,
      "r.yml": OTHER,
    });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      path: "deploy/a.yaml",
      startLine: 3,
      startColumn: 19,
      endLine: 3,
      endColumn: 27,
      messageId: "unwatched",
      message:
        'Nothing here watches the requests of Deployment "checkout": no Canary of Flagger has it for its target, and no alert or monitor in this repository names "checkout" or "shop" or compares the errors of all services. A broken version keeps failing until a user complains. Add an alert whose query has service="shop", or deploy it with an analysis (a Rollout, or a Canary of Flagger).',
      related: [
        {
          path: "deploy/s.yaml",
          startLine: 3,
          startColumn: 19,
          endLine: 3,
          endColumn: 23,
          message: 'Service "shop" sends it requests.',
        },
      ],
    });
  });

  it("a Rollout without an analysis, whatever selects it, and in its namespace", () => {
    const text = rollout(`${SELECTOR}  strategy: { canary: { steps: [{ setWeight: 5 }] } }\n`).replace(
      "{ name: checkout }",
      "{ name: checkout, namespace: shop }",
    );
    const [finding, ...rest] = findingsOf(rule, { "deploy/a.yaml": text, "r.yml": OTHER });
    expect(rest).toEqual([]);
    expect(finding?.message).toBe(
      'Nothing here watches the requests of Rollout "checkout": it refers to no analysis, and no alert or monitor in this repository names "checkout" or compares the errors of all services, and none is about namespace "shop" as a whole. A broken version keeps failing until a user complains. Add an analysis with a metric of its errors to its steps, or an alert whose query has service="checkout".',
    );
    expect(finding && told(finding)).toBe("deploy/a.yaml:3:19-3:27 unwatched");
  });

  it("a Deployment in the namespace of one that is watched, without the name of a Service that stands elsewhere", () => {
    const inShop = (text: string, name: string): string =>
      text.replace(`{ name: ${name} }`, `{ name: ${name}, namespace: shop }`);
    const [finding, ...rest] = findingsOf(rule, {
      "checkout/a.yaml": inShop(APP, "checkout"),
      "cart/b.yaml": inShop(SIBLING, "cart"),
      "other/s.yaml": SERVICE,
      "r.yml": OTHER,
    });
    expect(rest).toEqual([]);
    expect(finding && told(finding)).toBe("checkout/a.yaml:3:19-3:27 unwatched");
    expect(finding?.message).toContain('names "checkout" or compares the errors of all services');
    expect(finding?.message).toContain('Add an alert whose query has service="checkout"');
  });

  it("an alert in another namespace is another's", () => {
    const files = {
      "a.yaml": APP.replace("{ name: checkout }", "{ name: checkout, namespace: shop }"),
      "s.yaml": SERVICE,
      "b.yaml": SIBLING,
      "r.yml": `${alert('x{app="checkout", namespace="other"} > 1')}      - { alert: A, expr: 'x{app="cart"} > 1' }\n`,
    };
    expect(tell(files)).toEqual(["a.yaml:3:19-3:27 unwatched"]);
  });

  it("one finding where the repository holds no trigger at all", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const files = Object.fromEntries(
      names.flatMap((name) => [
        [`${name}/app.yaml`, deployment("- { name: api, image: api:1.0.0 }", name)],
        [`${name}/service.yaml`, SERVICE.replace("app: checkout", `app: ${name}`)],
      ]),
    );
    const findings = findingsOf(rule, files);
    expect(findings.map(told)).toEqual(["a/app.yaml:3:19-3:20 nothing"]);
    expect(findings[0]?.message).toContain('nothing watches "a", "b", "c", "d" and 2 more: a broken version');
  });
});
