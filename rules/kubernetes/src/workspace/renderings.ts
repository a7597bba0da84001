import { posix } from "node:path";
import type { FactIndex, KustomizationFact } from "@yantra-lint/core";

/** What `kustomize build` of one directory brings together. */
export interface Rendering {
  kustomization: KustomizationFact;
  /** Paths of the files it reads: resources and patches, bases and components included. */
  files: ReadonlySet<string>;
  /** It and the kustomizations it builds on, components included. */
  parts: readonly KustomizationFact[];
  /** Parts of it may come from elsewhere or be made by plugins: absence then proves nothing. */
  open: boolean;
}

/** The renderings of a repository, one for each kustomization. */
export class Renderings {
  readonly all: readonly Rendering[];
  readonly #byFile = new Map<string, Rendering[]>();

  constructor(facts: FactIndex) {
    const byDirectory = new Map(facts.of("kustomization").map((fact) => [posix.dirname(fact.path), fact]));
    this.all = facts.of("kustomization").map((fact) => render(fact, byDirectory, facts.paths));
    for (const rendering of this.all) {
      for (const file of rendering.files) append(this.#byFile, file, rendering);
    }
  }

  /** The renderings that a file is part of. */
  of(path: string): readonly Rendering[] {
    return this.#byFile.get(path) ?? [];
  }
}

function render(
  kustomization: KustomizationFact,
  byDirectory: ReadonlyMap<string, KustomizationFact>,
  paths: ReadonlySet<string>,
): Rendering {
  const files = new Set<string>();
  const parts = new Set<KustomizationFact>();
  let open = false;
  const visit = (part: KustomizationFact): void => {
    if (parts.has(part)) return;
    parts.add(part);
    files.add(part.path);
    if (part.remote || part.opaque) open = true;
    for (const source of [...part.resources, ...part.components, ...part.patches]) {
      const base = byDirectory.get(source === "" ? "." : source);
      if (base) visit(base);
      else files.add(source);
      // A resource without any fact was not read: a template, a broken file, a path outside of the repository.
      if (!base && !paths.has(source) && !part.patches.includes(source)) open = true;
    }
  };
  visit(kustomization);
  return { kustomization, files, parts: [...parts], open };
}

/** Adds a value to a key's list. */
export function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
