import { Lines, Utf8Offsets } from "@yantra-lint/core";
import { parseXml, XmlElement, type XmlDocument } from "@rgrove/parse-xml";

/** The root of an XML text and a way to an element's line. Throws on broken XML. */
export function readXml(text: string): { root: XmlElement | null; lineOf(element: XmlElement): number } {
  const { root } = parseXml(text, { includeOffsets: true });
  const lines = new Lines(text);
  const offsets = new Utf8Offsets(text);
  return { root, lineOf: ({ start }) => lines.point(offsets.toUtf16(start)).line };
}

/** The elements of a name (of all, when none is given) right below another one. */
export function children(parent: XmlElement | XmlDocument | null | undefined, name?: string): XmlElement[] {
  return (parent?.children ?? []).filter(
    (node): node is XmlElement => node instanceof XmlElement && (name === undefined || node.name === name),
  );
}

/** The first element at a path of names. */
export function child(parent: XmlElement | null | undefined, ...path: string[]): XmlElement | undefined {
  let here = parent ?? undefined;
  for (const name of path) here = children(here, name)[0];
  return here;
}

/** The text in the first element at a path of names; undefined when it is missing or empty. */
export function textIn(parent: XmlElement | null | undefined, ...path: string[]): string | undefined {
  const text = child(parent, ...path)?.text.trim();
  return text === "" ? undefined : text;
}
