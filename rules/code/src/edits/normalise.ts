import { isRawNode, type ParsedText, type RawNode } from "./parse.ts";
import { cleanJsxText } from "./jsx-text.ts";
import { textOf } from "./tree.ts";
import { anchoredComments, pragmas } from "./comments.ts";

export type Primitive = string | number | boolean | null;
export type Field = Tree | readonly (Tree | null)[] | Primitive;

/**
 * A syntax tree without what the program does not depend on: format, comments, quotes, parentheses, braces
 * around a single statement and, unless asked for, types. Trees of one Interner have the same `id` exactly when
 * they are the same program text.
 */
export interface Tree {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id: number;
  readonly fields: Readonly<Record<string, Field>>;
  /** What the source says of it that the program does not: a class `implements`, a method is `private`. */
  readonly notes?: readonly string[];
}

/** Gives equal keys equal numbers. */
export class Interner {
  readonly #ids = new Map<string, number>();

  id(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#ids.size);
    return this.#ids.size - 1;
  }
}

const TYPE_FIELDS = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "superTypeParameters",
  "implements",
  "accessibility",
  "override",
  "readonly",
  "abstract",
  "definite",
  "importKind",
  "exportKind",
]);
const NO_FIELDS = new Set([
  "type",
  "start",
  "end",
  "range",
  "loc",
  "parent",
  "raw",
  "shorthand",
  "sourceType",
]);
/** Gone from the emitted program. An overload and an abstract method have an empty body. */
const TYPE_NODES = new Set([
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSDeclareFunction",
  "TSNamespaceExportDeclaration",
  "TSAbstractMethodDefinition",
  "TSAbstractPropertyDefinition",
  "TSAbstractAccessorProperty",
  "TSIndexSignature",
]);
const TYPE_WRAPPERS = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
]);
const BODIES = new Set(["body", "consequent", "alternate"]);
const BRANCHING = new Set([
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
]);

/** Whether a node has no effect at run time; `import { type A }` is elided as TypeScript does by default. */
function isTypeOnly(node: RawNode): boolean {
  if (TYPE_NODES.has(node.type)) return true;
  // The values of a `declare const enum` are written into the code that uses them.
  if (node.declare === true) return node.type !== "TSEnumDeclaration";
  if (node.importKind === "type" || node.exportKind === "type") return true;
  if (node.type === "MethodDefinition")
    return isRawNode(node.value) && node.value.type === "TSEmptyBodyFunctionExpression";
  const { specifiers, declaration } = node;
  if (node.type === "ImportDeclaration" || node.type === "ExportNamedDeclaration") {
    if (isRawNode(declaration)) return isTypeOnly(declaration);
    return Array.isArray(specifiers) && specifiers.length > 0 && specifiers.every(isTypeSpecifier);
  }
  return node.type === "ExportDefaultDeclaration" && isRawNode(declaration) && isTypeOnly(declaration);
}

function isTypeSpecifier(value: unknown): boolean {
  return isRawNode(value) && (value.importKind === "type" || value.exportKind === "type");
}

/** Builds trees for one text. `types`: keep them, for files where they are looked at while the program runs. */
export function normalise(parsed: ParsedText, interner: Interner, types: boolean): Tree {
  const anchors = anchoredComments(parsed);

  function field(value: unknown): Field {
    if (isRawNode(value)) return build(value) ?? null;
    if (Array.isArray(value)) return list(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return null;
  }

  function list(values: readonly unknown[]): (Tree | null)[] {
    const trees: (Tree | null)[] = [];
    for (const value of values) {
      // A hole of an array is null and counts; a dropped node does not.
      if (value === null) trees.push(null);
      else if (isRawNode(value)) {
        const tree = build(value);
        if (tree && tree.type !== "EmptyStatement") trees.push(tree);
      }
    }
    return trees;
  }

  function make(type: string, node: { start: number; end: number }, fields: Record<string, Field>): Tree {
    let key = type;
    for (const name of Object.keys(fields).sort()) key += `|${name}=${keyOf(fields[name] ?? null)}`;
    return { type, start: node.start, end: node.end, id: interner.id(key), fields };
  }

  function build(node: RawNode): Tree | undefined {
    if (!types && isTypeOnly(node)) return undefined;
    const comment = anchors.get(node.start);
    if (comment !== undefined) anchors.delete(node.start);
    const tree = rebuild(node);
    return tree && comment !== undefined
      ? make(tree.type, tree, { ...tree.fields, "#comment": comment })
      : tree;
  }

  function rebuild(node: RawNode): Tree | undefined {
    if (!types && TYPE_WRAPPERS.has(node.type) && isRawNode(node.expression)) return build(node.expression);
    switch (node.type) {
      case "JSXOpeningElement":
        return make(node.type, node, without(fieldsOf(node), "selfClosing"));
      case "TemplateElement":
        return make(node.type, node, { ...texts(node.value), tail: node.tail === true });
      case "Literal":
        return make(node.type, node, literal(node));
      case "ClassDeclaration":
      case "ClassExpression":
      case "MethodDefinition":
        return { ...make(node.type, node, fieldsOf(node)), notes: notesOf(node) };
      default:
        return make(node.type, node, fieldsOf(node));
    }
  }

  function fieldsOf(node: RawNode): Record<string, Field> {
    const fields: Record<string, Field> = {};
    for (const [name, value] of Object.entries(node)) {
      if (NO_FIELDS.has(name) && !(name === "shorthand" && isProto(node))) continue;
      if (!types && TYPE_FIELDS.has(name)) continue;
      if (!types && name === "optional" && node.type !== "MemberExpression" && node.type !== "CallExpression")
        continue;
      if (value === undefined || value === null || value === false) continue;
      if (name === "closingElement" || name === "hashbang" || name === "decorators") {
        if (name === "decorators" && Array.isArray(value) && value.length > 0) fields[name] = list(value);
        else if (name === "hashbang" && isRawNode(value)) fields[name] = String(value.value);
        continue;
      }
      // Built once here and never twice: the same work at each level would double with every level of JSX.
      if (name === "children" && /^JSX(?:Element|Fragment)$/.test(node.type))
        fields[name] = jsxChildren(value);
      else if (name === "value" && node.type === "JSXAttribute" && isRawNode(value))
        fields[name] = field(stringInContainer(value) ?? value);
      else if (name === "params" && Array.isArray(value))
        fields[name] = list(types ? value : value.filter(isParameter));
      else if (BODIES.has(name) && BRANCHING.has(node.type) && isRawNode(value)) fields[name] = block(value);
      else if (name === "key" && isRawNode(value) && node.computed !== true) fields[name] = keyTree(value);
      else fields[name] = field(value);
    }
    return fields;
  }

  /** `if (a) b();` is `if (a) { b(); }`; `else if` stays what it is. */
  function block(node: RawNode): Tree | null {
    if (node.type === "FunctionDeclaration") return build(node) ?? null;
    const inner = build(node);
    if (!inner || inner.type === "BlockStatement") return inner ?? null;
    return make("BlockStatement", node, { body: inner.type === "EmptyStatement" ? [] : [inner] });
  }

  /** `{ "a": 1 }` is `{ a: 1 }`. */
  function keyTree(key: RawNode): Tree | null {
    if (key.type === "Identifier") return make("Key", key, { name: String(key.name) });
    if (key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number"))
      return make("Key", key, { name: String(key.value) });
    return build(key) ?? null;
  }

  function jsxChildren(children: unknown): Tree[] {
    const trees: Tree[] = [];
    for (const child of Array.isArray(children) ? children : []) {
      if (!isRawNode(child)) continue;
      const text = textOfChild(child);
      if (text === "") continue;
      const last = trees.at(-1);
      if (text === undefined) {
        const tree = build(child);
        if (tree && !isEmptyContainer(child)) trees.push(tree);
      } else if (last?.type === "JSXText" && !`${textOf(last, "value") ?? ""}${text}`.includes("&")) {
        // Formatters write `a{" "}` for `a ` at the end of a line.
        trees[trees.length - 1] = make(
          "JSXText",
          { start: last.start, end: child.end },
          {
            value: `${textOf(last, "value") ?? ""}${text}`,
          },
        );
      } else trees.push(make("JSXText", child, { value: text }));
    }
    return trees;
  }

  const fields = fieldsOf(parsed.program);
  const loose = [...anchors.values(), ...pragmas(parsed)];
  return make(
    "Program",
    parsed.program,
    loose.length > 0 ? { ...fields, "#comment": loose.join("\n") } : fields,
  );
}

function keyOf(value: Field): string {
  if (typeof value === "object" && value !== null) {
    if ("id" in value) return `#${value.id}`;
    return `[${value.map((item) => item?.id ?? "-").join()}]`;
  }
  return JSON.stringify(value);
}

function without(fields: Record<string, Field>, name: string): Record<string, Field> {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

function notesOf(node: RawNode): string[] {
  const notes = Array.isArray(node.implements) && node.implements.length > 0 ? ["implements"] : [];
  return node.accessibility === "private" ? [...notes, "private"] : notes;
}

/** `{ __proto__ }` makes a property, `{ __proto__: __proto__ }` sets the prototype. */
function isProto(node: RawNode): boolean {
  return isRawNode(node.key) && node.key.name === "__proto__";
}

/** `this` among the parameters is a type. */
function isParameter(value: unknown): boolean {
  return !(isRawNode(value) && value.type === "Identifier" && value.name === "this");
}

function literal(node: RawNode): Record<string, Field> {
  const { value, regex, bigint } = node;
  if (typeof regex === "object" && regex !== null && "pattern" in regex && "flags" in regex)
    return { pattern: String(regex.pattern), flags: String(regex.flags) };
  if (typeof bigint === "string") return { bigint };
  // JSON has no -0 or Infinity, but a literal is never negative and 1e999 is rare: its raw text will do.
  if (typeof value === "number") return Number.isFinite(value) ? { value } : { raw: String(node.raw) };
  return typeof value === "string" || typeof value === "boolean" ? { value } : { value: null };
}

function texts(value: unknown): Record<string, Field> {
  if (typeof value !== "object" || value === null || !("raw" in value)) return { raw: null };
  const cooked = "cooked" in value && typeof value.cooked === "string" ? value.cooked : null;
  return { raw: String(value.raw).replace(/\r\n?/g, "\n"), cooked };
}

function stringInContainer(node: RawNode): RawNode | undefined {
  if (node.type !== "JSXExpressionContainer" || !isRawNode(node.expression)) return undefined;
  const { expression } = node;
  if (expression.type !== "Literal" || typeof expression.value !== "string") return undefined;
  // Attributes have HTML entities and no escapes, strings have it the other way round.
  return /[&\\]/.test(String(expression.raw)) ? undefined : expression;
}

/** The text a child of an element renders; undefined when it is no text. */
function textOfChild(child: RawNode): string | undefined {
  if (child.type === "JSXText") return cleanJsxText(String(child.raw ?? child.value));
  const literalChild = stringInContainer(child);
  return literalChild && String(literalChild.value);
}

function isEmptyContainer(child: RawNode): boolean {
  return (
    child.type === "JSXExpressionContainer" &&
    isRawNode(child.expression) &&
    child.expression.type === "JSXEmptyExpression"
  );
}
