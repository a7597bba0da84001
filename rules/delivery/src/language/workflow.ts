import type { Lines, Range } from "@yantra-lint/core";
import {
  type DeployCommand,
  deployCommand,
  mentionsDeployTool,
  type ShellCommand,
  shellCommandsIn,
} from "@yantra-lint/core/deploy-commands";
import { danglingAlias, type Place, type SyntaxProblem, Tree, type YamlStream } from "@yantra-lint/yaml";
import type { Action, InvalidDocument, Job, Step, Workflow } from "./nodes.ts";

/** Makes the tree of a workflow or of an action from its YAML; undefined when the text is neither. */
export function buildWorkflowFile(
  path: string,
  text: string,
  lines: Lines,
  stream: YamlStream,
): Workflow | Action | InvalidDocument | undefined {
  const [first] = stream.documents;
  if (!first) return undefined;
  if (first.error) return invalid(lines, errorRange(text, first.error), first.error.message);
  const { contents } = first.document;
  const dangling = text.includes("*") ? danglingAlias(contents) : undefined;
  if (dangling) return invalid(lines, dangling.range, `The alias *${dangling.name} has no anchor before it`);
  const root = new Tree(text, lines, first.document).root;
  if (root?.kind !== "mapping") return undefined;
  if (root.child("jobs")) return buildWorkflow(root, path.replace(/^.*[/\\]/, ""));
  return root.child("runs") ? buildAction(root) : undefined;
}

function invalid(lines: Lines, range: Range, problem: string): InvalidDocument {
  return { type: "InvalidDocument", range, loc: lines.loc(range), problem };
}

/** The parser's range within its first line, or the last character before it where only white space stands there. */
function errorRange(text: string, { pos: [start, end] }: SyntaxProblem): Range {
  const visible = /^[^\r\n]*/.exec(text.slice(start, Math.max(end, start + 1)))?.[0].trimEnd() ?? "";
  if (visible !== "") return [start, start + visible.length];
  const before = text.slice(0, start).trimEnd().length;
  return [Math.max(0, before - 1), before];
}

function nodeOf<Type extends string>(type: Type, place: Place) {
  return { type, range: place.range, loc: place.loc, place };
}

function buildWorkflow(root: Place, file: string): Workflow {
  const workflow: Workflow = { ...nodeOf("Workflow", root), triggers: triggersOf(root), file, jobs: [] };
  const shell = defaultShell(root);
  workflow.jobs = (root.child("jobs")?.entries() ?? [])
    .filter(([, place]) => place.kind === "mapping")
    .map(([id, place]) => buildJob(workflow, id, place, shell));
  return workflow;
}

/** `on` is `true` to a parser of YAML 1.1; `yaml` reads 1.2, where it is a text. */
function triggersOf(root: Place): string[] {
  const on = root.child("on");
  if (!on) return [];
  if (on.kind === "mapping") return on.entries().map(([name]) => name);
  const names = on.kind === "sequence" ? on.items() : [on];
  return names.flatMap(({ text }) => text ?? []);
}

function defaultShell(place: Place): string | undefined {
  return place.find("defaults.run.shell")?.text;
}

function buildJob(workflow: Workflow, id: string, place: Place, shell: string | undefined): Job {
  const job: Job = {
    ...nodeOf("Job", place),
    id,
    workflow,
    uses: place.find("uses"),
    environment: place.find("environment"),
    steps: [],
  };
  const own = defaultShell(place) ?? shell ?? (isWindows(place) ? "pwsh" : undefined);
  job.steps = stepsOf(job, place.find("steps"), own);
  return job;
}

function isWindows(job: Place): boolean {
  return /^windows/i.test(job.find("runs-on")?.text ?? "");
}

function buildAction(root: Place): Action {
  const action: Action = { ...nodeOf("Action", root), steps: [] };
  action.steps = stepsOf(action, root.find("runs.steps"), undefined);
  return action;
}

function stepsOf(owner: Job | Action, list: Place | undefined, shell: string | undefined): Step[] {
  return (list?.items() ?? [])
    .filter(({ kind }) => kind === "mapping")
    .map((place) => new StepNode(owner, place, shell));
}

/** Inputs that hold commands, by the action that runs them. */
const RUNNERS: readonly { action: RegExp; input: string }[] = [
  { action: /^[^/]+\/retry@/, input: "command" },
  { action: /\/ssh-action@|\/ssh-remote-commands@/, input: "script" },
];

class StepNode implements Step {
  readonly type = "Step";
  readonly range: Range;
  readonly loc: Step["loc"];
  readonly place: Place;
  readonly owner: Job | Action;
  readonly uses: Place | undefined;
  readonly script: Place | undefined;
  #commands: readonly ShellCommand[] | undefined;
  #deployCommands: readonly DeployCommand[] | undefined;

  constructor(owner: Job | Action, place: Place, shell: string | undefined) {
    this.owner = owner;
    this.place = place;
    this.range = place.range;
    this.loc = place.loc;
    this.uses = place.find("uses");
    this.script = scriptOf(place, this.uses?.text, place.find("shell")?.text ?? shell);
  }

  get commands(): readonly ShellCommand[] {
    this.#commands ??= shellCommandsIn(this.script?.text ?? "");
    return this.#commands;
  }

  get deployCommands(): readonly DeployCommand[] {
    const text = this.script?.text ?? "";
    this.#deployCommands ??= mentionsDeployTool(text)
      ? this.commands.flatMap((command) => deployCommand(command, text) ?? [])
      : [];
    return this.#deployCommands;
  }
}

function scriptOf(step: Place, uses: string | undefined, shell = "bash"): Place | undefined {
  const runner = uses === undefined ? undefined : RUNNERS.find(({ action }) => action.test(uses));
  if (runner) return step.find(["with", runner.input]);
  return /(?:^|\/)(?:ba|da|z|k)?sh\b/.test(shell) ? step.find("run") : undefined;
}
