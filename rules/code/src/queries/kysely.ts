import type { EntityFact, Lines } from "@yantra-lint/core";
import { entity, type FoundColumn } from "./entities.ts";
import type { Names } from "./names.ts";
import { nameOf, type Node, type NodeOf, type Program, walk } from "./nodes.ts";

/** Names of the type that maps tables to their rows, where the file does not pass it to Kysely itself. */
const DATABASE = /^(?:DB|Database|.{1,40}Database|.{1,40}DB)$/;

/**
 * The tables of a Kysely database type (kysely.dev/docs/getting-started): an interface whose members are tables, each
 * an interface of the same file or written out; the file imports Kysely's types. Names are as written: whether the
 * CamelCasePlugin is used is another file's matter.
 */
export function kyselyEntities(program: Program, names: Names, lines: Lines): EntityFact[] {
  if (!names.modules.has("kysely")) return [];
  const passed = new Set<string>();
  const types: (NodeOf<"TSInterfaceDeclaration"> | NodeOf<"TSTypeAliasDeclaration">)[] = [];
  walk(program, (node) => {
    if (node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration") types.push(node);
    const called =
      node.type === "NewExpression" && node.callee.type === "Identifier"
        ? node.callee.name
        : node.type === "TSTypeReference"
          ? referenceName(node)
          : undefined;
    if (called !== "Kysely" || (node.type !== "NewExpression" && node.type !== "TSTypeReference")) return;
    const [argument] = node.typeArguments?.params ?? [];
    const name = argument?.type === "TSTypeReference" ? referenceName(argument) : undefined;
    if (name !== undefined) passed.add(name);
  });
  const databases = types.filter(
    ({ id }) => passed.has(id.name) || (passed.size === 0 && DATABASE.test(id.name)),
  );
  return databases.flatMap((type) =>
    (membersOf(type) ?? []).flatMap((member): EntityFact[] => {
      const table = nameOf(member);
      const annotation = member.typeAnnotation?.typeAnnotation;
      if (table === undefined || !annotation) return [];
      const rows = rowType(annotation, names);
      const columns = rows?.members.flatMap(columnOf);
      if (!rows || !columns || columns.length === 0) return [];
      const dot = table.indexOf(".");
      const qualified =
        dot < 0 ? { name: table } : { schema: table.slice(0, dot), name: table.slice(dot + 1) };
      return [entity("kysely", rows.name ?? table, qualified, columns, member, lines)];
    }),
  );
}

type Signature = NodeOf<"TSPropertySignature">;

function membersOf(node: Node): Signature[] | undefined {
  const isSignature = (member: Node): member is Signature => member.type === "TSPropertySignature";
  if (node.type === "TSInterfaceDeclaration") return node.body.body.filter(isSignature);
  if (node.type === "TSTypeLiteral") return node.members.filter(isSignature);
  return node.type === "TSTypeAliasDeclaration" ? membersOf(node.typeAnnotation) : undefined;
}

function rowType(annotation: Node, names: Names): { name?: string; members: Signature[] } | undefined {
  if (annotation.type === "TSTypeLiteral") return { members: membersOf(annotation) ?? [] };
  const name = annotation.type === "TSTypeReference" ? referenceName(annotation) : undefined;
  const found = name === undefined ? undefined : names.resolve(name, annotation.start);
  const members = found?.kind === "type" ? membersOf(found.node) : undefined;
  return members && name !== undefined ? { name, members } : undefined;
}

function columnOf(member: Signature): FoundColumn[] {
  const name = nameOf(member);
  const type = member.typeAnnotation?.typeAnnotation;
  if (name === undefined || !type) return [];
  const { selected, inserted, generated } = sidesOf(type);
  const nullable = includes(selected, "TSNullKeyword");
  const optional =
    nullable || generated || includes(inserted, "TSUndefinedKeyword") || includes(inserted, "TSNullKeyword");
  return [
    { name, optional, nullable, ...(generated ? { filledBy: "database" as const } : {}), node: member },
  ];
}

/** What is read and what is inserted: `ColumnType<Select, Insert, Update>`, `Generated<T>`, `JSONColumnType<…>`. */
function sidesOf(type: Node): { selected: Node; inserted: Node; generated: boolean } {
  const name = type.type === "TSTypeReference" ? referenceName(type) : undefined;
  const [first, second] = type.type === "TSTypeReference" ? (type.typeArguments?.params ?? []) : [];
  if (!first) return { selected: type, inserted: type, generated: false };
  switch (name) {
    case "Generated":
    case "GeneratedAlways": {
      const inner = sidesOf(first);
      return { ...inner, generated: true };
    }
    case "ColumnType":
      return { selected: first, inserted: second ?? first, generated: false };
    case "JSONColumnType":
      return { selected: first, inserted: first, generated: false };
    default:
      return { selected: type, inserted: type, generated: false };
  }
}

function includes(type: Node, keyword: "TSNullKeyword" | "TSUndefinedKeyword"): boolean {
  return (
    type.type === keyword ||
    (type.type === "TSUnionType" && type.types.some((part) => includes(part, keyword)))
  );
}

function referenceName(node: NodeOf<"TSTypeReference">): string | undefined {
  const { typeName } = node;
  if (typeName.type === "Identifier") return typeName.name;
  return typeName.type === "TSQualifiedName" ? typeName.right.name : undefined;
}
