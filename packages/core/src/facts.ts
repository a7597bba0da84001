import type { AnnotationName } from "./annotations.ts";
import type { EditKind, FileStatus } from "./change.ts";
import type {
  DeployCommandFact,
  DynamicRoutesFact,
  HealthCheckFact,
  RouteFact,
  RoutePrefixFact,
} from "./code-facts.ts";
import type { FactBase } from "./fact-base.ts";
import type {
  CanaryFact,
  ImageBuildFact,
  KustomizationFact,
  NotificationFact,
  ResourceFact,
  TriggerFact,
} from "./kubernetes-facts.ts";
import type { BaseMigration, MigrationFact } from "./migration-facts.ts";
import type { ModuleFact, PackageFact, TsconfigFact } from "./module-facts.ts";
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
