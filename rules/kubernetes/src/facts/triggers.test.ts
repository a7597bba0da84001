import type { TriggerFact } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { factsOf, kindOf } from "../testing.ts";
import { datadog, metricMatchers, promql } from "./queries.ts";

function triggers(text: string, path = "deploy/a.yaml"): TriggerFact[] {
  return factsOf({ [path]: text }).flatMap((fact) => (fact.type === "trigger" ? [fact] : []));
}

describe("promql", () => {
  const matcher = (label: string, value: string, pattern = false) => ({ label, value, pattern });

  it.each([
    ['rate(x_total{service="a",code=~"5.."}[2m]) > 1', [matcher("service", "a")]],
    ["x{app='a', pod=~`b-.*`}", [matcher("app", "a"), matcher("pod", "b-.*", true)]],
    ['x{service!="a",app!~"b"}', []],
    ['x{service="{{args.service}}"}', []],
    ['x{namespace="$namespace", pod=~"${target}-[0-9a-zA-Z]+"}', []],
    ['x{service="a{b}"} + y{service="a{b}"}', [matcher("service", "a{b}")]],
    ['kube_pod_status_ready{job="kube-state-metrics", pod=~"a-.*"}', [matcher("pod", "a-.*", true)]],
    ['kube_state_metrics_list_total{job="kube-state-metrics"}', [matcher("job", "kube-state-metrics")]],
    ['absent(up{job="a"})', [matcher("job", "a")]],
    ['{__name__="x", app_kubernetes_io_name="a"}', [matcher("app_kubernetes_io_name", "a")]],
    ['label_replace(x, "service", "$1", "pod", "(.*)")', []],
    [
      'x{destination_workload="a", destination_service=~"a.shop.svc.+"}',
      [matcher("destination_workload", "a"), matcher("destination_service", "a.shop.svc.+", true)],
    ],
  ])("%s", (query, matchers) => {
    expect(promql([query])).toEqual({ matchers, every: false });
  });

  it.each([
    ['sum by (service) (rate(http_requests_total{code=~"5.."}[5m])) > 0.01', true],
    ['sum by (service) (rate(http_requests_total{service=~".+"}[5m])) > 0.01', true],
    ['sum by (service) (rate(http_requests_total{service="a"}[5m])) > 0.01', false],
    ["sum by (code) (rate(http_requests_total[5m])) > 0.01", false],
    ["count(up == 0) by (job, service) > 10", false],
  ])("%s is about every service: %s", (query, every) => {
    expect(promql([query]).every).toBe(every);
  });

  it("ends on a long text without an end", () => {
    expect(promql([`x{${'a="b",'.repeat(20_000)}`]).matchers).toEqual([]);
    expect(promql([`${"{".repeat(50_000)}"`]).matchers).toEqual([]);
  });
});

describe("metricMatchers", () => {
  it.each([
    ["rate(grafana_http_requests_total[5m]) / on () up{} > 1", ["grafana_.*", "grafana_http_.*"]],
    ['namespace_job:grafana_http:rate5m{code=~"5.."}', ["grafana_.*"]],
    ['http_requests_total{service="a"} and kube_pod_info{}', []],
    ["rate(up[5m]) > 1", []],
    ['label_replace(a_b{}, "x_y", "", "", "")', []],
  ])("%s", (query, values) => {
    expect(metricMatchers([query])).toEqual(
      values.map((value) => ({ label: "__name__", value, pattern: true })),
    );
  });
});

describe("datadog", () => {
  it.each([
    [
      "sum(last_2m):sum:http.errors{service:checkout,env:prod}.as_count() > 1",
      [{ label: "service", value: "checkout", pattern: false }],
      false,
    ],
    [
      "avg(last_5m):avg:x{!service:a,kube_deployment:b*}",
      [{ label: "kube_deployment", value: "b*", pattern: true }],
      false,
    ],
    ["sum(last_5m):sum:trace.http.request.errors{env:prod} by {service} > 1", [], true],
    [
      'logs("service:checkout -app:x status:error").index("main").rollup("count").last("5m") > 1',
      [{ label: "service", value: "checkout", pattern: false }],
      false,
    ],
  ])("%s", (query, matchers, every) => {
    expect(datadog([query])).toEqual({ matchers, every });
  });
});

describe("triggers of resources", () => {
  it("are alerts, each at its name", () => {
    const text = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: shop, namespace: monitoring }
spec:
  groups:
    - name: shop
      rules:
        - record: a:b
          expr: sum(x{service="a"})
        - alert: CheckoutErrors
          expr: sum(rate(errors_total{service="checkout"}[2m])) > 0.01
          for: 2m
`;
    expect(triggers(text)).toEqual([
      {
        type: "trigger",
        path: "deploy/a.yaml",
        startLine: 10,
        startColumn: 18,
        endLine: 10,
        endColumn: 32,
        kind: "PrometheusRule",
        name: "CheckoutErrors",
        namespace: "monitoring",
        effect: "alarm",
        matchers: [{ label: "service", value: "checkout", pattern: false }],
        every: false,
      },
    ]);
  });

  it.each<[string, string, object]>([
    [
      "AnalysisTemplate",
      "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: errors }\nspec: { metrics: [{ name: e, provider: { prometheus: { query: 'x{service=\"a\"}' } } }] }\n",
      {
        kind: "AnalysisTemplate",
        name: "errors",
        effect: "rollback",
        matchers: [{ label: "service", value: "a" }],
      },
    ],
    [
      "Canary",
      "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: c }\nspec: { targetRef: { apiVersion: apps/v1, kind: DaemonSet, name: web } }\n",
      {
        kind: "Canary",
        name: "c",
        effect: "rollback",
        target: { kind: "DaemonSet", name: "web" },
        startLine: 3,
        startColumn: 19,
      },
    ],
    [
      "DatadogMonitor",
      'apiVersion: datadoghq.com/v1alpha1\nkind: DatadogMonitor\nmetadata: { name: m }\nspec: { query: "avg(last_5m):avg:x{service:web} > 1" }\n',
      { kind: "DatadogMonitor", effect: "alarm", matchers: [{ label: "service", value: "web" }] },
    ],
    [
      "PrometheusServiceLevel",
      "apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata: { name: s }\nspec: { service: web, slos: [] }\n",
      { name: "s", matchers: [{ label: "service", value: "web" }] },
    ],
  ])("are read from %s", (_, text, expected) => {
    expect(triggers(text)).toMatchObject([expected]);
  });

  it("are none where nothing rolls back", () => {
    const canary =
      "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: c }\nspec: { skipAnalysis: true, targetRef: { kind: Deployment, name: web } }\n";
    expect(triggers(canary)).toEqual([]);
  });
});

describe("triggers of files that are no manifests", () => {
  const RULES = `groups:
  - name: shop
    rules:
      - alert: Errors
        expr: x{app="web"} > 1
`;
  const MONITOR =
    '{ "name": "Errors of web", "type": "query alert", "query": "sum(last_5m):sum:e{service:web} > 1" }';

  it("are alerts of Prometheus' rule files", () => {
    expect(kindOf("monitoring/rules.yml", { "monitoring/rules.yml": RULES })).toEqual({
      name: "alerts",
      factsOnly: true,
    });
    expect(triggers(RULES, "monitoring/rules.yml")).toMatchObject([
      {
        kind: "alert",
        name: "Errors",
        startLine: 4,
        startColumn: 16,
        matchers: [{ label: "app", value: "web" }],
      },
    ]);
  });

  it("are Datadog's monitors", () => {
    expect(triggers(MONITOR, "monitors/errors.json")).toMatchObject([
      { kind: "Datadog monitor", name: "Errors of web", matchers: [{ label: "service", value: "web" }] },
    ]);
  });

  it.each(["groups:\n  - name: admins\n", '{ "type": "query", "query": "x" }', "alert: 1\nexpr: 2\n"])(
    "not %j",
    (text) => {
      expect(kindOf("a.yaml", { "a.yaml": text })).toBeUndefined();
    },
  );
});
