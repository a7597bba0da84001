import type { ImageBuildFact, Lines } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { inRoot } from "./kustomization.ts";
import { regionAt } from "./regions.ts";

/**
 * The images that a skaffold.yaml builds and puts into the manifests, itself or in a profile, and the configurations
 * that it includes (skaffold.dev, skaffold.yaml reference: `build.artifacts`, `profiles[].build`,
 * `profiles[].patches`, `requires`). `directory` is that of its file, relative to the root.
 */
export function skaffoldFacts(resource: Resource, lines: Lines, directory: string): ImageBuildFact[] {
  const { group, kind, place } = resource;
  if (group !== "skaffold" || kind !== "Config") return [];
  const profiles = place.find("profiles")?.items() ?? [];
  const images = [
    ...[place, ...profiles].flatMap((holder) => imagesOf(holder.find("build.artifacts"))),
    ...profiles.flatMap((profile) => (profile.find("patches")?.items() ?? []).flatMap(patchedImages)),
  ];
  const facts = images.flatMap((image): ImageBuildFact[] =>
    image.text === undefined
      ? []
      : [{ type: "imageBuild", path: "", ...regionAt(lines, image), tool: "skaffold", image: image.text }],
  );
  const requires = place.find("requires");
  const includes = (requires?.items() ?? []).flatMap((entry) => includedPath(entry, directory));
  if (!requires || includes.length === 0) return facts;
  return [
    ...facts,
    { type: "imageBuild", path: "", ...regionAt(lines, requires), tool: "skaffold", includes },
  ];
}

function imagesOf(artifacts: Place | undefined): Place[] {
  return (artifacts?.items() ?? []).flatMap((artifact) => artifact.find("image") ?? []);
}

/** The images that an operation of a JSON patch puts among the artifacts: one's name, one, or all of them. */
function patchedImages(patch: Place): Place[] {
  const target = /^\/build\/artifacts(?:\/(?:-|\d+))?(\/image)?$/.exec(patch.find("path")?.text ?? "");
  const value = patch.find("value");
  if (!target || !value) return [];
  if (target[1] !== undefined) return [value];
  if (value.kind === "sequence") return imagesOf(value);
  const image = value.find("image");
  return image ? [image] : [];
}

/** The file that an entry of `requires` names; a directory stands for the skaffold.yaml in it. */
function includedPath(entry: Place, directory: string): string[] {
  const path = entry.find("path")?.text;
  if (path === undefined || entry.find("git")) return [];
  const file = inRoot(directory, path);
  return [/\.ya?ml$/.test(file) ? file : `${file}/skaffold.yaml`];
}
