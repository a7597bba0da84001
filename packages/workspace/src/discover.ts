import fs from "node:fs";
import path from "node:path";
import {
  type AnyPack,
  type CandidateFile,
  compareText,
  type FileKind,
  type Notice,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import picomatch from "picomatch";
import { gitFiles } from "./git.ts";
import { walk } from "./walk.ts";

/** Files above this are not parsed; a pack that would take one is answered with a notice. In bytes. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

/** Paths of a repository's regular files, relative to `root`, with `/`, sorted. Links are not followed. */
export function listFiles(root: string): string[] {
  const names = gitFiles(root) ?? walk(root);
  return names
    .filter((name) => !name.startsWith("node_modules/") && !name.includes("/node_modules/"))
    .sort(compareText);
}

/** A file that a pack took. */
export interface RecognisedFile {
  path: string;
  text: string;
  hasBom: boolean;
  kind: FileKind;
  pack: AnyPack;
}

/** What became of one path. */
export interface Recognition {
  file?: RecognisedFile;
  notices: Notice[];
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes UTF-8; `valid` is false when bytes had to be replaced by U+FFFD. */
export function decode(bytes: Uint8Array): { text: string; hasBom: boolean; valid: boolean } {
  let text: string;
  let valid = true;
  try {
    text = decoder.decode(bytes);
  } catch {
    text = lossy.decode(bytes);
    valid = false;
  }
  const hasBom = text.startsWith("\uFEFF");
  return { text: hasBom ? text.slice(1) : text, hasBom, valid };
}

/** Says of paths which pack's files they are. Reads a file only when its name makes it a candidate. */
export class Recogniser {
  readonly #root: string;
  readonly #settings: WorkspaceSettings;
  readonly #byExtension = new Map<string, AnyPack[]>();
  readonly #byName = new Map<string, AnyPack[]>();
  readonly #neighbours = new Map<string, string | undefined>();
  readonly #ignored: (path: string) => boolean;

  constructor(
    root: string,
    packs: readonly AnyPack[],
    settings: WorkspaceSettings,
    ignore: readonly string[],
  ) {
    this.#root = root;
    this.#settings = settings;
    this.#ignored = ignore.length > 0 ? picomatch([...ignore], { dot: true }) : () => false;
    for (const pack of packs) {
      for (const extension of pack.candidates.extensions) push(this.#byExtension, extension, pack);
      for (const name of pack.candidates.names) push(this.#byName, name, pack);
    }
  }

  /** The packs that would look at a path, by its name alone. */
  candidatesFor(file: string): readonly AnyPack[] {
    if (this.#ignored(file)) return [];
    const base = path.posix.basename(file);
    return this.#byName.get(base) ?? this.#byExtension.get(path.posix.extname(base).toLowerCase()) ?? [];
  }

  /** Reads the file from disk and recognises it. A file that vanished or is no regular file gives nothing. */
  recognise(file: string, options: { named: boolean }): Recognition {
    const packs = this.candidatesFor(file);
    if (packs.length === 0) return { notices: [] };
    const absolute = path.join(this.#root, file);
    let stat: fs.Stats | undefined;
    try {
      stat = fs.lstatSync(absolute, { throwIfNoEntry: false });
      if (!stat?.isFile()) return { notices: [] };
      if (stat.size > MAX_FILE_BYTES) return this.#tooLarge(file, stat.size, packs, options);
      const { text, hasBom, valid } = decode(fs.readFileSync(absolute));
      const recognition = this.recogniseText(file, text, options);
      if (!recognition.file) return recognition;
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
        notices: [{ id: "unreadable", message: `The file could not be read: ${reason(error)}.`, path: file }],
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
    const head = Buffer.alloc(HEAD_BYTES);
    const descriptor = fs.openSync(path.join(this.#root, file), "r");
    try {
      fs.readSync(descriptor, head, 0, HEAD_BYTES, 0);
    } finally {
      fs.closeSync(descriptor);
    }
    const { text } = decode(head);
    if (!packs.some((pack) => pack.recognise(this.#candidate(file, text, named)))) return { notices: [] };
    const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
    return {
      notices: [
        {
          id: "file-too-large",
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
      neighbour: (neighbour) => this.#neighbour(neighbour),
    };
  }

  #neighbour(file: string): string | undefined {
    if (this.#neighbours.has(file)) return this.#neighbours.get(file);
    const absolute = path.resolve(this.#root, file);
    const inside = absolute.startsWith(this.#root + path.sep);
    let text: string | undefined;
    try {
      const stat = inside ? fs.lstatSync(absolute, { throwIfNoEntry: false }) : undefined;
      if (stat?.isFile() && stat.size <= HEAD_BYTES) text = decode(fs.readFileSync(absolute)).text;
    } catch {
      text = undefined;
    }
    this.#neighbours.set(file, text);
    return text;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The short reason of a system error, such as `EACCES: permission denied`. */
export function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split(", ")[0] ?? error.message) : String(error);
}
