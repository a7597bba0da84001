import { codeFrameColumns } from "@babel/code-frame";
import { Lines, type Region } from "@yantra-lint/core";
import { visible } from "../text.ts";

/** A region's frame shows at most so many lines of its own. */
const FRAME_LINES = 4;
/** A longer line is shown in part. In UTF-16 units. */
const LINE_LENGTH = 240;
/** What is shown of a long line before the place in question. */
const LEAD = 80;
const CUT = "…";

/** Code frames; each file's lines are found once, and each frame is made of the few lines it shows. */
export class Frames {
  readonly #textOf: (path: string) => string | undefined;
  readonly #lines = new Map<string, Lines | undefined>();

  constructor(textOf: (path: string) => string | undefined) {
    this.#textOf = textOf;
  }

  /** The region's lines with one above and one below, indented; undefined when there is nothing to show. */
  of({ path, startLine, startColumn, endLine, endColumn }: Region & { path: string }): string | undefined {
    const lines = this.#linesOf(path);
    if (!lines || startLine > lines.count) return undefined;
    const short = endLine - startLine < FRAME_LINES;
    const last = short ? endLine : startLine;
    const first = Math.max(1, startLine - 1);
    const shown: Piece[] = [];
    for (let line = first; line <= Math.min(last + 1, lines.count); line += 1)
      shown.push(piece(lines.line(line), line === startLine ? startColumn : 1));
    const columnIn = (line: number, column: number): number => shown[line - first]?.column(column) ?? column;
    const start = { line: startLine, column: columnIn(startLine, startColumn) };
    const end = { line: endLine, column: columnIn(endLine, endColumn) };
    // `startLine` (since @babel/code-frame 7.29) is missing from @types/babel__code-frame 7.27.
    const options = { linesAbove: 1, linesBelow: 1, highlightCode: false, startLine: first };
    const text = shown.map((line) => line.text).join("\n");
    return codeFrameColumns(text, short ? { start, end } : { start }, options)
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n");
  }

  #linesOf(path: string): Lines | undefined {
    if (!this.#lines.has(path)) {
      const text = this.#textOf(path);
      this.#lines.set(path, text === undefined || text.trim() === "" ? undefined : new Lines(text));
    }
    return this.#lines.get(path);
  }
}

/** What is shown of a line. */
interface Piece {
  text: string;
  /** Where a column of the line is in `text`; what is cut off is at its nearer end. Both are 1-based. */
  column: (column: number) => number;
}

/** A line made harmless, cut to what a terminal can show around a column. */
function piece(line: string, column: number): Piece {
  const from =
    line.length <= LINE_LENGTH || column <= LINE_LENGTH - LEAD ? 0 : whole(line, column - 1 - LEAD);
  const to = from + LINE_LENGTH >= line.length ? line.length : whole(line, from + LINE_LENGTH);
  const before = from > 0 ? CUT : "";
  return {
    text: `${before}${visible(line.slice(from, to))}${to < line.length ? CUT : ""}`,
    column: (at) =>
      before.length + visible(line.slice(from, Math.max(from, Math.min(at - 1, to)))).length + 1,
  };
}

/** The offset, moved back where it would part a surrogate pair. */
function whole(line: string, offset: number): number {
  const code = line.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}
