import path from "node:path";
import type { AnyPack } from "@yantra-lint/core";
import { ConfigError, findRoot, LiveWorkspace, type Root } from "@yantra-lint/workspace";

/**
 * How long a directory's root is taken as known, in milliseconds: a `yantra.config` or a `git init` may come while
 * the editor is open. Finding a root starts git, so that never takes more than a hundredth of the time.
 */
const KNOWN_FOR = 2000;
const SHARE = 100;

interface Directory {
  workspace: LiveWorkspace | undefined;
  knownUntil: number;
}

/** The live workspaces of the files that ESLint hands us, one a root. */
export class Workspaces {
  readonly #packs: readonly AnyPack[];
  readonly #now: () => number;
  readonly #directories = new Map<string, Directory>();

  /** `now` is a clock in milliseconds. */
  constructor(packs: readonly AnyPack[], now: () => number = () => performance.now()) {
    this.#packs = packs;
    this.#now = now;
  }

  /**
   * The workspace of a file, or undefined when the path is none on disk (such as `<input>`).
   * @throws ConfigError when the first configuration that is seen is faulty
   */
  of(file: string): LiveWorkspace | undefined {
    if (!path.isAbsolute(file)) return undefined;
    const directory = path.dirname(file);
    const known = this.#directories.get(directory);
    const start = this.#now();
    if (known && start < known.knownUntil) return known.workspace;
    const workspace = this.#find(directory, known?.workspace);
    const end = this.#now();
    const knownUntil = end + Math.max(KNOWN_FOR, (end - start) * SHARE);
    this.#directories.set(directory, { workspace, knownUntil });
    return workspace;
  }

  #find(directory: string, before: LiveWorkspace | undefined): LiveWorkspace | undefined {
    let root: Root;
    try {
      root = findRoot(directory, process.cwd());
    } catch {
      // A buffer in a folder that does not exist yet belongs to no workspace.
      return undefined;
    }
    if (before && isSame(before.root, root)) return before;
    for (const { workspace } of this.#directories.values())
      if (workspace && isSame(workspace.root, root)) return workspace;
    return this.#open(root, before);
  }

  /** A faulty configuration that comes while the editor is open is passed by until it is right. */
  #open(root: Root, before: LiveWorkspace | undefined): LiveWorkspace {
    let workspace: LiveWorkspace;
    try {
      workspace = new LiveWorkspace(root, this.#packs);
    } catch (error) {
      if (before && error instanceof ConfigError) return before;
      throw error;
    }
    // All that was known of the same folder under another root is out of date, also where nobody asks again.
    for (const [directory, { workspace: other }] of this.#directories)
      if (other?.root.directory === root.directory) this.#directories.delete(directory);
    return workspace;
  }
}

function isSame(a: Root, b: Root): boolean {
  return a.directory === b.directory && a.config === b.config && a.git === b.git && a.lone === b.lone;
}
