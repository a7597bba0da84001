import type { FactIndex, ResourceFact, TriggerFact, TriggerMatcher } from "./facts.ts";
import { compareText } from "./finding.ts";

/**
 * Names what would roll a workload back or raise an alarm for it, each as `AnalysisTemplate error-ratio`, sorted:
 * - templates that its Rollout's analyses refer to, as far as they exist in the repository;
 * - a Canary of Flagger whose target it is;
 * - alerts and monitors whose queries name it, its containers, its app by its labels, or a Service that selects it;
 * - alerts about the requests of every service.
 *
 * An alert in another namespace is another's, when both namespaces are known. A workload that a Rollout takes its
 * pods from (`workloadRef`) has the Rollout's guards.
 */
export function guardsOf(workload: ResourceFact, index: FactIndex): string[] {
  const subject = new Subject(workload, index);
  const guards = index
    .of("trigger")
    .filter((trigger) => subject.isGuardedBy(trigger))
    .map(({ kind, name }) => `${kind} ${name}`);
  return [...new Set(guards)].sort(compareText);
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

/** A workload with the names that queries may have for it. */
class Subject {
  readonly #workload: ResourceFact;
  /** Itself, and a Rollout that runs its pods. */
  readonly #controllers: readonly ResourceFact[];
  readonly #names: ReadonlySet<string>;
  readonly #containers: ReadonlySet<string>;

  constructor(workload: ResourceFact, index: FactIndex) {
    const resources = index.of("resource");
    const rollouts = resources.filter(
      ({ kind, namespace, references }) =>
        kind === "Rollout" &&
        mayBeSame(namespace, workload.namespace) &&
        references.some((each) => each.kind === workload.kind && each.name === workload.name),
    );
    const labels = { ...workload.labels, ...workload.podLabels };
    const services = resources.filter((resource) => selects(resource, workload));
    this.#workload = workload;
    this.#controllers = [workload, ...rollouts];
    this.#names = new Set(
      [
        ...this.#controllers.map(({ name }) => name),
        ...services.map(({ name }) => name),
        ...NAME_LABELS.flatMap((label) => labels[label] ?? []),
      ].filter((name) => name !== ""),
    );
    this.#containers = new Set(workload.containers.filter(({ init }) => !init).map(({ name }) => name));
  }

  isGuardedBy(trigger: TriggerFact): boolean {
    if (trigger.target) return this.#isTarget(trigger);
    if (trigger.effect === "rollback") {
      return this.#controllers.some((controller) => refersTo(controller, trigger));
    }
    return trigger.every || this.#isNamed(trigger);
  }

  #isTarget({ target, namespace }: TriggerFact): boolean {
    return this.#controllers.some(
      (controller) =>
        controller.kind === target?.kind &&
        controller.name === target.name &&
        mayBeSame(namespace, controller.namespace),
    );
  }

  #isNamed({ matchers }: TriggerFact): boolean {
    const { namespace } = this.#workload;
    const elsewhere = matchers.some(
      (matcher) =>
        isNamespaceLabel(matcher.label) && namespace !== undefined && !matches(matcher, new Set([namespace])),
    );
    return !elsewhere && matchers.some((matcher) => this.#isNamedBy(matcher));
  }

  #isNamedBy(matcher: TriggerMatcher): boolean {
    if (isNamespaceLabel(matcher.label)) return false;
    // A sidecar's name (`istio-proxy`) stands in every workload: only the label for containers may mean it.
    const isContainer = /container(?:_name)?$/.test(matcher.label);
    return matches(matcher, this.#names) || (isContainer && matches(matcher, this.#containers));
  }
}

function isNamespaceLabel(label: string): boolean {
  return label.endsWith("namespace");
}

/**
 * Whether a matcher means one of the names. Of a pattern its literal parts are compared, so `checkout-.*` and
 * `(cart|checkout)-[a-z0-9]+` mean checkout: regular expressions from a repository are never run.
 */
function matches({ value, pattern }: TriggerMatcher, names: ReadonlySet<string>): boolean {
  const words = pattern ? value.replaceAll("\\", "").split(/[|()[\]{}.*+?^$/]+/) : forms(value);
  return words.some((word) => names.has(word) || names.has(word.replace(/^-+|-+$/g, "")));
}

/** `job` as the Prometheus operator and others write it (`namespace/name`), and a host name's first part. */
function forms(value: string): string[] {
  const host = /^[\w-]+(?=\.[\w-]+(?:\.svc\b|$))/.exec(value)?.[0];
  return [value, value.slice(value.lastIndexOf("/") + 1), ...(host === undefined ? [] : [host])];
}

function refersTo({ references, namespace }: ResourceFact, trigger: TriggerFact): boolean {
  return references.some(
    (reference) =>
      reference.kind === trigger.kind &&
      reference.name === trigger.name &&
      (trigger.kind.startsWith("Cluster") || mayBeSame(reference.namespace ?? namespace, trigger.namespace)),
  );
}

/** Whether a Service sends requests to the workload's pods. */
function selects({ kind, namespace, selector }: ResourceFact, workload: ResourceFact): boolean {
  const { podLabels } = workload;
  if (kind !== "Service" || !selector || !podLabels || !mayBeSame(namespace, workload.namespace))
    return false;
  const demanded = Object.entries(selector.labels);
  return demanded.length > 0 && demanded.every(([label, value]) => podLabels[label] === value);
}

/** A namespace that a manifest leaves out is given at deployment. */
function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}
