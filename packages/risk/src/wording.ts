/** Text from a repository as it may stand in a sentence: one line, nothing invisible, not endless. */
export function plain(text: string, longest = 120): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim();
  const points = Array.from(line);
  return points.length > longest ? `${points.slice(0, longest - 1).join("")}…` : line;
}

/** A declaration's name as code; a description in brackets stays words. */
export function code(name: string): string {
  const text = plain(name, 60);
  return /^[([]/.test(text) ? text : `\`${text.replaceAll("`", "'")}\``;
}

/** `a`, `a and b`, `a, b and 3 more`: at most `most` of them by name. */
export function list(items: readonly string[], most = 3): string {
  const shown = items.length > most + 1 ? items.slice(0, most) : items;
  const rest = items.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}

/** `1 module`, `7 modules`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** The beginning of a message up to its first full stop, colon or semicolon. */
export function firstSentence(text: string, longest = 160): string {
  const line = plain(text, 2000);
  return sentence(plain(/^.+?(?=[.:;](?:\s|$))/.exec(line)?.[0] ?? line, longest));
}

/** A sentence's end without the full stops the text may have. */
export function sentence(text: string): string {
  return `${text.replace(/[.\s]+$/, "")}.`;
}
