import type { DeployCommand } from "@yantra-lint/core/deploy-commands";

/**
 * Files whose names say that they make no pods, or none that `kubectl rollout status` can be asked about: it knows
 * Deployments, DaemonSets and StatefulSets only (kubectl rollout, "Valid resource types include"). Argo CD's and
 * Flux' own objects make their controllers deploy, later and elsewhere.
 */
const NO_WORKLOAD =
  /secret|config-?map|(?:^|[/_.-])(?:cm|ns|crds?|sa|pvcs?|pv|hpa|pdb|svc|services?)(?:[/_.-]|$)|namespace|custom-?resource|rbac|role|service-?account|ingress|gateway|route|certificate|issuer|volume|storage|network-?polic|quota|monitor|dashboard|alert|rules|cron-?jobs?|(?:^|[/_.-])(?:applications?|app-?of-?apps|argocd-apps?)(?:[_.-](?!deploy)|\/?$)|application-?sets?|app-?projects?|helm-?releases?|helm-?repositor|kustomizations?\.ya?ml$|prometheus-?rule/i;

/**
 * Whether `kubectl apply` or `replace` is given manifests that make pods, as far as their names or the text piped
 * into it tell. Manifests at a URL are somebody else's, and none.
 */
export function bringsWorkloads({ flags, stdin }: DeployCommand): boolean {
  const overlay = flags.get("kustomize");
  if (typeof overlay === "string") return !isElsewhere(overlay);
  const files = flags.get("filename");
  if (typeof files !== "string") return false;
  return files.split(",").some((file) => (file === "-" ? makesWorkload(stdin) : !isElsewhere(file)));
}

function isElsewhere(file: string): boolean {
  return /^https?:|^github\.com\//.test(file) || NO_WORKLOAD.test(file);
}

function makesWorkload(stdin: string | undefined): boolean {
  if (stdin === undefined) return false;
  if (/\bkind:/.test(stdin))
    return /\bkind:\s*["']?(?:Deployment|StatefulSet|DaemonSet|Rollout)\b/.test(stdin);
  if (/\bkustomize\s+build\b|\bkubectl\s+kustomize\b|\bhelm\s+template\b/.test(stdin)) return true;
  return /deploy/i.test(stdin) && !NO_WORKLOAD.test(stdin);
}
