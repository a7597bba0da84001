import type { Range, SourceLoc } from "@yantra-lint/core";
import type { DeployCommand, ShellCommand } from "@yantra-lint/core/deploy-commands";
import type { Place } from "@yantra-lint/yaml";

interface NodeBase<Type extends string> {
  type: Type;
  range: Range;
  loc: SourceLoc;
}

/** A node that stands for a mapping of a workflow. */
interface PlaceNode<Type extends string> extends NodeBase<Type> {
  readonly place: Place;
}

export interface FileNode extends NodeBase<"File"> {
  content: Workflow | Action | Dockerfile | InvalidDocument | undefined;
}

/** A file that is not valid YAML; its range is the place of the first error. */
export interface InvalidDocument extends NodeBase<"InvalidDocument"> {
  /** The parser's words, without position. */
  problem: string;
}

/** A workflow of GitHub Actions. */
export interface Workflow extends PlaceNode<"Workflow"> {
  /** Names of the events that start it: `push`, `pull_request`, `workflow_call` … */
  triggers: string[];
  /** The file's name without its directory. */
  file: string;
  jobs: Job[];
}

export interface Job extends PlaceNode<"Job"> {
  id: string;
  workflow: Workflow;
  /** The reusable workflow that it calls; it has no steps then. */
  uses: Place | undefined;
  environment: Place | undefined;
  steps: Step[];
}

/** An action of the repository that is made of steps (`runs.using: composite`). */
export interface Action extends PlaceNode<"Action"> {
  steps: Step[];
}

export interface Step extends PlaceNode<"Step"> {
  owner: Job | Action;
  uses: Place | undefined;
  /** Its commands for a POSIX shell: of `run`, or of an action that runs what it is given. */
  script: Place | undefined;
  /** The commands of `script`, read when first asked for. */
  readonly commands: readonly ShellCommand[];
  /** Those among them that call a deployment tool. */
  readonly deployCommands: readonly DeployCommand[];
}

export interface Dockerfile extends NodeBase<"Dockerfile"> {
  /** Instructions before the first FROM: nothing but ARG is allowed there. */
  globals: Instruction[];
  stages: Stage[];
}

/** A build stage: a FROM and what follows it. */
export interface Stage extends NodeBase<"Stage"> {
  /** The name after AS, in lower case, as Docker compares it. */
  name: string | undefined;
  /** The image it begins with. */
  base: ImageUse | undefined;
  instructions: Instruction[];
}

export interface Instruction extends NodeBase<"Instruction"> {
  /** In upper case. */
  keyword: string;
  /** What follows the keyword, as written. */
  arguments: string;
  /** The image of `COPY --from=`, when it is no stage. */
  image: ImageUse | undefined;
}

/** An image that a Dockerfile takes something from. */
export interface ImageUse extends NodeBase<"ImageUse"> {
  /** As written. */
  written: string;
  /** With the defaults of its build arguments in place; undefined when one has none, or is the whole of it. */
  reference: string | undefined;
}

export type DeliveryNode =
  FileNode | InvalidDocument | Workflow | Job | Action | Step | Dockerfile | Stage | Instruction | ImageUse;

/** Which properties hold a node's children. */
export const VISITOR_KEYS: Record<DeliveryNode["type"], string[]> = {
  File: ["content"],
  InvalidDocument: [],
  Workflow: ["jobs"],
  Job: ["steps"],
  Action: ["steps"],
  Step: [],
  Dockerfile: ["globals", "stages"],
  Stage: ["base", "instructions"],
  Instruction: ["image"],
  ImageUse: [],
};

/** A node's children in the order they are visited. */
export function childrenOf(node: DeliveryNode): DeliveryNode[] {
  switch (node.type) {
    case "File":
      return node.content ? [node.content] : [];
    case "Workflow":
      return node.jobs;
    case "Job":
    case "Action":
      return node.steps;
    case "Dockerfile":
      return [...node.globals, ...node.stages];
    case "Stage":
      return [...(node.base ? [node.base] : []), ...node.instructions];
    case "Instruction":
      return node.image ? [node.image] : [];
    case "InvalidDocument":
    case "Step":
    case "ImageUse":
      return [];
  }
}
