/** A fenced block of a rule's page, as the file that it stands for. */
export interface FencedFile {
  path: string;
  text: string;
  /** It shows the file before the change: at the base. */
  base?: true;
}

const FENCE = /^(`{3,})(\S*)[ \t]*([^\n]*)\n([\s\S]*?)^\1[ \t]*$/gm;

/** Default paths by language; `{n}` counts the language's unnamed blocks. */
const DEFAULT_PATHS: Readonly<Record<string, string>> = {
  sql: "migrations/{n}_example.sql",
  yaml: "deploy/example{n}.yaml",
  ts: "src/example{n}.ts",
};

/** The text under a heading of the second level, up to the next one; empty when the page has no such heading. */
export function section(page: string, heading: string): string {
  let fence = "";
  let inside = false;
  const lines = page.split("\n").filter((line) => {
    const [ticks = ""] = /^`{3,}/.exec(line) ?? [];
    if (fence === "" && ticks === "" && line.startsWith("## ")) inside = line.trim() === `## ${heading}`;
    else if (fence === "") fence = ticks;
    else if (line.trimEnd() === fence) fence = "";
    return inside;
  });
  return lines.join("\n");
}

function defaultPath(language: string, count: number): string | undefined {
  const number = language === "sql" ? String(count).padStart(4, "0") : count === 1 ? "" : `-${count}`;
  return DEFAULT_PATHS[language]?.replace("{n}", number);
}

/**
 * The fenced blocks of a part of a page as files. A block's info string may name its file, as in
 * "sql file=migrations/0002_drop.sql"; without, its language does. "base" there makes it the file as it was before
 * the change. Blocks of other languages, such as `sh` and `text`, stand for no file and are left out.
 * @throws when two blocks stand for one version of a file.
 */
export function fencedFiles(markdown: string): FencedFile[] {
  const counts = new Map<string, number>();
  const files: FencedFile[] = [];
  for (const [, , language = "", info = "", text = ""] of markdown.matchAll(FENCE)) {
    const count = (counts.get(language) ?? 0) + 1;
    counts.set(language, count);
    const path = /(?:^|\s)file=(\S+)/.exec(info)?.[1] ?? defaultPath(language, count);
    if (path === undefined) continue;
    const base = /(?:^|\s)base(?:\s|$)/.test(info);
    if (files.some((file) => file.path === path && (file.base ?? false) === base))
      throw new Error(`Two fenced blocks stand for ${path}.`);
    files.push({ path, text, ...(base ? { base } : {}) });
  }
  return files;
}
