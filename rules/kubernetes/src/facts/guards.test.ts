/** `guardsOf` is core's; from manifests it is easier to read than from facts. */
import { describeGuard, FactIndex, type Guard, guardsOf } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { deployment, factsOf } from "../testing.ts";

const WEB = deployment("- { name: nginx, image: web:1.0.0 }", "web");
const rule = (expr: string, name = "Errors"): string =>
  `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: r }\nspec:\n  groups:\n    - name: g\n      rules:\n        - alert: ${name}\n          expr: ${expr}\n`;
const canary = (target: string, more = ""): string =>
  `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: c${more} }\nspec: { targetRef: { kind: Deployment, name: ${target} } }\n`;
const template = (name: string, kind = "AnalysisTemplate"): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { metrics: [] }\n`;
const rollout = (steps: string, more = ""): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: shop }\nspec:\n  strategy: { canary: { steps: [${steps}] } }\n${more}`;
const analysis = (name: string, more = ""): string =>
  `{ analysis: { templates: [{ templateName: ${name}${more} }] } }`;

/** The triggers that guard the first workload of these manifests, each in a file of its own. */
function guards(...texts: string[]): string[] {
  return found(...texts).map(({ trigger }) => `${trigger.kind} ${trigger.name}`);
}

function found(...texts: string[]): Guard[] {
  const facts = factsOf(
    Object.fromEntries(
      texts.map((text, index) => [
        text.startsWith("namespace:") ? "deploy/kustomization.yaml" : `deploy/${index}.yaml`,
        text,
      ]),
    ),
  );
  const workload = facts.find(
    (fact) => fact.type === "resource" && /^(?:Deployment|Rollout)$/.test(fact.kind),
  );
  if (workload?.type !== "resource") throw new Error("There is no workload.");
  return guardsOf(workload, new FactIndex(facts));
}

const SERVICE =
  "apiVersion: v1\nkind: Service\nmetadata: { name: storefront }\nspec: { selector: { app: web } }\n";

describe("an alert guards a workload that it names", () => {
  it.each<[string, string[]]>([
    ["by its name", [rule('x{deployment="web"} > 1')]],
    [
      "by its app",
      [
        deployment("- { name: a, image: a:1.0.0 }", "web").replace("{ name: web }", "{ name: web-v2 }"),
        rule('x{app="web"} > 1'),
      ],
    ],
    ["by its Service", [SERVICE, rule('x{service="storefront"} > 1')]],
    ["by a job with a namespace", [rule('x{job="shop/web"} > 1')]],
    ["by a host name", [rule('x{destination_service="web.shop.svc.cluster.local"} > 1')]],
    ["by its pods", [rule('x{pod=~"web-.*"} > 1')]],
    ["among others", [rule('x{service=~"cart|web"} > 1')]],
    ["by its container", [rule('x{container="nginx"} > 1')]],
    ["with all others", [rule("sum by (service) (rate(http_errors_total[5m])) > 1")]],
  ])("%s", (_, texts) => {
    const own = texts.find((text) => text.includes("kind: Deployment"));
    expect(guards(...(own ? [] : [WEB]), ...texts)).toEqual(["PrometheusRule Errors"]);
  });

  it.each<[string, string[]]>([
    ["another's name", [rule('x{service="api"} > 1')]],
    ["a longer name", [rule('x{service="web-admin"} > 1'), rule('x{pod=~"web-admin-.*"} > 1')]],
    ["its container's name as a service", [rule('x{service="nginx"} > 1')]],
    ["a Service of others", [SERVICE.replace("app: web", "app: api"), rule('x{service="storefront"} > 1')]],
    ["only a namespace", [rule('x{namespace="web"} > 1')]],
    ["everything there is", [rule('x{pod=~".+"} > 1')]],
    ["nothing", [rule("node_load1 > 1")]],
  ])("not %s", (_, texts) => {
    expect(guards(WEB, ...texts)).toEqual([]);
  });

  it("unless its namespace is another", () => {
    const inShop = WEB.replace("{ name: web }", "{ name: web, namespace: shop }");
    expect(guards(inShop, rule('x{namespace="shop", service="web"} > 1'))).toEqual(["PrometheusRule Errors"]);
    expect(guards(inShop, rule('x{namespace="other", service="web"} > 1'))).toEqual([]);
  });
});

describe("a guard says how it matched", () => {
  const inShop = WEB.replace("{ name: web }", "{ name: web, namespace: shop }");

  it.each<[string, string[]]>([
    ['PrometheusRule Errors (names it: app="web")', [WEB, rule('x{app="web"} > 1')]],
    ['PrometheusRule Errors (names it: pod=~"web-.*")', [WEB, rule('x{pod=~"web-.*"} > 1')]],
    [
      'PrometheusRule Errors (names its Service: service="storefront")',
      [WEB, SERVICE, rule('x{service="storefront"} > 1')],
    ],
    [
      'PrometheusRule Errors (watches its namespace: namespace="shop")',
      [inShop, rule('x{namespace="shop"} > 1')],
    ],
    [
      'PrometheusRule Errors (watches its namespace: namespace=~"shop|cart")',
      [WEB, "namespace: shop\nresources: [0.yaml]\n", rule('x{namespace=~"shop|cart", pod=~".+"} > 1')],
    ],
    [
      "PrometheusRule Errors (watches every service)",
      [WEB, rule("sum by (service) (rate(http_errors_total[5m])) > 1")],
    ],
    ["Canary c (has it for its target: spec.targetRef)", [WEB, canary("web")]],
    [
      "AnalysisTemplate errors (its analysis: spec.strategy.canary.steps[0].analysis.templates[0].templateName)",
      [rollout(analysis("errors")), template("errors")],
    ],
    [
      'PrometheusRule Errors (names it: __name__=~"web_.*")',
      [WEB, rule("rate(web_orders_failed_total[5m]) > 1")],
    ],
    // The more certain match is said.
    [
      'PrometheusRule Errors (names it: app="web")',
      [WEB, SERVICE, rule('x{service="storefront"} / y{app="web"} > 1')],
    ],
  ])("%s", (words, texts) => {
    expect(found(...texts).map(describeGuard)).toEqual([words]);
  });

  it("not for another namespace, nor where the query picks something else in it", () => {
    expect(guards(inShop, rule('x{namespace="cart"} > 1'))).toEqual([]);
    expect(guards(inShop, rule('x{namespace="shop", deployment="cart"} > 1'))).toEqual([]);
    expect(
      guards(WEB, rule('x{namespace="cart", app="web"} > 1'), "namespace: shop\nresources: [0.yaml]\n"),
    ).toEqual([]);
  });
});

describe("a controller guards", () => {
  it("the target of a Canary", () => {
    expect(guards(WEB, canary("web"), canary("api"))).toEqual(["Canary c"]);
    expect(
      guards(WEB.replace("{ name: web }", "{ name: web, namespace: a }"), canary("web", ", namespace: b")),
    ).toEqual([]);
  });

  it("a Rollout with the templates its steps name, as far as they exist", () => {
    expect(
      guards(
        rollout(`${analysis("errors")}, ${analysis("slow", ", clusterScope: true")}, ${analysis("missing")}`),
        template("errors"),
        template("unused"),
        template("slow", "ClusterAnalysisTemplate"),
      ),
    ).toEqual(["AnalysisTemplate errors", "ClusterAnalysisTemplate slow"]);
  });

  it("a Deployment that a Rollout takes its pods from", () => {
    const own = rollout(
      analysis("errors"),
      "  workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web }\n",
    );
    expect(guards(WEB, own, template("errors"))).toEqual(["AnalysisTemplate errors"]);
    expect(guards(WEB, own.replace("name: web", "name: api"), template("errors"))).toEqual([]);
  });

  it("not by what a template's query names", () => {
    const named = template("errors").replace(
      "[]",
      "[{ name: e, provider: { prometheus: { query: 'x{service=\"web\"}' } } }]",
    );
    expect(guards(WEB, named)).toEqual([]);
  });
});
