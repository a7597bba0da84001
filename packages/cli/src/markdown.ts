import { visible } from "./text.ts";

/** By this GitHub Actions and others find a comment again, to update it instead of adding one. */
export function commentMarker(command: "check" | "risk" | "gate"): string {
  return command === "check" ? "<!-- yantra-lint -->" : `<!-- yantra-lint ${command} -->`;
}

/** Names between backticks, as our own sentences have them: harmless as code spans. */
const CODE = /(`[\w$./# -]+`)/;

/**
 * Text of the repository as Markdown that says just that: no markup but names as code, no link, no table cell's end,
 * and nobody is mentioned (an empty comment parts the @ from the name). In one line.
 */
export function plainMarkdown(text: string): string {
  return visible(text)
    .replace(/\s+/g, " ")
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join("");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]#!|~$]/g, (character) => `\\${character}`)
    .replaceAll("@", "@<!-- -->")
    .replace(/\bhttps?:/gi, (scheme) => `${scheme.slice(0, -1)}&#58;`);
}

/** A path or name as a code span, which may stand in a table. */
export function codeSpan(text: string): string {
  const line = visible(text).replace(/\s+/g, " ").trim();
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const blank = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${blank}${line.replaceAll("|", "\\|")}${blank}${fence}`;
}
