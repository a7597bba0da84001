import type { Range } from "./positions.ts";
import { type ShellCommand, shellCommandsIn, type ShellWord } from "./shell.ts";

export { type ShellCommand, shellCommandsIn, type ShellWord } from "./shell.ts";

/** Programs that change what runs somewhere. */
export type DeployTool =
  "kubectl" | "oc" | "helm" | "helmfile" | "terraform" | "tofu" | "terragrunt" | "pulumi" | "argocd" | "flux";

/** A call of a deployment tool. It may only look (`kubectl get`): see `deploys`. */
export interface DeployCommand {
  tool: DeployTool;
  /**
   * The subcommand: `apply`, `upgrade`, and with its group `rollout status`, `set image`, `argo rollouts promote`.
   * Empty when it is only known at run time or absent.
   */
  verb: string;
  /** What follows the verb and is no flag, expansions as they are written. */
  arguments: string[];
  /**
   * By long name without dashes (`-f` of kubectl is `filename`, of helm `values`); unknown short ones by their
   * letter. `true` without value; the values of one that stands several times are joined by commas.
   */
  flags: ReadonlyMap<string, string | true>;
  /** Arguments and flags may be missing above: these words are expansions that may become any number of words. */
  expansions: string[];
  /** What it reads from a pipe or a here document, as written: for `-f -`. */
  stdin: string | undefined;
  /** The command as written. */
  text: string;
  /** UTF-16 offsets in the text that was read, from the tool to the last word. */
  range: Range;
}

interface Tool {
  /** Words that only together with the next make a subcommand. */
  groups: ReadonlySet<string>;
  /** Long names of flags that take the next word as their value; a short flag's long name by its letter. */
  valued: ReadonlySet<string>;
  short: Readonly<Record<string, string>>;
  /** Long flags have one dash, as Go's own flag package reads them. */
  singleDash?: true;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** `kubectl options` and `kubectl <verb> --help` of kubectl 1.34. */
const KUBECTL: Tool = {
  groups: words(
    "rollout set config auth certificate create top alpha plugin cluster-info argo rollouts get-all",
  ),
  valued: words(
    `as as-group as-uid cache-dir certificate-authority client-certificate client-key cluster context kubeconfig
     namespace password profile profile-output request-timeout server tls-server-name token user username v vmodule
     filename kustomize selector output patch patch-file type field-manager field-selector timeout for grace-period
     image replicas current-replicas to-revision revision resource-version container template sort-by raw
     from-literal from-file from-env-file overrides override-type limits requests env port target-port
     docker-server docker-username docker-password docker-email prune-allowlist subresource chunk-size tail since
     keys prefix from serviceaccount min max cpu-percent clusterrole role group verb resource key cert step`,
  ),
  short: {
    n: "namespace",
    f: "filename",
    k: "kustomize",
    l: "selector",
    o: "output",
    p: "patch",
    s: "server",
    c: "container",
    e: "env",
    v: "v",
    R: "recursive",
    A: "all-namespaces",
    w: "watch",
  },
};

/** `helm upgrade --help` and the global flags of Helm 3.19 and 4.0. */
const HELM: Tool = {
  groups: words("repo plugin dependency dep get show search registry secrets diff"),
  valued: words(
    `namespace kube-context kubeconfig kube-apiserver kube-as-group kube-as-user kube-ca-file kube-tls-server-name
     kube-token burst-limit qps registry-config repository-cache repository-config content-cache color colour
     values set set-string set-file set-json set-literal version timeout repo history-max description post-renderer
     post-renderer-args output username password ca-file cert-file key-file keyring labels max destination app-version
     revision name-template api-versions kube-version filter template`,
  ),
  short: { n: "namespace", f: "values", i: "install", o: "output", l: "labels", d: "destination" },
};

/** `terraform <command> -help` of Terraform 1.13. Its flags have one dash and are accepted with two. */
const TERRAFORM: Tool = {
  groups: words("workspace state providers metadata"),
  valued: words(
    "var var-file target replace out state state-out backup backend-config plugin-dir chdir exclude",
  ),
  short: {},
  singleDash: true,
};

const OTHER: Tool = {
  groups: words(
    "app apps repo cluster proj account admin create reconcile stack config image run-all run bootstrap",
  ),
  valued: words(
    `namespace context kubeconfig server auth-token revision timeout grpc-web-root-path stack environment file
     selector state-values-file state-values-set message config cwd path source branch values`,
  ),
  short: { n: "namespace", e: "environment", f: "file", l: "selector", s: "stack", m: "message", C: "cwd" },
};

const TOOLS: Readonly<Record<DeployTool, Tool>> = {
  kubectl: KUBECTL,
  oc: KUBECTL,
  helm: HELM,
  helmfile: OTHER,
  terraform: TERRAFORM,
  tofu: TERRAFORM,
  terragrunt: { ...TERRAFORM, groups: words("run run-all stack workspace state") },
  pulumi: OTHER,
  argocd: OTHER,
  flux: OTHER,
};

const MENTION = /\b(?:kubectl|oc|helm3?|helmfile|terraform|tofu|terragrunt|pulumi|argocd|flux)\b/;

/** Whether a text names a deployment tool at all. Without, the shell parser need not be loaded. */
export function mentionsDeployTool(text: string): boolean {
  return MENTION.test(text);
}

/** Programs that start the one given as their arguments, by their flags that take a value. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugpCThrR]$/,
  doas: /^-u$/,
  env: /^-[uCS]$/,
  xargs: /^-[nIPLdEsa]$/,
  time: /^-[fo]$/,
  timeout: /^-[ks]$/,
  nice: /^-n$/,
  nohup: /^$/,
  exec: /^-a$/,
  command: /^$/,
  stdbuf: /^-[ioe]$/,
  watch: /^-n$/,
};

/**
 * The calls of deployment tools in a shell text (a workflow's `run`, a package script, a shell file), in the order
 * they are written. Reads bash; expressions of GitHub Actions and variables are left as they are. A tool is found
 * behind `sudo`, `env A=b`, `xargs`, `timeout 5m`, `retry 3`, `vault exec -- ` and within `bash -c "…"`; not when
 * only a variable names it. Never throws; what is no shell gives an empty or partial list.
 */
export function deployCommandsIn(text: string): DeployCommand[] {
  if (!mentionsDeployTool(text)) return [];
  return shellCommandsIn(text).flatMap((command) => deployCommand(command, text) ?? []);
}

/** Reads one command as a call of a deployment tool; undefined when it is none. `text`: what it was read from. */
export function deployCommand(command: ShellCommand, text: string): DeployCommand | undefined {
  const own = unwrapped(command.words);
  const tool = toolOf(own[0]);
  const first = own[0];
  const last = own.at(-1);
  if (!tool || !first || !last) return undefined;
  const range: Range = [first.range[0], last.range[1]];
  return {
    tool,
    ...readArguments(own.slice(1), TOOLS[tool]),
    stdin: command.stdin,
    text: text.slice(...range),
    range,
  };
}

function toolOf(word: ShellWord | undefined): DeployTool | undefined {
  if (!word) return undefined;
  const name = word.value.replace(/^.*\//, "").replace(/^helm3$/, "helm");
  return Object.hasOwn(TOOLS, name) ? (name as DeployTool) : undefined;
}

/** The words from the program on that wrappers start in the end. */
function unwrapped(all: readonly ShellWord[]): readonly ShellWord[] {
  let rest = all;
  while (rest.length > 0 && !toolOf(rest[0])) {
    const name = rest[0]?.value.replace(/^.*\//, "") ?? "";
    const flags = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    const separator = rest.findIndex(({ value }) => value === "--");
    if (flags) rest = afterFlags(rest.slice(1), flags, name === "timeout" ? 1 : 0);
    else if (separator >= 0) rest = rest.slice(separator + 1);
    else if (/retry/i.test(name)) rest = fromTool(rest.slice(1));
    else return [];
  }
  return rest;
}

function afterFlags(list: readonly ShellWord[], valued: RegExp, positionals: number): readonly ShellWord[] {
  let index = 0;
  while (/^-|^\w+=/.test(list[index]?.value ?? "")) index += valued.test(list[index]?.value ?? "") ? 2 : 1;
  return list.slice(index + positionals);
}

function fromTool(list: readonly ShellWord[]): readonly ShellWord[] {
  const at = list.findIndex((word) => toolOf(word) !== undefined);
  return at < 0 ? [] : list.slice(at);
}

interface Flag {
  /** Flags without value that stand in the same word before it. */
  alone: string[];
  name: string | undefined;
  value: string | undefined;
}

function longFlag(written: string): Flag {
  const [, name = "", value] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(written) ?? [];
  return { alone: [], name, value };
}

/** `-f x`, `-fx`, `-f=x`, and with others before it: `-Rf x`. */
function shortFlag(written: string, { valued, short }: Tool): Flag {
  const alone: string[] = [];
  for (let index = 1; index < written.length; index += 1) {
    const letter = written.charAt(index);
    const name = short[letter] ?? letter;
    const rest = written.slice(index + 1).replace(/^=/, "");
    if (valued.has(name)) return { alone, name, value: rest === "" ? undefined : rest };
    if (written[index + 1] === "=") return { alone, name, value: rest };
    alone.push(name);
  }
  return { alone, name: undefined, value: undefined };
}

function readArguments(
  list: readonly ShellWord[],
  tool: Tool,
): Pick<DeployCommand, "verb" | "arguments" | "flags" | "expansions"> {
  const flags = new Map<string, string | true>();
  const positionals: ShellWord[] = [];
  const expansions: string[] = [];
  const set = (name: string, value: string | true): void => {
    const before = flags.get(name);
    flags.set(name, typeof before === "string" && value !== true ? `${before},${value}` : value);
  };
  let ended = false;
  for (let index = 0; index < list.length; index += 1) {
    const word = list[index];
    if (!word) break;
    const { value } = word;
    if (!ended && value === "--") {
      ended = true;
    } else if (!ended && /^-./.test(value)) {
      const flag = tool.singleDash || value.startsWith("--") ? longFlag(value) : shortFlag(value, tool);
      for (const name of flag.alone) set(name, true);
      if (flag.name === undefined) continue;
      const next = flag.value === undefined && tool.valued.has(flag.name) ? list[index + 1] : undefined;
      if (next) index += 1;
      set(flag.name, flag.value ?? next?.value ?? true);
    } else {
      if (word.splits) expansions.push(value);
      positionals.push(word);
    }
  }
  return { ...verbOf(positionals, tool.groups), flags, expansions };
}

/** The subcommand is the first positional that is no expansion; expansions before it are global flags. */
function verbOf(
  positionals: readonly ShellWord[],
  groups: ReadonlySet<string>,
): Pick<DeployCommand, "verb" | "arguments"> {
  const start = positionals.findIndex(({ splits }) => !splits);
  if (start < 0 || positionals[start]?.dynamic)
    return { verb: "", arguments: positionals.map(({ value }) => value) };
  let end = start;
  while (groups.has(positionals[end]?.value ?? "") && positionals[end + 1]?.dynamic === false) end += 1;
  const values = positionals.map(({ value }) => value);
  return { verb: values.slice(start, end + 1).join(" "), arguments: values.slice(end + 1) };
}

/** What puts another version or configuration in place, by tool; other verbs look, prepare, wait or remove. */
const DEPLOYING: Readonly<Record<DeployTool, RegExp>> = {
  kubectl:
    /^(?:apply|create|create deployment|replace|patch|edit|scale|set \S+|rollout (?:restart|undo)|expose|run|argo rollouts (?:set \S+|promote|restart|undo))$/,
  oc: /^(?:apply|create|create deployment|replace|patch|edit|scale|set \S+|rollout (?:latest|restart|undo)|expose|run|new-app|tag)$/,
  helm: /^(?:install|upgrade|rollback)$/,
  helmfile: /^(?:apply|sync)$/,
  terraform: /^apply$/,
  tofu: /^apply$/,
  terragrunt: /^(?:apply|apply-all|run-all apply|run apply|stack run apply)$/,
  pulumi: /^(?:up|update)$/,
  argocd: /^app (?:sync|set|create|rollback|patch)$/,
  flux: /^(?:reconcile .*|create .*|bootstrap .*|install)$/,
};

/** Whether a command puts something in place where it is pointed at; one that is a dry run does not. */
export function deploys({ tool, verb, flags }: DeployCommand): boolean {
  const dryRun = flags.get("dry-run");
  if (dryRun !== undefined && dryRun !== "none" && dryRun !== "false") return false;
  if (flags.has("help") || flags.get("local") === true || flags.get("export") === true) return false;
  return DEPLOYING[tool].test(verb);
}
