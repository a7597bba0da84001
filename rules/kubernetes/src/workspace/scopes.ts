import { posix } from "node:path";
import type { FactIndex, ResourceFact } from "@yantra-lint/core";
import { groupOf } from "../language/kinds.ts";
import { append, Renderings } from "./renderings.ts";
import { isUnderstood } from "./understood.ts";

/** The manifests that are deployed together with one file, as far as a repository shows it. */
export interface Scope {
  resources: readonly ResourceFact[];
  /** Paths of its files, kustomizations included. */
  paths: ReadonlySet<string>;
  /**
   * Whether everything that may be deployed with the file was read and understood: no template, no remote base,
   * no resource of a controller that may make anything. Only then does absence mean something.
   */
  closed: boolean;
}

/**
 * Divides a repository into scopes: a file's own directory (what `kubectl apply -f` takes) together with
 * everything that a kustomization renders with it. Directories that have nothing to do with each other, such as
 * examples, stay apart.
 */
export class Scopes {
  readonly renderings: Renderings;
  readonly #byPath = new Map<string, ResourceFact[]>();
  readonly #pathsByDirectory = new Map<string, string[]>();
  readonly #unread: readonly string[];
  readonly #cache = new Map<string, Scope>();

  constructor(facts: FactIndex) {
    this.renderings = new Renderings(facts);
    for (const resource of facts.of("resource")) {
      append(this.#byPath, resource.path, resource);
    }
    for (const path of this.#byPath.keys()) append(this.#pathsByDirectory, posix.dirname(path), path);
    this.#unread = facts
      .of("notice")
      .filter(({ id }) => UNREAD.test(id))
      .map(({ path }) => path);
  }

  /** The scope of a file. */
  of(path: string): Scope {
    const renderings = this.renderings.of(path);
    // Files of one directory that the same kustomizations render have one scope.
    const key = JSON.stringify([
      posix.dirname(path),
      this.#byPath.has(path) ? "" : path,
      ...renderings.map(({ kustomization }) => kustomization.path),
    ]);
    const known = this.#cache.get(key);
    if (known) return known;
    const paths = new Set([...(this.#pathsByDirectory.get(posix.dirname(path)) ?? []), path]);
    for (const { files } of renderings) for (const file of files) paths.add(file);
    const resources = [...paths].flatMap((file) => this.#byPath.get(file) ?? []);
    const closed =
      !renderings.some(({ open }) => open) &&
      !this.#unread.some((unread) => isNear(unread, path)) &&
      resources.every(
        ({ apiVersion, kind, complete }) => complete && isUnderstood(groupOf(apiVersion), kind),
      );
    const scope = { resources, paths, closed };
    this.#cache.set(key, scope);
    return scope;
  }
}

const UNREAD = /^(?:helm-template|manifest-too-large|manifest-too-deep)$/;

/** Whether a file that was not read may belong to the same application: in the same first folder, or one of both at the root. */
function isNear(unread: string, path: string): boolean {
  const [first = "", ...rest] = unread.split("/");
  const [other = "", ...otherRest] = path.split("/");
  return rest.length === 0 || otherRest.length === 0 || first === other;
}
