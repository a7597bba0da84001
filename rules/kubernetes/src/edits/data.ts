import { createHash } from "node:crypto";
import { isAlias, isMap, isScalar, isSeq, type Node, Scalar } from "yaml";
import type { Tree } from "@yantra-lint/yaml";

/**
 * Plain scalars that some reader takes for something else than a text. YAML 1.1 (go-yaml 2, PyYAML, libyaml) has
 * `yes` and `on` as booleans, `0777` as octal, `1:30` as base 60, and dates; YAML 1.2 (`yaml`, GitHub Actions) has
 * fewer of these. (yaml.org, type repository for 1.1; YAML 1.2.2, chapter 10.)
 */
const NO_TEXT =
  /^(?:true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|[-+]?0(?:b[01_]+|o?[0-7_]+|x[\da-f_]+)|[-+]?\d[\d_]*(?::[0-5]?\d)*(?:\.[\d_]*)?(?:e[-+]?\d+)?|[-+]?\.\d[\d_]*(?:e[-+]?\d+)?|\d{4}-\d\d?-\d\d?.*|=)$/i;
const NULL = /^(?:~|null)?$/i;
/** Longer canonical texts are hashed, so that an alias bomb costs nothing. In UTF-16 units. */
const HASHED = 100;

/** An alias may stand within its own anchor. */
const MAX_DEPTH = 100;

/** The data of one document's nodes, compared as every reader would read it. */
export class Data {
  readonly #tree: Tree;
  readonly #keys = new Map<Node, string>();
  readonly #open = new Set<Node>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /**
   * A text that is equal for equal data: aliases and merge keys resolved, the order of keys and the style of texts
   * aside. `1` and `1.0`, or `yes` and `true`, are not the same to every reader, and differ.
   */
  keyOf(value: unknown): string {
    const node = this.#tree.resolve(value);
    if (!node) return isAlias(value) ? `*${value.source}` : "null";
    const known = this.#keys.get(node);
    if (known !== undefined) return known;
    if (this.#open.has(node)) return "(itself)";
    this.#open.add(node);
    const whole = this.#whole(node);
    this.#open.delete(node);
    const key = whole.length > HASHED ? createHash("sha256").update(whole).digest("base64") : whole;
    this.#keys.set(node, key);
    return key;
  }

  /** The members of a mapping by the keys' data, merged ones after its own; of anything else none. */
  membersOf(value: unknown): Map<string, Member> {
    const members = new Map<string, Member>();
    this.#collect(value, members, new Set());
    return members;
  }

  /** The items of a sequence; of anything else none. */
  itemsOf(value: unknown): unknown[] {
    const node = this.#tree.resolve(value);
    return isSeq(node) ? node.items : [];
  }

  /** The text of a scalar that is one for every reader. */
  textOf(value: unknown): string | undefined {
    const node = this.#tree.resolve(value);
    return isScalar(node) && this.keyOf(node).startsWith("'") ? String(node.value) : undefined;
  }

  kindOf(value: unknown): "mapping" | "sequence" | "scalar" {
    const node = this.#tree.resolve(value);
    return isMap(node) ? "mapping" : isSeq(node) ? "sequence" : "scalar";
  }

  #collect(value: unknown, members: Map<string, Member>, seen: Set<Node>): void {
    const node = this.#tree.resolve(value);
    if (!node || seen.has(node)) return;
    seen.add(node);
    if (isSeq(node)) for (const item of node.items) this.#collect(item, members, seen);
    if (!isMap(node)) return;
    const merged: unknown[] = [];
    for (const { key, value: held } of node.items) {
      if (isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN) merged.push(held);
      else {
        const name = this.keyOf(key);
        if (!members.has(name)) members.set(name, { key, value: held });
      }
    }
    for (const each of merged) this.#collect(each, members, seen);
  }

  #whole(node: Node): string {
    const tag =
      node.tag !== undefined && !/^tag:yaml\.org,2002:(?:str|map|seq)$/.test(node.tag) ? node.tag : "";
    if (isScalar(node)) return scalarKey(node, tag);
    if (isSeq(node)) return `${tag}[${node.items.map((item) => this.keyOf(item)).join(",")}]`;
    const members = [...this.membersOf(node)].map(([name, { value }]) => `${name}:${this.keyOf(value)}`);
    return `${tag}{${members.sort().join(",")}}`;
  }
}

export interface Member {
  key: unknown;
  value: unknown;
}

function scalarKey(node: Scalar, tag: string): string {
  const { value, type } = node;
  const source = node.source ?? (typeof value === "string" ? value : "");
  if (type === Scalar.PLAIN || type === undefined) {
    if (NULL.test(source)) return "null";
    if (NO_TEXT.test(source)) return source;
  }
  // A quoted text's source is its text already.
  return `${/^tag:yaml\.org,2002:(?:null|bool|int|float)$/.test(tag) ? tag : tag.replace(/^!!str$/, "")}'${typeof value === "string" ? value : source}`;
}

/** The offset in the new text that shows best how two values differ; undefined for equal ones. */
export function firstDifference(
  before: { data: Data; value: unknown },
  after: { data: Data; value: unknown },
  depth = 0,
): number | undefined {
  const { data, value } = after;
  if (before.data.keyOf(before.value) === data.keyOf(value)) return undefined;
  const kind = data.kindOf(value);
  const here = offsetOf(value);
  if (kind === "scalar" || kind !== before.data.kindOf(before.value) || depth > MAX_DEPTH) return here;
  if (kind === "sequence") {
    const old = before.data.itemsOf(before.value);
    for (const [index, item] of data.itemsOf(value).entries()) {
      if (index >= old.length) return offsetOf(item) ?? here;
      const inner = firstDifference(
        { data: before.data, value: old[index] },
        { data, value: item },
        depth + 1,
      );
      if (inner !== undefined) return inner;
    }
    return here;
  }
  const old = before.data.membersOf(before.value);
  for (const [name, member] of data.membersOf(value)) {
    const partner = old.get(name);
    if (!partner) return offsetOf(member.key) ?? here;
    const inner = firstDifference(
      { data: before.data, value: partner.value },
      { data, value: member.value },
      depth + 1,
    );
    if (inner !== undefined) return inner;
    if (before.data.keyOf(partner.value) !== data.keyOf(member.value)) return offsetOf(member.key) ?? here;
  }
  return here;
}

function offsetOf(value: unknown): number | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value.range?.[0] : undefined;
}
