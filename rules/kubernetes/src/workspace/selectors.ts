import type { FactIndex, ResourceFact } from "@yantra-lint/core";
import { meantWord } from "./names.ts";
import { append, type Renderings } from "./renderings.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Labels that controllers put on pods at run time (Kubernetes, "Well-Known Labels"; argo-rollouts,
 * DefaultRolloutUniqueLabelKey): no template has them.
 */
const RUNTIME_LABEL =
  /^(?:pod-template-hash|rollouts-pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|job-name|controller-uid|batch\.kubernetes\.io\/.+)$/;

/** Pods of one workload: its labels from all files that describe it, patches included. */
export interface Pods {
  fact: ResourceFact;
  labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Every workload of a repository with the labels its pods may have. */
export function allPods(facts: FactIndex): Pods[] {
  const byName = new Map<string, { fact: ResourceFact; labels: Map<string, Set<string>> }>();
  for (const fact of facts.of("resource")) {
    const templates = [...(fact.podLabels ? [fact.podLabels] : []), ...(fact.otherPodLabels ?? [])];
    if (templates.length === 0) continue;
    const key = fact.name === "" ? `${fact.path}:${fact.startLine}` : `${fact.kind}/${fact.name}`;
    const pods = byName.get(key) ?? { fact, labels: new Map<string, Set<string>>() };
    byName.set(key, pods);
    for (const [name, value] of templates.flatMap(Object.entries<string>)) {
      pods.labels.set(name, (pods.labels.get(name) ?? new Set()).add(value));
    }
  }
  return [...byName.values()];
}

/** Pods by the labels they may have. */
export class PodsByLabel {
  readonly #pods = new Map<string, Pods[]>();

  constructor(pods: readonly Pods[]) {
    for (const candidate of pods) {
      for (const [name, values] of candidate.labels) {
        for (const value of values) append(this.#pods, labelKey(name, value), candidate);
      }
    }
  }

  /** Whether a selector may select any of them (see `maySelect`): whom it does has one of its labels at least. */
  maySelectAny(demanded: readonly [string, string][]): boolean {
    return demanded
      .map(([name, value]) => this.#pods.get(labelKey(name, value)) ?? [])
      .sort((a, b) => a.length - b.length)
      .some((candidates) => candidates.some((candidate) => maySelect(demanded, candidate)));
  }
}

function labelKey(name: string, value: string): string {
  return `${name}=${value}`;
}

/** The labels a selector asks of pod templates: without those of controllers and of kustomizations. */
export function demandedLabels(selector: Labels, path: string, renderings: Renderings): [string, string][] {
  const added = renderings
    .of(path)
    .flatMap(({ parts }) => parts.flatMap(({ labels }) => Object.entries(labels)));
  return Object.entries(selector).filter(
    ([name, value]) =>
      !RUNTIME_LABEL.test(name) && !added.some(([other, text]) => other === name && text === value),
  );
}

/**
 * Whether a selector may select a workload's pods. A label that the template lacks may come at run time, as
 * Patroni's `role` does; one that it has with another value does not.
 */
function maySelect(demanded: readonly [string, string][], { labels }: Pods): boolean {
  const known = demanded.filter(([name]) => labels.has(name));
  return known.length > 0 && known.every(([name, value]) => labels.get(name)?.has(value));
}

/** The value that a selector probably means: all other labels are equal, this one is a slip away. */
export function meantLabel(demanded: readonly [string, string][], { labels }: Pods): string | undefined {
  const different = demanded.filter(([name, value]) => !labels.get(name)?.has(value));
  const [first] = different;
  if (!first || different.length > 1) return undefined;
  const [name, value] = first;
  const word = meantWord(value, [...(labels.get(name) ?? [])]);
  if (word !== undefined) return `${name}: ${word}`;
  const meantName = meantWord(name, [...labels.keys()]);
  return meantName !== undefined && labels.get(meantName)?.has(value) ? `${meantName}: ${value}` : undefined;
}
