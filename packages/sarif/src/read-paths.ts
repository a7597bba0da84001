import { integerAt, isRecord, type JsonRecord, own, recordAt, recordsAt, textAt } from "./json.ts";
import { oneLine } from "./text.ts";

/** How many bases may stand on one another; a longer chain is a loop or an attack. */
const MAX_BASES = 20;

/** A base of URIs, followed to its end (§3.14.14). */
interface Base {
  /** The relative parts of its URIs, joined. */
  relative: string;
  /** The URI the first of them is relative to; absent when the log does not say it. */
  absolute?: string;
}

/** Paths of one run's artifacts, relative to the root of the repository where that can be known. */
export class Paths {
  readonly #artifacts: readonly JsonRecord[];
  readonly #uriBases: JsonRecord;
  readonly #bases = new Map<string, Base>();
  /** Directories that may be the repository's root, with a slash at the end, the most likely first. */
  readonly #roots: readonly string[];

  /** @param root absolute path of the repository on this machine. */
  constructor(run: JsonRecord, root?: string) {
    this.#artifacts = recordsAt(run, "artifacts");
    this.#uriBases = recordAt(run, "originalUriBaseIds");
    const named = Object.values(this.#uriBases)
      .map((base) => (isRecord(base) ? textAt(base, "uri") : undefined))
      .map((uri) => (uri === undefined ? undefined : absolutePath(withSlashes(uri))))
      .filter((path) => path !== undefined)
      .map(asDirectory)
      .sort((a, b) => a.length - b.length);
    this.#roots = root === undefined ? named : [asDirectory(withSlashes(root)), ...named];
  }

  /**
   * The path of an artifactLocation (§3.4), percent-decoded and on one line: relative to the root when the URI, or
   * its base, is relative or lies beneath the root. Bases that are relative to another are joined to it; the last
   * of them is taken for the repository's root when it is not beneath the known one, as the log may be of another
   * machine. Other absolute paths stay absolute, and what is no file stays a URI. `..` is left as it is (§3.10.2).
   */
  of(location: JsonRecord): string | undefined {
    const given = textAt(location, "uri") !== undefined ? location : this.#artifactOf(location);
    const uri = given && textAt(given, "uri");
    if (given === undefined || uri === undefined) return undefined;
    const path = this.#resolve(withSlashes(uri), textAt(given, "uriBaseId"));
    return oneLine(path.replace(/^(?:\.\/+)+/, ""));
  }

  #artifactOf(location: JsonRecord): JsonRecord | undefined {
    const index = integerAt(location, "index");
    const artifact = index === undefined ? undefined : this.#artifacts[index];
    return artifact && recordAt(artifact, "location");
  }

  #resolve(uri: string, baseId: string | undefined): string {
    const absolute = absolutePath(uri);
    if (absolute !== undefined) return this.#beneathRoot(absolute) ?? absolute;
    if (hasScheme(uri)) return uri;
    const base = baseId === undefined ? { relative: "" } : this.#baseOf(baseId);
    const relative = decode(base.relative + withoutScheme(uri));
    const root = base.absolute === undefined ? undefined : absolutePath(base.absolute);
    return (root === undefined ? undefined : this.#beneathRoot(asDirectory(root) + relative)) ?? relative;
  }

  #beneathRoot(path: string): string | undefined {
    const root = this.#roots.find((directory) => path.startsWith(directory));
    return root === undefined ? undefined : path.slice(root.length);
  }

  #baseOf(id: string): Base {
    const known = this.#bases.get(id);
    if (known) return known;
    const base: Base = { relative: "" };
    let next: string | undefined = id;
    for (let count = 0; next !== undefined && count < MAX_BASES; count += 1) {
      const location = recordAt(this.#uriBases, next);
      const uri = withSlashes(textAt(location, "uri") ?? "");
      if (absolutePath(uri) !== undefined || hasScheme(uri)) {
        base.absolute = uri;
        break;
      }
      if (uri !== "") base.relative = asDirectory(uri) + base.relative;
      next = textAt(location, "uriBaseId");
    }
    this.#bases.set(id, base);
    return base;
  }
}

/** The URI, or artifact index, of the first of a result's or notification's locations. */
export function physicalLocationOf(location: unknown): JsonRecord {
  return isRecord(location) ? recordAt(location, "physicalLocation") : {};
}

/** The first line of a physical location's region. */
export function lineAt(physical: JsonRecord): number | undefined {
  const region = own(physical, "region");
  return isRecord(region) ? integerAt(region, "startLine", 1) : undefined;
}

/** Backslashes are none of a URI, but Windows tools write them; one that belongs to a name is %5C. */
function withSlashes(uri: string): string {
  return uri.replaceAll("\\", "/");
}

function asDirectory(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

const FILE = /^file:(?:\/\/([^/]*))?/i;

/** The decoded path of an absolute file URI, or of an absolute path that stands for one; undefined for any other. */
function absolutePath(uri: string): string | undefined {
  if (/^[a-z]:\//i.test(uri) || uri.startsWith("/")) return decode(uri);
  const file = FILE.exec(uri);
  if (!file) return undefined;
  const path = decode(uri.slice(file[0].length));
  if (!path.startsWith("/")) return undefined;
  const host = file[1] ?? "";
  if (host !== "" && host.toLowerCase() !== "localhost") return `//${host}${path}`;
  return /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
}

function hasScheme(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(uri) && !FILE.test(uri);
}

/** `file:src/a.ts` has nothing that makes it absolute. */
function withoutScheme(uri: string): string {
  return uri.replace(/^file:/i, "");
}

/** Each segment decoded; one that is not percent-encoded stays as it is. */
function decode(path: string): string {
  return path.split("/").map(decodeSegment).join("/");
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
