import type { Comment } from "@yantra-lint/core";
import { Composer, type Document, Lexer, Parser, type YAMLParseError } from "yaml";

/** The lexer's control tokens, which stand for no text (`yaml`'s CST). */
const DOCUMENT = "\u0002";
const FLOW_END = "\u0018";
const SCALAR = "\u001f";
const SINGLE_QUOTED = /'(?:[^']|'')*'/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\[^])*"/y;
const MARKER = /^---(?=\s|$)/gm;
/**
 * Control characters that no reader of YAML or JSON takes: libyaml and go-yaml end at them ("control characters are
 * not allowed", `yaml_parser_update_buffer`), where `yaml` reads on.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
/** Each restart reads the rest of the text again. */
const MAX_RESTARTS = 20;

/** Larger texts are not parsed: `yaml` needs about 75 bytes of memory a byte. In UTF-16 units. */
export const MAX_LENGTH = 4 * 1024 * 1024;

/** What the parser says of a document, without its class. */
export type SyntaxProblem = Pick<YAMLParseError, "code" | "message" | "pos">;

/** One document of a stream. `error` is its first syntax error; its contents are then not to be trusted. */
export interface YamlDocument {
  document: Document.Parsed;
  error: SyntaxProblem | undefined;
}

/** Why a text was not read. */
export type Unread = "template" | "too-large" | "too-deep";

export interface YamlStream {
  documents: YamlDocument[];
  comments: Comment[];
  /** The text holds `{{` or another placeholder that a tool may fill in before the file is used. */
  placeholders: boolean;
  unread?: Unread;
}

/** Whether a text has placeholders of Helm, Argo or Jinja (`{{ }}`) or of a shell (`${ }`). */
function hasPlaceholder(text: string): boolean {
  return text.includes("{{") || text.includes("${") || text.includes("$(");
}

/**
 * Reads a YAML or JSON stream. A syntax error costs only its document. Comments have exact ranges, which
 * `yaml`'s nodes do not have, so they are taken from the lexer's tokens on their way to the parser.
 *
 * A text is a template, and not read, when `{{` or `{%` stands where a value or a line begins (a flow mapping
 * whose key is a flow mapping is YAML, but nobody writes one), or when it does not parse and has `{{` outside
 * of quotes, block scalars and comments. Text such as `{{args.x}}` within a scalar is ordinary YAML.
 *
 * @param chart whether the file stands in a Helm chart's `templates/`; `{{` anywhere then excuses an error
 */
export function readYaml(text: string, chart: boolean): YamlStream {
  const stream: YamlStream = { documents: [], comments: [], placeholders: hasPlaceholder(text) };
  let excused = false;
  if (text.length > MAX_LENGTH) return { ...stream, unread: "too-large" };
  try {
    let source = text;
    for (let from = 0, restarts = 0; from >= 0; restarts += 1) {
      const part = readPart(source, from);
      if (part.template) return { ...stream, unread: "template" };
      if (chart ? text.includes("{{") : part.loosePlaceholder) excused = true;
      const joined = restarts < MAX_RESTARTS ? joinQuoted(source, part.unclosed) : source;
      if (joined !== source) {
        source = joined;
        continue;
      }
      const next = restarts < MAX_RESTARTS ? swallowedMarker(source, part.documents) : undefined;
      const { documents, comments } = next === undefined ? part : readPart(source.slice(0, next), from);
      stream.documents.push(...documents);
      stream.comments.push(...comments);
      from = next ?? -1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...stream, documents: [], unread: "too-deep" };
  }
  stream.documents = withControlErrors(text, stream.documents);
  const errors = stream.documents.flatMap(({ error }) => error ?? []);
  if (excused && errors.length > 0) return { ...stream, documents: [], unread: "template" };
  // `yaml` recurses over nested collections and reports what that ends in as an error of the document.
  if (errors.some(({ message }) => message.includes("call stack")))
    return { ...stream, documents: [], unread: "too-deep" };
  return stream;
}

/** A document's first control character is an error of it, if it has none before. */
function withControlErrors(text: string, documents: readonly YamlDocument[]): YamlDocument[] {
  const offsets = Array.from(text.matchAll(CONTROL), ({ index }) => index);
  if (offsets.length === 0) return [...documents];
  return documents.map(({ document, error }) => {
    const [start, , end] = document.range;
    const at = offsets.find((offset) => offset >= start && offset < Math.max(end, start + 1));
    if (at === undefined || (error && error.pos[0] <= at)) return { document, error };
    const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
    const message = `The control character U+${code} is not allowed`;
    return { document, error: { code: "UNEXPECTED_TOKEN", message, pos: [at, at + 1] } };
  });
}

interface Part {
  documents: YamlDocument[];
  comments: Comment[];
  loosePlaceholder: boolean;
  template: boolean;
  /** Offsets of quotes that the lexer found no end for. */
  unclosed: number[];
}

/** Reads the documents from an offset on; what stands before it is blanked, so that offsets stay true. */
function readPart(text: string, from: number): Part {
  const source = from === 0 ? text : `${" ".repeat(from - 1)}\n${text.slice(from)}`;
  const part: Part = { documents: [], comments: [], loosePlaceholder: false, template: false, unclosed: [] };
  // Duplicate keys are no syntax error here: `duplicateKeys` finds them in linear time, and only in manifests.
  const composer = new Composer({ uniqueKeys: false, logLevel: "error" });
  const parser = new Parser();
  const keep = (document: Document.Parsed): void => {
    part.documents.push({ document, error: document.errors[0] });
  };
  let offset = 0;
  let scalarNext = false;
  let blockScalar = false;
  for (const lexeme of new Lexer().lex(source)) {
    if (scalarNext) {
      scalarNext = false;
      if (!blockScalar && lexeme.includes("{{")) part.loosePlaceholder = true;
      blockScalar = false;
      offset += lexeme.length;
    } else if (lexeme === SCALAR) {
      scalarNext = true;
    } else if (lexeme !== DOCUMENT && lexeme !== FLOW_END) {
      if (lexeme === "{" && /[{%]/.test(text[offset + 1] ?? "")) return { ...part, template: true };
      if (/^[|>]/.test(lexeme)) blockScalar = true;
      if (/^["']/.test(lexeme) && (lexeme.length === 1 || !lexeme.endsWith(lexeme.charAt(0))))
        part.unclosed.push(offset);
      if (lexeme.startsWith("#")) part.comments.push(commentAt(lexeme, offset));
      offset += lexeme.length;
    }
    for (const token of parser.next(lexeme)) for (const document of composer.next(token)) keep(document);
  }
  for (const token of parser.end()) for (const document of composer.next(token)) keep(document);
  for (const document of composer.end(false, text.length)) keep(document);
  return part;
}

/**
 * The text with the line breaks in some quoted scalars replaced by as many spaces. YAML 1.2 wants the second
 * line of a quoted scalar indented more than its key, and `yaml` holds to that; libyaml and go-yaml, and so
 * Kubernetes, take any indentation, and controller-gen has written CRDs like that for years.
 */
function joinQuoted(text: string, offsets: readonly number[]): string {
  let joined = "";
  let end = 0;
  for (const offset of offsets) {
    if (offset < end) continue;
    const pattern = text[offset] === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED;
    pattern.lastIndex = offset;
    const scalar = pattern.exec(text)?.[0];
    if (scalar === undefined || /\n(?:---|\.\.\.)(?:\s|$)/.test(scalar)) continue;
    joined +=
      text.slice(end, offset) +
      scalar.replaceAll(/\r?\n[ \t]*/g, (lineBreak) => " ".repeat(lineBreak.length));
    end = offset + scalar.length;
  }
  return joined + text.slice(end);
}

/**
 * Where the document begins that the parser read over because of an error before it, such as an unclosed quote. A line that begins with `---` always is a marker (YAML 1.2.2, c-forbidden).
 */
function swallowedMarker(text: string, documents: YamlDocument[]): number | undefined {
  for (const { document, error } of documents) {
    if (!error) continue;
    const [start, , end] = document.range;
    MARKER.lastIndex = text.startsWith("---", start) ? start + 3 : start;
    const marker = MARKER.exec(text);
    if (marker && marker.index > start && marker.index < end) return marker.index;
  }
  return undefined;
}

function commentAt(lexeme: string, offset: number): Comment {
  const source = lexeme.replace(/[\r\n]+$/, "");
  return { text: source.slice(1), range: [offset, offset + source.length], textStart: offset + 1 };
}
