import type { Lines, Range, SourceLoc } from "@yantra-lint/core";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  type YAMLMap,
} from "yaml";

/** A path below a place: `spec.strategy.type`, `containers.0.name`, or segments when a key has a dot. */
export type Path = string | readonly (string | number)[];

/** A value that stands in the text. `value` is the scalar, or a plain copy of the mapping or sequence. */
export interface Found {
  readonly exists: true;
  readonly value: unknown;
  readonly range: Range;
  readonly loc: SourceLoc;
}

/** No value, or `null`, which the readers of these files take for none. The range is that of the key that should hold it. */
export interface Missing {
  readonly exists: false;
  readonly value?: undefined;
  readonly range: Range;
  readonly loc: SourceLoc;
}

type PlainScalar = string | number | bigint | boolean | null;

/** A copy made by `toPlain` stops here, so that an alias bomb costs no memory. */
const PLAIN_LIMIT = 10_000;
/** An alias may stand within its own anchor. */
const PLAIN_DEPTH = 100;
/** Mappings a merge key may reach; go-yaml has no limit, but nobody needs more. */
const MERGE_LIMIT = 100;

/** What all places of one document share. */
export class Tree {
  readonly text: string;
  readonly lines: Lines;
  readonly #document: Document.Parsed;
  #targets: Map<Alias, Node | undefined> | undefined;

  constructor(text: string, lines: Lines, document: Document.Parsed) {
    this.text = text;
    this.lines = lines;
    this.#document = document;
  }

  /** The place of the document's root, or undefined when it is empty. */
  get root(): Place | undefined {
    const contents = this.#document.contents;
    if (!contents) return undefined;
    const node = this.resolve(contents);
    return node && new Place(this, node, undefined, "");
  }

  /** The node an alias stands for; any other node is itself. An alias refers to the last anchor before it. */
  resolve(node: unknown): Node | undefined {
    if (isAlias(node)) {
      this.#targets ??= aliasTargets(this.#document.contents);
      return this.#targets.get(node);
    }
    return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }
}

/** The first alias of a document that has no anchor before it: go-yaml refuses the document. */
export function danglingAlias(root: Node | null): { name: string; range: Range } | undefined {
  for (const [alias, target] of aliasTargets(root)) {
    if (!target && alias.range) return { name: alias.source, range: [alias.range[0], alias.range[1]] };
  }
  return undefined;
}

/** Every alias of a document and the node it stands for. Iterative, linear in the text. */
function aliasTargets(root: Node | null): Map<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isAlias(node)) {
      targets.set(node, anchors.get(node.source));
      continue;
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) anchors.set(node.anchor, node);
    if (isMap(node)) for (const pair of node.items.toReversed()) stack.push(pair.value, pair.key);
    // One by one: as arguments of one call, a hundred thousand items overflow the stack.
    if (isSeq(node)) for (const item of node.items.toReversed()) stack.push(item);
  }
  return targets;
}

/** The keys that stand twice in a mapping of the document, each with its second range. Merge keys may repeat. */
export function duplicateKeys(root: unknown): { key: string; range: Range }[] {
  const found: { key: string; range: Range }[] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isSeq(node)) for (const item of node.items) stack.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      stack.push(value);
      if (!isScalar(key) || !key.range) continue;
      const name = String(key.value);
      if (seen.has(name) && name !== "<<") found.push({ key: name, range: [key.range[0], key.range[1]] });
      seen.add(name);
    }
  }
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

/**
 * A value in a YAML document and where it stands: a view on `yaml`'s nodes, which themselves stay inside. Aliases
 * and merge keys (`<<`) are followed on the way and never expanded, so an alias bomb costs nothing. A value
 * reached through an alias has the range of the anchored text, where a change must be made.
 */
export class Place {
  /** Where it stands below the root: `spec.template.spec.containers[0]`. Empty for the root. */
  readonly path: string;
  readonly #tree: Tree;
  readonly #node: Node;
  readonly #key: Range | undefined;
  #offsets: number[] | undefined;

  constructor(tree: Tree, node: Node, key: Range | undefined, path: string) {
    this.#tree = tree;
    this.#node = node;
    this.#key = key;
    this.path = path;
  }

  get kind(): "mapping" | "sequence" | "scalar" {
    if (isMap(this.#node)) return "mapping";
    return isSeq(this.#node) ? "sequence" : "scalar";
  }

  /** From the value's first to its last character, quotes included. */
  get range(): Range {
    return [this.#node.range?.[0] ?? 0, endOf(this.#node, this.#tree.text)];
  }

  get loc(): SourceLoc {
    return this.#tree.lines.loc(this.range);
  }

  /** The range without quotes; that of the whole value when its source is not literally the value. */
  get innerRange(): Range {
    const [start, end] = this.range;
    const inner = this.#tree.text.slice(start + 1, end - 1);
    return /^["']/.test(this.#tree.text.slice(start, start + 1)) && inner === this.value
      ? [start + 1, end - 1]
      : [start, end];
  }

  /**
   * Where a part of a scalar's value stands. Block scalars lose their indentation and folded lines their breaks,
   * so the value's offsets are not the text's; a double-quoted scalar with escapes gives its whole range.
   *
   * @param part UTF-16 offsets in the value
   */
  rangeWithin([start, end]: Range): Range {
    const { value } = this;
    if (typeof value !== "string" || end <= start) return this.range;
    this.#offsets ??= offsetsOf(value, this.#tree.text, this.range);
    const first = this.#offsets?.[start];
    const last = this.#offsets?.[end - 1];
    return first === undefined || last === undefined ? this.range : [first, last + 1];
  }

  /** The key that holds this value; for an item of a sequence or the root its first key. */
  get keyRange(): Range {
    if (this.#key) return this.#key;
    const first = isMap(this.#node) ? this.#node.items[0]?.key : undefined;
    if (isScalar(first) && first.range) return [first.range[0], first.range[1]];
    return this.range;
  }

  /** The scalar; a plain copy of a mapping or a sequence. */
  get value(): unknown {
    return isScalar(this.#node) ? plainScalar(this.#node) : toPlain(this, { left: PLAIN_LIMIT }, 0);
  }

  /** The scalar if it is a text that is not empty. */
  get text(): string | undefined {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** A scalar as text, `1.20` as it is written; undefined for null and for collections. */
  get written(): string | undefined {
    const { value } = this;
    if (!isScalar(this.#node) || value === null) return undefined;
    return typeof value === "string" ? value : this.#node.source;
  }

  /** Whether a placeholder (`{{ }}`, `${ }`, `$( )`) or an unknown tag makes the scalar something else later. */
  get open(): boolean {
    return this.text !== undefined && /\{\{|\$\{|\$\(/.test(this.text);
  }

  /** The value under a key (last one wins, merged ones come after own ones) or at an index. */
  child(segment: string | number): Place | undefined {
    if (isSeq(this.#node)) {
      const index = Number(segment);
      return Number.isInteger(index)
        ? this.#place(this.#node.items[index], undefined, `${this.path}[${index}]`)
        : undefined;
    }
    if (!isMap(this.#node)) return undefined;
    for (const map of this.#layers()) {
      const pair = map.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (pair) return this.#member(pair.key, pair.value);
    }
    return undefined;
  }

  /** The members of a mapping, merged ones included; nothing for other values. */
  entries(): [string, Place][] {
    const members = new Map<string, Place>();
    for (const map of this.#layers()) {
      const own = new Map<string, Place>();
      for (const { key, value } of map.items) {
        if (!isScalar(key) || isMergeKey(key)) continue;
        const place = this.#member(key, value);
        if (place) own.set(String(key.value), place);
      }
      for (const [name, place] of own) if (!members.has(name)) members.set(name, place);
    }
    return [...members];
  }

  /** The items of a sequence; nothing for other values. */
  items(): Place[] {
    if (!isSeq(this.#node)) return [];
    return this.#node.items.flatMap(
      (item, index) => this.#place(item, undefined, `${this.path}[${index}]`) ?? [],
    );
  }

  /** The place at a path, or undefined when nothing or `null` stands there. */
  find(path: Path): Place | undefined {
    return Place.#walk(this, path).place;
  }

  /** The value at a path with its range, or the range of the key of the nearest ancestor that should hold it. */
  at(path: Path): Found | Missing {
    const { place, holder } = Place.#walk(this, path);
    if (place) {
      return {
        exists: true,
        get value() {
          return place.value;
        },
        range: place.range,
        loc: place.loc,
      };
    }
    return { exists: false, range: holder, loc: this.#tree.lines.loc(holder) };
  }

  static #walk(from: Place, path: Path): { place: Place | undefined; holder: Range } {
    let place = from;
    for (const segment of segmentsOf(path)) {
      const next = place.child(segment);
      if (!next) return { place: undefined, holder: place.keyRange };
      if (isScalar(next.#node) && next.#node.value === null)
        return { place: undefined, holder: next.keyRange };
      place = next;
    }
    return { place, holder: place.keyRange };
  }

  /** The mapping itself, then what its merge keys bring, nearest first. */
  #layers(): YAMLMap[] {
    const layers: YAMLMap[] = [];
    const seen = new Set<Node>();
    let queue: unknown[] = isMap(this.#node) ? [this.#node] : [];
    while (queue.length > 0 && layers.length < MERGE_LIMIT) {
      const [next, ...rest] = queue;
      const node = this.#tree.resolve(next);
      queue = rest;
      // Each once: lists of lists of aliases would be an alias bomb again.
      if (!node || seen.has(node)) continue;
      seen.add(node);
      if (isSeq(node)) queue = [...node.items, ...rest];
      if (!isMap(node)) continue;
      layers.push(node);
      const merged = node.items.flatMap(({ key, value }) =>
        isScalar(key) && isMergeKey(key) ? [value] : [],
      );
      queue = [...merged, ...rest];
    }
    return layers;
  }

  #member(key: unknown, value: unknown): Place | undefined {
    const name = isScalar(key) ? String(key.value) : "";
    const range: Range | undefined = isScalar(key) && key.range ? [key.range[0], key.range[1]] : undefined;
    return this.#place(value, range, this.path === "" ? name : `${this.path}.${name}`);
  }

  #place(node: unknown, key: Range | undefined, path: string): Place | undefined {
    const resolved = this.#tree.resolve(node);
    return resolved && new Place(this.#tree, resolved, key, path);
  }
}

function isMergeKey(key: Scalar): boolean {
  return key.value === "<<" && key.type === Scalar.PLAIN;
}

function segmentsOf(path: Path): readonly (string | number)[] {
  if (typeof path !== "string") return path;
  return path === "" ? [] : path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
}

function plainScalar(node: Scalar): PlainScalar {
  const { value } = node;
  if (value === null) return null;
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return value;
    default:
      // Dates and binaries, which only a tag makes: the text as it is written.
      return node.source ?? null;
  }
}

/** A copy without ranges; members beyond the limit are left out. */
function toPlain(place: Place, budget: { left: number }, depth: number): unknown {
  if (place.kind === "scalar") return place.value;
  const take = (child: Place): unknown => {
    budget.left -= 1;
    return budget.left > 0 && depth < PLAIN_DEPTH ? toPlain(child, budget, depth + 1) : undefined;
  };
  if (place.kind === "sequence") return place.items().map(take);
  return Object.fromEntries(place.entries().map(([name, child]) => [name, take(child)]));
}

/** The offset in the text of each character of a scalar's value; undefined where escapes hide it. */
function offsetsOf(value: string, text: string, [start, end]: Range): number[] | undefined {
  let at = start;
  const style = text[at];
  if (style === "|" || style === ">") while (at < end && text[at] !== "\n") at += 1;
  if (style === '"' && text.slice(start, end).includes("\\")) return undefined;
  if (style === '"' || style === "'") at += 1;
  const offsets: number[] = [];
  for (const unit of value) {
    const wanted = (found: string): boolean => found === unit || (/\s/.test(unit) && /\s/.test(found));
    while (at < end && !wanted(text[at] ?? "") && !(unit.length === 2 && text.startsWith(unit, at))) at += 1;
    for (let part = 0; part < unit.length; part += 1) offsets.push(Math.min(at + part, end - 1));
    at += unit.length;
  }
  return offsets;
}

/** Where a value ends: `yaml` counts line breaks and comments after a block collection to it. */
function endOf(node: Node, text: string): number {
  let last: unknown = node;
  for (;;) {
    if ((isMap(last) || isSeq(last)) && !last.flow && last.items.length > 0) {
      const item: unknown = last.items.at(-1);
      const next = isMap(last) ? (last.items.at(-1)?.value ?? last.items.at(-1)?.key) : item;
      if (next === null || next === undefined) break;
      last = next;
    } else break;
  }
  const range = isMap(last) || isSeq(last) || isScalar(last) || isAlias(last) ? last.range : undefined;
  const start = node.range?.[0] ?? 0;
  let end = range?.[1] ?? node.range?.[1] ?? start;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}
