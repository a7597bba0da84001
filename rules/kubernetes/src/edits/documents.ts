import { type Comment, type LineSpan, Lines } from "@yantra-lint/core";
import { type Place, readYaml, Tree } from "@yantra-lint/yaml";
import { Data } from "./data.ts";

/** One document of a stream, or one item of a `kind: List`. */
export interface Entry {
  /** `Deployment checkout` of a resource; empty for any other document. */
  name: string;
  kind: string;
  namespace: string;
  /** Equal for equal data. */
  key: string;
  value: unknown;
  data: Data;
  lines: Lines;
  /** From the comments directly above it to its last line. */
  span: LineSpan;
}

export interface Documents {
  entries: Entry[];
  /** Comments that tools act on, in order. */
  markers: string[];
}

/**
 * Comments that change what happens: the image that Flux writes (`{"$imagepolicy": …}`), kpt's setters, cloud-init's
 * first line, YAML's own directives (`%YAML 1.1`) are no comments to the parser.
 */
const MARKER = /^\s*(?:\{\s*"\$|kpt-(?:set|merge)\b)|^cloud-config\b/;

/** Reads a file's documents; undefined when it does not parse, is a template or too large. */
export function documentsOf(path: string, source: string): Documents | undefined {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const stream = readYaml(text, /(?:^|\/)templates\//.test(path));
  if (stream.unread || stream.documents.some(({ error }) => error)) return undefined;
  const lines = new Lines(text);
  const entries = stream.documents.flatMap(({ document }): Entry[] => {
    const tree = new Tree(text, lines, document);
    const data = new Data(tree);
    const { root } = tree;
    if (!root || data.keyOf(document.contents) === "null") return [];
    const items = root.find("kind")?.text?.endsWith("List") ? (root.find("items")?.items() ?? []) : [];
    const values =
      items.length > 0 ? data.itemsOf(data.membersOf(document.contents).get("'items")?.value) : [];
    if (items.length === 0 || values.length !== items.length)
      return [entry(root, document.contents, data, lines, stream.comments)];
    return items.map((item, index) => entry(item, values[index], data, lines, stream.comments));
  });
  const directives = text.split("\n").filter((line) => line.startsWith("%YAML"));
  const markers = stream.comments
    .filter((comment) => MARKER.test(comment.text))
    .map((comment) => comment.text);
  return { entries, markers: [...directives, ...markers] };
}

function entry(place: Place, value: unknown, data: Data, lines: Lines, comments: readonly Comment[]): Entry {
  const kind = place.find("apiVersion") ? (place.find("kind")?.text ?? "") : "";
  const name = place.find("metadata.name")?.text ?? place.find("metadata.generateName")?.text;
  const [from, to] = place.range;
  const commented = new Set(comments.map(({ range }) => lines.point(range[0]).line));
  let start = lines.point(from).line;
  while (
    commented.has(start - 1) &&
    lines
      .line(start - 1)
      .trimStart()
      .startsWith("#")
  )
    start -= 1;
  return {
    name: kind === "" ? "" : name === undefined ? kind : `${kind} ${name}`,
    kind,
    namespace: place.find("metadata.namespace")?.text ?? "",
    key: data.keyOf(value),
    value,
    data,
    lines,
    span: { start, count: lines.point(to).line - start + 1 },
  };
}
