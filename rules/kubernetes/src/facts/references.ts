import type { Lines, ReferenceFact } from "@yantra-lint/core";
import type { Path, Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { regionAt } from "./regions.ts";

/** Collects the names a resource refers to. Texts with placeholders name nothing yet, and are left out. */
class References {
  readonly found: ReferenceFact[] = [];
  readonly #lines: Lines;
  readonly #namespace: string | undefined;

  constructor(lines: Lines, namespace: string | undefined) {
    this.#lines = lines;
    this.#namespace = namespace;
  }

  add(
    kind: string,
    place: Place | undefined,
    extra: {
      holder?: Place;
      key?: Place | undefined;
      clusterWide?: boolean;
      namespace?: string | undefined;
    } = {},
  ): void {
    if (place?.text === undefined || place.open) return;
    const key = extra.key?.open ? undefined : extra.key?.text;
    const namespace = extra.namespace ?? (extra.clusterWide ? undefined : this.#namespace);
    this.found.push({
      kind,
      name: place.text,
      ...(namespace === undefined ? {} : { namespace }),
      ...(key === undefined ? {} : { key }),
      optional: extra.holder?.find("optional")?.value === true,
      at: place.path,
      ...regionAt(this.#lines, place),
    });
  }
}

/** The names in a manifest that must exist elsewhere, of the kinds that `no-unresolved-reference` judges. */
export function referencesOf(resource: Resource, lines: Lines): ReferenceFact[] {
  const references = new References(lines, resource.namespace);
  const { place, workload, group, kind } = resource;
  const podSpec = workload?.podTemplate?.place.find("spec");
  if (podSpec) podReferences(references, podSpec);
  if (workload && kind === "StatefulSet") references.add("Service", place.find("spec.serviceName"));
  if (resource.rollout) rolloutReferences(references, place);
  if (kind === "Ingress" && /^(?:networking\.k8s\.io|extensions)$/.test(group))
    ingressReferences(references, place);
  if (kind === "HorizontalPodAutoscaler" && group === "autoscaling") {
    targetReference(references, place.find("spec.scaleTargetRef"));
  }
  // KEDA's scaleTargetRef means a Deployment when it names no kind (keda.sh, ScaledObject specification).
  if (kind === "ScaledObject" && group === "keda.sh")
    targetReference(references, place.find("spec.scaleTargetRef"), "Deployment");
  // The aggregation layer hands the requests for a group of resources to it (apiregistration.k8s.io/v1, APIServiceSpec).
  if (kind === "APIService" && group === "apiregistration.k8s.io") {
    const service = place.find("spec.service");
    references.add("Service", service?.find("name"), { namespace: service?.find("namespace")?.text });
  }
  if (kind === "Canary" && group === "flagger.app") targetReference(references, place.find("spec.targetRef"));
  return references.found;
}

/** A pod's ConfigMaps and Secrets (Kubernetes API reference, PodSpec and Container). */
function podReferences(references: References, podSpec: Place): void {
  const each = (place: Place | undefined, path: Path): Place[] => place?.find(path)?.items() ?? [];
  for (const container of [...each(podSpec, "initContainers"), ...each(podSpec, "containers")]) {
    for (const source of each(container, "envFrom")) {
      for (const [key, kind] of [
        ["configMapRef", "ConfigMap"],
        ["secretRef", "Secret"],
      ] as const) {
        const holder = source.find(key);
        if (holder) references.add(kind, holder.find("name"), { holder });
      }
    }
    for (const variable of each(container, "env")) {
      for (const [key, kind] of [
        ["configMapKeyRef", "ConfigMap"],
        ["secretKeyRef", "Secret"],
      ] as const) {
        const holder = variable.find(["valueFrom", key]);
        if (holder) references.add(kind, holder.find("name"), { holder, key: holder.find("key") });
      }
    }
  }
  for (const volume of each(podSpec, "volumes")) {
    volumeReference(references, "ConfigMap", volume.find("configMap"), "name");
    volumeReference(references, "Secret", volume.find("secret"), "secretName");
    for (const source of each(volume, "projected.sources")) {
      volumeReference(references, "ConfigMap", source.find("configMap"), "name");
      volumeReference(references, "Secret", source.find("secret"), "name");
    }
  }
  for (const secret of each(podSpec, "imagePullSecrets")) references.add("Secret", secret.find("name"));
}

function volumeReference(
  references: References,
  kind: string,
  holder: Place | undefined,
  nameKey: string,
): void {
  if (holder) references.add(kind, holder.find(nameKey), { holder });
}

/**
 * A Rollout's Services, templates and workload (argo-rollouts, pkg/apis/rollouts/v1alpha1/types.go). Not ALB's
 * `rootService`: with `use-annotation` it is the name of an annotation.
 */
function rolloutReferences(references: References, place: Place): void {
  for (const path of [
    "canary.stableService",
    "canary.canaryService",
    "canary.pingPong.pingService",
    "canary.pingPong.pongService",
    "blueGreen.activeService",
    "blueGreen.previewService",
  ]) {
    references.add("Service", place.find(`spec.strategy.${path}`));
  }
  const steps = place.find("spec.strategy.canary.steps")?.items() ?? [];
  const analyses = [
    place.find("spec.strategy.canary.analysis"),
    place.find("spec.strategy.blueGreen.prePromotionAnalysis"),
    place.find("spec.strategy.blueGreen.postPromotionAnalysis"),
    ...steps.map((step) => step.find("analysis")),
  ];
  const experiments = steps.flatMap((step) => step.find("experiment.analyses")?.items() ?? []);
  for (const template of [
    ...analyses.flatMap((analysis) => analysis?.find("templates")?.items() ?? []),
    ...experiments,
  ]) {
    const clusterWide = template.find("clusterScope")?.value === true;
    references.add(
      clusterWide ? "ClusterAnalysisTemplate" : "AnalysisTemplate",
      template.find("templateName"),
      { clusterWide },
    );
  }
  targetReference(references, place.find("spec.workloadRef"));
}

/** Backends of networking.k8s.io/v1 (`service.name`) and of the removed beta versions (`serviceName`). */
function ingressReferences(references: References, place: Place): void {
  const paths = (place.find("spec.rules")?.items() ?? []).flatMap(
    (rule) => rule.find("http.paths")?.items() ?? [],
  );
  const backends = [
    place.find("spec.defaultBackend"),
    place.find("spec.backend"),
    ...paths.map((path) => path.find("backend")),
  ];
  for (const backend of backends) {
    // The AWS load balancer controller reads such a backend as the name of an annotation, not of a Service.
    if (
      backend?.find("service.port.name")?.text === "use-annotation" ||
      backend?.find("servicePort")?.text === "use-annotation"
    )
      continue;
    references.add("Service", backend?.find("service.name") ?? backend?.find("serviceName"));
  }
}

function targetReference(references: References, target: Place | undefined, defaultKind?: string): void {
  const kind = target?.find("kind")?.text ?? defaultKind;
  if (kind !== undefined) references.add(kind, target?.find("name"));
}
