import { type DeployCommand, deploys, type ShellCommand } from "@yantra-lint/core/deploy-commands";
import type { Action, Job, Step } from "./language/nodes.ts";

/** A command that deploys, and the step it stands in. */
export interface Deployment {
  step: Step;
  command: DeployCommand;
}

const TEST_CLUSTER =
  /(?:^|[/_.-])(?:kind|minikube|k3d|k3s|k0s|microk8s|vcluster|localstack|testcontainers|chart-testing)(?:[/_.:@-]|$)/i;
const TEST_CLUSTER_COMMAND = /^(?:kind|minikube|k3d|k3s|k0s|microk8s|vcluster|localstack|ct|terratest)$/;
const TEST_WORDS =
  /(?:^|[^a-z])(?:e2e|end-to-end|tests?|testing|smoke|integration|conformance|benchmark|kind|minikube)(?:[^a-z]|$)/i;
const PREVIEW_WORDS =
  /(?:^|[^a-z])(?:previews?|review[-_ ]?apps?|ephemeral|sandbox|pr|pull[-_ ]?requests?)(?:[^a-z]|$)/i;

/**
 * The commands of a job or an action that deploy to what people use. None where it is a cluster of the job's own
 * (kind, minikube, k3d …), a job of tests, a preview of a pull request, or by its names a stage before production:
 * nobody is woken up for these.
 */
export function deploymentsOf(owner: Job | Action): Deployment[] {
  if (owner.type === "Job" && isRehearsal(owner)) return [];
  const deployments = owner.steps.flatMap((step) =>
    isNever(step.place.find("if")?.value)
      ? []
      : step.deployCommands.filter(deploys).map((command) => ({ step, command })),
  );
  // Asked last: it reads every script, also those that name no deployment tool.
  return deployments.length > 0 && owner.steps.some(startsTestCluster) ? [] : deployments;
}

/** `if: false`, also as an expression. */
function isNever(condition: unknown): boolean {
  return condition === false || /^\s*(?:\$\{\{\s*false\s*\}\}|false)\s*$/.test(String(condition));
}

/** The job's id, name and environment as one text. */
function namesOf(job: Job): string {
  return [job.id, job.place.find("name")?.text ?? "", environmentOf(job) ?? ""].join("\n");
}

/** The name of a job's environment. */
function environmentOf({ environment }: Job): string | undefined {
  return environment?.text ?? environment?.find("name")?.text;
}

const PRODUCTION = /(?:^|[^a-z])(?:prod|prd|production|live|release)(?:[^a-z]|$)/i;
const BEFORE_PRODUCTION =
  /(?:^|[^a-z])(?:dev|develop|development|staging|stage|stg|test|qa|uat|preprod|pre-?production|non-?prod|demo|sandbox)(?:[^a-z]|$)/i;

/** Whether a job's or its workflow's names say that it deploys to a place before production, and to no other. */
function isBeforeProduction(job: Job): boolean {
  const { place, file } = job.workflow;
  const names = [namesOf(job), place.find("name")?.text ?? "", file].join("\n");
  return (
    BEFORE_PRODUCTION.test(names) && !PRODUCTION.test(names.replaceAll(/\b(?:pre|non)[-_]?prod\w*/gi, ""))
  );
}

/** Whether what a job deploys is nobody's but the developers': a test, a preview, a stage before production. */
function isRehearsal(job: Job): boolean {
  return isNever(job.place.find("if")?.value) || isPreview(job) || isTest(job) || isBeforeProduction(job);
}

/** Whether a job works with what production runs on: it deploys, or its environment is production's. */
export function touchesProduction(job: Job): boolean {
  return deployStepOf(job) !== undefined || (!isPreview(job) && PRODUCTION.test(environmentOf(job) ?? ""));
}

function isTest(job: Job): boolean {
  return TEST_WORDS.test(namesOf(job));
}

/** Whether a job deploys pull requests only, each to a place of its own. */
function isPreview(job: Job): boolean {
  const { triggers, place } = job.workflow;
  const onlyPullRequests =
    triggers.length > 0 && triggers.every((name) => /^pull_request(?:_target|_review)?$/.test(name));
  const condition = job.place.find("if")?.text ?? "";
  return (
    onlyPullRequests ||
    /^\s*(?:\$\{\{\s*)?github\.event_name\s*==\s*'pull_request'/.test(condition) ||
    PREVIEW_WORDS.test(`${namesOf(job)}\n${place.find("name")?.text ?? ""}`)
  );
}

function startsTestCluster(step: Step): boolean {
  const uses = step.uses?.text ?? "";
  return TEST_CLUSTER.test(uses) || step.commands.some(isOfTestCluster);
}

function isOfTestCluster({ words }: ShellCommand): boolean {
  const [program] = words;
  if (program && TEST_CLUSTER_COMMAND.test(program.value)) return true;
  return words.some(({ value }) => !/\s/.test(value) && TEST_CLUSTER.test(value));
}

/** Actions that put a version in place: by the documentation of each. */
const DEPLOY_ACTION = new RegExp(
  `^(?:${[
    "azure/(?:k8s-deploy|webapps-deploy|functions-action|container-apps-deploy-action|arm-deploy|static-web-apps-deploy)",
    "aws-actions/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy|amazon-eks-deploy)",
    "google-github-actions/(?:deploy-cloudrun|deploy-appengine|deploy-cloud-functions|create-cloud-deploy-release)",
    "akhileshns/heroku-deploy",
    "digitalocean/app_action(?:/deploy)?",
    "nais/deploy/actions/deploy",
    "deliverybot/helm",
    "bitovi/github-actions-deploy-[\\w-]+",
    "dflook/(?:terraform|tofu)-apply",
    "bcgov/action-deployer-openshift",
    "helmfile/helmfile-action",
  ].join("|")})$`,
  "i",
);

/** The first step of a job that deploys, by a command or by an action made for it. */
export function deployStepOf(job: Job): { step: Step; what: string } | undefined {
  const [deployment] = deploymentsOf(job);
  if (deployment) {
    const { tool, verb } = deployment.command;
    return { step: deployment.step, what: `${tool} ${verb}` };
  }
  if (isRehearsal(job)) return undefined;
  const step = job.steps.find(({ uses, place }) => {
    const [action = ""] = (uses?.text ?? "").split("@");
    return DEPLOY_ACTION.test(action) && !isNever(place.find("if")?.value);
  });
  return step && { step, what: step.uses?.text?.split("@")[0] ?? "" };
}

/**
 * Whether flags may be given by an expansion: `$HELM_ARGS`, `"${FLAGS[@]}"`, or more words than the command takes.
 *
 * @param positionals how many arguments the command takes at most
 */
export function mayHaveMoreFlags(command: DeployCommand, positionals: number): boolean {
  const { expansions, arguments: given } = command;
  if (expansions.length === 0) return false;
  return (
    given.length > positionals || expansions.some((word) => /arg|flag|opt|extra|param|\[@\]|\$@/i.test(word))
  );
}

/** A flag that is set: not `--wait=false`. */
export function isSet(command: DeployCommand, ...names: string[]): boolean {
  return names.some((name) => {
    const value = command.flags.get(name);
    return value !== undefined && value !== "false" && value !== "0";
  });
}

/** For messages: `, like 2 other jobs of this workflow,`; empty for none. */
export function othersText(count: number, what: string): string {
  if (count === 0) return "";
  return `, like ${count === 1 ? `one other ${what}` : `${count} other ${what}s`} of this workflow,`;
}
