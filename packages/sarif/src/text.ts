/**
 * Text from a repository on its way into SARIF. File names and messages may hold anything a hostile author can
 * commit; what comes out can be printed on a terminal and shown by a viewer without doing more than being read.
 */

// C0 and C1 controls and DEL steer terminals; the bidirectional controls make text read differently from what it
// is (CVE-2021-42574); U+2028 and U+2029 are line breaks to some readers. Lone surrogates are no Unicode text.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
const BLANKS = /[\t\n\r\u2028\u2029]+/g;

/** Text on one line: line breaks and tabs become a space, other unsafe characters U+FFFD. */
export function oneLine(text: string): string {
  return text.replace(BLANKS, " ").replace(UNSAFE, "\uFFFD").trim();
}

/** Text that keeps its line breaks and tabs, such as a page in Markdown. */
export function manyLines(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(UNSAFE, (character) => (character === "\n" || character === "\t" ? character : "\uFFFD"));
}

/**
 * Escapes what SARIF would read as a placeholder (`{0}`, SARIF 2.1.0 §3.11.5) or as a link (`[text](1)`,
 * §3.11.6). Other braces and brackets stay as they are: the standard wants braces doubled everywhere, but no
 * viewer undoes that where there are no arguments, and `{{{{ .Values.image }}}}` helps nobody.
 */
function escapePlain(text: string): string {
  const braced = text.replace(/\{(\d+)\}/g, "{{$1}}");
  return braced.includes("](") ? braced.replace(/[[\]]/g, "\\$&") : braced;
}

/** A message without links: on one line, harmless, and read as nothing but text. */
export function plainMessage(text: string): string {
  return escapePlain(oneLine(text));
}

/** A link to the related location `id`; brackets and backslashes in link text are escaped (§3.11.6). */
export function link(text: string, id: number): string {
  const inner = oneLine(text)
    .replace(/\.$/, "")
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/\{(\d+)\}/g, "{{$1}}");
  return `[${inner}](${id})`;
}

/** A path relative to the root as a relative URI reference (RFC 3986): every segment percent-encoded as UTF-8. */
export function relativeUri(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\uFFFD")))
    .join("/");
}
