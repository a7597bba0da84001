import type { Condition, OperationDetails, OperationKind, Range, SourceLoc } from "@yantra-lint/core";
import type { AlterTableStmt, Node } from "libpg-query";

interface NodeBase {
  range: Range;
  readonly loc: SourceLoc;
}

/** A file of migrations. Empty when the file is no PostgreSQL migration. */
export interface FileNode extends NodeBase {
  type: "File";
  parent: undefined;
  sections: SectionNode[];
}

/** The up or the down part of a file; most files have one section. */
export interface SectionNode extends NodeBase {
  type: "Section";
  parent: FileNode;
  direction: "up" | "down";
  /** Whether the runner puts a transaction around the section. */
  transactional: boolean | "unknown";
  /** See the runners' `Sending`. */
  chained?: true;
  span?: "query" | "run";
  /** It runs again whenever it changes. */
  repeatable?: true;
  statements: StatementNode[];
  /** What each statement says (see StatementText), also those that are not read. */
  words: readonly string[];
}

interface StatementBase extends NodeBase {
  parent: SectionNode;
  /** 0-based position in the file. */
  index: number;
}

/** A statement, without its semicolon. */
export interface ReadStatementNode extends StatementBase {
  type: "Statement";
  operations: OperationNode[];
  raw: Node;
}

/** Text that PostgreSQL's parser refuses. Range: where the parser stopped, one token. */
export interface InvalidStatementNode extends StatementBase {
  type: "InvalidStatement";
  message: string;
  /** `nul`: a NUL character, which ends the text for the server; `syntax`: all else. */
  problem: "syntax" | "nul";
  statementRange: Range;
}

/** A statement that only exists after a template or psql has filled it in. */
export interface UnreadStatementNode extends StatementBase {
  type: "UnreadStatement";
  why: string;
}

export type StatementNode = ReadStatementNode | InvalidStatementNode | UnreadStatementNode;

/**
 * One operation of a statement: core's operation details, under the operation's kind as node type. The range is
 * the smallest text that says it, such as the `DROP COLUMN a` of an ALTER TABLE.
 */
export type OperationNodeOf<K extends OperationKind> = NodeBase &
  OperationDetails[K] & {
    type: K;
    parent: ReadStatementNode;
    /** Position of the statement in the file. */
    statement: number;
    /** Position of the operation in the file. */
    index: number;
    /** As core's operations have it. */
    transaction: number | null | "unknown";
    condition?: Condition;
    direction: "up" | "down";
    /** libpg-query's node: the subcommand of an ALTER TABLE, else the statement. */
    raw: Node;
    /** The ALTER TABLE of a subcommand, which inside a DO block is not the parent. */
    altered: AlterTableStmt | undefined;
  };
export type OperationNode = { [K in OperationKind]: OperationNodeOf<K> }[OperationKind];

export type SqlNode = FileNode | SectionNode | StatementNode | OperationNode;

const OPERATION_KINDS: Record<OperationKind, string[]> = {
  CreateTable: [],
  DropTable: [],
  RenameTable: [],
  SetSchema: [],
  AddColumn: [],
  DropColumn: [],
  RenameColumn: [],
  AlterColumnType: [],
  SetNotNull: [],
  DropNotNull: [],
  SetDefault: [],
  DropDefault: [],
  AddConstraint: [],
  ValidateConstraint: [],
  DropConstraint: [],
  RenameConstraint: [],
  CreateIndex: [],
  DropIndex: [],
  CreateView: [],
  DropView: [],
  WriteData: [],
  Transaction: [],
  SetParameter: [],
  Other: [],
};

/** ESLint's visitor keys. */
export const VISITOR_KEYS: Record<string, string[]> = {
  File: ["sections"],
  Section: ["statements"],
  Statement: ["operations"],
  InvalidStatement: [],
  UnreadStatement: [],
  ...OPERATION_KINDS,
};

/** The children of a node, in the text's order. */
export function childrenOf(node: SqlNode): readonly SqlNode[] {
  switch (node.type) {
    case "File":
      return node.sections;
    case "Section":
      return node.statements;
    case "Statement":
      return node.operations;
    default:
      return [];
  }
}
