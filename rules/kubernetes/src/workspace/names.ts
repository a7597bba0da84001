import { type FactIndex, type Location, nearestWord, type WorkspaceSettings } from "@yantra-lint/core";
import { groupOf } from "../language/kinds.ts";
import { append } from "./renderings.ts";
import { isUnderstood } from "./understood.ts";

/** A name that exists, and where it is defined. */
export interface Definition {
  kind: string;
  name: string;
  namespace: string | undefined;
  location: Location;
  /** Keys of a ConfigMap or Secret; undefined when they are not all known. */
  keys: readonly string[] | undefined;
}

/** Objects that every namespace has (Kubernetes, RootCAConfigMap; OpenShift and Istio add theirs). */
const WELL_KNOWN: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"],
  Service: ["kubernetes"],
};

/** All names that manifests of a repository define, whatever makes them. */
export class Names {
  readonly #byKind = new Map<string, Definition[]>();
  readonly #byName = new Map<string, Definition[]>();
  readonly #affixes: readonly { prefix: string; suffix: string }[];
  readonly #operated: readonly string[];
  readonly #external: WorkspaceSettings["external"];

  constructor(facts: FactIndex, settings: WorkspaceSettings) {
    this.#external = settings.external;
    for (const resource of facts.of("resource")) {
      const { kind, name, namespace, keys, provides = [] } = resource;
      const location = locationOf(resource);
      if (name !== "") this.#add({ kind, name, namespace, location, keys });
      for (const made of provides) this.#add({ ...made, namespace, location, keys: undefined });
    }
    for (const kustomization of facts.of("kustomization")) {
      for (const { kind, name } of kustomization.generated) {
        this.#add({ kind, name, namespace: undefined, location: locationOf(kustomization), keys: undefined });
      }
    }
    this.#affixes = facts
      .of("kustomization")
      .map(({ namePrefix, nameSuffix }) => ({ prefix: namePrefix, suffix: nameSuffix }))
      .filter(({ prefix, suffix }) => prefix !== "" || suffix !== "");
    this.#operated = facts
      .of("resource")

      .filter(({ apiVersion, kind, name }) => name !== "" && !isUnderstood(groupOf(apiVersion), kind))
      .map(({ name }) => name);
  }

  #add(definition: Definition): void {
    append(this.#byKind, definition.kind, definition);
    append(this.#byName, `${definition.kind}/${definition.name}`, definition);
  }

  /** Every definition of a name, in whatever directory and namespace. */
  definitions(kind: string, name: string): readonly Definition[] {
    return this.#byName.get(`${kind}/${name}`) ?? [];
  }

  /**
   * Whether a name is defined in the repository, known to every cluster, said to exist outside, or probably
   * made by an operator, which names what it makes after its resource.
   */
  exists(kind: string, name: string, namespace: string | undefined): boolean {
    const candidates = [name, ...this.#bareNames(name)];
    return (
      candidates.some((candidate) => this.definitions(kind, candidate).length > 0) ||
      (WELL_KNOWN[kind]?.includes(name) ?? false) ||
      this.#operated.some(
        (owner) => name === owner || name.startsWith(`${owner}-`) || name.startsWith(`${owner}.`),
      ) ||
      this.isExternal(kind, name, namespace)
    );
  }

  /** Whether the configuration says that it exists outside of the repository. */
  isExternal(kind: string, name: string, namespace: string | undefined): boolean {
    return (this.#external[kind] ?? []).some((pattern) => {
      const slash = pattern.indexOf("/");
      if (slash < 0) return matches(pattern, name);
      return (
        matches(pattern.slice(slash + 1), name) &&
        (namespace === undefined || matches(pattern.slice(0, slash), namespace))
      );
    });
  }

  /** The definition whose name was probably meant, among those that `accept` lets through. */
  nearest(kind: string, name: string, accept: (definition: Definition) => boolean): Definition | undefined {
    const accepted = (this.#byKind.get(kind) ?? []).filter(accept);
    const word = meantWord(
      name,
      accepted.map((definition) => definition.name),
    );
    return accepted.find((definition) => definition.name === word);
  }

  /** A name without the prefixes and suffixes that kustomizations add. */
  #bareNames(name: string): string[] {
    return this.#affixes
      .filter(({ prefix, suffix }) => name.startsWith(prefix) && name.endsWith(suffix))
      .map(({ prefix, suffix }) => name.slice(prefix.length, name.length - suffix.length));
  }
}

/**
 * The word that was probably meant by another: at most two letters differ in long ones, one in short ones, or
 * two are swapped; and not digits only (`config-1` and `config-2` are two names).
 */
export function meantWord(word: string, candidates: readonly string[]): string | undefined {
  const others = candidates.filter((other) => other.replace(/\d/g, "") !== word.replace(/\d/g, ""));
  const swapped = others.filter((other) => sortedLetters(other) === sortedLetters(word));
  return nearestWord(word, others, word.length >= 9 ? 2 : 1) ?? nearestWord(word, swapped, 2);
}

function sortedLetters(word: string): string {
  return Array.from(word).sort().join("");
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}

/** A fact's place alone, without its data. */
export function locationOf({ path, startLine, startColumn, endLine, endColumn }: Location): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}
