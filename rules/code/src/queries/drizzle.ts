import type { EntityFact, Lines, QualifiedName } from "@yantra-lint/core";
import type { PackageDatabase } from "./drivers.ts";
import { entity, type FoundColumn, snakeCase } from "./entities.ts";
import type { Names } from "./names.ts";
import { literalText, nameOf, type Node, type NodeOf, type Program, unwrap, walk } from "./nodes.ts";

const MODULE = "drizzle-orm/pg-core";
/** Methods after which an INSERT may leave the column out, by who fills it in (orm.drizzle.team/docs/column-types/pg). */
const DATABASE_DEFAULT =
  /^(?:default|defaultNow|defaultRandom|generatedAlwaysAs|generatedAlwaysAsIdentity|generatedByDefaultAsIdentity)$/;
const PROGRAM_DEFAULT = /^\$(?:default|defaultFn|onUpdate|onUpdateFn)$/;
const SERIAL = /^(?:small|big)?serial$/;
const MAX_DEPTH = 4;

/** Tables that Drizzle's `pgTable`, `pgTableCreator` and `pgSchema().table` declare. */
export function drizzleEntities(
  program: Program,
  names: Names,
  lines: Lines,
  { snakeCasing }: PackageDatabase,
): EntityFact[] {
  if (![...names.modules].some((module) => module.startsWith(MODULE))) return [];
  const facts: EntityFact[] = [];
  walk(program, (node, around) => {
    if (node.type !== "CallExpression") return;
    const [, shape] = node.arguments;
    const table = shape && tableOf(node, names);
    const columns = shape && columnsObject(shape, names);
    if (!table || !columns) return;
    const parent = around.at(-1);
    const variable =
      parent?.type === "VariableDeclarator" && parent.id.type === "Identifier" ? parent.id.name : table.name;
    const found = columnsOf(columns, names, snakeCasing === true, 0);
    facts.push(entity("drizzle", variable, table, found, node, lines));
  });
  return facts;
}

/** The table that a call declares; undefined when it declares none or its name is not to be seen. */
function tableOf(call: NodeOf<"CallExpression">, names: Names): QualifiedName | undefined {
  const [first] = call.arguments;
  const given = first && (literalText(first) ?? literalText(names.valueOf(first)));
  if (given === undefined) return undefined;
  const callee = unwrap(call.callee);
  if (callee.type === "MemberExpression") {
    const method = nameOf(callee);
    const schema = names.valueOf(callee.object);
    // `pgTable.withRLS(…)` (Drizzle 1.0)
    if (method === "withRLS" && isImported(callee.object, names, "pgTable")) return { name: given };
    if ((method !== "table" && method !== "view") || schema?.type !== "CallExpression") return undefined;
    if (!isImported(schema.callee, names, "pgSchema")) return undefined;
    const name = literalText(schema.arguments[0]);
    return name === undefined ? undefined : { schema: name, name: given };
  }
  if (isImported(callee, names, "pgTable") || isImported(callee, names, "pgView")) return { name: given };
  // `const createTable = pgTableCreator((name) => `app_${name}`)`
  const creator = names.valueOf(callee);
  if (creator?.type !== "CallExpression" || !isImported(creator.callee, names, "pgTableCreator"))
    return undefined;
  const make = creator.arguments[0];
  const body = make?.type === "ArrowFunctionExpression" ? unwrap(make.body) : undefined;
  if (body?.type === "Identifier") return { name: given };
  if (body?.type !== "TemplateLiteral" || body.expressions.length !== 1) return undefined;
  return { name: body.quasis.map(({ value }) => value.cooked ?? "").join(given) };
}

function isImported(node: Node, names: Names, name: string): boolean {
  const inner = unwrap(node);
  if (inner.type !== "Identifier") return false;
  const found = names.resolve(inner.name, inner.start);
  return found?.kind === "import" && found.module.startsWith(MODULE) && found.imported === name;
}

/** The object of a table's columns: given as it is, or by a callback (`(t) => ({ id: t.uuid() })`). */
function columnsObject(node: Node, names: Names): NodeOf<"ObjectExpression"> | undefined {
  const inner = names.valueOf(node) ?? unwrap(node);
  if (inner.type === "ObjectExpression") return inner;
  if (inner.type !== "ArrowFunctionExpression") return undefined;
  const body = unwrap(inner.body);
  return body.type === "ObjectExpression" ? body : undefined;
}

function columnsOf(
  object: NodeOf<"ObjectExpression">,
  names: Names,
  snake: boolean,
  depth: number,
): FoundColumn[] {
  return object.properties.flatMap((property): FoundColumn[] => {
    if (property.type === "SpreadElement") {
      const shared = names.valueOf(property.argument);
      return shared?.type === "ObjectExpression" && depth < MAX_DEPTH
        ? columnsOf(shared, names, snake, depth + 1)
        : [];
    }
    const key = nameOf(property);
    const column = key === undefined ? undefined : columnOf(key, unwrap(property.value), snake);
    return column ? [{ ...column, node: property }] : [];
  });
}

function columnOf(key: string, value: Node, snake: boolean): Omit<FoundColumn, "node"> | undefined {
  const methods: string[] = [];
  let call: Node = value;
  for (;;) {
    if (call.type !== "CallExpression") return undefined;
    const callee = unwrap(call.callee);
    if (callee.type === "MemberExpression" && unwrap(callee.object).type === "CallExpression") {
      methods.push(nameOf(callee) ?? "");
      call = unwrap(callee.object);
      continue;
    }
    // The root: `text("note")`, `t.text()`, `pg.text()`.
    const type = callee.type === "Identifier" ? callee.name : nameOf(callee);
    const written = literalText(call.arguments[0]);
    const serial = type !== undefined && SERIAL.test(type);
    const nullable =
      !serial &&
      !methods.includes("notNull") &&
      !methods.includes("primaryKey") &&
      !methods.includes("generatedAlwaysAsIdentity") &&
      !methods.includes("generatedByDefaultAsIdentity");
    const byDatabase = serial || methods.some((method) => DATABASE_DEFAULT.test(method));
    const byProgram = methods.some((method) => PROGRAM_DEFAULT.test(method));
    return {
      name: written ?? (snake ? snakeCase(key) : key),
      ...(type === undefined ? {} : { type }),
      optional: nullable || byDatabase || byProgram,
      nullable,
      ...(byProgram ? { filledBy: "program" as const } : byDatabase ? { filledBy: "database" as const } : {}),
    };
  }
}
