import type { Comment, Lines, NoticeFact, SourceLoc } from "@yantra-lint/core";

/** A comment with what ESLint and core ask of one. */
export interface LineComment extends Comment {
  type: "Line";
  value: string;
  loc: SourceLoc;
}

/** Comments that end with their line, as ESLint wants them. */
export function lineComments(comments: readonly Comment[], lines: Lines): LineComment[] {
  return comments.map((comment) => ({
    ...comment,
    type: "Line",
    value: comment.text,
    loc: lines.loc(comment.range),
  }));
}

/** The parent of each node below a root. */
export function parentsOf<Node extends object>(
  root: Node,
  childrenOf: (node: Node) => readonly Node[],
): Map<object, Node> {
  const parents = new Map<object, Node>();
  const visit = (node: Node): void => {
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child);
    }
  };
  visit(root);
  return parents;
}

/** The notice, at a file's beginning, that nothing in it was checked. */
export function unreadNotice(notice: Pick<NoticeFact, "id" | "message">): NoticeFact {
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return { type: "notice", path: "", ...region, unread: true, ...notice };
}

/** The text of a file that ESLint gives a language. */
export function textOf({ body }: { body: string | Uint8Array }): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}
