import type { Names } from "./names.ts";
import { nameOf, type Node, type NodeOf, rootOf, unwrap } from "./nodes.ts";
import type { Piece } from "./text.ts";

const MAX_DEPTH = 8;
/** Beyond this many parts a text is data, not a query that people write. */
const MAX_PIECES = 2000;

/** Whether an expression is a tag of SQL templates (`sql`, `Prisma.sql`, `tx` of postgres.js). */
export type IsTag = (node: Node) => boolean;

/** Names of values that hold a part of a query, where nothing else shows what they are. */
const PART_NAME =
  /(?:sql|fragments?|clauses?|cond(?:ition)?s?|where|filters?|order|orderby|sort|columns?|fields?|quer(?:y|ies)|joins?|tables?|schemas?|cte|identifiers?|returning)$/i;
/** Types of parts of queries: Prisma's Sql, Drizzle's SQL, slonik's tokens, Kysely's RawBuilder, postgres.js'. */
const PART_TYPE =
  /^(?:Sql|SQL|SQLWrapper|RawBuilder|PendingQuery|Fragment|Expression|Helper)$|Fragment|SqlToken/;
/** Functions of tags that give a value: slonik's sql.json …, Kysely's sql.val, Drizzle's sql.param. */
const VALUE_MEMBER =
  /^(?:val|value|lit|param|placeholder|json|jsonb|array|binary|date|timestamp|interval|uuid|typed|notify)$/;

/**
 * The parts of a text that code puts together: literals, templates, sums, constants of this file, `[…].join()`. What
 * is not known is a hole, which may be any SQL. Undefined when nothing of it is known.
 */
export function piecesOfText(node: Node, names: Names): Piece[] | undefined {
  const pieces: Piece[] = [];
  addText(node, names, pieces, 0);
  return pieces.some((piece) => "text" in piece) ? pieces : undefined;
}

function addText(node: Node, names: Names, pieces: Piece[], depth: number): void {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH || pieces.length > MAX_PIECES) {
    pieces.push({ hole: "text" });
    return;
  }
  switch (inner.type) {
    case "Literal":
      if (typeof inner.value === "string" || typeof inner.value === "number")
        pieces.push({ text: String(inner.value) });
      else pieces.push({ hole: "text" });
      return;
    case "TemplateLiteral":
      for (const [index, quasi] of inner.quasis.entries()) {
        pieces.push({ text: quasi.value.cooked ?? "" });
        const expression = inner.expressions[index];
        if (expression) addText(expression, names, pieces, depth + 1);
      }
      return;
    case "BinaryExpression":
      if (inner.operator !== "+") break;
      // A long sum leans to the left: its right sides are parted from the last to the first.
      addSum(inner, names, pieces, depth);
      return;
    case "CallExpression":
      if (addCall(inner, names, pieces, depth)) return;
      break;
    default: {
      const value = names.valueOf(inner);
      if (value && value !== inner) {
        addText(value, names, pieces, depth + 1);
        return;
      }
    }
  }
  pieces.push({ hole: "text" });
}

function addSum(sum: NodeOf<"BinaryExpression">, names: Names, pieces: Piece[], depth: number): void {
  const parts: Node[] = [];
  let left: Node = sum;
  while (left.type === "BinaryExpression" && left.operator === "+") {
    parts.push(left.right);
    left = unwrap(left.left);
  }
  for (const part of [left, ...parts.toReversed()]) addText(part, names, pieces, depth + 1);
}

/** `["SELECT", "…"].join(" ")` and what only trims. */
function addCall(call: NodeOf<"CallExpression">, names: Names, pieces: Piece[], depth: number): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== "MemberExpression") return false;
  const name = nameOf(callee);
  if (name === "trim" || name === "trimEnd" || name === "trimStart") {
    addText(callee.object, names, pieces, depth + 1);
    return true;
  }
  const list = unwrap(callee.object);
  const [separator] = call.arguments;
  if (name !== "join" || list.type !== "ArrayExpression" || separator?.type !== "Literal") return false;
  for (const [index, element] of list.elements.entries()) {
    if (index > 0) pieces.push({ text: String(separator.value) });
    if (element && element.type !== "SpreadElement") addText(element, names, pieces, depth + 1);
    else pieces.push({ hole: "text" });
  }
  return true;
}

/** The parts of a tagged template: its values, and the templates put into it. */
export function piecesOfTemplate(
  template: NodeOf<"TemplateLiteral">,
  names: Names,
  isTag: IsTag,
  depth = 0,
): Piece[] {
  const pieces: Piece[] = [];
  for (const [index, quasi] of template.quasis.entries()) {
    pieces.push({ text: quasi.value.cooked ?? "" });
    const expression = template.expressions[index];
    if (!expression) continue;
    if (pieces.length > MAX_PIECES) pieces.push({ hole: "text" });
    else pieces.push(...piecesOfValue(expression, names, isTag, depth + 1));
  }
  return pieces;
}

function piecesOfValue(node: Node, names: Names, isTag: IsTag, depth: number): Piece[] {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH) return [{ hole: "text" }];
  const again = (next: Node): Piece[] => piecesOfValue(next, names, isTag, depth + 1);
  switch (inner.type) {
    case "TaggedTemplateExpression":
      return isTag(inner.tag) ? piecesOfTemplate(inner.quasi, names, isTag, depth + 1) : [{ hole: "text" }];
    case "CallExpression":
      return [callHole(inner, names, isTag)];
    case "ConditionalExpression":
      return isPart(again(inner.consequent)) || isPart(again(inner.alternate))
        ? [{ hole: "text" }]
        : [{ hole: "value" }];
    case "LogicalExpression":
      return isPart(again(inner.left)) || isPart(again(inner.right))
        ? [{ hole: "text" }]
        : [{ hole: "value" }];
    case "MemberExpression": {
      const name = nameOf(inner);
      if (name === "empty" && isTagRoot(inner.object, isTag)) return [];
      const value = names.valueOf(inner);
      if (value) return again(value);
      const root = rootOf(inner);
      return [{ hole: root && isPartRoot(root, names) ? "text" : "value" }];
    }
    case "Identifier": {
      const found = names.resolve(inner.name, inner.start);
      const value = names.valueOf(inner);
      if (value && value.type !== "Identifier") {
        const pieces = again(value);
        return isPart(pieces) || !PART_NAME.test(inner.name) ? pieces : [{ hole: "text" }];
      }
      const annotation = found && "annotation" in found ? typeName(found.annotation) : undefined;
      const part =
        PART_NAME.test(inner.name) ||
        (annotation !== undefined && PART_TYPE.test(annotation)) ||
        isPartRoot(inner, names);
      return [{ hole: part ? "text" : "value" }];
    }
    default:
      return [{ hole: "value" }];
  }
}

function isPart(pieces: readonly Piece[]): boolean {
  return pieces.length !== 1 || pieces.some((piece) => "text" in piece || piece.hole !== "value");
}

/** What a call inside of a template puts into it, by the function's name. */
function callHole(call: NodeOf<"CallExpression">, names: Names, isTag: IsTag): Piece {
  const callee = unwrap(call.callee);
  // postgres.js: `sql(ids)` is a list of values or of names, as it stands.
  if (callee.type === "Identifier") {
    if (isTag(callee)) return { hole: "list" };
    const found = names.resolve(callee.name, callee.start);
    const module = found?.kind === "import" ? found.module : undefined;
    if (
      module !== undefined &&
      /^(?:slonik|drizzle-orm|kysely|sql-template-tag|@prisma\/client)/.test(module)
    )
      return { hole: callee.name === "join" && call.arguments.length === 1 ? "list" : "text" };
    return { hole: PART_NAME.test(callee.name) ? "text" : "value" };
  }
  if (callee.type !== "MemberExpression") return { hole: "text" };
  const name = nameOf(callee) ?? "";
  if (!isTagRoot(callee.object, isTag)) return { hole: PART_NAME.test(name) ? "text" : "value" };
  if (VALUE_MEMBER.test(name)) return { hole: "value" };
  return { hole: name === "join" && isPlainJoin(call) ? "list" : "text" };
}

/** `Prisma.join(ids)` and slonik's ``sql.join(ids, sql.fragment`, `)``. */
function isPlainJoin(call: NodeOf<"CallExpression">): boolean {
  const [, separator] = call.arguments;
  if (!separator) return true;
  const inner = unwrap(separator);
  const text =
    inner.type === "Literal"
      ? inner.value
      : inner.type === "TaggedTemplateExpression"
        ? inner.quasi.quasis[0]?.value.cooked
        : undefined;
  return typeof text === "string" && text.trim() === ",";
}

/** `sql` of `sql.identifier`, `Prisma` of `Prisma.raw`. */
function isTagRoot(node: Node, isTag: IsTag): boolean {
  const inner = unwrap(node);
  return isTag(inner) || (inner.type === "Identifier" && inner.name === "Prisma");
}

/** Tables and columns: of Drizzle (`users.id`), of helpers that make names (`const { table } = identifiers(…)`). */
function isPartRoot(root: NodeOf<"Identifier">, names: Names): boolean {
  if (/^(?:tables?|fields?|columns?|cols?)$/i.test(root.name)) return true;
  const found = names.resolve(root.name, root.start);
  if (found?.kind !== "variable" || !found.init) return false;
  const init = unwrap(found.init);
  const callee = init.type === "CallExpression" ? unwrap(init.callee) : undefined;
  const name = callee?.type === "Identifier" ? callee.name : callee && nameOf(callee);
  return name !== undefined && /identifier|alias|^pgTable|^table$/i.test(name);
}

function typeName(node: Node | undefined): string | undefined {
  if (node?.type !== "TSTypeReference") return undefined;
  const { typeName: name } = node;
  if (name.type === "Identifier") return name.name;
  return name.type === "TSQualifiedName" ? name.right.name : undefined;
}
