import type { Range } from "./positions.ts";

/** A comment of any language. `text` is what stands between the delimiters; `range` includes the delimiters. */
export interface Comment {
  text: string;
  range: Range;
  /** UTF-16 offset in the file where `text` begins. */
  textStart: number;
}
