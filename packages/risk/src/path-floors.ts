import picomatch from "picomatch";
import type { PathFloor } from "./model.ts";
import { BUILT_IN_FLOORS, type BuiltInFloor } from "./built-in-floors.ts";

/** Whether the paths' globs name a path. `!` in front takes paths out, wherever it stands in the list. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  // A directory is its files, as in .gitignore.
  const whole = globs.map((glob) => (glob.endsWith("/") ? `${glob}**` : glob));
  const inside = whole.filter((glob) => !glob.startsWith("!"));
  const outside = whole.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  if (inside.length === 0) return () => false;
  const isInside = picomatch(inside, { dot: true });
  const isOutside = outside.length > 0 ? picomatch(outside, { dot: true }) : () => false;
  return (path) => isInside(path) && !isOutside(path);
}

/** The words of a path's segment: `useOAuth2Token.test.ts` is use, o, auth, 2, token, test, ts. */
export function pathWords(segment: string): string[] {
  const words = segment.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+/gu) ?? [];
  return words.map((word) => word.toLowerCase());
}

interface Segment {
  words: string[];
  /** What stands before its first dot, in small letters. */
  stem: string;
  directory: boolean;
}

/** The built-in floors that a path's words set; each is of class high. */
export function builtInFloors(path: string): BuiltInFloor[] {
  const parts = path.split("/");
  const segments = parts.map((part, index): Segment => {
    const directory = index < parts.length - 1;
    return {
      directory,
      stem: part.split(".", 1).join("").toLowerCase(),
      words: pathWords(directory ? part : part.replace(/(?<=.)\.[^.]*$/u, "")),
    };
  });
  return BUILT_IN_FLOORS.filter((floor) => applies(floor, segments));
}

function applies(floor: BuiltInFloor, segments: readonly Segment[]): boolean {
  return segments.some(({ words, stem, directory }, index) => {
    const [first = ""] = words;
    if (words.length === 1 && floor.alone?.includes(first)) return true;
    if (!directory && floor.files?.includes(stem)) return true;
    if (directory && words.length === 1 && floor.directories?.includes(first)) {
      const layer = segments.slice(0, index).some((above) => floor.below?.includes(above.words.join(" ")));
      if (!layer) return true;
    }
    return words.some((word, at) => {
      const pair = `${word} ${words[at + 1] ?? ""}`;
      return floor.words.includes(word) || floor.words.includes(pair);
    });
  });
}

/** Asks which of the configured floors a path has. Globs are compiled once. */
export function floorsByPath(floors: readonly PathFloor[]): (path: string) => PathFloor[] {
  const compiled = floors.map((floor) => ({ floor, matches: pathMatcher(floor.paths) }));
  return (path) => compiled.filter(({ matches }) => matches(path)).map(({ floor }) => floor);
}
