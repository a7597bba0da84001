import type { Resource } from "../language/nodes.ts";
import { experimentServices } from "./experiments.ts";

interface Provided {
  kind: string;
  name: string;
}
interface Provider {
  kind: string;
  group: string;
  provides: (resource: Resource) => Provided[];
}

const secret = (name: string | undefined): Provided[] => (name ? [{ kind: "Secret", name }] : []);
const service = (name: string): Provided => ({ kind: "Service", name });

/**
 * What well-known controllers make from their resources. Each entry names where the field is described. An
 * operator that is missing here makes nothing wrong: resources of kinds that nobody knows are treated as
 * able to make anything (see `isUnderstood`).
 */
const PROVIDERS: readonly Provider[] = [
  // bitnami-labs/sealed-secrets, README, "SealedSecrets as templates for secrets"
  {
    kind: "SealedSecret",
    group: "bitnami.com",
    provides: ({ place, name }) => secret(place.find("spec.template.metadata.name")?.text ?? name),
  },
  // external-secrets.io, API, ExternalSecret: target.name defaults to the resource's name
  {
    kind: "ExternalSecret",
    group: "external-secrets.io",
    provides: ({ place, name }) => secret(place.find("spec.target.name")?.text ?? name),
  },
  {
    kind: "ClusterExternalSecret",
    group: "external-secrets.io",
    provides: ({ place, name }) =>
      secret(
        place.find("spec.externalSecretSpec.target.name")?.text ??
          place.find("spec.externalSecretName")?.text ??
          name,
      ),
  },
  // cert-manager.io, API reference, CertificateSpec.secretName
  {
    kind: "Certificate",
    group: "cert-manager.io",
    provides: ({ place }) => secret(place.find("spec.secretName")?.text),
  },
  // developer.hashicorp.com, Vault Secrets Operator API, Destination.name
  ...["VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret", "HCPVaultSecretsApp"].map((kind) => ({
    kind,
    group: "secrets.hashicorp.com",
    provides: ({ place }: Resource) => secret(place.find("spec.destination.name")?.text),
  })),
  // docs.flagger.app, "How it works", Canary service: the apex, the canary and the primary Service
  {
    kind: "Canary",
    group: "flagger.app",
    provides: ({ place }) => {
      const target = place.find("spec.targetRef.name")?.text;
      const apex = place.find("spec.service.name")?.text ?? target;
      const services = apex ? [service(apex), service(`${apex}-canary`), service(`${apex}-primary`)] : [];
      const kind = place.find("spec.targetRef.kind")?.text ?? "Deployment";
      return target ? [...services, { kind, name: `${target}-primary` }] : services;
    },
  },
  // knative.dev, Serving API: a Service of Knative makes a Kubernetes Service of its name
  { kind: "Service", group: "serving.knative.dev", provides: ({ name }) => (name ? [service(name)] : []) },
  // argo-rollouts, docs/features/experiment.md, "Traffic Routing": a Service for a template that asks for one
  ...["Rollout", "Experiment"].map((kind) => ({
    kind,
    group: "argoproj.io",
    provides: (resource: Resource) => experimentServices(resource).map(service),
  })),
];

/** The resources that a controller makes from this one and that others may refer to by name. */
export function providedBy(resource: Resource): Provided[] {
  const provider = PROVIDERS.find(({ kind, group }) => kind === resource.kind && group === resource.group);
  return provider?.provides(resource) ?? [];
}

/** Whether a controller is known to make only what `providedBy` says. */
export function isKnownProvider(group: string, kind: string): boolean {
  return PROVIDERS.some((provider) => provider.kind === kind && provider.group === group);
}
