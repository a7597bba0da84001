import type {
  Argument,
  AssignmentExpression,
  CallExpression,
  Expression,
  NewExpression,
  Node,
  ObjectExpression,
  ObjectPattern,
  Program,
  PropertyKey,
  TSImportEqualsDeclaration,
  VariableDeclarator,
} from "oxc-parser";
import { oxcParser } from "../oxc.ts";
import { addExport, inner, type ModuleParts } from "./parts.ts";

/**
 * Adds what is not in the module record: `require`, `module.exports` and `exports`, TypeScript's
 * `import x = require()` and `import("x").Type`, and files that run as workers. In a module of the language
 * (`esm`) nothing is exported by assignment; `require` there is a bundler's or `createRequire`'s.
 */
export function readCommonjs(program: Program, esm: boolean, parts: ModuleParts): void {
  /** `require` calls whose names a pattern tells, or that are handed on and not used. */
  const known: Known = new Map();
  for (const node of nodesOf(program)) {
    switch (node.type) {
      case "VariableDeclarator":
        noteNames(node, known);
        break;
      case "AssignmentExpression":
        if (!esm) readAssignment(node, parts, known);
        break;
      case "CallExpression":
        if (!esm) readHelper(node, parts, known);
        readRequire(node, parts, known.get(node));
        break;
      case "TSImportEqualsDeclaration":
        readImportEquals(node, parts);
        break;
      case "TSImportType":
        parts.imports.push({
          specifier: node.source.value,
          form: "static",
          typeOnly: true,
          names: "all",
          range: inner(node.source),
        });
        break;
      case "TSExportAssignment":
        addExport(parts, { name: "default", typeOnly: false });
        break;
      case "NewExpression":
        readWorker(node, parts);
        break;
      default:
        break;
    }
  }
}

/** Every node, parents first, in the order of the text. Without recursion: trees may be deep. */
function* nodesOf(root: Program): Generator<Node> {
  const { visitorKeys } = oxcParser();
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    const children = new Map<string, unknown>(Object.entries(node));
    for (const key of (visitorKeys[node.type] ?? []).toReversed()) {
      const value = children.get(key);
      if (!Array.isArray(value)) {
        if (isNode(value)) open.push(value);
      } else for (const child of value.toReversed()) if (isNode(child)) open.push(child);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

type Known = Map<Node, string[] | "handed on">;

/** The specifier of `require("x")` or `require.resolve("x")`. */
function requiredBy(
  node: Node,
): { specifier: string; range: [number, number]; resolved: boolean } | undefined {
  if (node.type !== "CallExpression") return undefined;
  const { callee } = node;
  const resolved =
    callee.type === "MemberExpression" &&
    isName(callee.object, "require") &&
    propertyOf(callee) === "resolve";
  if (!resolved && !isName(callee, "require")) return undefined;
  const literal = textOf(node.arguments[0]);
  return literal && { ...literal, resolved };
}

/** A text without expressions in it. */
function textOf(node: Argument | undefined): { specifier: string; range: [number, number] } | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") {
    return { specifier: node.value, range: inner(node) };
  }
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  const cooked = node.quasis[0]?.value.cooked;
  return typeof cooked === "string" ? { specifier: cooked, range: inner(node) } : undefined;
}

function isName(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

function keyText(key: PropertyKey, computed: boolean): string | undefined {
  if (key.type === "Literal") return typeof key.value === "string" ? key.value : undefined;
  return !computed && key.type === "Identifier" ? key.name : undefined;
}

/** `a.b` and `a["b"]`: `b`. */
function propertyOf(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || node.property.type === "PrivateIdentifier") return undefined;
  return keyText(node.property, node.computed);
}

/** `const { a, b: c } = require("x")`, `const a = require("x").a`. */
function noteNames({ id, init }: VariableDeclarator, known: Known): void {
  if (!init) return;
  if (init.type === "MemberExpression") {
    const name = propertyOf(init);
    if (name !== undefined) known.set(init.object, [name]);
  } else if (id.type === "ObjectPattern") {
    const names = patternNames(id);
    if (names) known.set(init, names);
  }
}

function patternNames({ properties }: ObjectPattern): string[] | undefined {
  const names: string[] = [];
  for (const property of properties) {
    const name = property.type === "RestElement" ? undefined : keyText(property.key, property.computed);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

function readRequire(
  node: CallExpression,
  parts: ModuleParts,
  names: string[] | "handed on" | undefined,
): void {
  const required = requiredBy(node);
  if (!required || names === "handed on") return;
  const { specifier, range, resolved } = required;
  parts.imports.push({
    specifier,
    form: "require",
    typeOnly: false,
    names: resolved ? "all" : (names ?? "all"),
    range,
  });
}

/** `module.exports = …`, `module.exports.a = …`, `exports.a = …`. */
function readAssignment({ left, right }: AssignmentExpression, parts: ModuleParts, known: Known): void {
  if (left.type !== "MemberExpression") return;
  const name = propertyOf(left);
  if (name === undefined) return;
  if (isName(left.object, "module") && name === "exports") readWhole(right, parts, known);
  else if (isExports(left.object)) handOn(name, right, parts, known);
}

/** `exports` or `module.exports`. */
function isExports(node: Node): boolean {
  if (isName(node, "exports")) return true;
  return node.type === "MemberExpression" && isName(node.object, "module") && propertyOf(node) === "exports";
}

/** What `module.exports` becomes: its default, and the names of an object. */
function readWhole(value: Expression, parts: ModuleParts, known: Known): void {
  // `exports = module.exports = …` and `module.exports = exports = …`
  if (value.type === "AssignmentExpression") {
    readWhole(value.right, parts, known);
    return;
  }
  const required = requiredBy(value);
  if (required && !required.resolved) {
    const { specifier } = required;
    known.set(value, "handed on");
    addExport(parts, { name: "default", from: { specifier, name: "default" }, typeOnly: false });
    addExport(parts, { name: "*", from: { specifier, name: "*" }, typeOnly: false });
    return;
  }
  addExport(parts, { name: "default", typeOnly: false });
  if (value.type === "ObjectExpression") readObject(value, parts, known);
}

function readObject({ properties }: ObjectExpression, parts: ModuleParts, known: Known): void {
  for (const property of properties) {
    if (property.type === "SpreadElement") {
      starFrom(property.argument, parts, known);
      continue;
    }
    const name = keyText(property.key, property.computed);
    if (name !== undefined) handOn(name, property.value, parts, known);
  }
}

/** An export of the module's own, or another module's whole or member under a name: `a: require("./a").a`. */
function handOn(name: string, value: Expression, parts: ModuleParts, known: Known): void {
  const call = value.type === "MemberExpression" ? value.object : value;
  const there = value.type === "MemberExpression" ? propertyOf(value) : "*";
  const required = requiredBy(call);
  if (!required || required.resolved || there === undefined) {
    addExport(parts, { name, typeOnly: false });
    return;
  }
  known.set(call, "handed on");
  addExport(parts, { name, from: { specifier: required.specifier, name: there }, typeOnly: false });
}

function starFrom(value: Node, parts: ModuleParts, known: Known): void {
  const required = requiredBy(value);
  if (!required || required.resolved) return;
  known.set(value, "handed on");
  addExport(parts, { name: "*", from: { specifier: required.specifier, name: "*" }, typeOnly: false });
}

/**
 * What compilers write: `__exportStar(require("x"), exports)`, `Object.defineProperty(exports, "a", …)` and
 * `Object.assign(module.exports, { a })`.
 */
function readHelper(
  { callee, arguments: [first, second] }: CallExpression,
  parts: ModuleParts,
  known: Known,
): void {
  if (!first || !second) return;
  const name =
    callee.type === "MemberExpression" ? propertyOf(callee) : callee.type === "Identifier" ? callee.name : "";
  if (name === "__exportStar") starFrom(first, parts, known);
  if (!isExports(first)) return;
  if (name === "defineProperty") {
    const property = textOf(second)?.specifier;
    if (property !== undefined && property !== "__esModule")
      addExport(parts, { name: property, typeOnly: false });
  } else if (name === "assign") {
    if (second.type === "ObjectExpression") readObject(second, parts, known);
    else starFrom(second, parts, known);
  }
}

/** `import x = require("y")`; with `export` before it the record knows the name, but not where it comes from. */
function readImportEquals(
  { id, moduleReference, importKind }: TSImportEqualsDeclaration,
  parts: ModuleParts,
): void {
  if (moduleReference.type !== "TSExternalModuleReference") return;
  const { value: specifier } = moduleReference.expression;
  const exported = parts.exports.get(id.name);
  if (exported) exported.from ??= { specifier, name: "*" };
  parts.imports.push({
    specifier,
    form: "require",
    typeOnly: importKind === "type",
    names: "all",
    range: inner(moduleReference.expression),
  });
}

/** `new URL("./worker.ts", import.meta.url)` and `new Worker("./worker.js")`. */
function readWorker({ callee, arguments: [file, base] }: NewExpression, parts: ModuleParts): void {
  if (callee.type !== "Identifier") return;
  const literal = textOf(file);
  if (!literal || !/^\.{1,2}\//.test(literal.specifier)) return;
  const isUrl = callee.name === "URL" && base !== undefined && isModuleUrl(base);
  // A directory or something without extension is read, not run.
  if (isUrl && !/\.[cm]?[jt]sx?$/.test(literal.specifier)) return;
  if (!isUrl && callee.name !== "Worker" && callee.name !== "SharedWorker") return;
  parts.imports.push({ ...literal, form: "dynamic", typeOnly: false, names: "all" });
}

function isModuleUrl(node: Node): boolean {
  return (
    node.type === "MemberExpression" && node.object.type === "MetaProperty" && propertyOf(node) === "url"
  );
}
