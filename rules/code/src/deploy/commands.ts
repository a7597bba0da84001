import { createRequire } from "node:module";
import type { Range } from "@yantra-lint/core";
import type { DeployCommand } from "@yantra-lint/core/deploy-commands";

type Reader = typeof import("@yantra-lint/core/deploy-commands");

const require = createRequire(import.meta.url);
let loaded: Reader | undefined;

/** The shell's parser is loaded when the first text speaks of a tool, which most repositories' code never does. */
function reader(): Reader {
  loaded ??= require("@yantra-lint/core/deploy-commands") as Reader;
  return loaded;
}

/** A word that a text must have to be worth reading. */
export const DEPLOY_TOOL = /\b(?:kubectl|oc|helm3?|helmfile|terraform|tofu|terragrunt|pulumi)\b/;

/**
 * What replaces the running version or configuration. Scaling, undoing and Argo CD's or Flux' own commands are left
 * out: they are for emergencies, or ask the pipeline to do it.
 */
const REPLACING: Readonly<Record<string, RegExp>> = {
  kubectl:
    /^(?:apply|replace|patch|edit|set (?:image|env|resources)|rollout restart|argo rollouts set image)$/,
  oc: /^(?:apply|replace|patch|edit|set (?:image|env|resources)|rollout (?:restart|latest))$/,
  helm: /^(?:install|upgrade)$/,
  helmfile: /^(?:apply|sync)$/,
  terraform: /^apply$/,
  tofu: /^apply$/,
  terragrunt: /^(?:apply|apply-all|run-all apply|run apply|stack run apply)$/,
  pulumi: /^(?:up|update)$/,
};

/** Clusters and environments of one's own machine, by name. */
const LOCAL_NAME =
  /(?:^|[^a-z])(?:kind|minikube|k3d|k3s|microk8s|docker-desktop|docker-for-desktop|rancher-desktop|orbstack|colima|localstack|tflocal|local|localhost|dev|devel|development|test|tests|testing|e2e|sandbox|preview|ephemeral|demo|example)(?:$|[^a-z])/i;
/** Programs that make a cluster of one's own machine, in the same text. */
const LOCAL_CLUSTER =
  /(?:^|[\s;&|(])(?:kind|minikube|k3d|colima|tflocal|localstack|vcluster|ctlptl|tilt|skaffold dev)\s/;
const PLACES = [
  "context",
  "kube-context",
  "kubeconfig",
  "namespace",
  "stack",
  "environment",
  "chdir",
  "server",
];

/** Whether a command makes or uses a cluster of one's own machine: what is deployed after it goes there as well. */
export function isAboutLocalCluster(command: string): boolean {
  if (/(?:^|[\s;&|(])(?:kind (?:create|load|get|delete|export)|minikube|k3d|vcluster)\s/.test(command))
    return true;
  const [, context] = /\buse-context\s+["']?([\w.:/@-]+)/.exec(command) ?? [];
  return context !== undefined && LOCAL_NAME.test(context);
}

/** A call that deploys: what is said of it, and where it stands in the text. */
export interface DirectDeploy {
  tool: string;
  call: string;
  range: Range;
}

/** The calls of a shell text that deploy, to where others depend on it. Never throws. */
export function directDeploysIn(text: string): DirectDeploy[] {
  if (!DEPLOY_TOOL.test(text) || LOCAL_CLUSTER.test(text) || isAboutLocalCluster(text)) return [];
  const { deployCommandsIn, deploys } = reader();
  return deployCommandsIn(text).flatMap((command) => {
    const { tool, verb, range } = command;
    const replaces = REPLACING[tool]?.test(verb) === true && deploys(command);
    return replaces && !isLocal(command) ? [{ tool, call: `${tool} ${verb}`, range }] : [];
  });
}

function isLocal({ flags }: DeployCommand): boolean {
  return PLACES.some((name) => {
    const value = flags.get(name);
    return typeof value === "string" && LOCAL_NAME.test(value);
  });
}

/** Whether a script is for one's own machine or for tests, by its name. */
export function isLocalName(name: string): boolean {
  return LOCAL_NAME.test(name.replace(/([a-z])([A-Z])/g, "$1-$2"));
}
