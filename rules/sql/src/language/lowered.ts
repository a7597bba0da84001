import type {
  Lines,
  ObjectChange,
  Operation,
  OperationDetails,
  OperationKind,
  OperationOf,
  QualifiedName,
  Range,
  SourceLoc,
} from "@yantra-lint/core";
import type { AlterTableStmt, DefElem, Node, RangeVar } from "libpg-query";
import type { OperationNode, OperationNodeOf, ReadStatementNode } from "./ast.ts";

/** Where an operation stands in its file. */
export interface Place {
  parent: ReadStatementNode;
  lines: Lines;
  /** Position of its statement in the file. */
  statement: number;
  /** Position of the operation in the file. */
  index: number;
  transaction: number | null | "unknown";
  direction: "up" | "down";
}

/** An operation read from a syntax tree, not yet placed in a file. */
export interface Lowered {
  kind: OperationKind;
  /** What a transaction statement does; undefined for all others. */
  verb: OperationDetails["Transaction"]["verb"] | undefined;
  range: Range;
  node(place: Place): OperationNode;
  operation(place: Pick<Place, "lines" | "statement" | "transaction">): Operation;
}

/** What every operation node has. Its `loc` is worked out when asked for, which is seldom. */
class PlacedOperation<K extends OperationKind> {
  readonly type: K;
  readonly range: Range;
  readonly raw: Node;
  readonly altered: AlterTableStmt | undefined;
  readonly parent: ReadStatementNode;
  readonly statement: number;
  readonly index: number;
  readonly transaction: Place["transaction"];
  readonly direction: Place["direction"];
  readonly #lines: Lines;

  constructor(type: K, range: Range, raw: Node, altered: AlterTableStmt | undefined, place: Place) {
    this.type = type;
    this.range = range;
    this.raw = raw;
    this.altered = altered;
    this.parent = place.parent;
    this.statement = place.statement;
    this.index = place.index;
    this.transaction = place.transaction;
    this.direction = place.direction;
    this.#lines = place.lines;
  }

  get loc(): SourceLoc {
    return this.#lines.loc(this.range);
  }
}

/**
 * Pairs details with their kind, checked against core's types.
 * @param raw the subcommand of an ALTER TABLE (`altered`), else the statement
 */
export function lowered<K extends OperationKind>(
  kind: K,
  details: OperationDetails[K],
  range: Range,
  raw: Node,
  altered?: AlterTableStmt,
): Lowered {
  return {
    kind,
    verb: kind === "Transaction" && "verb" in details ? transactionVerb(details.verb) : undefined,
    range,
    // TypeScript does not see that a member chosen by K is one of the union's (microsoft/TypeScript issue 30581):
    // `satisfies` checks the member, `as` only widens it.
    node(place) {
      const base = new PlacedOperation(kind, range, raw, altered, place);
      return Object.assign(base, details) satisfies OperationNodeOf<K> as unknown as OperationNode;
    },
    operation({ lines, statement, transaction }) {
      const base = { kind, range, statement, transaction, ...lines.region(range) };
      return Object.assign(base, details) satisfies OperationOf<K> as unknown as Operation;
    },
  };
}

/** A statement without an operation of its own. */
export function other(
  node: Node,
  range: Range,
  mentions?: string[],
  what?: string,
  changes: ObjectChange[] = [],
): Lowered {
  const details = {
    tag: Object.keys(node)[0] ?? "",
    ...(mentions ? { mentions } : {}),
    ...(what === undefined ? {} : { what }),
    ...(changes.length > 0 ? { changes } : {}),
  };
  return lowered("Other", details, range, node);
}

const TRANSACTION_VERBS = ["begin", "commit", "rollback", "savepoint", "release", "rollbackTo"] as const;

function transactionVerb(verb: string): Lowered["verb"] {
  return TRANSACTION_VERBS.find((known) => known === verb);
}

/** A relation's name; PostgreSQL's parser has folded it already. The database's name is left out. */
export function nameOf(relation: RangeVar | undefined): QualifiedName {
  const name = relation?.relname ?? "";
  return relation?.schemaname === undefined ? { name } : { schema: relation.schemaname, name };
}

/** The texts of a list of String nodes. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

/** A name given as list of strings, such as `DROP TABLE schema.name`. */
export function nameFromList(node: Node | undefined): QualifiedName {
  return named(node && "List" in node ? node.List.items : node ? [node] : []);
}

/** A name given as its parts. */
export function named(parts: readonly Node[] | undefined): QualifiedName {
  const texts = strings(parts);
  const name = texts.at(-1) ?? "";
  const schema = texts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** The options of a statement: `WITH (a = b)`, `SCHEMA x`. */
export function options(nodes: readonly Node[] | undefined): DefElem[] {
  return (nodes ?? []).flatMap((node) => ("DefElem" in node ? [node.DefElem] : []));
}

/** The text of an option; undefined when it is not given, or is no text. */
export function textOption(nodes: readonly Node[] | undefined, name: string): string | undefined {
  const arg = options(nodes).find(({ defname }) => defname === name)?.arg;
  return arg && "String" in arg ? (arg.String.sval ?? "") : undefined;
}
