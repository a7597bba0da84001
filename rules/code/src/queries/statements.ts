import type { Lines, QueryFact, Range } from "@yantra-lint/core";
import { type Driver, driverOf, type PackageDatabase } from "./drivers.ts";
import type { Names } from "./names.ts";
import { literalText, nameOf, type Node, type NodeOf, propertyOf, unwrap } from "./nodes.ts";
import { piecesOfTemplate, piecesOfText } from "./pieces.ts";
import { type Assembled, assemble, hasQuestionMarks, isQuery, numbered, type Piece } from "./text.ts";

/** Methods that take SQL as their first argument, and those of Prisma, which no other library has. */
const TAKES_SQL = new Set([
  "query",
  "raw",
  "unsafe",
  "execute",
  "none",
  "one",
  "oneOrNone",
  "many",
  "any",
  "manyOrNone",
  "result",
  "exec",
  "queryOne",
  "queryArray",
  "queryObject",
  "each",
]);
const PRISMA_CALL = /^\$(?:queryRaw|executeRaw)(?:Unsafe)?$/;
/** Classes and functions that are made with SQL: pg-cursor, pg-query-stream, Kysely's CompiledQuery.raw. */
const MADE_WITH_SQL = new Set(["pg-cursor", "pg-query-stream"]);
/** Properties that hold the text in a query given as an object: pg, sequelize's `query`. */
const TEXT_PROPERTIES = ["text", "sql"];

/** Whether a node is one that `visit` looks at. */
export function maySend(node: Node): boolean {
  return (
    node.type === "TaggedTemplateExpression" ||
    node.type === "CallExpression" ||
    node.type === "NewExpression"
  );
}

/** Finds the SQL that one file sends. */
export class Statements {
  readonly #names: Names;
  readonly #text: string;
  readonly #lines: Lines;
  readonly #other: boolean;
  /** The file imports a driver of PostgreSQL, or none of another database. */
  readonly #ours: boolean;
  readonly #facts = new Map<string, QueryFact>();
  readonly #nested = new Set<Node>();

  constructor(text: string, lines: Lines, names: Names, database: PackageDatabase) {
    this.#text = text;
    this.#lines = lines;
    this.#names = names;
    this.#other = database.other === true;
    const drivers = [...names.modules].map((module) => driverOf(module)?.database);
    this.#ours = drivers.includes("postgresql") || !drivers.includes("other");
  }

  get facts(): QueryFact[] {
    return [...this.#facts.values()];
  }

  /** Looks at a node that may send SQL; `parent`: the node around it. Parents come before what is in them. */
  visit(node: Node, parent: Node | undefined): void {
    if (node.type === "TaggedTemplateExpression") this.#template(node, parent);
    else if (node.type === "CallExpression") this.#call(node);
    else if (node.type === "NewExpression") this.#made(node);
  }

  /** What a receiver or a tag is; "unknown" when the file does not show it, undefined when it is no PostgreSQL. */
  #driver(node: Node): Driver | "unknown" | undefined {
    const origin = this.#names.originOf(node);
    const driver = origin && driverOf(origin.module);
    if (driver?.database === "postgresql") return driver;
    if (driver?.database === "other" || this.#other || !this.#ours) return undefined;
    return driver ?? "unknown";
  }

  #isTag = (node: Node): boolean => {
    let inner = unwrap(node);
    // `sql.type(row)`…`` and `sql.typeAlias("id")`…`` (slonik).
    if (inner.type === "CallExpression") inner = unwrap(inner.callee);
    if (inner.type === "MemberExpression") {
      const name = nameOf(inner) ?? "";
      if (PRISMA_CALL.test(name) || name === "sql" || name === "SQL") return true;
      return /^(?:type|typeAlias|unsafe|fragment|typed|raw)$/.test(name) && this.#isTag(inner.object);
    }
    if (inner.type !== "Identifier") return false;
    if (/^sql$/i.test(inner.name)) return true;
    // A transaction of postgres.js is a tag too: `sql.begin(async (tx) => tx`…`)`.
    const origin = this.#names.originOf(inner);
    return origin !== undefined && /^(?:postgres|bun|@neondatabase\/serverless)$/.test(origin.module);
  };

  #template(node: NodeOf<"TaggedTemplateExpression">, parent: Node | undefined): void {
    if (!this.#isTag(node.tag)) return;
    for (const expression of node.quasi.expressions) this.#noteNested(expression);
    if (this.#nested.has(node)) return;
    const driver = this.#driver(node.tag);
    if (!driver) return;
    const inner = unwrap(node.tag);
    const method = inner.type === "MemberExpression" ? nameOf(inner) : undefined;
    const prisma =
      inner.type === "MemberExpression" &&
      ((method !== undefined && PRISMA_CALL.test(method)) ||
        (inner.object.type === "Identifier" && inner.object.name === "Prisma"));
    const pieces = piecesOfTemplate(node.quasi, this.#names, this.#isTag);
    const { start, end } = node.quasi;
    this.#add(assemble(pieces), [start + 1, end - 1], {
      source: "template",
      certainty: prisma || driver !== "unknown" ? "certain" : "likely",
      name: nameAround(parent),
    });
  }

  /** Templates put straight into another are a part of it. */
  #noteNested(node: Node): void {
    const inner = unwrap(node);
    if (inner.type === "TaggedTemplateExpression") this.#nested.add(inner);
  }

  #call(node: NodeOf<"CallExpression">): void {
    const callee = unwrap(node.callee);
    if (callee.type !== "MemberExpression") return;
    const method = nameOf(callee) ?? "";
    const prisma = PRISMA_CALL.test(method);
    if (!prisma && !TAKES_SQL.has(method)) return;
    const [first] = node.arguments;
    if (first) this.#given(first, callee.object, method, prisma);
  }

  #made(node: NodeOf<"NewExpression">): void {
    const [first] = node.arguments;
    const origin = this.#names.originOf(node.callee);
    if (first && origin && MADE_WITH_SQL.has(origin.module)) this.#given(first, node.callee, "new", false);
  }

  /** A query given to a call: a text, or an object that holds one. */
  #given(argument: Node, receiver: Node, method: string, prisma: boolean): void {
    const value = this.#names.valueOf(argument) ?? unwrap(argument);
    let text: Node = value;
    let name: string | undefined;
    if (value.type === "ObjectExpression") {
      const found = TEXT_PROPERTIES.map((property) => propertyOf(value, property)).find((each) => each);
      if (!found) return;
      text = this.#names.valueOf(found) ?? found;
      name = literalText(propertyOf(value, "name"));
    }
    if (!isText(text)) return;
    const pieces = piecesOfText(text, this.#names);
    if (!pieces || !mayBeQuery(pieces)) return;
    const driver = this.#driver(receiver);
    if (!driver) return;
    const known = prisma || driver !== "unknown";
    // Common words of other things (`execute`, `one`, `any`) count only with a database that is known.
    if (!known && !/^(?:query|raw|unsafe|execute)$/.test(method)) return;
    let query = assemble(pieces);
    // `raw` of a receiver that is not known is knex' or one of its kin: no driver has it.
    const placeholders =
      driver === "unknown" ? (method === "raw" ? "question" : "numbered") : driver.placeholders;
    if (placeholders !== "numbered") query = both(query, numbered(query.sql, placeholders));
    else if (hasQuestionMarks(query.sql)) return;
    this.#add(query, innerRange(text), { source: "call", certainty: known ? "certain" : "likely", name });
  }

  #add(
    { sql, complete }: Assembled,
    range: Range,
    { name, ...rest }: Pick<QueryFact, "source" | "certainty"> & { name: string | undefined },
  ): void {
    if (!isQuery(sql)) return;
    const [start, end] = trimmed(this.#text, range);
    const fact: QueryFact = {
      type: "query",
      path: "",
      ...this.#lines.region([start, end]),
      sql,
      ...rest,
      complete,
      ...(name === undefined ? {} : { name }),
    };
    // One text may be sent from several places.
    const key = `${start}:${end}`;
    if (this.#facts.get(key)?.certainty !== "certain") this.#facts.set(key, fact);
  }
}

function both(first: Assembled, second: Assembled): Assembled {
  return { sql: second.sql, complete: first.complete && second.complete };
}

/** A look at the first words, before names are followed: most calls of `query` are no SQL. */
function mayBeQuery(pieces: readonly Piece[]): boolean {
  const first = pieces.find((piece) => "text" in piece && piece.text.trim() !== "");
  return (
    first !== undefined && "text" in first && /^\s*(?:[a-z]|--|\/\*|\()/i.test(first.text.slice(0, 4000))
  );
}

function isText(node: Node): boolean {
  return (
    node.type === "TemplateLiteral" ||
    node.type === "Literal" ||
    (node.type === "BinaryExpression" && node.operator === "+") ||
    node.type === "CallExpression"
  );
}

/** The text without its quotes; of a sum the whole expression. */
function innerRange(node: Node): Range {
  return node.type === "TemplateLiteral" || node.type === "Literal"
    ? [node.start + 1, node.end - 1]
    : [node.start, node.end];
}

function trimmed(text: string, [start, end]: Range): Range {
  const inner = text.slice(start, end);
  const from = start + (inner.length - inner.trimStart().length);
  return [from, Math.max(from, start + inner.trimEnd().length)];
}

/** The name of the variable or property that a template is the value of. */
function nameAround(parent: Node | undefined): string | undefined {
  if (parent?.type === "VariableDeclarator")
    return parent.id.type === "Identifier" ? parent.id.name : undefined;
  return parent?.type === "Property" || parent?.type === "PropertyDefinition" ? nameOf(parent) : undefined;
}
