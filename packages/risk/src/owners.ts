import { compareText } from "@yantra-lint/core";
import ignore from "ignore";
import type { Ownership, Policy } from "./model.ts";
import { pathMatcher } from "./path-floors.ts";

/** A CODEOWNERS file of the base. `path` relative to the root: it stands in messages and tells the forge. */
export interface CodeownersFile {
  path: string;
  text: string;
}

/** One line of CODEOWNERS. */
interface Entry {
  matches: (path: string) => boolean;
  /** Empty: nobody owns what it matches. */
  owners: string[];
  line: number;
  /** GitLab's `!pattern`: takes out of the section for good. */
  excludes: boolean;
}

/** Entries of which one at most counts for a path. GitHub knows one section only. */
interface Section {
  entries: Entry[];
  optional: boolean;
  /** How many owners have to approve. */
  approvals: number;
}

/**
 * Who has to approve the changed paths, by CODEOWNERS (unless the policy turns it off) and by the policy's own
 * rules. Sorted by path; what nobody owns is not in it. Owners and rules are to be those of the base.
 */
export function ownership(
  paths: readonly string[],
  codeowners: CodeownersFile | undefined,
  policy: Policy,
): Ownership[] {
  const sections = codeowners && policy.codeowners ? parseCodeowners(codeowners) : [];
  const rules = policy.approvers.map((rule) => ({
    owners: rule.approvers,
    matches: pathMatcher(rule.paths),
  }));
  return [...new Set(paths)].sort(compareText).flatMap((path) => [
    ...sections.flatMap((section): Ownership[] => {
      const entry = entryFor(section, path);
      if (!entry || entry.owners.length === 0 || section.optional) return [];
      const owned = { path, owners: entry.owners, source: `${codeowners?.path ?? ""}:${entry.line}` };
      return [section.approvals > 1 ? { ...owned, approvals: section.approvals } : owned];
    }),
    ...rules
      .filter(({ matches }) => matches(path))
      .map(({ owners }): Ownership => ({ path, owners, source: "policy" })),
  ]);
}

/** The last entry that matches; none when an exclusion does, wherever it stands. */
function entryFor({ entries }: Section, path: string): Entry | undefined {
  if (entries.some(({ excludes, matches }) => excludes && matches(path))) return undefined;
  return entries.findLast(({ excludes, matches }) => !excludes && matches(path));
}

/**
 * Reads CODEOWNERS as the forge does that it is for.
 *
 * GitHub (docs.github.com, "About code owners"): gitignore's patterns without `!`, `[ ]` and `\#`; the last
 * match wins, also one without owners; a line that is wrong is passed over.
 * GitLab (docs.gitlab.com, "Syntax of CODEOWNERS file" and "Advanced CODEOWNERS configuration", 18.6): sections
 * `[Name][2] @default`, optional ones `^[Name]`, all of which hold at once; `!` excludes; owners that are
 * malformed are passed over.
 */
function parseCodeowners(file: CodeownersFile): Section[] {
  const lines = file.text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
  return isGitlab(file.path, lines) ? parseGitlab(lines) : [parseGithub(lines)];
}

interface Line {
  text: string;
  line: number;
}

const HEADING = /^(\^?)\[([^\]]+)\](?:\[(-?\d*)\])?(?:\s+(.*))?$/;

/** By the folder; where both forges look (the root, `docs`), by what only GitLab has. */
function isGitlab(path: string, lines: readonly Line[]): boolean {
  if (path.startsWith(".github/")) return false;
  if (path.startsWith(".gitlab/")) return true;
  return lines.some(({ text }) => HEADING.test(text) || text.startsWith("!") || /\s@@\w/.test(text));
}

function parseGithub(lines: readonly Line[]): Section {
  const entries = lines.flatMap(({ text, line }): Entry[] => {
    const [pattern = "", ...rest] = words(text);
    if (/^!|^\\#|[[\]]/.test(pattern)) return [];
    const comment = rest.findIndex((word) => word.startsWith("#"));
    const owners = comment === -1 ? rest : rest.slice(0, comment);
    if (!owners.every((owner) => isOwnerName(owner))) return [];
    return [{ matches: githubPattern(pattern), owners, line, excludes: false }];
  });
  return { entries, optional: false, approvals: 1 };
}

function parseGitlab(lines: readonly Line[]): Section[] {
  const first: Section = { entries: [], optional: false, approvals: 1 };
  const sections = new Map<string, Section>([["", first]]);
  let current = first;
  let defaults: string[] = [];
  for (const { text, line } of lines) {
    const heading = HEADING.exec(text);
    if (heading) {
      const [, caret, name = "", count, owners = ""] = heading;
      defaults = words(owners).filter((owner) => isOwnerName(owner));
      current = addSection(sections, name.trim().toLowerCase(), {
        entries: [],
        optional: caret === "^",
        approvals: Math.max(1, Number(count ?? 1)),
      });
      continue;
    }
    const excludes = text.startsWith("!");
    const [pattern = "", ...rest] = words(excludes ? text.slice(1) : text);
    const own = rest.filter((owner) => isOwnerName(owner));
    // "Default owners are applied when specific owners are not specified for file paths."
    const owners = own.length > 0 ? own : defaults;
    current.entries.push({ matches: gitlabPattern(pattern), owners, line, excludes });
  }
  return [...sections.values()];
}

/** Sections of one name are one; it is optional only if all are, and needs as many approvals as the strictest. */
function addSection(sections: Map<string, Section>, name: string, section: Section): Section {
  const known = sections.get(name);
  if (!known) {
    sections.set(name, section);
    return section;
  }
  known.optional &&= section.optional;
  known.approvals = Math.max(known.approvals, section.approvals);
  return known;
}

/** Splits at whitespace that no backslash stands before. Backslashes stay. */
function words(text: string): string[] {
  return text.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];
}

/** `@login`, `@org/team`, GitLab's `@@role`, or an e-mail address. */
function isOwnerName(word: string): boolean {
  return /^@@?[^\s@]+$/.test(word) || /^[^\s@]+@[^\s@]+$/.test(word);
}

/**
 * GitHub's pattern. Unlike in gitignore, `docs/*` does not reach what lies deeper: in gitignore it would match
 * the directories in `docs`, and with them all that they hold.
 */
function githubPattern(pattern: string): (path: string) => boolean {
  return gitignore(/[^*/]\/\*$|^\/\*$|\*\/\*$/.test(pattern) ? [pattern, `!${pattern}/`] : [pattern]);
}

/**
 * GitLab's pattern: Ruby's File.fnmatch with FNM_PATHNAME and FNM_DOTMATCH. A path that does not begin with `/`
 * matches at any depth, also one with slashes; what does not end with `/` matches files, not what a directory of
 * that name holds.
 */
function gitlabPattern(pattern: string): (path: string) => boolean {
  if (pattern === "*") return () => true;
  const anchored = pattern.startsWith("/") ? pattern : `/**/${pattern}`;
  // fnmatch takes `**` for any depth only with a slash behind it.
  const glob = anchored.replace(/\/\*\*$/, "/*");
  return gitignore(glob.endsWith("/") ? [glob] : [glob, `!${glob}/`]);
}

function gitignore([pattern, ...exceptions]: [string, ...string[]]): (path: string) => boolean {
  const matcher = ignore({ ignorecase: false }).add([pattern, ...exceptions]);
  // Most lines of a long file name a directory of the root: 1,000 lines cost 2,000 paths 5 s without this.
  const rooted = /^\/|\/[^/]/.test(pattern);
  const start = rooted ? pattern.replace(/^\//, "").replace(/\/?(?:[*?[\\].*)?$/, "") : "";
  return (path) => path.startsWith(start) && ignore.isPathValid(path) && matcher.ignores(path);
}
