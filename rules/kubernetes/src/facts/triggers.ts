import { Lines, type TriggerFact } from "@yantra-lint/core";
import { type Place, readYaml, Tree } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { durationOf } from "../progressive/analysis.ts";
import { datadog, metricMatchers, promql, type Spoken } from "./queries.ts";
import { regionAt } from "./regions.ts";

const SILENT: Spoken = { matchers: [], every: false };

/** What a resource would roll back, or raise an alarm for. Most resources give nothing. */
export function triggersOf(resource: Resource, lines: Lines): TriggerFact[] {
  const { place, kind, group, name, namespace } = resource;
  const fact = (
    effect: TriggerFact["effect"],
    spoken: Spoken,
    named: Place | undefined,
    own = name,
  ): TriggerFact => ({
    type: "trigger",
    path: "",
    ...regionAt(lines, named ?? place),
    kind,
    name: own,
    ...(namespace === undefined ? {} : { namespace }),
    effect,
    ...spoken,
  });
  const nameOf = place.find("metadata.name");
  switch (`${group}/${kind}`) {
    case "argoproj.io/AnalysisTemplate":
    case "argoproj.io/ClusterAnalysisTemplate":
      return [
        {
          ...fact("rollback", promql(textsUnder(place.find("spec.metrics"), "query")), nameOf),
          ...durationOf(resource),
        },
      ];
    case "flagger.app/Canary": {
      // docs.flagger.app, "How it works": with skipAnalysis a new version is promoted whatever happens.
      const target = place.find("spec.targetRef.name")?.text;
      if (target === undefined || place.find("spec.skipAnalysis")?.value === true) return [];
      const targetKind = place.find("spec.targetRef.kind")?.text ?? "Deployment";
      return [{ ...fact("rollback", SILENT, nameOf), target: { kind: targetKind, name: target } }];
    }
    // prometheus-operator, API reference; VictoriaMetrics' operator has the same form.
    case "monitoring.coreos.com/PrometheusRule":
    case "operator.victoriametrics.com/VMRule":
      return alertsOf(place.find("spec")).map(({ alert, expr, at }) =>
        fact("alarm", spokenBy(expr), at, alert),
      );
    case "datadoghq.com/DatadogMonitor": {
      const query = place.find("spec.query")?.text;
      return query === undefined ? [] : [fact("alarm", datadog([query]), nameOf)];
    }
    // sloth.dev, specification: alerts are generated for the service.
    case "sloth.slok.dev/PrometheusServiceLevel": {
      const { matchers, every } = promql(textsUnder(place.find("spec.slos"), "errorQuery", "totalQuery"));
      const service = place.find("spec.service");
      const own =
        service?.text === undefined || service.open
          ? []
          : [{ label: "service", value: service.text, pattern: false }];
      return [fact("alarm", { matchers: [...own, ...matchers], every }, nameOf)];
    }
    // pyrra.dev, ServiceLevelObjective: indicators hold selectors.
    case "pyrra.dev/ServiceLevelObjective":
      return [fact("alarm", promql(textsUnder(place.find("spec.indicator"), "metric")), nameOf)];
    default:
      return [];
  }
}

/** What an alert's expression speaks of: by its selectors, and by the names of its metrics. */
function spokenBy(expression: string): Spoken {
  const { matchers, every } = promql([expression]);
  return { matchers: [...matchers, ...metricMatchers([expression])], every };
}

interface Alert {
  alert: string;
  expr: string;
  at: Place;
}

/** The alerts of Prometheus' rule groups (prometheus.io, "Alerting rules"); recording rules alarm nobody. */
function alertsOf(holder: Place | undefined): Alert[] {
  const groups = holder?.find("groups")?.items() ?? [];
  return groups
    .flatMap((group) => group.find("rules")?.items() ?? [])
    .flatMap((rule) => {
      const at = rule.find("alert");
      const expr = rule.find("expr")?.text;
      return at?.text === undefined || expr === undefined ? [] : [{ alert: at.text, expr, at }];
    });
}

/** The texts under keys of these names, anywhere below a place. */
function textsUnder(place: Place | undefined, ...keys: string[]): string[] {
  const found: string[] = [];
  const stack = place ? [place] : [];
  for (let visited = 0; stack.length > 0 && visited < 5000; visited += 1) {
    const next = stack.pop();
    for (const [name, member] of next?.entries() ?? []) {
      if (keys.includes(name) && member.text !== undefined) found.push(member.text);
      else stack.push(member);
    }
    stack.push(...(next?.items() ?? []));
  }
  return found;
}

const RULE_FILE = /^groups[ \t]*:/m;
const MONITOR = /"type"\s*:\s*"(?:query|metric|log|trace-analytics|service|event-v2) alert"/;

/** Whether a text is a rule file of Prometheus, or a monitor of Datadog in JSON. A quick look, no parsing. */
export function looksLikeAlerts(text: string): boolean {
  if (RULE_FILE.test(text))
    return /^[ \t]*(?:-[ \t]+)?alert[ \t]*:/m.test(text) && /^[ \t]*(?:-[ \t]+)?expr[ \t]*:/m.test(text);
  return MONITOR.test(text) && /"query"\s*:/.test(text);
}

/** The triggers of a file that is no manifest. */
export function triggersOfText(text: string): TriggerFact[] {
  const lines = new Lines(text);
  return readYaml(text, false).documents.flatMap(({ document, error }): TriggerFact[] => {
    const { root } = new Tree(text, lines, document);
    if (error || !root) return [];
    const fact = (kind: string, name: string, at: Place, spoken: Spoken): TriggerFact => ({
      type: "trigger",
      path: "",
      ...regionAt(lines, at),
      kind,
      name,
      effect: "alarm",
      ...spoken,
    });
    const query = root.find("query")?.text;
    const monitor = root.find("name");
    if (query !== undefined && monitor?.text !== undefined)
      return [fact("Datadog monitor", monitor.text, monitor, datadog([query]))];
    return alertsOf(root).map(({ alert, expr, at }) => fact("alert", alert, at, spokenBy(expr)));
  });
}
