import { Lines } from "@yantra-lint/core";
import { parseTree, type Node, type ParseError } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { parseTOML, type AST } from "toml-eslint-parser";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A value of a JSON, TOML or YAML file with its line. Fields are in a Map, so that no key is special. */
export interface Tree {
  /** 1-based: of the key where there is one. */
  line: number;
  /** A scalar as text. */
  text?: string;
  fields?: Map<string, Tree>;
  items?: Tree[];
}

/** The value at a path of keys. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let here = tree;
  for (const key of path) here = here?.fields?.get(key);
  return here;
}

/** The fields of the table at a path; none where there is no table. */
export function fieldsAt(tree: Tree | undefined, ...path: readonly string[]): Iterable<[string, Tree]> {
  return at(tree, ...path)?.fields ?? [];
}

/** The items of the list at a path; none where there is no list. */
export function itemsAt(tree: Tree | undefined, ...path: readonly string[]): readonly Tree[] {
  return at(tree, ...path)?.items ?? [];
}

/** The scalar at a path as text. */
export function textAt(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
  return at(tree, ...path)?.text;
}

/** Reads JSON, with comments and trailing commas where `lenient`; undefined when it is broken or no object. */
export function readJson(text: string, lenient = false): Tree | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: lenient, disallowComments: !lenient });
  if (root?.type !== "object" || errors.length > 0) return undefined;
  const lines = new Lines(text);
  const convert = (node: Node, offset: number): Tree => {
    const { line } = lines.point(offset);
    if (node.type === "array")
      return { line, items: (node.children ?? []).map((item) => convert(item, item.offset)) };
    if (node.type !== "object") return { line, text: String(node.value) };
    const fields = new Map<string, Tree>();
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key && value) fields.set(String(key.value), convert(value, key.offset));
    }
    return { line, fields };
  };
  return convert(root, root.offset);
}

/** Reads TOML with lines; undefined when it is broken. */
export function readToml(text: string): Tree {
  const root: Tree = { line: 1, fields: new Map() };
  for (const node of parseTOML(text).body[0].body) {
    if (node.type === "TOMLKeyValue") setToml(root, node);
    else {
      const table = descend(root, node.resolvedKey, node.loc.start.line);
      for (const pair of node.body) setToml(table, pair);
    }
  }
  return root;
}

/** The table at a path, made where it is missing. A number is the index in an array of tables. */
function descend(root: Tree, path: readonly (string | number)[], line: number): Tree {
  let here = root;
  for (const key of path) {
    let next = typeof key === "number" ? here.items?.[key] : here.fields?.get(key);
    if (next === undefined) {
      next = { line };
      if (typeof key === "number") (here.items ??= [])[key] = next;
      else (here.fields ??= new Map()).set(key, next);
    }
    here = next;
  }
  here.fields ??= new Map();
  return here;
}

function setToml(table: Tree, { key, value }: AST.TOMLKeyValue): void {
  const { line } = key.loc.start;
  const names = key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
  const last = names.pop();
  const target = descend(table, names, line);
  if (last !== undefined) target.fields?.set(last, fromToml(value, line));
}

function fromToml(node: AST.TOMLContentNode, line: number): Tree {
  if (node.type === "TOMLArray") {
    return { line, items: node.elements.map((item) => fromToml(item, item.loc.start.line)) };
  }
  if (node.type === "TOMLInlineTable") {
    const table: Tree = { line, fields: new Map() };
    for (const pair of node.body) setToml(table, pair);
    return table;
  }
  return { line, text: String(node.value) };
}

/** A `[[package]]` of a lock file: its values, and the line of its header. */
export interface LockedPackage {
  line: number;
  values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the `[[package]]` tables of a lock file in TOML (Cargo, Poetry, uv). A parser with positions takes ten times
 * as long; these files are written by programs, so the headers' lines are those of the tables in their order.
 */
export function readLockedPackages(text: string): LockedPackage[] | undefined {
  const packages = parseToml(text)["package"];
  if (packages === undefined) return [];
  if (!Array.isArray(packages)) return undefined;
  const lines: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\[\[\s*package\s*\]\]/.test(line)) lines.push(index + 1);
  }
  return packages.flatMap((values: unknown, index) =>
    isTable(values) ? [{ line: lines[index] ?? 1, values }] : [],
  );
}

/** Whether a value is an object whose fields are yet to be looked at. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `yaml` takes a second for 2 to 4 MB, and much more when nearly every line is an error. */
const LARGEST_YAML = 1_000_000;

/** Reads YAML with lines; undefined when it is broken or too large. Aliases are left out, as they could make a small file a huge tree. */
export function readYaml(text: string): Tree | undefined {
  if (text.length > LARGEST_YAML) return undefined;
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    uniqueKeys: false,
    // A message with its lines for each error of a broken file takes time squared.
    prettyErrors: false,
  });
  if (document.errors.length > 0) return undefined;
  const lineOf = (node: unknown): number => {
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
    return range ? counter.linePos(range[0]).line : 1;
  };
  const convert = (node: unknown, line: number): Tree => {
    if (isScalar(node))
      return { line, text: typeof node.source === "string" ? node.source : String(node.value) };
    if (isSeq(node)) return { line, items: node.items.map((item) => convert(item, lineOf(item))) };
    if (!isMap(node)) return { line };
    const fields = new Map<string, Tree>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) fields.set(String(key.value), convert(value, lineOf(key)));
    }
    return { line, fields };
  };
  return convert(document.contents, 1);
}
