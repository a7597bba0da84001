import { type Comment, Lines, type Point, type Range } from "@yantra-lint/core";

/** A comment as any of our languages' `getAllComments()` gives it; ESTree's comments have `value` only. */
export interface CommentToken {
  value?: string;
  text?: string;
  range?: readonly [number, number];
  textStart?: number;
}

/** Comments in core's shape. A JavaScript comment's text begins after two characters (slash slash or slash star). */
export function toComments(tokens: readonly CommentToken[]): Comment[] {
  return tokens.flatMap((token) => {
    if (!token.range) return [];
    const range: Range = [token.range[0], token.range[1]];
    return [{ text: token.text ?? token.value ?? "", range, textStart: token.textStart ?? range[0] + 2 }];
  });
}

/** What rules about comments need of a SourceCode; those of `js/js`, `yantra/sql` and `yantra/kubernetes` all have it. */
export interface CommentedSource {
  text: string;
  getAllComments(): readonly CommentToken[];
  /** In the language's own counting of lines and columns. ESLint's text languages have it since 9.20. */
  getLocFromIndex?(index: number): Point;
}

/** Whether a SourceCode can be asked for its comments. */
export function isCommented(code: object): code is CommentedSource {
  return "text" in code && "getAllComments" in code && typeof code.getAllComments === "function";
}

/** From an offset to a place, in the counting of the SourceCode's language. */
export function pointer(code: CommentedSource): (index: number) => Point {
  const lines = new Lines(code.text);
  return (index) => code.getLocFromIndex?.(index) ?? lines.point(index);
}
