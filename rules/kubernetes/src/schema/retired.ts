import type { Resource } from "../language/nodes.ts";

/** An API version that some release of Kubernetes, or of the project it belongs to, does not serve any more. */
export interface RetiredApi {
  apiVersion: string;
  kinds: readonly string[];
  /** Release that began to warn of it. */
  deprecated: string;
  /** Release that serves it no more. */
  removed: string;
  /** What to write instead; absent when nothing took its place. */
  replacement?: string;
  /** What has another shape there, as the end of a sentence; absent when only the apiVersion changes. */
  changes?: string;
  /** Whose releases these are, when not those of Kubernetes. */
  project?: string;
}

/**
 * Where a metric of an autoscaler says its target since autoscaling/v2beta2 (Deprecated API Migration Guide, "Notable
 * changes" of v1.25 and v1.26; k8s.io/api v0.24.0, autoscaling/v2beta1/types.go and autoscaling/v2/types.go).
 */
const HPA_TARGETS =
  "targetAverageUtilization is target.averageUtilization with target.type: Utilization, targetAverageValue and targetValue are target.averageValue and target.value with their types, and metricName is metric.name";

/**
 * apiVersion | kinds | releases that deprecated and removed it | replacement | what has another shape there.
 *
 * Kubernetes: `zz_generated.prerelease-lifecycle.go` of k8s.io/api v0.20.0 to v0.37.2, and of k8s.io/kube-aggregator and
 * k8s.io/apiextensions-apiserver v0.21.0, which the API server itself goes by; for alpha versions older than these files,
 * the release whose k8s.io/api has the package no more. Replacements and shapes: the Deprecated API Migration Guide (up
 * to v1.32); `same` was held against the types of both versions. Others: cert-manager, "Migrating Deprecated API
 * Resources"; Flagger, "Upgrade Guide".
 */
const TABLE = `
admissionregistration.k8s.io/v1alpha1 | MutatingAdmissionPolicy MutatingAdmissionPolicyBinding | 1.35 1.38 | admissionregistration.k8s.io/v1 | fields may differ
admissionregistration.k8s.io/v1alpha1 | ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding | 1.29 1.32 | admissionregistration.k8s.io/v1 | fields may differ
admissionregistration.k8s.io/v1beta1 | MutatingAdmissionPolicy MutatingAdmissionPolicyBinding | 1.37 1.40 | admissionregistration.k8s.io/v1 | fields may differ
admissionregistration.k8s.io/v1beta1 | MutatingWebhookConfiguration ValidatingWebhookConfiguration | 1.16 1.22 | admissionregistration.k8s.io/v1 | sideEffects and admissionReviewVersions are required, and failurePolicy is Fail unless it says otherwise
admissionregistration.k8s.io/v1beta1 | ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding | 1.31 1.34 | admissionregistration.k8s.io/v1 | fields may differ
apiextensions.k8s.io/v1beta1 | CustomResourceDefinition | 1.16 1.22 | apiextensions.k8s.io/v1 | spec.versions holds the schema, the subresources and the columns of each version
apiregistration.k8s.io/v1beta1 | APIService | 1.19 1.22 | apiregistration.k8s.io/v1 | same
apps/v1beta1 | ControllerRevision | 1.8 1.16 | apps/v1 | same
apps/v1beta1 | Deployment StatefulSet | 1.8 1.16 | apps/v1 | spec.selector is required and cannot change, and defaults of the rollout differ
apps/v1beta2 | ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet | 1.9 1.16 | apps/v1 | same
auditregistration.k8s.io/v1alpha1 | AuditSink | 1.19 1.19 | - | same
authentication.k8s.io/v1alpha1 | SelfSubjectReview | 1.29 1.32 | authentication.k8s.io/v1 | same
authentication.k8s.io/v1beta1 | SelfSubjectReview | 1.30 1.33 | authentication.k8s.io/v1 | same
authentication.k8s.io/v1beta1 | TokenReview | 1.19 1.22 | authentication.k8s.io/v1 | same
authorization.k8s.io/v1beta1 | LocalSubjectAccessReview SubjectAccessReview | 1.19 1.22 | authorization.k8s.io/v1 | spec.group is called spec.groups
authorization.k8s.io/v1beta1 | SelfSubjectAccessReview SelfSubjectRulesReview | 1.19 1.22 | authorization.k8s.io/v1 | same
autoscaling/v2beta1 | HorizontalPodAutoscaler | 1.22 1.25 | autoscaling/v2 | ${HPA_TARGETS}
autoscaling/v2beta2 | HorizontalPodAutoscaler | 1.23 1.26 | autoscaling/v2 | same
batch/v2alpha1 | CronJob | 1.21 1.21 | batch/v1 | fields may differ
batch/v1beta1 | CronJob | 1.21 1.25 | batch/v1 | same
certificates.k8s.io/v1alpha1 | ClusterTrustBundle | 1.34 1.37 | certificates.k8s.io/v1 | fields may differ
certificates.k8s.io/v1beta1 | CertificateSigningRequest | 1.19 1.22 | certificates.k8s.io/v1 | spec.signerName and spec.usages are required
certificates.k8s.io/v1beta1 | ClusterTrustBundle PodCertificateRequest | 1.37 1.40 | certificates.k8s.io/v1 | fields may differ
coordination.k8s.io/v1alpha2 | LeaseCandidate | 1.35 1.38 | coordination.k8s.io/v1beta1 | fields may differ
coordination.k8s.io/v1beta1 | Lease | 1.19 1.22 | coordination.k8s.io/v1 | same
discovery.k8s.io/v1beta1 | EndpointSlice | 1.21 1.25 | discovery.k8s.io/v1 | topology is nodeName and zone
events.k8s.io/v1beta1 | Event | 1.22 1.25 | events.k8s.io/v1 | involvedObject is called regarding, and action, reason and the reporting fields are required
extensions/v1beta1 | DaemonSet Deployment ReplicaSet | 1.8 1.16 | apps/v1 | spec.selector is required and cannot change, and defaults of the rollout differ
extensions/v1beta1 | Ingress | 1.14 1.22 | networking.k8s.io/v1 | a backend is service.name and service.port, and each path needs a pathType
extensions/v1beta1 | NetworkPolicy | 1.9 1.16 | networking.k8s.io/v1 | same
extensions/v1beta1 | PodSecurityPolicy | 1.11 1.16 | - | same
flowcontrol.apiserver.k8s.io/v1alpha1 | FlowSchema | 1.20 1.21 | flowcontrol.apiserver.k8s.io/v1 | fields may differ
flowcontrol.apiserver.k8s.io/v1alpha1 | PriorityLevelConfiguration | 1.20 1.21 | flowcontrol.apiserver.k8s.io/v1 | spec.limited.assuredConcurrencyShares is called nominalConcurrencyShares
flowcontrol.apiserver.k8s.io/v1beta1 | FlowSchema | 1.23 1.26 | flowcontrol.apiserver.k8s.io/v1 | same
flowcontrol.apiserver.k8s.io/v1beta1 | PriorityLevelConfiguration | 1.23 1.26 | flowcontrol.apiserver.k8s.io/v1 | spec.limited.assuredConcurrencyShares is called nominalConcurrencyShares
flowcontrol.apiserver.k8s.io/v1beta2 | FlowSchema | 1.26 1.29 | flowcontrol.apiserver.k8s.io/v1 | same
flowcontrol.apiserver.k8s.io/v1beta2 | PriorityLevelConfiguration | 1.26 1.29 | flowcontrol.apiserver.k8s.io/v1 | spec.limited.assuredConcurrencyShares is called nominalConcurrencyShares
flowcontrol.apiserver.k8s.io/v1beta3 | FlowSchema | 1.29 1.32 | flowcontrol.apiserver.k8s.io/v1 | same
flowcontrol.apiserver.k8s.io/v1beta3 | PriorityLevelConfiguration | 1.29 1.32 | flowcontrol.apiserver.k8s.io/v1 | nominalConcurrencyShares of 0 stays 0
networking.k8s.io/v1alpha1 | ClusterCIDR | 1.28 1.31 | - | same
networking.k8s.io/v1alpha1 | IPAddress ServiceCIDR | 1.30 1.33 | networking.k8s.io/v1 | fields may differ
networking.k8s.io/v1beta1 | IPAddress ServiceCIDR | 1.34 1.37 | networking.k8s.io/v1 | fields may differ
networking.k8s.io/v1beta1 | Ingress | 1.19 1.22 | networking.k8s.io/v1 | a backend is service.name and service.port, and each path needs a pathType
networking.k8s.io/v1beta1 | IngressClass | 1.19 1.22 | networking.k8s.io/v1 | same
node.k8s.io/v1beta1 | RuntimeClass | 1.22 1.25 | node.k8s.io/v1 | same
policy/v1beta1 | PodDisruptionBudget | 1.21 1.25 | policy/v1 | an empty spec.selector selects all pods of the namespace instead of none
policy/v1beta1 | PodSecurityPolicy | 1.21 1.25 | - | same
rbac.authorization.k8s.io/v1beta1 | ClusterRole ClusterRoleBinding Role RoleBinding | 1.17 1.22 | rbac.authorization.k8s.io/v1 | same
resource.k8s.io/v1alpha3 | DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice | 1.34 1.37 | resource.k8s.io/v1 | fields may differ
resource.k8s.io/v1alpha3 | DeviceTaintRule | 1.36 1.39 | resource.k8s.io/v1 | fields may differ
resource.k8s.io/v1beta1 | DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice | 1.35 1.38 | resource.k8s.io/v1 | fields may differ
resource.k8s.io/v1beta2 | DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice | 1.36 1.39 | resource.k8s.io/v1 | fields may differ
scheduling.k8s.io/v1beta1 | PriorityClass | 1.14 1.22 | scheduling.k8s.io/v1 | same
settings.k8s.io/v1alpha1 | PodPreset | 1.20 1.20 | - | same
storage.k8s.io/v1alpha1 | CSIStorageCapacity VolumeAttachment | 1.21 1.24 | storage.k8s.io/v1 | fields may differ
storage.k8s.io/v1alpha1 | VolumeAttributesClass | 1.32 1.35 | storage.k8s.io/v1 | fields may differ
storage.k8s.io/v1beta1 | CSIDriver StorageClass VolumeAttachment | 1.19 1.22 | storage.k8s.io/v1 | same
storage.k8s.io/v1beta1 | CSINode | 1.17 1.22 | storage.k8s.io/v1 | same
storage.k8s.io/v1beta1 | CSIStorageCapacity | 1.24 1.27 | storage.k8s.io/v1 | same
storage.k8s.io/v1beta1 | VolumeAttributesClass | 1.34 1.37 | storage.k8s.io/v1 | fields may differ
storagemigration.k8s.io/v1alpha1 | StorageVersionMigration | 1.33 1.36 | storagemigration.k8s.io/v1 | fields may differ
storagemigration.k8s.io/v1beta1 | StorageVersionMigration | 1.37 1.40 | storagemigration.k8s.io/v1 | fields may differ
cert-manager.io/v1alpha2 | Certificate CertificateRequest ClusterIssuer Issuer | cert-manager 1.4 1.6 | cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
acme.cert-manager.io/v1alpha2 | Challenge Order | cert-manager 1.4 1.6 | acme.cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
cert-manager.io/v1alpha3 | Certificate CertificateRequest ClusterIssuer Issuer | cert-manager 1.4 1.6 | cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
acme.cert-manager.io/v1alpha3 | Challenge Order | cert-manager 1.4 1.6 | acme.cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
cert-manager.io/v1beta1 | Certificate CertificateRequest ClusterIssuer Issuer | cert-manager 1.4 1.6 | cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
acme.cert-manager.io/v1beta1 | Challenge Order | cert-manager 1.4 1.6 | acme.cert-manager.io/v1 | some fields have other names; \`cmctl convert\` writes them
flagger.app/v1alpha3 | Canary | Flagger 1.0 1.0 | flagger.app/v1beta1 | spec.canaryAnalysis is called spec.analysis
`;

function readRow(row: string): RetiredApi {
  const [apiVersion = "", kinds = "", releases = "", replacement = "-", changes = "same"] = row.split(" | ");
  const [removed = "", deprecated = "", project] = releases.split(" ").toReversed();
  return {
    apiVersion,
    kinds: kinds.split(" "),
    deprecated,
    removed,
    ...(replacement === "-" ? {} : { replacement }),
    ...(changes === "same" ? {} : { changes }),
    ...(project === undefined ? {} : { project }),
  };
}

/**
 * What has another shape in the version that took the place of a resource's, as the end of a sentence. The guide tells
 * of old targets under autoscaling/v2beta2 too: its types do not have them, but manifests in it do.
 */
export function changesOf(
  { changes }: RetiredApi,
  { kind, place }: Pick<Resource, "kind" | "place">,
): string | undefined {
  if (changes !== undefined || kind !== "HorizontalPodAutoscaler") return changes;
  const sources = (place.find("spec.metrics")?.items() ?? []).flatMap((metric) => metric.entries());
  const isOld = sources.some(([, source]) => source.entries().some(([name]) => /^target[A-Z]/.test(name)));
  return isOld ? HPA_TARGETS : undefined;
}

/** The newest release of Kubernetes of which the table knows what it serves. */
export const NEWEST = "1.37";

const byKind = new Map<string, RetiredApi>(
  TABLE.trim()
    .split("\n")
    .map(readRow)
    .flatMap((api) => api.kinds.map((kind) => [`${api.apiVersion}/${kind}`, api] as const)),
);

/** What is known of a kind in an API version that was, or will be, removed; undefined for all others. */
export function retiredApi(apiVersion: string, kind: string): RetiredApi | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}

/** Whether a release, such as `1.9`, is not newer than another, such as `1.16`. */
export function isUpTo(release: string, other: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor <= otherMinor);
}
