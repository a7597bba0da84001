import type { FactIndex } from "./facts.ts";
import type { KustomizationFact, ResourceFact, TriggerFact, TriggerMatcher } from "./kubernetes-facts.ts";
import { compareText } from "./finding.ts";
import { dirname } from "./posix-path.ts";

/**
 * How a trigger was found to be about a workload, the most certain first: it has the workload for its target, the
 * workload's Rollout refers to it, its query names the workload, a Service that selects it, all services alike, or
 * only the namespace.
 */
export const GUARD_MATCHES = ["target", "reference", "workload", "service", "every", "namespace"] as const;
export type GuardMatch = (typeof GUARD_MATCHES)[number];

/** What would roll a workload back or raise an alarm for it, and why that is so. */
export interface Guard {
  trigger: TriggerFact;
  by: GuardMatch;
  /** What matched, as it stands in the artifact: `service="storefront"`, `spec.targetRef`; empty for `every`. */
  detail: string;
}

/**
 * Finds what would roll a workload back or raise an alarm for it, one guard a trigger, sorted by the trigger's kind
 * and name:
 * - templates that its Rollout's analyses refer to, as far as they exist in the repository;
 * - a Canary of Flagger whose target it is;
 * - alerts and monitors whose queries name it, its containers, its app by its labels, or a Service that selects it;
 * - alerts about the requests of every service, and those about everything in its namespace.
 *
 * An alert in another namespace is another's, when both namespaces are known. A workload that a Rollout takes its
 * pods from (`workloadRef`) has the Rollout's guards.
 */
export function guardsOf(workload: ResourceFact, index: FactIndex): Guard[] {
  return guardsIn(index).of(workload);
}

/** A guard in words: `PrometheusRule CheckoutErrors (names its Service: service="storefront")`. */
export function describeGuard({ trigger, by, detail }: Guard): string {
  const how: Readonly<Record<GuardMatch, string>> = {
    target: "has it for its target",
    reference: "its analysis",
    workload: "names it",
    service: "names its Service",
    every: "watches every service",
    namespace: "watches its namespace",
  };
  return `${trigger.kind} ${trigger.name} (${how[by]}${detail === "" ? "" : `: ${detail}`})`;
}

/** Names that a query may have for a workload: its own and its labels', and those of the Services that select it. */
export function namesOf(
  workload: ResourceFact,
  index: FactIndex,
): { own: string[]; services: ResourceFact[] } {
  return guardsIn(index).names(workload);
}

/** One set of look-up tables an index: many workloads are asked about. */
const GUARDS = new WeakMap<FactIndex, Guards>();

function guardsIn(index: FactIndex): Guards {
  const known = GUARDS.get(index);
  if (known) return known;
  const guards = new Guards(index);
  GUARDS.set(index, guards);
  return guards;
}

/** Labels whose value is the application's name (Kubernetes, "Recommended Labels", and older custom). */
const NAME_LABELS = [
  "app",
  "app.kubernetes.io/name",
  "app.kubernetes.io/instance",
  "k8s-app",
  "service",
  "name",
  "component",
  "run",
];

/** The label under which PromQL keeps a metric's name. A matcher on it says how the name begins: `grafana_.*`. */
const METRIC_NAME = "__name__";

interface Named {
  trigger: TriggerFact;
  matcher: TriggerMatcher;
}

/** The triggers of a repository, by what they speak of; nothing is compared with everything. */
class Guards {
  readonly #byTarget = new Map<string, TriggerFact[]>();
  readonly #rollbacks = new Map<string, TriggerFact[]>();
  readonly #byWord = new Map<string, Named[]>();
  readonly #byNamespace = new Map<string, Named[]>();
  readonly #every: TriggerFact[] = [];
  readonly #rollouts = new Map<string, ResourceFact[]>();
  readonly #services: ReadonlyMap<string, readonly ResourceFact[]>;
  readonly #namespaces: ReadonlyMap<string, readonly string[]>;

  constructor(index: FactIndex) {
    for (const trigger of index.of("trigger")) this.#addTrigger(trigger);
    for (const resource of index.of("resource")) {
      if (resource.kind === "Rollout")
        for (const { kind, name } of resource.references) append(this.#rollouts, `${kind}/${name}`, resource);
    }
    this.#services = servicesByLabel(index.of("resource").filter(({ kind }) => kind === "Service"));
    this.#namespaces = renderedNamespaces(index.of("kustomization"));
  }

  #addTrigger(trigger: TriggerFact): void {
    const { target, effect, kind, name, every, matchers } = trigger;
    if (target) return append(this.#byTarget, `${target.kind}/${target.name}`, trigger);
    if (effect === "rollback") return append(this.#rollbacks, `${kind}/${name}`, trigger);
    if (every) this.#every.push(trigger);
    const spatial = matchers.filter(({ label }) => isNamespaceLabel(label));
    for (const matcher of matchers) {
      if (spatial.includes(matcher)) continue;
      for (const word of wordsOf(matcher)) append(this.#byWord, word, { trigger, matcher });
    }
    // Of all that runs in a namespace: the query picks nothing else. The names of metrics pick nothing.
    const picks = matchers.some(
      (matcher) => !spatial.includes(matcher) && matcher.label !== METRIC_NAME && wordsOf(matcher).length > 0,
    );
    if (picks) return;
    for (const matcher of spatial) {
      for (const word of wordsOf(matcher)) append(this.#byNamespace, word, { trigger, matcher });
    }
  }

  of(workload: ResourceFact): Guard[] {
    const { own, services } = this.names(workload);
    const controllers = this.#controllers(workload);
    const namespaces = this.#namespacesOf(workload);
    const found = [
      ...controllers.flatMap((controller) => this.#acting(controller)),
      ...own.flatMap((name) => this.#naming(name, "workload")),
      ...services.flatMap(({ name }) => this.#naming(name, "service")),
      ...workload.containers.flatMap(({ name, init }) =>
        // A sidecar's name (`istio-proxy`) stands in every workload: only the label for containers may mean it.
        init ? [] : this.#naming(name, "workload", /container(?:_name)?$/),
      ),
      ...this.#every.map((trigger): Guard => ({ trigger, by: "every", detail: "" })),
      ...namespaces.flatMap((name) =>
        (this.#byNamespace.get(name) ?? []).map((named) => guardBy("namespace", named)),
      ),
    ];
    const best = new Map<string, Guard>();
    for (const guard of found) {
      if (isElsewhere(guard.trigger, namespaces)) continue;
      const key = `${guard.trigger.kind} ${guard.trigger.name}`;
      const known = best.get(key);
      if (!known || GUARD_MATCHES.indexOf(guard.by) < GUARD_MATCHES.indexOf(known.by)) best.set(key, guard);
    }
    return [...best].sort(([a], [b]) => compareText(a, b)).map(([, guard]) => guard);
  }

  names(workload: ResourceFact): { own: string[]; services: ResourceFact[] } {
    const labels = { ...workload.labels, ...workload.podLabels };
    const own = new Set([
      ...this.#controllers(workload).map(({ name }) => name),
      ...NAME_LABELS.flatMap((label) => labels[label] ?? []),
    ]);
    own.delete("");
    const services = Object.entries(workload.podLabels ?? {})
      .flatMap((label) => this.#services.get(label.join("=")) ?? [])
      .filter((service) => selects(service, workload));
    return { own: [...own], services };
  }

  /** The workload itself, and a Rollout that runs its pods. */
  #controllers(workload: ResourceFact): ResourceFact[] {
    const rollouts = this.#rollouts.get(`${workload.kind}/${workload.name}`) ?? [];
    return [workload, ...rollouts.filter(({ namespace }) => mayBeSame(namespace, workload.namespace))];
  }

  /** What a controller acts on by itself. */
  #acting(controller: ResourceFact): Guard[] {
    const targets = (this.#byTarget.get(`${controller.kind}/${controller.name}`) ?? [])
      .filter(({ namespace }) => mayBeSame(namespace, controller.namespace))
      .map((trigger): Guard => ({ trigger, by: "target", detail: "spec.targetRef" }));
    const references = controller.references.flatMap((reference) =>
      (this.#rollbacks.get(`${reference.kind}/${reference.name}`) ?? [])
        .filter(
          ({ kind, namespace }) =>
            kind.startsWith("Cluster") || mayBeSame(reference.namespace ?? controller.namespace, namespace),
        )
        .map((trigger): Guard => ({ trigger, by: "reference", detail: reference.at })),
    );
    return [...targets, ...references];
  }

  #naming(name: string, by: GuardMatch, label?: RegExp): Guard[] {
    return (this.#byWord.get(name) ?? [])
      .filter(({ matcher }) => !label || label.test(matcher.label))
      .map((named) => guardBy(by, named));
  }

  #namespacesOf({ namespace, path }: ResourceFact): readonly string[] {
    return namespace === undefined ? (this.#namespaces.get(path) ?? []) : [namespace];
  }
}

function guardBy(by: GuardMatch, { trigger, matcher }: Named): Guard {
  const { label, value, pattern } = matcher;
  return { trigger, by, detail: `${label}${pattern ? "=~" : "="}"${value}"` };
}

/** Whether an alarm's query picks a namespace, and none of the workload's. */
function isElsewhere({ effect, matchers }: TriggerFact, namespaces: readonly string[]): boolean {
  if (effect === "rollback" || namespaces.length === 0) return false;
  return matchers.some(
    (matcher) =>
      isNamespaceLabel(matcher.label) &&
      wordsOf(matcher).length > 0 &&
      !wordsOf(matcher).some((word) => namespaces.includes(word)),
  );
}

function isNamespaceLabel(label: string): boolean {
  return label.endsWith("namespace");
}

/**
 * The names a matcher may mean. Of a pattern its literal parts are taken, so `checkout-.*` and
 * `(cart|checkout)-[a-z0-9]+` mean checkout: regular expressions from a repository are never run.
 */
function wordsOf({ label, value, pattern }: TriggerMatcher): string[] {
  if (label === METRIC_NAME) return [value.replace(/_\.\*$/, "").replaceAll("_", "-")];
  const words = pattern ? value.replaceAll("\\", "").split(/[|()[\]{}.*+?^$/]+/) : forms(value);
  const named = words.flatMap((word) => [word, withoutHyphens(word)]);
  return [...new Set(named)].filter((word) => word !== "");
}

/** A word without hyphens at its ends. No regular expression: `-+$` is slow on many hyphens. */
function withoutHyphens(word: string): string {
  let start = 0;
  let end = word.length;
  while (word[start] === "-") start += 1;
  while (end > start && word[end - 1] === "-") end -= 1;
  return word.slice(start, end);
}

/** `job` as the Prometheus operator and others write it (`namespace/name`), and a host name's first part. */
function forms(value: string): string[] {
  const host = /^[\w-]+(?=\.[\w-]+(?:\.svc\b|$))/.exec(value)?.[0];
  return [value, value.slice(value.lastIndexOf("/") + 1), ...(host === undefined ? [] : [host])];
}

/** Whether a Service sends requests to the workload's pods. */
export function selects({ kind, namespace, selector }: ResourceFact, workload: ResourceFact): boolean {
  const { podLabels } = workload;
  if (kind !== "Service" || !selector || !podLabels || !mayBeSame(namespace, workload.namespace))
    return false;
  const demanded = Object.entries(selector.labels);
  return demanded.length > 0 && demanded.every(([label, value]) => podLabels[label] === value);
}

/**
 * Services by the label of their selector that the fewest share, as `label=value`: one such as `part-of=shop` stands
 * in all of them.
 */
function servicesByLabel(services: readonly ResourceFact[]): Map<string, ResourceFact[]> {
  const demanded = services.map((service) => ({
    service,
    pairs: Object.entries(service.selector?.labels ?? {}).map((pair) => pair.join("=")),
  }));
  const counts = new Map<string, number>();
  for (const { pairs } of demanded) for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const byLabel = new Map<string, ResourceFact[]>();
  for (const { service, pairs } of demanded) {
    const [rarest] = pairs.toSorted((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
    if (rarest !== undefined) append(byLabel, rarest, service);
  }
  return byLabel;
}

/** A namespace that a manifest leaves out is given at deployment. */
function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** The namespaces that kustomizations put a file's resources into, by path. */
function renderedNamespaces(kustomizations: readonly KustomizationFact[]): Map<string, string[]> {
  const byDirectory = new Map(kustomizations.map((fact) => [dirname(fact.path), fact]));
  const namespaces = new Map<string, string[]>();
  for (const { namespace, resources } of kustomizations) {
    if (namespace === undefined) continue;
    const seen = new Set<string>();
    const queue = [...resources];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const base = byDirectory.get(next);
      if (base) queue.push(...base.resources);
      else append(namespaces, next, namespace);
    }
  }
  return namespaces;
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
