import { Lines } from "@yantra-lint/core";
import type { LineSpan } from "@yantra-lint/core";
import type { ParsedText, RawComment } from "./parse.ts";

/** Comments that bundlers and compilers obey where they stand. */
const MAGIC =
  /[@#]__(?:PURE|NO_SIDE_EFFECTS|INLINE|NOINLINE|KEY)__|\bwebpack[A-Z]\w*\s*:|@vite-ignore|\bturbopack\w+|@refresh\s+reset/;
/** Comments that hold for the file wherever they stand. */
const PRAGMA = /@jsx(?:ImportSource|Runtime|Frag)?\b|[#@]\s*source(?:MappingURL|URL)=|@next-codemod|<amd-/;

/** Comments with an effect on the emitted program, by the offset of the code behind each. */
export function anchoredComments({ text, comments }: ParsedText): Map<number, string> {
  const anchors = new Map<number, string>();
  for (const [index, comment] of comments.entries()) {
    if (!MAGIC.test(comment.value)) continue;
    const at = nextCode(text, comments, index);
    anchors.set(at, `${anchors.get(at) ?? ""}${comment.value.trim()}`);
  }
  return anchors;
}

function nextCode(text: string, comments: readonly RawComment[], index: number): number {
  let at = comments[index]?.end ?? text.length;
  for (let next = index + 1; ; next += 1) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const comment = comments[next];
    if (comment?.start !== at) return at;
    at = comment.end;
  }
}

/** The comments that hold for the whole file, in their order. */
export function pragmas({ comments }: ParsedText): string[] {
  return comments.flatMap(({ value }) => (PRAGMA.test(value) ? [value.trim()] : []));
}

/** Finds the lines of code together with the comments directly above it. */
export class Spans {
  readonly lines: Lines;
  readonly #byEndLine = new Map<number, RawComment>();

  constructor({ text, comments }: ParsedText) {
    this.lines = new Lines(text);
    for (const comment of comments) {
      const start = this.lines.point(comment.start);
      const before = this.lines.line(start.line).slice(0, start.column - 1);
      // A comment behind code belongs to that code.
      if (before.trim() === "") this.#byEndLine.set(this.lines.point(comment.end).line, comment);
    }
  }

  line(offset: number): number {
    return this.lines.point(offset).line;
  }

  /** From the first of the comments attached to the code (no blank line between) to the code's last line. */
  of(start: number, end: number): LineSpan {
    let first = this.line(start);
    for (;;) {
      // `/** … */ function f() {}` with its beginning on a line before.
      const comment = this.#byEndLine.get(first) ?? this.#byEndLine.get(first - 1);
      if (!comment) break;
      const above = this.line(comment.start);
      if (above >= first) {
        const before = this.#byEndLine.get(first - 1);
        if (!before) break;
        first = this.line(before.start);
        continue;
      }
      first = above;
    }
    return { start: first, count: this.line(Math.max(start, end)) - first + 1 };
  }
}
