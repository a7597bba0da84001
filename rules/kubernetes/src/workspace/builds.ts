import type { FactIndex } from "@yantra-lint/core";
import { append } from "./renderings.ts";

/** The images that tools build and put into the manifests of a repository. */
export class Builds {
  /** Folders, with `/` at the end, in whose manifests a built image's name is one of these. */
  readonly #foldersByImage = new Map<string, string[]>();

  constructor(facts: FactIndex) {
    const includers = new Map<string, string[]>();
    for (const { path, includes = [] } of facts.of("imageBuild")) {
      for (const included of includes) append(includers, included, path);
    }
    for (const { path, image } of facts.of("imageBuild")) {
      if (image === undefined) continue;
      // What a configuration includes is deployed with it, so its manifests may stand beside either.
      const configurations = new Set([path]);
      for (const each of configurations)
        for (const includer of includers.get(each) ?? []) configurations.add(includer);
      for (const each of configurations)
        append(this.#foldersByImage, image, each.slice(0, each.lastIndexOf("/") + 1));
    }
  }

  /** Whether a manifest's image is one that is built for it. `image`: the name without tag. */
  has(image: string, manifest: string): boolean {
    return (this.#foldersByImage.get(image) ?? []).some((folder) => manifest.startsWith(folder));
  }
}
