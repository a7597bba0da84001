import type { Recognition } from "./discover.ts";

/**
 * What runs over one repository share while nothing is written to it: which files there are on disk, and what became
 * of those that no overlay replaces. The base is the work tree but for a few files, which are then all that is read.
 */
export class RunMemory {
  /** What `Tree.list` begins with. */
  disk: readonly string[] | undefined;
  readonly #recognitions = new Map<string, { recognition: Recognition; neighbours: ReadonlySet<string> }>();

  /** What was remembered of a file, unless one of the neighbours that were asked for is `replaced`. */
  get(file: string, replaced: (path: string) => boolean): Recognition | undefined {
    const known = this.#recognitions.get(file);
    if (!known || replaced(file)) return undefined;
    for (const neighbour of known.neighbours) if (replaced(neighbour)) return undefined;
    return known.recognition;
  }

  /** Remembers a file's recognition and the neighbours that it depends on, if all of it is as on disk. */
  set(
    file: string,
    recognition: Recognition,
    neighbours: ReadonlySet<string>,
    replaced: (path: string) => boolean,
  ): void {
    if (replaced(file)) return;
    for (const neighbour of neighbours) if (replaced(neighbour)) return;
    this.#recognitions.set(file, { recognition, neighbours });
  }
}
