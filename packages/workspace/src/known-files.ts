import type { AnyPack, FileKind, Notice } from "@yantra-lint/core";
import { digest } from "./cache.ts";
import { type Recognition, type RecognisedFile, UNREADABLE } from "./discover.ts";
import type { FileStamp, Tree } from "./tree.ts";

/** A file whose time of change is nearer to its reading than this may have changed since without a trace; in ms. */
const TICK = 2_000;

/** What became of a file when it was last read. */
interface KnownFile {
  stamp: FileStamp;
  notices: Notice[];
  /** Absent: no pack took it. */
  taken?: { pack: string; kind: FileKind; hasBom: boolean; digest: string };
}

/** As the cache stores it. */
export interface StoredFiles {
  /** What recognition depends on beside the files: settings, build, which files there are. */
  context: string;
  /** Files that were asked for to recognise others. */
  neighbours: Record<string, FileStamp>;
  files: Record<string, KnownFile>;
}

/**
 * What became of each file on the last run, by its size and times, so that a run over files that nobody touched reads
 * none of them. Git's index does the same, and as there a file that was changed just before it was read is read
 * again. All is forgotten when the list of files, the settings or a neighbour changes.
 */
export class KnownFiles {
  readonly #tree: Tree;
  readonly #packs: ReadonlyMap<string, AnyPack>;
  readonly #context: string;
  readonly #known: ReadonlyMap<string, KnownFile>;
  /** What the known files asked for when they were read: they do not ask again. */
  readonly #neighbours: ReadonlyMap<string, FileStamp>;
  readonly #read = new Map<string, { stamp: FileStamp; recognition: Recognition }>();
  readonly #begun = Date.now();

  /** @param context everything beside the files that recognition depends on */
  constructor(
    tree: Tree,
    packs: readonly AnyPack[],
    list: readonly string[],
    context: string,
    stored: StoredFiles | undefined,
  ) {
    this.#tree = tree;
    this.#packs = new Map(packs.map((pack) => [pack.name, pack]));
    this.#context = digest(context, list.join("\0"));
    const isValid =
      stored?.context === this.#context &&
      Object.entries(stored.neighbours).every(([path, stamp]) => isSame(this.#stampOf(path), stamp));
    this.#known = new Map(isValid ? Object.entries(stored.files) : []);
    this.#neighbours = new Map(isValid ? Object.entries(stored.neighbours) : []);
  }

  /** What became of a file, if it has not changed; else `read` is asked, and its answer remembered. */
  recognise(path: string, read: () => Recognition): Recognition {
    const stamp = this.#stampOf(path);
    const known = this.#known.get(path);
    if (known && isSame(stamp, known.stamp)) return this.#recall(path, known);
    const recognition = read();
    if (stamp) this.#read.set(path, { stamp, recognition });
    return recognition;
  }

  /** What the next run may rely on; undefined when it is what was stored. */
  toStore(): StoredFiles | undefined {
    if (this.#read.size === 0) return undefined;
    const files: StoredFiles["files"] = Object.create(null) as StoredFiles["files"];
    for (const [path, known] of this.#known) files[path] = known;
    for (const [path, { stamp, recognition }] of this.#read) {
      const { file, notices } = recognition;
      Reflect.deleteProperty(files, path);
      if (!this.#isSettled(stamp) || notices.some(({ id }) => id === UNREADABLE)) continue;
      if (!file) files[path] = { stamp, notices };
      else if (file.digest !== undefined) {
        const { pack, kind, hasBom, digest: text } = file;
        files[path] = { stamp, notices, taken: { pack: pack.name, kind, hasBom, digest: text } };
      }
    }
    const neighbours: StoredFiles["neighbours"] = Object.create(null) as StoredFiles["neighbours"];
    for (const [path, stamp] of this.#neighbours) neighbours[path] = stamp;
    for (const path of this.#tree.neighboursRead()) {
      const stamp = this.#stampOf(path);
      if (!stamp || !this.#isSettled(stamp)) return { context: "", neighbours: {}, files: {} };
      neighbours[path] = stamp;
    }
    return { context: this.#context, neighbours, files };
  }

  #isSettled({ modified, changed }: FileStamp): boolean {
    return Math.max(modified, changed) < this.#begun - TICK;
  }

  #stampOf(path: string): FileStamp | undefined {
    try {
      return this.#tree.stamp(path);
    } catch {
      return undefined;
    }
  }

  #recall(path: string, { notices, taken }: KnownFile): Recognition {
    const pack = taken && this.#packs.get(taken.pack);
    if (!pack) return { notices };
    const tree = this.#tree;
    let text: string | undefined;
    const file: RecognisedFile = {
      path,
      kind: taken.kind,
      pack,
      hasBom: taken.hasBom,
      digest: taken.digest,
      get text() {
        text ??= tree.read(path).text;
        return text;
      },
    };
    return { file, notices };
  }
}

function isSame(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.size === b?.size && a?.modified === b?.modified && a?.changed === b?.changed;
}
