import path from "node:path";
import type { AnyPack } from "@yantra-lint/core";
import { findRoot, LiveWorkspace } from "@yantra-lint/workspace";

/** The live workspaces of the files that ESLint hands us, one a root, found once for each directory. */
export class Workspaces {
  readonly #packs: readonly AnyPack[];
  readonly #byDirectory = new Map<string, LiveWorkspace | undefined>();
  readonly #byRoot = new Map<string, LiveWorkspace>();

  constructor(packs: readonly AnyPack[]) {
    this.#packs = packs;
  }

  /** The workspace of a file, or undefined when the path is none on disk (such as `<input>`). */
  of(file: string): LiveWorkspace | undefined {
    if (!path.isAbsolute(file)) return undefined;
    const directory = path.dirname(file);
    if (this.#byDirectory.has(directory)) return this.#byDirectory.get(directory);
    const workspace = this.#find(directory);
    this.#byDirectory.set(directory, workspace);
    return workspace;
  }

  #find(directory: string): LiveWorkspace | undefined {
    let root;
    try {
      root = findRoot(directory, process.cwd());
    } catch {
      // A buffer in a folder that does not exist yet belongs to no workspace.
      return undefined;
    }
    const known = this.#byRoot.get(root.directory);
    if (known) return known;
    const workspace = new LiveWorkspace(root, this.#packs);
    this.#byRoot.set(root.directory, workspace);
    return workspace;
  }
}
