import type { AnnotationName } from "./annotations.ts";
import type { EditKind, FileStatus } from "./change.ts";
import type { FactBase } from "./fact-base.ts";
import type { Operation } from "./operations.ts";
import type { Region } from "./positions.ts";
import type { EntityFact, OutcomeFact, QueryFact, TagFact } from "./query-facts.ts";

/** A comment that hides findings (`eslint-disable…`) or ends such hiding (`eslint-enable`). */
export interface SuppressionFact extends FactBase<"suppression"> {
  directive: "disable" | "disable-line" | "disable-next-line" | "enable";
  /** Names of our rules; empty when the comment names none. */
  rules: string[];
  /** Other names in it: of other plugins' rules, or of ours without their prefix. */
  foreign: string[];
  reason: string;
}

/** A valid annotation (see annotations.ts). */
export interface AnnotationFact extends FactBase<"annotation"> {
  name: AnnotationName;
  value: string;
  options: Record<string, string>;
  reason: string;
}

export type Dialect = "postgresql" | "mysql" | "mariadb" | "sqlite" | "clickhouse" | "unknown";

/**
 * A migration: a file, or the up or down section of one. Its region is its first statement.
 */
export interface MigrationFact extends FactBase<"migration"> {
  runner: string;
  /** Migrations of one stream run in one order against one database. */
  stream: string;
  version: string;
  direction: "up" | "down";
  operations: Operation[];
  /** Equal for equal statements, comments, white space and the case of keywords aside. Absent: unknown. */
  digest?: string;
  /** What the comments say where there is no statement: why a way down is empty. Absent: no comment. */
  comment?: string;
}

/** What a migration was at the base. */
export type BaseMigration = Pick<MigrationFact, "runner" | "stream" | "version" | "direction" | "digest">;

/**
 * A file that the change adds, edits, renames or deletes. The engine makes these facts, one for each such file, when
 * there is a base; without one there are none. `path` is the file's in the new version, or the old one's when it is
 * gone. Region: the first line of the new version that differs, whole; 1:1 to 1:1 when the file is gone.
 */
export interface ChangedFileFact extends FactBase<"changedFile"> {
  status: FileStatus;
  /** The path at the base, of a file that was renamed. */
  previousPath?: string;
  /** `kind` of what the pack's `compare` gives; `unknown` when no pack understands the file. */
  edit: EditKind;
  /** The base's commit, as it stands in commands for the user; short is enough. */
  base: string;
  /** The migrations that the base's version declares (its MigrationFacts); empty for any other file. */
  migrations: BaseMigration[];
  /** The routes that the base's version declares; absent when it declares none. */
  routes?: Pick<RouteFact, "method" | "routePath">[];
}

/** A name in a manifest that must exist elsewhere. Region: the name's value. */
export interface ReferenceFact extends Region {
  kind: string;
  name: string;
  namespace?: string;
  /** Key inside a ConfigMap or Secret. */
  key?: string;
  /** `optional: true` in the manifest: the pod starts without it. */
  optional: boolean;
  /** Where it stands, for messages: `spec.template.spec.containers[0].envFrom[0]`. */
  at: string;
}

export interface HttpProbeFact extends Region {
  probe: "startup" | "readiness" | "liveness";
  /** Path without query; region is the path's value (or the httpGet key when the path is left out: "/"). */
  httpPath: string;
  port: string | number;
}

/** A container of a pod template. Region: the value of its `name`. */
export interface ContainerFact extends Region {
  name: string;
  /** Empty when there is none or it is not a text, as in a patch. */
  image: string;
  /** Region of the image's value, quotes excluded; absent when `image` is empty. */
  imageRegion?: Region;
  init: boolean;
  ports: { name?: string; port: number }[];
  httpProbes: HttpProbeFact[];
}

/**
 * How a workload's pods are replaced, as its manifest says it. Region: the value that decides, or the key that
 * should hold it.
 */
export interface UpdateFact extends Region {
  /** Such as `RollingUpdate`, `Recreate`, `OnDelete`, `canary`; empty for a Rollout without any. */
  strategy: string;
  /** Absent when the manifest leaves it to an autoscaler or to the default. */
  replicas?: number;
  /** As written: a whole number or a percentage. */
  maxUnavailable?: number | string;
  maxSurge?: number | string;
  /** Two of its pods may not be able to run beside each other: they share a volume, or a port or device of their node. */
  exclusive: boolean;
}

/** A Kubernetes resource. Region: the value of `metadata.name`, or of `kind` when it has none. */
export interface ResourceFact extends FactBase<"resource"> {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  /** False when parts could not be read (templates, unresolved aliases): absence then proves nothing. */
  complete: boolean;
  labels: Record<string, string>;
  /** Labels of the pods it makes; absent when it makes none. */
  podLabels?: Record<string, string>;
  /** A Service's `spec.selector`, or a workload's `spec.selector.matchLabels`; region is the selector's. */
  selector?: { labels: Record<string, string> } & Region;
  /** Keys of a ConfigMap's or Secret's data; absent when something else may add keys. */
  keys?: string[];
  /** What a controller makes from it: a Secret from a SealedSecret, a Service from a Flagger Canary. */
  provides?: { kind: string; name: string }[];
  /** How its pods are updated; absent when it says nothing of it, and for what is updated by nobody. */
  update?: UpdateFact;
  references: ReferenceFact[];
  containers: ContainerFact[];
}

/**
 * A kustomization file. Its generators and name changes decide which names exist after rendering.
 */
export interface KustomizationFact extends FactBase<"kustomization"> {
  /** Paths relative to the repository's root. */
  resources: string[];
  /** Resources from other repositories or URLs: what they hold is unknown. */
  remote: boolean;
  namespace?: string;
  namePrefix: string;
  nameSuffix: string;
  /** Names of ConfigMaps and Secrets that generators make. */
  generated: { kind: "ConfigMap" | "Secret"; name: string }[];
  /** Components it mixes in; paths as in `resources`. A component's changes reach all of its resources. */
  components: string[];
  /** Patch files; paths as in `resources`. */
  patches: string[];
  /** Entries of `images`; region: the value of `newTag` or `digest`, or of `name` without either. */
  images: ({ name: string; newName?: string; newTag?: string; digest?: string } & Region)[];
  /** Labels it adds to resources, pods or selectors. */
  labels: Record<string, string>;
  /** Plugins, Helm charts or inline patches that may add or rename anything: absence then proves nothing. */
  opaque: boolean;
}

/** A positive label matcher of a trigger's query that may name a workload. */
export interface TriggerMatcher {
  /** Such as `service`, `pod`, `namespace`; `__name__` with how a metric's name begins (`grafana_.*`). */
  label: string;
  value: string;
  /** The value is a regular expression (`=~`) or has `*`. */
  pattern: boolean;
}

/**
 * What would roll a workload back or raise an alarm: an AnalysisTemplate, a Canary of Flagger, an alert of a
 * PrometheusRule or of a rule file, a monitor. Region: its name's value.
 */
export interface TriggerFact extends FactBase<"trigger"> {
  /** The resource's kind; `alert` in Prometheus' own rule files, `Datadog monitor` in the JSON of its API. */
  kind: string;
  /** The resource's, or that of the one alert among its rules. */
  name: string;
  namespace?: string;
  /** `rollback`: a controller acts on it by itself, for those that refer to it; `alarm`: it tells somebody. */
  effect: "rollback" | "alarm";
  /** What its queries speak of; without the exporter's own `job`. */
  matchers: TriggerMatcher[];
  /** It compares requests, errors or latency of every service: it groups by such a label and picks none. */
  every: boolean;
  /** The workload it is for, by name: a Canary's `targetRef`. */
  target?: { kind: string; name: string };
  /** Seconds that an analysis from the template takes when it passes; `endless`: until it is stopped. Absent: not known. */
  lasts?: number | "endless";
}

/** A stretch of a canary. Region: the value that holds it there (a pause's duration, an analysis). */
export interface CanaryStep extends Region {
  /** The share of the requests that the new version has, in percent; 0 when it is tested without users. */
  weight: number;
  /** Seconds it stays by itself; `human`: until somebody promotes it. Analyses come on top. */
  holds: number | "human" | "unknown";
  /** Templates whose analyses must end before it goes on. */
  analyses: { kind: string; name: string }[];
}

/**
 * How a controller gives a new version its requests: the canary strategy of a Rollout, a Canary of Flagger. Region:
 * the key or value that says its pace (`steps`, `interval`).
 */
export interface CanaryFact extends FactBase<"canary"> {
  kind: string;
  name: string;
  namespace?: string;
  /** From the first that sends requests on; never empty. */
  steps: CanaryStep[];
  /** An analysis runs beside the steps, and rolls back at any of them. */
  watched: boolean;
  /** Seconds between the checks of a Canary of Flagger, which alone pace its steps. */
  interval?: number;
}

/**
 * Somebody is told how deployments of something end: a subscription, an alert of Flagger or Flux. Region: what says
 * so.
 */
export interface NotificationFact extends FactBase<"notification"> {
  /** What is deployed: `Rollout`, `Canary`, `Application`, `HelmRelease`, `Kustomization`. */
  kind: string;
  /** `*`: all of the kind. */
  name: string;
  namespace?: string;
  success: boolean;
  failure: boolean;
}

/**
 * An image that a tool builds and puts into manifests at deployment (an artifact of `skaffold.yaml`). The tag
 * written in manifests below its directory is then only a name.
 */
export interface ImageBuildFact extends FactBase<"imageBuild"> {
  tool: string;
  image: string;
}

/** An HTTP route that code declares. */
export interface RouteFact extends FactBase<"route"> {
  framework: string;
  /** Upper case, or "*" for any. */
  method: string;
  /** Parameters as `:name`, a rest as `*`; begins with `/`. */
  routePath: string;
  /** False when a prefix may stand before the path (a router mounted elsewhere). */
  complete: boolean;
  /** What answers is a page for people, not an endpoint. */
  page?: true;
  /** What answers uses; absent where that cannot be seen. Of a health check its last handler only. */
  handler?: HandlerUses;
}

/** Routes or prefixes exist in this file that could not be read: absence of a route then proves nothing. */
export interface DynamicRoutesFact extends FactBase<"dynamicRoutes"> {
  framework: string;
  why: string;
}

/**
 * A prefix under which routes that other files of the package declare may stand: a router of another file is
 * mounted there, or (NestJS' `setGlobalPrefix`; "" for an application made without it) it stands before all.
 * It tells how an incomplete route's path may begin.
 */
export interface RoutePrefixFact extends FactBase<"routePrefix"> {
  framework: string;
  prefix: string;
  /** Route paths that go without the prefix. */
  except: string[];
  /** The specifier of the module whose router is mounted there, when it is an import's. */
  module?: string;
}

/** What code takes from another module: the specifier as written, and an export's name, members behind dots. */
export interface Use {
  specifier: string;
  /** `default` for a default import, a namespace or a whole module. */
  name: string;
}

/** What a route's handler uses of other modules, directly and through functions of its own file. */
export interface HandlerUses {
  uses: Use[];
  /** It may reach more than the file shows: what it does not use proves nothing. */
  opaque: boolean;
  /** It opens a connection itself, or asks an object that it is given or a state that other code keeps. */
  asks: boolean;
}

/** A health check that code declares: what stands below a `@yantra-health`. Region: the annotation's. */
export interface HealthCheckFact extends FactBase<"healthCheck"> {
  /** It speaks for the routes below. */
  prefix: string;
  /** Dependencies that it says it checks. */
  checks: string[];
  /** What it uses of other modules, directly and through functions of its own file. */
  uses: Use[];
  /** It may reach more than the file shows (`fetch`, an object it is given): what it does not use proves nothing. */
  opaque: boolean;
}

/**
 * A command that puts something in place on a cluster or in a cloud, given by code or by a script of a `package.json`;
 * dry runs and what is plainly local are left out. Region: the command, or the expression that makes it.
 */
export interface DeployCommandFact extends FactBase<"deployCommand"> {
  /** `kubectl`, `helm`, `terraform` … */
  tool: string;
  /** The tool and its subcommand, for messages: `kubectl set image`. */
  call: string;
  /** The script's name in a `package.json`. */
  script?: string;
}

/** A package of the repository (`package.json`): its directory and the name its image probably bears. */
export interface PackageFact extends FactBase<"package"> {
  name: string;
  /** Directory relative to the root, "" for the root itself. */
  directory: string;
  /** Names of the packages it depends on at run time, those of the repository among them. */
  dependencies: string[];
  /**
   * Files that its name leads to, by subpath (`.`, `./utils`, `./*`), as written in `exports`, `main`, `module`
   * or `types`; several: conditions, in their order. Relative to the directory.
   */
  entries?: Record<string, string[]>;
  /** Its `imports`: private specifiers that begin with `#`. */
  imports?: Record<string, string[]>;
}

/** What a module of code takes from another. Region: the specifier. */
export interface ModuleImport extends Region {
  specifier: string;
  form: "static" | "dynamic" | "require";
  /** Gone after compilation: `import type`, or every name marked `type`. */
  typeOnly: boolean;
  /** Names as the other module exports them (`default` too); "all": a namespace, or it cannot be told. */
  names: string[] | "all";
}

/** A name that a module exports. `*` without a name of its own stands for `export * from`. */
export interface ModuleExport {
  name: string;
  /** Where it comes from, when it is handed on; `name` `*` there: the whole namespace. */
  from?: { specifier: string; name: string };
  typeOnly: boolean;
}

/** A module of TypeScript or JavaScript. Imports that re-exports need are in `exports` only. */
export interface ModuleFact extends FactBase<"module"> {
  imports: ModuleImport[];
  exports: ModuleExport[];
  /** It may open connections without importing anything: `fetch`, `WebSocket`. */
  connects?: true;
  /** It may keep a state that code elsewhere changes: what it says is then no constant. */
  keepsState?: true;
}

/** What a tsconfig says of how specifiers are resolved. Paths and patterns as written, relative to its directory. */
export interface TsconfigFact extends FactBase<"tsconfig"> {
  directory: string;
  extends: string[];
  baseUrl?: string;
  paths?: Record<string, string[]>;
  /** `outDir` and `rootDir`: how `dist/x.js` leads back to `src/x.ts`. */
  outDir?: string;
  rootDir?: string;
}

/** Something the pack wants to tell the user about the file (see Notice). */
export interface NoticeFact extends FactBase<"notice"> {
  id: string;
  message: string;
  /** Nothing in the file was checked. */
  unread?: boolean;
}

export type Fact =
  | SuppressionFact
  | AnnotationFact
  | MigrationFact
  | ResourceFact
  | KustomizationFact
  | ImageBuildFact
  | RouteFact
  | DynamicRoutesFact
  | RoutePrefixFact
  | HealthCheckFact
  | DeployCommandFact
  | PackageFact
  | ModuleFact
  | TsconfigFact
  | ChangedFileFact
  | QueryFact
  | EntityFact
  | OutcomeFact
  | TagFact
  | TriggerFact
  | CanaryFact
  | NotificationFact
  | NoticeFact;
export type FactType = Fact["type"];
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;

/** All facts of a repository, by type and by path. */
export class FactIndex {
  readonly #byType = new Map<FactType, Fact[]>();
  readonly #paths = new Set<string>();

  constructor(facts: Iterable<Fact>) {
    for (const fact of facts) {
      this.#paths.add(fact.path);
      const list = this.#byType.get(fact.type);
      if (list) list.push(fact);
      else this.#byType.set(fact.type, [fact]);
    }
  }

  /** Facts of one type, in the order of their paths and places. */
  of<T extends FactType>(type: T): readonly FactOf<T>[] {
    return (this.#byType.get(type) ?? []) as FactOf<T>[];
  }

  /** Paths that have any fact. */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }
}
