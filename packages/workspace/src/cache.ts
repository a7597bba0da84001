import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { StoredFiles } from "./known-files.ts";
import type { FileResult } from "./lint.ts";

/** How many runs an entry survives without being asked for: enough to switch between a few branches. */
const GENERATIONS = 8;
const FORMAT = 2;

interface Entry {
  /** The last run that used it. */
  used: number;
  result: FileResult;
}

interface Stored {
  format: number;
  /** The build of the tool whose results they are: another one asks for none of them. */
  tool: string;
  generation: number;
  entries: Record<string, unknown>;
  files?: unknown;
}

/** A short digest of texts; each part is told apart from the next. */
export function digest(...parts: readonly string[]): string {
  return hash("sha256", parts.map((part) => `${part.length}:${part}`).join(""), "base64url").slice(0, 32);
}

/**
 * Results of files by what they depend on (content, kind, configuration, state before, tool version). One JSON
 * file, replaced as a whole: a reader sees the old or the new one, never half of one; of two runs that write at
 * once, the later wins. A file that cannot be read as a cache is no cache.
 */
export class ResultCache {
  readonly #file: string | undefined;
  readonly #tool: string;
  readonly #generation: number;
  /** As they were stored: each is looked at when it is asked for. */
  readonly #entries: Map<string, unknown>;
  #files: StoredFiles | undefined;
  #changed = false;

  private constructor(file: string | undefined, tool: string, stored: Stored | undefined) {
    this.#file = file;
    this.#tool = tool;
    this.#generation = (stored?.generation ?? 0) + 1;
    this.#entries = new Map(Object.entries(stored?.entries ?? {}));
    this.#files = isStoredFiles(stored?.files) ? stored.files : undefined;
  }

  /** @param tool the build of the tool, as `RunOptions.toolVersion`; what another one has stored is dropped */
  static open(file: string, tool: string): ResultCache {
    const stored = readStored(file);
    return new ResultCache(file, tool, stored?.tool === tool ? stored : undefined);
  }

  /** A cache that lives as long as the process, for several passes over the same files. */
  static inMemory(): ResultCache {
    return new ResultCache(undefined, "", undefined);
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  get(key: string): FileResult | undefined {
    const entry = this.#entries.get(key);
    if (!isEntry(entry)) return undefined;
    entry.used = this.#generation;
    return entry.result;
  }

  set(key: string, result: FileResult): void {
    this.#changed = true;
    this.#entries.set(key, { used: this.#generation, result });
  }

  /** Whether what is in it outlives the process. */
  get isStored(): boolean {
    return this.#file !== undefined;
  }

  /** What became of the files of the last run (see KnownFiles). */
  get files(): StoredFiles | undefined {
    return this.#files;
  }

  set files(files: StoredFiles | undefined) {
    this.#changed = true;
    this.#files = files;
  }

  /** Writes the cache, when there is something new. @throws the file system's error when it cannot. */
  save(): void {
    if (!this.#changed || this.#file === undefined) return;
    const entries = Object.create(null) as Record<string, Entry>;
    for (const [key, entry] of this.#entries) {
      if (isEntry(entry) && entry.used > this.#generation - GENERATIONS) entries[key] = entry;
    }
    const files = this.#files;
    const stored: Stored = {
      format: FORMAT,
      tool: this.#tool,
      generation: this.#generation,
      entries,
      ...(files ? { files } : {}),
    };
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      fs.writeFileSync(temporary, inAscii(JSON.stringify(stored)), "latin1");
      fs.renameSync(temporary, this.#file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** One character beyond Latin-1 makes V8 keep a text of megabytes in two bytes each, and read it half as fast. */
function inAscii(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function readStored(file: string): Stored | undefined {
  try {
    const stored: unknown = JSON.parse(fs.readFileSync(file, "latin1"));
    return isStored(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  if (!isRecord(value) || value["format"] !== FORMAT || typeof value["generation"] !== "number") return false;
  return typeof value["tool"] === "string" && isRecord(value["entries"]);
}

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || typeof value["used"] !== "number" || !isRecord(value["result"])) return false;
  return Array.isArray(value["result"]["facts"]) && Array.isArray(value["result"]["findings"]);
}

function isStoredFiles(value: unknown): value is StoredFiles {
  if (!isRecord(value) || typeof value["context"] !== "string") return false;
  return (
    isRecord(value["neighbours"]) &&
    isRecord(value["files"]) &&
    Object.values(value["neighbours"]).every(isRecord) &&
    Object.values(value["files"]).every(isKnownFile)
  );
}

function isKnownFile(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value["stamp"]) || !Array.isArray(value["notices"])) return false;
  const { taken } = value;
  return (
    taken === undefined ||
    (isRecord(taken) &&
      typeof taken["pack"] === "string" &&
      typeof taken["digest"] === "string" &&
      isRecord(taken["kind"]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Where the cache of a repository lies by default: in its `node_modules/.cache`, else in the user's cache folder. */
export function defaultCacheDirectory(root: string): string {
  if (fs.existsSync(path.join(root, "node_modules")))
    return path.join(root, "node_modules", ".cache", "yantra-lint");
  const base = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.join(base, "yantra-lint", digest(root));
}
