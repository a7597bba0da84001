import { posix } from "node:path";
import type { KustomizationFact, Lines } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { regionAt, regionOfRange, textMembers } from "./regions.ts";

/** Whether a resource is a kustomization or a component (sigs.k8s.io/kustomize, api/types/kustomization.go). */
export function isKustomization(resource: Resource): boolean {
  return resource.group === "kustomize.config.k8s.io" && /^(?:Kustomization|Component)$/.test(resource.kind);
}

/** What a kustomization reads, makes and changes. `directory` is that of its file, relative to the root. */
export function kustomizationFact({ place }: Resource, lines: Lines, directory: string): KustomizationFact {
  const list = (key: string): Place[] => place.find([key])?.items() ?? [];
  const texts = (key: string): string[] => list(key).flatMap((item) => item.text ?? []);
  const sources = ["resources", "bases", "components"].flatMap(texts);
  const local = (paths: string[]): string[] =>
    paths.filter((path) => !isRemote(path)).map((path) => inRoot(directory, path));
  const patches = patchesOf(place);
  const namespace = place.find("namespace")?.text;
  return {
    type: "kustomization",
    path: "",
    ...regionOfRange(lines, place.find("kind")?.range ?? place.keyRange),
    resources: local([...texts("resources"), ...texts("bases")]),
    components: local(texts("components")),
    patches: local(patches.flatMap(pathOf)),
    remote: sources.some(isRemote),
    ...(namespace === undefined ? {} : { namespace }),
    namePrefix: place.find("namePrefix")?.text ?? "",
    nameSuffix: place.find("nameSuffix")?.text ?? "",
    generated: [
      ...list("configMapGenerator").flatMap((entry) => generated("ConfigMap", entry)),
      ...list("secretGenerator").flatMap((entry) => generated("Secret", entry)),
    ],
    images: list("images").flatMap((entry) => imageEntry(entry, lines)),
    labels: labelsOf(place),
    opaque:
      [
        "generators",
        "transformers",
        "helmCharts",
        "helmChartInflationGenerator",
        "replacements",
        "vars",
      ].some((key) => list(key).length > 0) || patches.some(changesNamesOrLabels),
  };
}

/** A kustomization's patches, in the forms that it had over time (kustomize, api/types/kustomization.go). */
function patchesOf(place: Place): Place[] {
  const lists = ["patches", "patchesJson6902", "patchesStrategicMerge"];
  return lists.flatMap((key) => place.find([key])?.items() ?? []);
}

/** The file that an entry of a kustomization's list names, if it names one. */
function pathOf(entry: Place): string[] {
  const path = entry.find("path")?.text ?? inlineOrFile(entry);
  return path === undefined ? [] : [path];
}

/** The files that a kustomization names, relative to the root. */
export interface NamedFiles {
  /** Whole manifests, and directories of other kustomizations. */
  resources: ReadonlySet<string>;
  /** What changes resources: patches, and settings for kustomize's own transformers. */
  parts: ReadonlySet<string>;
}

/** The files that a kustomization names. `directory` is that of its file, relative to the root. */
export function namedFiles({ place }: Resource, directory: string): NamedFiles {
  const list = (key: string): Place[] => place.find([key])?.items() ?? [];
  const local = (entries: Place[]): Set<string> =>
    new Set(
      entries
        .flatMap(pathOf)
        .filter((path) => !isRemote(path))
        .map((path) => inRoot(directory, path)),
    );
  return {
    resources: local([...list("resources"), ...list("bases"), ...list("components")]),
    parts: local([...patchesOf(place), ...list("configurations"), ...list("replacements")]),
  };
}

/** A file's path relative to the root; one outside of it starts with `../` and is nobody's. */
export function inRoot(directory: string, path: string): string {
  return posix.normalize(posix.join(directory, path)).replace(/\/$/, "");
}

/**
 * A URL or a repository (kustomize, "remote targets"): a scheme, `git@`, `host.tld/…`, `?ref=` or `//`. Local
 * paths begin with a name that is no host, such as `../base`.
 */
function isRemote(path: string): boolean {
  return /^[a-z][a-z+.-]*:\/\/|^git@|^git::|[?&](?:ref|version)=|[^:]\/\/|^(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)[/:]/.test(
    path,
  );
}

function inlineOrFile(patch: Place): string | undefined {
  const text = patch.text;
  return text === undefined || text.includes("\n") ? undefined : text;
}

/** Whether an inline patch touches what references and selectors are compared with. */
function changesNamesOrLabels(patch: Place): boolean {
  const inline = patch.find("patch")?.text ?? patch.text;
  return (
    inline !== undefined &&
    /labels|selector|[Nn]ame\b.*\bvalue|\/(?:name|secretName|serviceName|image)\b/.test(inline)
  );
}

function generated(kind: "ConfigMap" | "Secret", entry: Place): KustomizationFact["generated"] {
  const name = entry.find("name")?.text;
  return name === undefined ? [] : [{ kind, name }];
}

function imageEntry(entry: Place, lines: Lines): KustomizationFact["images"] {
  const name = entry.find("name");
  if (name?.text === undefined) return [];
  const newName = entry.find("newName")?.text;
  const tag = entry.find("newTag");
  const digest = entry.find("digest");
  const newTag = tag?.written;
  return [
    {
      name: name.text,
      ...(newName === undefined ? {} : { newName }),
      ...(newTag === undefined ? {} : { newTag }),
      ...(digest?.text === undefined ? {} : { digest: digest.text }),
      ...regionAt(lines, tag ?? digest ?? name),
    },
  ];
}

/** Labels of `commonLabels` and of `labels[].pairs`. */
function labelsOf(place: Place): Record<string, string> {
  const entries = place.find("labels")?.items() ?? [];
  return Object.assign(
    textMembers(place.find("commonLabels")),
    ...entries.map((entry) => textMembers(entry.find("pairs"))),
  ) as Record<string, string>;
}
