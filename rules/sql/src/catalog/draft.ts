import type { Operation, QualifiedName, TableSizes } from "@yantra-lint/core";
import type { Catalog } from "./catalog.ts";
import type { VersionLog } from "./log.ts";
import { DEFAULT_SCHEMA, freeName, keyOf, partsOf, spaceKey, TEMPORARY_SCHEMA } from "./names.ts";
import type { Sequence, SqlFunction, TypeObject, View } from "./objects.ts";
import type { Table } from "./table.ts";

/** An index's name and the key of its table. */
export interface IndexName {
  kind: "index";
  table: string;
}

/** The functions of one name, which differ by their arguments. */
export interface Functions {
  kind: "functions";
  list: readonly SqlFunction[];
}

/** Text that could not be followed names it: it may have been made, changed or dropped. */
interface Mentioned {
  kind: "mentioned";
}

export type Entry = Table | View | Sequence | IndexName | Mentioned | TypeObject | Functions;

/**
 * Where to look, instead of everywhere. Shared by all snapshots of a stream, and so perhaps more than a snapshot
 * holds: what is found is looked at again.
 */
export interface Seen {
  /** Keys by schema. */
  schemas: Map<string, Set<string>>;
  /** What refers to a key: tables by foreign key or as parts, views, sequences, columns by their type, triggers. */
  users: Map<string, Set<string>>;
  /** Partitions and heirs of a table. */
  children: Map<string, Set<string>>;
  /** Tables that had a constraint of that name, by schema and name. */
  constraints: Map<string, Set<string>>;
  /** Functions whose text holds a word. */
  words: Map<string, Set<string>>;
  functions: Set<string>;
}

export interface State {
  log: VersionLog<Entry>;
  sequence: number;
  /** False when something existed before the history, so that a name it does not know may exist. */
  complete: boolean;
  /** Schemas that are others', of which the history knows only what it names. */
  foreign: readonly string[];
  /** search_path: where unqualified names are looked up; the first is where they are made. */
  path: readonly string[];
  /** The path to go back to when the transaction ends: SET LOCAL. */
  pathAfter?: readonly string[] | undefined;
  /** Keys of temporary things, which end with the session. */
  temporary: readonly string[];
  seen: Seen;
  /** Of production's tables, as far as they are known. */
  sizes: TableSizes;
  /** The migration that led here; its way down comes next. */
  last?: LastMigration | undefined;
}

/** A way up that has run, for the file that is its way down. */
export interface LastMigration {
  version: string;
  before: Catalog;
  operations: readonly Operation[];
  /** Whether its author says that it is a risk: `@yantra-risk high`. */
  isRisky: boolean;
}

/** Stands for columns of which it is not known which are used. */
const ANY = "*";

function columnKey(key: string, column: string): string {
  return `${key}\u0002${column}`;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

/** A snapshot on its way to the next one. Only the log is shared with others, and it keeps what they see. */
export class Draft {
  state: State;

  constructor(state: State) {
    this.state = state;
  }

  /** "never": the history does not speak of it; undefined: it is gone. */
  status(key: string): Entry | undefined | "never" {
    return this.state.log.get(key, this.state.sequence);
  }

  get(key: string): Entry | undefined {
    const entry = this.status(key);
    return entry === "never" ? undefined : entry;
  }

  table(key: string): Table | undefined {
    const entry = this.get(key);
    return entry?.kind === "table" ? entry : undefined;
  }

  set(key: string, entry: Entry | undefined): void {
    const before = this.status(key);
    const log = this.state.log.branch(this.state.sequence);
    this.state = { ...this.state, log, sequence: log.set(key, entry) };
    if (before === "never") add(this.state.seen.schemas, partsOf(key).schema, key);
    if (entry && !refersAlike(entry, before)) this.#register(key, entry);
  }

  /**
   * Something existed before the history, as a key shows that it never made. Of a schema in which it has made nothing
   * (`storage`, `auth`) that says nothing of its own.
   */
  incomplete(key?: string): void {
    const { complete, foreign, path, seen } = this.state;
    const schema = key === undefined ? undefined : partsOf(key).schema;
    if (!complete || (schema !== undefined && foreign.includes(schema))) return;
    const isOwn = schema === undefined || path.includes(schema) || seen.schemas.has(schema);
    this.state = isOwn
      ? { ...this.state, complete: false }
      : { ...this.state, foreign: [...foreign, schema] };
  }

  /** Whether the history made all that there is where a key stands. */
  isComplete(key: string): boolean {
    const { complete, foreign } = this.state;
    return complete && !foreign.includes(partsOf(key).schema);
  }

  /** Remembers that `user` refers to `key`. */
  uses(user: string, key: string): void {
    add(this.state.seen.users, key, user);
  }

  #usesColumns(user: string, relation: QualifiedName, columns: readonly string[]): void {
    const key = this.referenceKey(relation);
    this.uses(user, key);
    for (const column of columns) this.uses(user, columnKey(key, column));
  }

  /** What may refer to a column. */
  usersOfColumn(key: string, column: string): readonly string[] {
    return [...new Set([...this.users(columnKey(key, column)), ...this.users(columnKey(key, ANY))])];
  }

  /** What may refer to a key. */
  users(key: string): readonly string[] {
    return [...(this.state.seen.users.get(key) ?? [])];
  }

  #register(key: string, entry: Entry): void {
    switch (entry.kind) {
      case "table":
        for (const { references, name } of entry.constraints) {
          if (references) this.#usesColumns(key, references.table, references.columns);
          if (name !== undefined) add(this.state.seen.constraints, keyOf(entry.schema, name), key);
        }
        for (const parent of entry.parents) {
          this.uses(key, parent);
          add(this.state.seen.children, parent, key);
        }
        for (const trigger of entry.triggers) this.uses(key, this.functionKeyOf(trigger.function));
        break;
      case "view":
      case "materializedView":
        for (const { relation, columns } of entry.uses) this.#usesColumns(key, relation, columns ?? [ANY]);
        this.useTypes(
          key,
          (entry.columns ?? []).map(({ type }) => type),
        );
        break;
      case "sequence":
        if (entry.ownedBy) this.#usesColumns(key, entry.ownedBy.table, [entry.ownedBy.column]);
        break;
      case "composite":
        this.useTypes(
          key,
          entry.fields.map(({ type }) => type),
        );
        break;
      case "functions":
        this.state.seen.functions.add(key);
        break;
      default:
        break;
    }
  }

  /** The key of a name that is stored resolved, where no schema means the default one. */
  referenceKey({ schema, name }: QualifiedName): string {
    return keyOf(schema ?? DEFAULT_SCHEMA, name);
  }

  functionKeyOf({ schema, name }: QualifiedName): string {
    return spaceKey("function", schema ?? DEFAULT_SCHEMA, name);
  }

  /** Where an unqualified name is made. */
  get schema(): string {
    return this.state.path[0] ?? DEFAULT_SCHEMA;
  }

  /** The key of a relation that is there; of one that is not, where it would be made. */
  relationKey({ schema, name }: QualifiedName): string {
    if (schema !== undefined) return keyOf(schema, name);
    if (this.state.temporary.length > 0) {
      const temporary = keyOf(TEMPORARY_SCHEMA, name);
      if (this.get(temporary)) return temporary;
    }
    const { path } = this.state;
    if (path.length < 2) return keyOf(this.schema, name);
    return path.map((each) => keyOf(each, name)).find((key) => this.get(key)) ?? keyOf(this.schema, name);
  }

  /** The key of a type or function, as `relationKey`. */
  otherKey(space: "type" | "function", { schema, name }: QualifiedName): string {
    if (schema !== undefined) return spaceKey(space, schema, name);
    const keys = this.state.path.map((each) => spaceKey(space, each, name));
    return keys.find((key) => this.get(key)) ?? spaceKey(space, this.schema, name);
  }

  /** A relation's name as it is stored: with a schema when it was written so, or when it is not the default one. */
  stored(name: QualifiedName): QualifiedName {
    const { schema, name: found } = partsOf(this.relationKey(name));
    return name.schema === undefined && schema === DEFAULT_SCHEMA ? { name: found } : { schema, name: found };
  }

  /** The key of a type that the history made, of a type's canonical spelling. */
  typeKey(type: string): string | undefined {
    const base = type.replace(/(?:\[\])+$/, "").replace(/\([^)]*\)$/, "");
    const dot = base.indexOf(".");
    const name = dot < 0 ? { name: base } : { schema: base.slice(0, dot), name: base.slice(dot + 1) };
    const key = this.otherKey("type", name);
    return this.get(key) ? key : undefined;
  }

  /** A type as `format_type` prints it (PostgreSQL 18): with a schema when it is not the default one. */
  resolvedType(type: string): string {
    const key = this.typeKey(type);
    const dimensions = type.endsWith("[]") ? "[]" : "";
    if (key === undefined) {
      const plain = type.replace(/(?:\[\])+$/, "[]");
      const exact = plain.replace(/^numeric\((\d+)\)/, "numeric($1,0)");
      return exact.replace(/^(small|big|)serial/, (_, size: string) =>
        size === "" ? "integer" : `${size}int`,
      );
    }
    const { schema, name } = partsOf(key);
    return `${schema === DEFAULT_SCHEMA ? name : `${schema}.${name}`}${dimensions}`;
  }

  /** Remembers which user's types the columns of a table have. */
  useTypes(key: string, types: Iterable<string | undefined>): void {
    for (const type of types) {
      const typeKey = type === undefined ? undefined : this.typeKey(type);
      if (typeKey !== undefined) this.uses(key, typeKey);
    }
  }

  isConstraintName(schema: string, name: string): boolean {
    const keys = this.state.seen.constraints.get(keyOf(schema, name)) ?? [];
    return [...keys].some((key) => {
      const table = this.table(key);
      return table?.schema === schema && table.constraints.some((each) => each.name === name);
    });
  }

  /** The name of an index, sequence or index-backed constraint (`ChooseRelationName`, PostgreSQL 18, indexcmds.c). */
  relationName(
    schema: string,
    [name1, name2, label]: [string, string | undefined, string],
    isConstraint: boolean,
  ): string {
    return freeName(
      name1,
      name2,
      label,
      (name) =>
        this.get(keyOf(schema, name)) !== undefined || (isConstraint && this.isConstraintName(schema, name)),
    );
  }

  /** Live keys of a schema. */
  keysIn(schema: string): string[] {
    return [...(this.state.seen.schemas.get(schema) ?? [])].filter((key) => this.get(key) !== undefined);
  }

  /** Tables that are parts of one, or inherit from it. */
  children(key: string): string[] {
    const children = this.state.seen.children.get(key);
    return children ? [...children].filter((child) => this.table(child)?.parents.includes(key)) : [];
  }

  /** Words of a text that name a relation: where to find the functions that may use it. */
  addWords(key: string, words: Iterable<string>): void {
    for (const word of words) add(this.state.seen.words, word, key);
  }

  functionsWithWord(word: string): readonly string[] {
    return [...(this.state.seen.words.get(word) ?? [])];
  }
}

/** Whether two versions of a table refer to the same things, as they do after most changes. */
function refersAlike(entry: Entry, before: Entry | undefined | "never"): boolean {
  return (
    entry.kind === "table" &&
    typeof before === "object" &&
    before.kind === "table" &&
    before.constraints === entry.constraints &&
    before.parents === entry.parents &&
    before.triggers === entry.triggers
  );
}

/** Whether an entry is of a relation that queries read. */
export function isReadable(entry: Entry | undefined): entry is Table | View {
  return entry?.kind === "table" || entry?.kind === "view" || entry?.kind === "materializedView";
}

/** A name with its schema: the session's, when it has none. */
export function made(draft: Draft, { schema, name }: QualifiedName): { schema: string; name: string } {
  return { schema: schema ?? draft.schema, name };
}
