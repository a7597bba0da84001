import type { CandidateFile } from "@yantra-lint/core";
import { isKustomization, type NamedFiles, namedFiles } from "./facts/kustomization.ts";
import { KubernetesSourceCode, parseFile } from "./language/source-code.ts";

/** The names of a kustomization's file (kustomize, api/konfig, RecognizedKustomizationFileNames). */
const NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;
/** What a kustomization must speak of to name any file that is no resource. */
const SPEAKS_OF_PARTS = /\b(?:patches|configurations|replacements)/;

/**
 * Whether a kustomization names a file as a patch, and none that has patches names it as a resource. kustomize reads no
 * file outside of the kustomization's directory (api/internal/loader/loadrestrictions.go, RestrictionRootOnly), so it
 * stands beside the file or in a folder above.
 */
export function isPatchFile(file: CandidateFile): boolean {
  const { path } = file;
  const base = path.slice(path.lastIndexOf("/") + 1);
  let named = false;
  for (let end = path.lastIndexOf("/"); ; end = path.lastIndexOf("/", end - 1)) {
    const folder = end < 0 ? "" : path.slice(0, end);
    for (const { resources, parts } of kustomizationsIn(file, folder, base)) {
      if (resources.has(path)) return false;
      named ||= parts.has(path);
    }
    if (end <= 0) return named;
  }
}

/** What the kustomizations of a folder name. `base`: the name of the file that is looked for. */
function kustomizationsIn(file: CandidateFile, folder: string, base: string): readonly NamedFiles[] {
  const known = file.memo?.get(NAMES) ?? new Map<string, unknown>();
  file.memo?.set(NAMES, known);
  const remembered = known.get(folder);
  if (remembered instanceof Named) return remembered.files;
  const files = NAMES.flatMap((name) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    const text = file.neighbour(path);
    if (text === undefined || !SPEAKS_OF_PARTS.test(text)) return [];
    // Where nothing is remembered, one that does not have the file's name need not be parsed.
    if (!file.memo && !text.includes(base)) return [];
    return new KubernetesSourceCode(parseFile(path, text)).resources
      .filter(isKustomization)
      .map((resource) => namedFiles(resource, folder));
  });
  known.set(folder, new Named(files));
  return files;
}

/** What is remembered of a folder. */
class Named {
  readonly files: readonly NamedFiles[];

  constructor(files: readonly NamedFiles[]) {
    this.files = files;
  }
}
