import type { EntityFact, Lines } from "@yantra-lint/core";
import type { PackageDatabase } from "./drivers.ts";
import { entity, type FoundColumn, snakeCase } from "./entities.ts";
import type { Names } from "./names.ts";
import {
  literalText,
  nameOf,
  type Node,
  type NodeOf,
  type Program,
  propertyOf,
  unwrap,
  walk,
} from "./nodes.ts";

/** Decorators of columns (typeorm.io/docs/entity/entities), and whether the database or TypeORM fills them in. */
const COLUMNS: ReadonlyMap<string, "database" | "program" | undefined> = new Map([
  ["Column", undefined],
  ["PrimaryColumn", undefined],
  ["ObjectIdColumn", undefined],
  ["VirtualColumn", undefined],
  ["PrimaryGeneratedColumn", "database"],
  // Their defaults are `now()` and `1` of the database, but for updates TypeORM writes them.
  ["CreateDateColumn", "database"],
  ["UpdateDateColumn", "database"],
  ["VersionColumn", "program"],
  ["DeleteDateColumn", undefined],
]);

/** A declaration or an expression: oxc has one interface for both. */
type Class = NodeOf<"ClassDeclaration">;

/**
 * Classes with `@Entity`, and the columns of the classes of the same file that they extend. Names as TypeORM's
 * DefaultNamingStrategy gives them: a table is the class' name in snake case, a column its property's name, a join
 * column the relation's with `Id`; a column in snake case where typeorm-naming-strategies is installed.
 */
export function typeormEntities(
  program: Program,
  names: Names,
  lines: Lines,
  { snakeColumns }: PackageDatabase,
): EntityFact[] {
  if (![...names.modules].some((module) => module === "typeorm")) return [];
  const classes = new Map<string, Class>();
  walk(program, (node) => {
    if ((node.type === "ClassDeclaration" || node.type === "ClassExpression") && node.id)
      classes.set(node.id.name, node);
  });
  const facts: EntityFact[] = [];
  for (const [name, node] of classes) {
    const decorator = decoratorOf(node.decorators, "Entity");
    if (!decorator || !node.id) continue;
    const [first, second] = decorator.arguments;
    const options =
      first && optionsOf(first, names) ? optionsOf(first, names) : second && optionsOf(second, names);
    const given = (first && textOf(first, names)) ?? (options && textOfProperty(options, "name", names));
    const schema = options && textOfProperty(options, "schema", names);
    // A name that is written but not to be seen is not the class' either.
    if (given === undefined && (isOpaque(first, names) || (options && propertyOf(options, "name")))) continue;
    const columns = columnsOf(node, classes, names, snakeColumns === true, new Set());
    const table = { ...(schema === undefined ? {} : { schema }), name: given ?? snakeCase(name) };
    facts.push(entity("typeorm", name, table, columns, node.id, lines));
  }
  return facts;
}

function isOpaque(first: Node | undefined, names: Names): boolean {
  return first !== undefined && textOf(first, names) === undefined && !optionsOf(first, names);
}

function columnsOf(
  node: Class,
  classes: ReadonlyMap<string, Class>,
  names: Names,
  snake: boolean,
  seen: Set<Class>,
): FoundColumn[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const parent = node.superClass?.type === "Identifier" ? classes.get(node.superClass.name) : undefined;
  const inherited = parent ? columnsOf(parent, classes, names, snake, seen) : [];
  const own = node.body.body.flatMap((member): FoundColumn[] => {
    if (member.type !== "PropertyDefinition") return [];
    const property = nameOf(member);
    return property === undefined ? [] : columnsOfProperty(property, member, names, snake);
  });
  const overridden = new Set(own.map(({ name }) => name));
  return [...inherited.filter(({ name }) => !overridden.has(name)), ...own];
}

function columnsOfProperty(
  property: string,
  member: NodeOf<"PropertyDefinition">,
  names: Names,
  snake: boolean,
): FoundColumn[] {
  for (const [decoratorName, filledBy] of COLUMNS) {
    const decorator = decoratorOf(member.decorators, decoratorName);
    if (!decorator) continue;
    const [first] = decorator.arguments;
    // An embedded class: `@Column(() => Name)`; its columns are named by a prefix and another class.
    if (first?.type === "ArrowFunctionExpression" || decoratorName === "VirtualColumn") return [];
    return [columnOf(property, decorator, member, names, snake, filledBy)];
  }
  const relation = decoratorOf(member.decorators, "ManyToOne") ?? decoratorOf(member.decorators, "OneToOne");
  const join = decoratorOf(member.decorators, "JoinColumn");
  const owns = join !== undefined || decoratorOf(member.decorators, "ManyToOne") !== undefined;
  if (!relation || !owns) return [];
  const [given] = join?.arguments ?? [];
  const options = given && optionsOf(given, names);
  const written = options && textOfProperty(options, "name", names);
  // The referenced column is `id` where nothing is said: TypeORM takes the other entity's primary key.
  if (given && !options) return [];
  const referenced = (options && textOfProperty(options, "referencedColumnName", names)) ?? "id";
  const name =
    written ?? (snake ? snakeCase(`${property}_${referenced}`) : joinColumnName(property, referenced));
  const nullable = booleanOf(relation.arguments, "nullable", names) ?? true;
  return [{ name, optional: nullable, nullable, node: member }];
}

/** camelCase of TypeORM (src/util/StringUtils.ts) over `relation_column`. */
function joinColumnName(relation: string, referenced: string): string {
  return `${relation}_${referenced}`.replace(
    /^([A-Z])|[\s\-_](\w)/g,
    (_, first: string | undefined, next: string | undefined) =>
      next === undefined ? (first ?? "").toLowerCase() : next.toUpperCase(),
  );
}

function columnOf(
  property: string,
  decorator: NodeOf<"CallExpression">,
  member: NodeOf<"PropertyDefinition">,
  names: Names,
  snake: boolean,
  filledBy: "database" | "program" | undefined,
): FoundColumn {
  const [first, second] = decorator.arguments;
  const options = (first && optionsOf(first, names)) ?? (second && optionsOf(second, names));
  const type = (first && textOf(first, names)) ?? (options && textOfProperty(options, "type", names));
  const written = options && textOfProperty(options, "name", names);
  const isDelete = decoratorOf(member.decorators, "DeleteDateColumn") !== undefined;
  const nullable = booleanOf(decorator.arguments, "nullable", names) ?? isDelete;
  const standard = options && propertyOf(options, "default");
  const generated = options && (propertyOf(options, "generatedType") ?? propertyOf(options, "asExpression"));
  const byDatabase =
    filledBy ??
    (standard || generated || decoratorOf(member.decorators, "Generated") ? "database" : undefined);
  return {
    name: written ?? (snake ? snakeCase(property) : property),
    ...(type === undefined ? {} : { type }),
    optional: nullable || byDatabase !== undefined,
    nullable,
    ...(byDatabase === undefined ? {} : { filledBy: byDatabase }),
    node: member,
  };
}

/** The call of a decorator by its name, `@Entity` without a call as well. */
function decoratorOf(
  decorators: readonly NodeOf<"Decorator">[],
  name: string,
): (Pick<NodeOf<"CallExpression">, "arguments"> & NodeOf<"CallExpression">) | undefined {
  for (const { expression } of decorators) {
    if (
      expression.type === "CallExpression" &&
      expression.callee.type === "Identifier" &&
      expression.callee.name === name
    )
      return expression;
  }
  return undefined;
}

function optionsOf(node: Node, names: Names): NodeOf<"ObjectExpression"> | undefined {
  const value = names.valueOf(node) ?? unwrap(node);
  return value.type === "ObjectExpression" ? value : undefined;
}

function textOf(node: Node, names: Names): string | undefined {
  return literalText(node) ?? literalText(names.valueOf(node));
}

function textOfProperty(object: NodeOf<"ObjectExpression">, name: string, names: Names): string | undefined {
  const value = propertyOf(object, name);
  return value && textOf(value, names);
}

function booleanOf(list: readonly Node[], name: string, names: Names): boolean | undefined {
  for (const node of list) {
    const options = optionsOf(node, names);
    const value = options && propertyOf(options, name);
    if (value?.type === "Literal" && typeof value.value === "boolean") return value.value;
  }
  return undefined;
}
