import fs from "node:fs";
import path from "node:path";
import { compareText } from "@yantra-lint/core";
import { gitFiles } from "./git.ts";
import type { RunMemory } from "./memory.ts";
import { walk } from "./walk.ts";

/** How much of a file is read to know what it is when it is too large to be read whole; in bytes. */
const HEAD_BYTES = 64 * 1024;

/** Texts that stand in for files on disk (an editor's buffer, standard input, a fix); null: there is no such file. */
export type Overlay = ReadonlyMap<string, string | null>;

/** A file's text as it is linted: without byte order mark. */
export interface FileText {
  text: string;
  hasBom: boolean;
  /** False when bytes that are not UTF-8 were replaced by U+FFFD. */
  valid: boolean;
  /** Its byte order mark says that it is UTF-16, which `text` was read as. */
  utf16?: boolean;
}

/** By what it is told that a file has not changed: its size in bytes, and times in milliseconds. */
export interface FileStamp {
  size: number;
  modified: number;
  changed: number;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes UTF-8, whatever the bytes are; UTF-16 where a byte order mark says so. */
export function decode(bytes: Uint8Array): FileText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    const text = new TextDecoder(first === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
    return { text, hasBom: true, valid: false, utf16: true };
  }
  let text: string;
  let valid = true;
  try {
    text = strict.decode(bytes);
  } catch {
    text = lossy.decode(bytes);
    valid = false;
  }
  const hasBom = text.startsWith("\uFEFF");
  return { text: hasBom ? text.slice(1) : text, hasBom, valid };
}

/** The short reason of a system error, such as `EACCES: permission denied`. */
export function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split(", ")[0] ?? error.message) : String(error);
}

/** A repository's files: those on disk, with an overlay. Paths are relative to the root, with `/`. */
export class Tree {
  readonly root: string;
  readonly #overlay: Overlay;
  readonly #neighbours = new Map<string, string | undefined>();
  readonly #folders = new Map<string, ReadonlySet<string>>();
  /** All files, when they were listed: then no folder has to be looked into. */
  #listed: ReadonlySet<string> | undefined;
  /** The listed files' names by folder, made when first asked for. */
  #byFolder: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #sorted = new Map<string, readonly string[]>();

  readonly #lone: boolean;
  readonly #memory: RunMemory | undefined;

  /** @param lone the root's other files are left alone (see Root) */
  constructor(
    root: string,
    overlay: Overlay = new Map(),
    { lone = false, memory }: { lone?: boolean; memory?: RunMemory } = {},
  ) {
    this.root = root;
    this.#overlay = overlay;
    this.#lone = lone;
    this.#memory = memory;
  }

  /** Whether the overlay has a say about a path. */
  replaces(file: string): boolean {
    return this.#overlay.has(file);
  }

  /** All paths, sorted: what git tracks or would track, or all that no `.gitignore` leaves out. */
  list(): string[] {
    const names = new Set(this.#lone ? [] : this.#disk());
    for (const [file, text] of this.#overlay) {
      if (text === null) names.delete(file);
      else names.add(file);
    }
    if (!this.#lone) {
      this.#listed = names;
      this.#byFolder = undefined;
      this.#sorted.clear();
    }
    return [...names]
      .filter((name) => !name.startsWith("node_modules/") && !name.includes("/node_modules/"))
      .sort(compareText);
  }

  #disk(): readonly string[] {
    const files = this.#memory?.disk ?? gitFiles(this.root) ?? walk(this.root);
    if (this.#memory) this.#memory.disk = files;
    return files;
  }

  /** A regular file's size in bytes; undefined for what is none (links included). @throws system errors */
  size(file: string): number | undefined {
    const text = this.#overlay.get(file);
    if (text !== undefined) return text === null ? undefined : Buffer.byteLength(text);
    const stat = fs.lstatSync(path.join(this.root, file), { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : undefined;
  }

  /** The stamp of a regular file on disk; undefined for what is none, or is replaced. @throws system errors */
  stamp(file: string): FileStamp | undefined {
    if (this.#overlay.has(file)) return undefined;
    const stat = fs.lstatSync(path.join(this.root, file), { throwIfNoEntry: false });
    return stat?.isFile() ? { size: stat.size, modified: stat.mtimeMs, changed: stat.ctimeMs } : undefined;
  }

  /** Paths that `neighbour` was asked for and had a text of. */
  neighboursRead(): string[] {
    return [...this.#neighbours].flatMap(([file, text]) =>
      text === undefined ? [] : [path.posix.normalize(file)],
    );
  }

  /** @throws the system's error when the file cannot be read */
  read(file: string): FileText {
    const text = this.#overlay.get(file);
    if (typeof text === "string") return { text, hasBom: false, valid: true };
    if (text === null) throw new Error(`ENOENT: no such file or directory, open '${file}'`);
    return decode(fs.readFileSync(path.join(this.root, file)));
  }

  /** The first bytes' text. @throws the system's error when the file cannot be read */
  head(file: string): string {
    const text = this.#overlay.get(file);
    if (typeof text === "string") return text.slice(0, HEAD_BYTES);
    const head = Buffer.alloc(HEAD_BYTES);
    const descriptor = fs.openSync(path.join(this.root, file), "r");
    try {
      fs.readSync(descriptor, head, 0, HEAD_BYTES, 0);
    } finally {
      fs.closeSync(descriptor);
    }
    return decode(head).text;
  }

  /** A small file's text, kept; undefined when it is absent, large, unreadable, or outside of the root. */
  neighbour(file: string): string | undefined {
    const known = this.#neighbours.get(file);
    if (known !== undefined || this.#neighbours.has(file)) return known;
    const text = this.#readNeighbour(file);
    this.#neighbours.set(file, text);
    return text;
  }

  /** Names in a folder ("" for the root), sorted; where the files were not listed, those of folders too. */
  namesIn(folder: string): readonly string[] {
    if (this.#listed) {
      const known = this.#sorted.get(folder);
      if (known) return known;
      this.#byFolder ??= byFolder(this.#listed);
      const sorted = (this.#byFolder.get(folder) ?? []).toSorted(compareText);
      this.#sorted.set(folder, sorted);
      return sorted;
    }
    const names = new Set(this.#namesIn(folder));
    for (const [file, text] of this.#overlay) {
      if (folderOf(file) !== folder) continue;
      const name = path.posix.basename(file);
      if (text === null) names.delete(name);
      else names.add(name);
    }
    return [...names].sort(compareText);
  }

  /** What a folder holds: a file is asked for many neighbours, of which hardly any is there. */
  #namesIn(folder: string): ReadonlySet<string> {
    const known = this.#folders.get(folder);
    if (known) return known;
    const names = new Set(namesIn(path.join(this.root, folder)));
    this.#folders.set(folder, names);
    return names;
  }

  #isAbsent(file: string): boolean {
    if (this.#overlay.has(file)) return false;
    if (this.#listed) return !this.#listed.has(path.posix.normalize(file));
    const slash = file.lastIndexOf("/");
    return !this.#namesIn(file.slice(0, Math.max(0, slash))).has(file.slice(slash + 1));
  }

  #readNeighbour(file: string): string | undefined {
    if (this.#isAbsent(file)) return undefined;
    const absolute = path.resolve(this.root, file);
    if (!absolute.startsWith(this.root.endsWith(path.sep) ? this.root : this.root + path.sep))
      return undefined;
    const relative = path.relative(this.root, absolute).split(path.sep).join("/");
    try {
      const size = this.size(relative);
      return size === undefined || size > HEAD_BYTES ? undefined : this.read(relative).text;
    } catch {
      return undefined;
    }
  }
}

/** The path of the folder that holds a file, "" for the root. */
function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

function byFolder(files: Iterable<string>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const slash = file.lastIndexOf("/");
    const folder = file.slice(0, Math.max(0, slash));
    const name = file.slice(slash + 1);
    const names = folders.get(folder);
    if (names) names.push(name);
    else folders.set(folder, [name]);
  }
  return folders;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Reads texts for showing them, each once; undefined when a file is gone. */
export function textReader(root: string, overlay?: Overlay): (file: string) => string | undefined {
  const tree = new Tree(root, overlay);
  const texts = new Map<string, string | undefined>();
  const read = (file: string): string | undefined => {
    try {
      return tree.read(file).text;
    } catch {
      return undefined;
    }
  };
  return (file) => {
    if (!texts.has(file)) texts.set(file, read(file));
    return texts.get(file);
  };
}
