import type { CandidateFile, FileKind } from "@yantra-lint/core";

const WORKFLOW = /(?:^|[/\\])\.(?:github|gitea|forgejo)[/\\]workflows[/\\][^/\\]+\.ya?ml$/;
const ACTION = /(?:^|[/\\])action\.ya?ml$/;
/** The names that Docker's and Podman's own tools and editors take for a Dockerfile. */
const DOCKERFILE =
  /(?:^|[/\\])(?:(?:Dockerfile|Containerfile)(?:\.[^/\\]+)?|[^/\\]+\.(?:[Dd]ockerfile|[Cc]ontainerfile))$/;
/** Neighbours of a Dockerfile with its name. */
const NO_DOCKERFILE =
  /\.(?:dockerignore|containerignore|md|txt|ya?ml|json|sh|py|js|ts|go|tmpl|tpl|j2|erb|template|in)$/;

/** Images for development and tests, by the file's name or directory; nobody deploys them. */
const NOT_SHIPPED =
  /(?:^|[/\\])(?:\.devcontainer|\.gitpod|\.github|dev-?tools|node_modules|test|tests|e2e|__\w+__|test[-_]?(?:data|fixtures?)|fixtures?|hack|examples?)[/\\]|(?:^|[/\\._-])(?:dev|devel|development|devcontainer|gitpod|local|test|tests|testing|e2e|ci|debug|lint|docs)(?:[._-][^/\\]*)?$|(?:^|[/\\._-])(?:dev|devel|development|gitpod|local|test|tests|testing|e2e|ci|debug|lint|docs)\.(?:[Dd]ockerfile|[Cc]ontainerfile)$/;

/** What a file is by its path alone. */
export function kindOfPath(path: string): "workflow" | "action" | "dockerfile" | undefined {
  if (WORKFLOW.test(path)) return "workflow";
  if (ACTION.test(path)) return "action";
  return DOCKERFILE.test(path) && !NO_DOCKERFILE.test(path) ? "dockerfile" : undefined;
}

/** A quick look whether a text may be a workflow or a composite action. No parsing. */
export function looksLikeWorkflow(text: string): boolean {
  return /^["']?(?:jobs|runs)["']?[ \t]*:/m.test(text);
}

/** Whether a file is one of ours. Dockerfiles of development and tests are not, unless they are named. */
export function recognise(file: CandidateFile): FileKind | undefined {
  const name = kindOfPath(file.path);
  if (name === undefined) return undefined;
  if (name === "dockerfile") return file.named || !NOT_SHIPPED.test(file.path) ? { name } : undefined;
  if (!file.named && /(?:^|\/)(?:node_modules|test[-_]?data|fixtures?)\//.test(file.path)) return undefined;
  return looksLikeWorkflow(file.text) ? { name } : undefined;
}
