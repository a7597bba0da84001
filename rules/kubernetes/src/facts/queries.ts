import type { TriggerMatcher } from "@yantra-lint/core";

/** What a trigger's queries speak of. */
export interface Spoken {
  matchers: TriggerMatcher[];
  every: boolean;
}

/** Labels that name a workload, its Service, or where it runs. Others (`code`, `method`, `le`) tell nothing of it. */
const NAMING =
  /^(?:.*_)?(?:service|svc|app|application|job|deployment|pod|container|workload|statefulset|daemonset|replicaset|rollout|namespace|name|canonical_service|microservice|backend|upstream|app_kubernetes_io_instance|k8s_app)$|^(?:service|app|application|deployment|workload|pod|container)[_.]?name$|^kube_(?:app_name|deployment|service|stateful_set|namespace|container_name)$|^pod_name$/;

/** Groupings that keep services apart. */
const SERVICE_LABEL =
  /^(?:.*_)?(?:service|svc|app|application|deployment|workload|rollout|service_name|app_name|canonical_service)$/;

/** Metrics of requests and their errors, by the names they usually have. */
const REQUESTS = /request|http|grpc|rpc|error|latency|response/i;

/** A selector with the metric before it; braces in quotes belong to the quotes. */
const SELECTOR = /([a-zA-Z_:][\w:]*)?\s*\{((?:[^{}"'`]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*)\}/g;
const MATCHER = /([a-zA-Z_]\w*)\s*(=~|=)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g;
const GROUPING = /\bby\s*\(([^()]*)\)/gi;

/** Metrics that an exporter tells of others: its own `job` is not what they are about. */
const OF_OTHERS = /^(?:kube_(?!state_metrics)|node_|container_|kubelet_|probe_|cadvisor_)/;

/**
 * Reads what PromQL queries speak of (prometheus.io, "Querying basics"): the positive matchers of labels that name
 * something. Only the lexical form of selectors matters, so nothing is parsed; what a template fills in names nothing.
 */
export function promql(queries: readonly string[]): Spoken {
  const matchers: TriggerMatcher[] = [];
  let every = false;
  for (const query of queries) {
    const own: TriggerMatcher[] = [];
    for (const [, metric = "", selector = ""] of query.matchAll(SELECTOR)) {
      for (const [, label = "", operator, double, single, raw] of selector.matchAll(MATCHER)) {
        const value = double ?? single ?? raw ?? "";
        if (!NAMING.test(label) || value === "" || isOpen(value)) continue;
        if (/^(?:.*_)?job$/.test(label) && OF_OTHERS.test(metric)) continue;
        own.push({ label, value, pattern: operator === "=~" });
      }
    }
    const groups = [...query.matchAll(GROUPING)].flatMap(([, labels = ""]) =>
      labels.split(",").map((label) => label.trim()),
    );
    const picks = own.some(
      ({ label, value }) => !label.endsWith("namespace") && /\w/.test(value.replaceAll(/\.[*+]/g, "")),
    );
    if (!picks && groups.some((label) => SERVICE_LABEL.test(label)) && REQUESTS.test(query)) every = true;
    matchers.push(...own);
  }
  return { matchers: unique(matchers), every };
}

/** First words of metrics that every service has, that tell of others, or that recorded series begin with. */
const OF_NOBODY =
  /^(?:https?|grpc|rpc|requests?|responses?|errors?|latency|go|process|jvm|nodejs|python|node|kube|kubelet|container|cadvisor|probe|up|scrape|istio|envoy|linkerd|nginx|cluster|namespace|instance|job|pod|service|workload|handler|code|count|sum|avg|rate|slo|sli)$/i;
/** A metric: what stands before a selector or a range. Words in front of `(` are functions. */
const METRIC = /(?<![\w:])([a-zA-Z_][\w:]*)(?=\s*[{[])/g;

/**
 * Matchers on the names of PromQL's metrics, for what they begin with: `grafana_http_requests_total` is a metric of
 * grafana (prometheus.io, "Metric and label naming": the first word is the application the metric belongs to).
 */
export function metricMatchers(queries: readonly string[]): TriggerMatcher[] {
  const matchers = queries.flatMap((query) =>
    [...query.matchAll(METRIC)]
      .flatMap(([, metric = ""]) => metric.split(":"))
      .flatMap((metric): TriggerMatcher[] => {
        const words = metric.split("_");
        const [first = ""] = words;
        if (words.length < 2 || first.length < 3 || OF_NOBODY.test(first)) return [];
        const prefixes = [1, 2].filter((length) => length < words.length);
        return prefixes.map((length) => ({
          label: "__name__",
          value: `${words.slice(0, length).join("_")}_.*`,
          pattern: true,
        }));
      }),
  );
  return unique(matchers);
}

/**
 * Reads the scopes of Datadog queries (docs.datadoghq.com, "Metric queries"): `{service:checkout,env:prod}`, and the
 * terms of log and trace queries: `service:checkout`. `!` and `-` in front exclude.
 */
export function datadog(queries: readonly string[]): Spoken {
  const matchers = queries.flatMap((query) =>
    [...query.matchAll(/(?<![\w!.-])([a-z][\w.]*):"?([\w./*-]+)/gi)].flatMap(([, label = "", value = ""]) =>
      NAMING.test(label) && !isOpen(value) ? [{ label, value, pattern: value.includes("*") }] : [],
    ),
  );
  const groups = queries.flatMap((query) =>
    [...query.matchAll(/\bby\s*\{([^{}]*)\}/gi)].flatMap(([, labels = ""]) =>
      labels.split(",").map((label) => label.trim()),
    ),
  );
  const picks = matchers.some(({ label }) => !label.endsWith("namespace"));
  const every =
    !picks &&
    groups.some((label) => SERVICE_LABEL.test(label)) &&
    queries.some((query) => REQUESTS.test(query));
  return { matchers: unique(matchers), every };
}

/** `{{args.x}}`, `${x}`, `$x`: known when it runs. A `$` at the end is a regular expression's. */
function isOpen(value: string): boolean {
  return /\{\{|\$\{|\$\(|\$\w|\[\[/.test(value);
}

function unique(matchers: readonly TriggerMatcher[]): TriggerMatcher[] {
  const seen = new Map(
    matchers.map((matcher) => [`${matcher.label}\0${matcher.value}\0${matcher.pattern}`, matcher]),
  );
  return [...seen.values()];
}
