import {
  defineRule as defineCoreRule,
  type FileRule,
  type FileRuleContext,
  type FileRuleMeta,
  type OperationKind,
} from "@yantra-lint/core";
import type {
  FileNode,
  InvalidStatementNode,
  OperationNodeOf,
  ReadStatementNode,
  SectionNode,
  SqlNode,
  UnreadStatementNode,
} from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";

type Handler<Node> = (node: Node) => void;

/** What a rule of this pack may visit: operations, statements, sections and the file. */
export type SqlVisitor = { [K in OperationKind]?: Handler<OperationNodeOf<K>> } & {
  File?: Handler<FileNode>;
  "File:exit"?: Handler<FileNode>;
  Section?: Handler<SectionNode>;
  Statement?: Handler<ReadStatementNode>;
  InvalidStatement?: Handler<InvalidStatementNode>;
  UnreadStatement?: Handler<UnreadStatementNode>;
};

export type SqlRuleContext = FileRuleContext<SqlSourceCode, SqlNode>;

export interface SqlRule {
  meta: FileRuleMeta;
  /**
   * Whether the rule judges down migrations too. Off by default: they undo what a release did, and dropping what
   * the up migration added is their purpose.
   */
  down?: boolean;
  create(context: SqlRuleContext): SqlVisitor;
}

/** Types a rule of this pack and keeps it away from down migrations, unless it asks for them. */
export function defineRule({
  meta,
  down = false,
  create,
}: SqlRule): FileRule<SqlSourceCode, SqlNode, SqlVisitor> {
  return defineCoreRule({
    meta,
    create(context) {
      if (down) return create(context);
      const { sections } = context.sourceCode.ast;
      const hasDown = sections.some(({ direction }) => direction === "down");
      if (!hasDown) return create(context);
      // Half of the files of some runners are nothing but the way down.
      return sections.every(({ direction }) => direction === "down") ? {} : upOnly(create(context));
    },
  });
}

function upOnly(visitor: SqlVisitor): SqlVisitor {
  return Object.fromEntries(
    Object.entries(visitor).map(([selector, handler]) => [
      selector,
      (node: SqlNode) => {
        // Each handler takes the node its selector names.
        if (directionOf(node) !== "down") Reflect.apply(handler, undefined, [node]);
      },
    ]),
  );
}

function directionOf(node: SqlNode): "up" | "down" | undefined {
  switch (node.type) {
    case "File":
      return undefined;
    case "Section":
      return node.direction;
    case "Statement":
    case "InvalidStatement":
    case "UnreadStatement":
      return node.parent.direction;
    default:
      return node.direction;
  }
}
