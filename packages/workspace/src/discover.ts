import path from "node:path";
import type { AnyPack, CandidateFile, FileKind, Notice, WorkspaceSettings } from "@yantra-lint/core";
import picomatch from "picomatch";
import type { RunMemory } from "./memory.ts";
import { reason, type Tree } from "./tree.ts";

/** Files above this are not parsed; a pack that would take one is answered with a notice. In bytes. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The notice of a file that the system did not let be read; the next attempt may go otherwise. */
export const UNREADABLE = "unreadable";

/** A file that a pack took. */
export interface RecognisedFile {
  path: string;
  text: string;
  hasBom: boolean;
  kind: FileKind;
  pack: AnyPack;
  /** A digest of the text, once somebody has asked for it. */
  digest?: string;
}

/** What became of one path. */
export interface Recognition {
  file?: RecognisedFile;
  notices: Notice[];
}

/** Says of paths which pack's files they are. Reads a file only when its name makes it a candidate. */
export class Recogniser {
  readonly #tree: Tree;
  readonly #settings: WorkspaceSettings;
  readonly #byExtension = new Map<string, AnyPack[]>();
  readonly #byName = new Map<string, AnyPack[]>();
  readonly #ignored: (path: string) => boolean;
  readonly #memory: RunMemory | undefined;
  readonly #memo = new WeakMap<object, Map<string, unknown>>();
  /** The neighbours that the file at hand was asked for. */
  #asked = new Set<string>();

  constructor(
    tree: Tree,
    packs: readonly AnyPack[],
    settings: WorkspaceSettings,
    ignore: readonly string[],
    memory?: RunMemory,
  ) {
    this.#tree = tree;
    this.#memory = memory;
    this.#settings = settings;
    this.#ignored = ignore.length > 0 ? picomatch([...ignore], { dot: true }) : () => false;
    for (const pack of packs) {
      for (const extension of pack.candidates.extensions) push(this.#byExtension, extension, pack);
      for (const name of pack.candidates.names) push(this.#byName, name, pack);
    }
  }

  /** Whether the configuration's `ignore` names a path. */
  ignores(file: string): boolean {
    return this.#ignored(file);
  }

  /** The packs that would look at a path, by its name alone. */
  candidatesFor(file: string): readonly AnyPack[] {
    if (this.#ignored(file)) return [];
    const base = path.posix.basename(file);
    const [stem = ""] = base.split(".", 1);
    return (
      this.#byName.get(base) ??
      this.#byExtension.get(path.posix.extname(base).toLowerCase()) ??
      (stem === base ? undefined : this.#byName.get(`${stem}.*`)) ??
      []
    );
  }

  /** Reads the file and recognises it. A file that vanished or is no regular file gives nothing. */
  recognise(file: string, options: { named: boolean }): Recognition {
    const replaced = (path: string): boolean => this.#tree.replaces(path);
    const known = this.#memory?.get(file, replaced);
    if (known) return known;
    this.#asked = new Set();
    const recognition = this.#recognise(file, options);
    this.#memory?.set(file, recognition, this.#asked, replaced);
    return recognition;
  }

  #recognise(file: string, options: { named: boolean }): Recognition {
    const packs = this.candidatesFor(file);
    if (packs.length === 0) return { notices: [] };
    try {
      const size = this.#tree.size(file);
      if (size === undefined) return { notices: file.includes("\uFFFD") ? [misnamed(file)] : [] };
      if (size > MAX_FILE_BYTES) return this.#tooLarge(file, size, packs, options);
      const { text, hasBom, valid, utf16 } = this.#tree.read(file);
      const recognition = this.recogniseText(file, text, options);
      if (!recognition.file) return recognition;
      if (utf16) {
        const message = "The file is UTF-16 and was not checked. Save it as UTF-8.";
        return { notices: [{ id: "utf-16", unread: true, message, path: file }] };
      }
      recognition.file.hasBom = hasBom;
      if (!valid) {
        recognition.notices.push({
          id: "invalid-utf8",
          message: "The file is not valid UTF-8; the bytes that are not were read as U+FFFD.",
          path: file,
        });
      }
      return recognition;
    } catch (error) {
      return {
        notices: [{ id: UNREADABLE, message: `The file could not be read: ${reason(error)}.`, path: file }],
      };
    }
  }

  /** Recognises a text that stands (or would stand) at a path, such as an editor's buffer. */
  recogniseText(file: string, text: string, options: { named: boolean }): Recognition {
    for (const pack of this.candidatesFor(file)) {
      const kind = pack.recognise(this.#candidate(file, text, options.named));
      if (kind) return { file: { path: file, text, hasBom: false, kind, pack }, notices: [] };
    }
    return { notices: [] };
  }

  #tooLarge(
    file: string,
    size: number,
    packs: readonly AnyPack[],
    { named }: { named: boolean },
  ): Recognition {
    const text = this.#tree.head(file);
    if (!packs.some((pack) => pack.recognise(this.#candidate(file, text, named)))) return { notices: [] };
    const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
    return {
      notices: [
        {
          id: "file-too-large",
          unread: true,
          message: `The file has ${megabytes(size)} MB and was not checked; the limit is ${megabytes(MAX_FILE_BYTES)} MB.`,
          path: file,
        },
      ],
    };
  }

  #candidate(file: string, text: string, named: boolean): CandidateFile {
    return {
      path: file,
      text,
      named,
      settings: this.#settings,
      // With a memory every file has to ask for its neighbours itself, so that it is known what it depends on.
      ...(this.#memory ? {} : { memo: this.#memo }),
      neighbour: (neighbour) => {
        if (this.#memory) this.#asked.add(path.posix.normalize(neighbour));
        return this.#tree.neighbour(neighbour);
      },
      namesIn: (directory) => this.#tree.namesIn(directory),
    };
  }
}

/** Git and Node give names as UTF-8: by another a file cannot be opened. */
function misnamed(file: string): Notice {
  const message = "The file's name is not valid UTF-8, so the file was not checked. Rename it.";
  return { id: "misnamed", unread: true, message, path: file };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
