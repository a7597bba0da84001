import { arrayAt, type JsonRecord, recordAt, textAt } from "./json.ts";
import type { Descriptor } from "./read-rules.ts";
import { oneLine } from "./text.ts";

/** UTF-16 code units of a message that are read. Placeholders could make a small log a huge text. */
const MAX_LENGTH = 10_000;

/**
 * A message (§3.11) as one harmless line: its own text, or that of its id among the descriptor's and the
 * component's strings (§3.11.7), with its arguments, and with links to locations as text and place.
 *
 * @param placeOf path and line of the location with an id, as in `src/a.ts:3`.
 * @returns undefined when there is no text.
 */
export function messageOf(
  message: JsonRecord,
  descriptor: Descriptor | undefined,
  driver: JsonRecord,
  placeOf: (id: number) => string | undefined = () => undefined,
): string | undefined {
  const values = arrayAt(message, "arguments");
  const given = textAt(message, "text");
  const template = given ?? templateOf(message, descriptor, driver) ?? textAt(message, "markdown");
  if (template === undefined) return undefined;
  const filled =
    given !== undefined && values.length === 0 ? unescapePlaceholders(given) : fill(template, values);
  return oneLine(withPlaces(cut(filled), placeOf));
}

function templateOf(
  message: JsonRecord,
  descriptor: Descriptor | undefined,
  driver: JsonRecord,
): string | undefined {
  const id = textAt(message, "id");
  if (id === undefined) return undefined;
  const strings = [
    recordAt(descriptor?.record ?? {}, "messageStrings"),
    recordAt(descriptor?.component ?? driver, "globalMessageStrings"),
  ];
  return strings.map((all) => textAt(recordAt(all, id), "text")).find((text) => text !== undefined);
}

/** Where there are no arguments, few tools double their braces, so only what would be a placeholder is undone. */
function unescapePlaceholders(text: string): string {
  return text.replace(/\{\{(\d+)\}\}/g, "{$1}");
}

/** Puts the arguments in the place of `{0}`, `{1}` … and makes doubled braces single (§3.11.5). */
function fill(template: string, values: readonly unknown[]): string {
  let text = "";
  let end = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{(\d+)\}/g)) {
    text += template.slice(end, match.index);
    end = match.index + match[0].length;
    const value = match[1] === undefined ? match[0].charAt(0) : values[Number(match[1])];
    text += typeof value === "string" ? value : match[0];
    if (text.length > MAX_LENGTH) return text;
  }
  return text + template.slice(end);
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

/**
 * `[text](1)` becomes `text (src/a.ts:3)`, as the standard has it for consoles (§3.11.6); the place is left out
 * where the text says it. Links elsewhere stay. Brackets are no longer escaped.
 */
function withPlaces(text: string, placeOf: (id: number) => string | undefined): string {
  return text
    .replace(/\[((?:[^\\[\]]|\\.)*)\]\((\d{1,9})\)/g, (_, inner: string, id: string) => {
      const said = inner.replace(/\\(.)/g, "$1");
      const place = placeOf(Number(id));
      return place === undefined || said.includes(place) ? said : `${said} (${place})`;
    })
    .replace(/\\([[\]])/g, "$1");
}
