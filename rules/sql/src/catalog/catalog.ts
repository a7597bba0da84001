import type { Operation, QualifiedName, TableSize, TableSizes } from "@yantra-lint/core";
import { applyTo } from "./apply.ts";
import { Draft, type LastMigration, type State } from "./draft.ts";
import { dropRelation } from "./drop.ts";
import { VersionLog } from "./log.ts";
import { DEFAULT_SCHEMA, isRelationKey, keyOf, partsOf } from "./names.ts";
import type {
  Dependent,
  Domain,
  Enum,
  ForeignKey,
  Partition,
  RelationColumn,
  Sequence,
  SqlFunction,
  Trigger,
  TypeObject,
  View,
} from "./objects.ts";
import { relationColumns, type Resolved, resolveQuery } from "./query.ts";
import { type Origin, type Table, unknownTable } from "./table.ts";

export type * from "./objects.ts";

/**
 * What is known of a table. `unknown`: the history lacks its CREATE, or something that cannot be followed (a DO
 * block, text that is not read) names it; `table` then holds what operations said of it, and nothing else is certain.
 */
export type TableAnswer =
  | { state: "known"; table: Table; size?: TableSize }
  | { state: "absent" }
  | { state: "unknown"; table: Table; size?: TableSize };

/**
 * The schema of a database as a stream of migrations has made it. A catalog is an immutable snapshot: `apply` gives
 * the next one. All snapshots of a stream share one log, so that folding n operations takes time and space in
 * proportion to n. Names are looked up along search_path; what is not known is never made up: an answer that
 * cannot be given is `undefined`, `unknown` or not `certain`.
 */
export class Catalog {
  readonly #state: State;

  private constructor(state: State) {
    this.#state = state;
  }

  /** The catalog before the first migration; `complete`: nothing is there but what migrations make. */
  static empty({ complete, sizes = {} }: { complete: boolean; sizes?: TableSizes }): Catalog {
    const seen = {
      schemas: new Map(),
      users: new Map(),
      children: new Map(),
      constraints: new Map(),
      words: new Map(),
      functions: new Set<string>(),
    };
    const path = [DEFAULT_SCHEMA];
    return new Catalog({
      log: new VersionLog(),
      sequence: 0,
      complete,
      foreign: [],
      path,
      temporary: [],
      seen,
      sizes,
    });
  }

  /** What is known of the table of that name. */
  table(name: QualifiedName): TableAnswer {
    const draft = this.#draft();
    const key = draft.relationKey(name);
    const { schema } = partsOf(key);
    const { sizes } = this.#state;
    const sized = `${schema}.${name.name}`;
    const size = Object.hasOwn(sizes, sized) ? sizes[sized] : undefined;
    const more = size ? { size } : {};
    const entry = draft.status(key);
    if (entry === "never" && !draft.isComplete(key))
      return { state: "unknown", table: unknownTable(schema, name.name), ...more };
    if (entry === undefined || entry === "never") return { state: "absent" };
    if (entry.kind === "mentioned")
      return { state: "unknown", table: unknownTable(schema, name.name), ...more };
    if (entry.kind !== "table") return { state: "absent" };
    return { state: entry.complete ? "known" : "unknown", table: entry, ...more };
  }

  /** The view of that name, when the history made it. */
  view(name: QualifiedName): View | undefined {
    const draft = this.#draft();
    const entry = draft.get(draft.relationKey(name));
    return entry?.kind === "view" || entry?.kind === "materializedView" ? entry : undefined;
  }

  /** Whether the history made an index of that name, a constraint's too, and it is still there. */
  hasIndex(name: QualifiedName): boolean {
    return this.tableOfIndex(name) !== undefined;
  }

  /** The table of an index that the history made and that is still there. */
  tableOfIndex(name: QualifiedName): QualifiedName | undefined {
    const draft = this.#draft();
    const entry = draft.get(draft.relationKey(name));
    return entry?.kind === "index" ? partsOf(entry.table) : undefined;
  }

  /** Whether a schema holds a table or a view; unknown where the history does not tell of all that exists. */
  holdsRelations(schema: string): boolean | "unknown" {
    const draft = this.#draft();
    const holds = draft.keysIn(schema).some((key) => isRelationKey(key) && draft.get(key)?.kind !== "index");
    if (holds) return true;
    return draft.isComplete(keyOf(schema, "")) ? false : "unknown";
  }

  /** The columns of a table or view, in order; undefined when they are not known, all of them. */
  columnsOf(name: QualifiedName): readonly RelationColumn[] | undefined {
    const draft = this.#draft();
    return relationColumns(draft, draft.relationKey(name));
  }

  /**
   * Views, functions, triggers and foreign keys that use a table or view, or one of its columns. A function is found by
   * the words of its body, and so is never certain.
   */
  dependentsOf(table: QualifiedName, column?: string): readonly Dependent[] {
    const draft = this.#draft();
    const key = draft.relationKey(table);
    const own = draft.table(key);
    return [
      ...this.#viewsOn(draft, key, column),
      ...this.#functionsNaming(draft, partsOf(key).name, column),
      ...(own?.triggers ?? [])
        .filter(({ columns }) => column === undefined || columns.includes(column))
        .map((trigger): Dependent => ({
          kind: "trigger",
          name: { name: trigger.name },
          table: trigger.table,
          certain: true,
        })),
      ...this.foreignKeysTo(table)
        .filter(({ references }) => column === undefined || references.columns.includes(column))
        .map((each): Dependent => ({
          kind: "foreignKey",
          name: { name: each.name ?? "" },
          table: each.table,
          certain: true,
        })),
    ];
  }

  #viewsOn(draft: Draft, key: string, column: string | undefined): Dependent[] {
    return draft.users(key).flatMap((user): Dependent[] => {
      const view = draft.get(user);
      if (view?.kind !== "view" && view?.kind !== "materializedView") return [];
      const use = view.uses.find(({ relation }) => draft.referenceKey(relation) === key);
      if (!use || (column !== undefined && use.columns?.includes(column) === false)) return [];
      const certain = column === undefined || use.columns !== undefined;
      return [{ kind: view.kind, name: { schema: view.schema, name: view.name }, certain }];
    });
  }

  #functionsNaming(draft: Draft, table: string, column: string | undefined): Dependent[] {
    const keys = draft.functionsWithWord(table);
    const also = column === undefined ? undefined : new Set(draft.functionsWithWord(column));
    return keys
      .filter((key) => also?.has(key) !== false && draft.get(key)?.kind === "functions")
      .map((key) => ({ kind: "function", name: partsOf(key), certain: false }));
  }

  /** The foreign keys of other tables, and its own, that point to a table. */
  foreignKeysTo(table: QualifiedName): readonly ForeignKey[] {
    const draft = this.#draft();
    const target = draft.relationKey(table);
    return draft.users(target).flatMap((key) => {
      const entry = draft.table(key);
      if (!entry) return [];
      return entry.constraints.flatMap(({ name, columns, references, validated }) =>
        references && draft.referenceKey(references.table) === target
          ? [{ table: { schema: entry.schema, name: entry.name }, name, columns, references, validated }]
          : [],
      );
    });
  }

  /** The partitions of a table; empty when there are none that are known. */
  partitionsOf(table: QualifiedName): readonly Partition[] {
    const draft = this.#draft();
    return draft.children(draft.relationKey(table)).flatMap((key) => {
      const bound = draft.table(key)?.bound;
      return bound ? [{ table: partsOf(key), bound }] : [];
    });
  }

  /** The tables that inherit from a table; partitions are none of them. */
  childrenOf(table: QualifiedName): readonly QualifiedName[] {
    const draft = this.#draft();
    return draft
      .children(draft.relationKey(table))
      .flatMap((key) => (draft.table(key)?.bound ? [] : [partsOf(key)]));
  }

  /** The table that it is a partition of. */
  parentOf(table: QualifiedName): QualifiedName | undefined {
    const draft = this.#draft();
    const entry = draft.table(draft.relationKey(table));
    const [parent] = entry?.bound ? entry.parents : [];
    return parent === undefined ? undefined : partsOf(parent);
  }

  /** A type that CREATE TYPE or CREATE DOMAIN made; undefined when the history does not tell. */
  typeOf(name: QualifiedName): TypeObject | undefined {
    const draft = this.#draft();
    const entry = draft.get(draft.otherKey("type", name));
    const isType =
      entry?.kind === "enum" ||
      entry?.kind === "domain" ||
      entry?.kind === "composite" ||
      entry?.kind === "opaque";
    return isType ? entry : undefined;
  }

  /** An enum type; undefined when the history did not make one of that name. */
  enumOf(name: QualifiedName): Enum | undefined {
    const type = this.typeOf(name);
    return type?.kind === "enum" ? type : undefined;
  }

  /** A domain; undefined when the history did not make one of that name. */
  domainOf(name: QualifiedName): Domain | undefined {
    const type = this.typeOf(name);
    return type?.kind === "domain" ? type : undefined;
  }

  /** The tables that have a column of a type, or of an array of it. */
  tablesOfType(name: QualifiedName): readonly QualifiedName[] {
    const draft = this.#draft();
    const key = draft.otherKey("type", name);
    return draft.users(key).flatMap((user) => {
      const columns = [...(draft.table(user)?.columns.values() ?? [])];
      return columns.some(({ type }) => type !== undefined && draft.typeKey(type) === key)
        ? [partsOf(user)]
        : [];
    });
  }

  /** A sequence, also that of a serial or identity column; undefined when the history did not make one. */
  sequenceOf(name: QualifiedName): Sequence | undefined {
    const draft = this.#draft();
    const entry = draft.get(draft.relationKey(name));
    return entry?.kind === "sequence" ? entry : undefined;
  }

  /** The triggers that call a function. */
  triggersCalling(name: QualifiedName): readonly Trigger[] {
    const draft = this.#draft();
    const key = draft.otherKey("function", name);
    return draft
      .users(key)
      .flatMap((user) => draft.table(user)?.triggers ?? [])
      .filter((trigger) => draft.functionKeyOf(trigger.function) === key);
  }

  /** The functions whose text has a name in it. */
  functionsNaming(name: string): readonly SqlFunction[] {
    const draft = this.#draft();
    return draft.functionsWithWord(name).flatMap((key) => {
      const entry = draft.get(key);
      return entry?.kind === "functions" ? entry.list : [];
    });
  }

  /** The functions that the history made and that are still there. */
  functions(): readonly SqlFunction[] {
    const draft = this.#draft();
    return [...this.#state.seen.functions].flatMap((key) => {
      const entry = draft.get(key);
      return entry?.kind === "functions" ? entry.list : [];
    });
  }

  /** The functions of that name, in whatever schema. */
  functionsNamed(name: string): readonly SqlFunction[] {
    const draft = this.#draft();
    return [...this.#state.seen.functions].flatMap((key) => {
      const entry = partsOf(key).name === name ? draft.get(key) : undefined;
      return entry?.kind === "functions" ? entry.list : [];
    });
  }

  /** What a query gives and uses, by what the catalog knows. */
  resolve(query: Parameters<typeof resolveQuery>[1]): Resolved {
    return resolveQuery(this.#draft(), query);
  }

  /** All that the history made in a schema and that is still there, by name; for comparing whole catalogs. */
  objectsIn(schema: string): readonly { space: "relation" | "type" | "function"; name: string }[] {
    const space = (key: string) =>
      isRelationKey(key)
        ? ("relation" as const)
        : key.startsWith("\u0001t")
          ? ("type" as const)
          : ("function" as const);
    return this.#draft()
      .keysIn(schema)
      .map((key) => ({ space: space(key), name: partsOf(key).name }));
  }

  /** Schemas that hold, or held, anything the history made. */
  schemas(): readonly string[] {
    return [...this.#state.seen.schemas.keys()].filter((schema) => this.#draft().keysIn(schema).length > 0);
  }

  /** The same catalog on a log of its own: what is applied to it leaves the way free for those who apply to this one. */
  aside(): Catalog {
    const { log, sequence } = this.#state;
    return new Catalog({ ...this.#state, log: new VersionLog({ log, sequence }) });
  }

  /** Every session begins with the default search_path and without what is temporary: so does every file. */
  atFileStart(): Catalog {
    const { path, pathAfter, temporary } = this.#state;
    const isDefault = path.length === 1 && path[0] === DEFAULT_SCHEMA && !pathAfter;
    if (isDefault && temporary.length === 0) return this;
    const draft = this.#draft();
    for (const key of temporary) {
      if (!isRelationKey(key)) draft.set(key, undefined);
      else if (draft.get(key)) dropRelation(draft, key);
    }
    return new Catalog({ ...draft.state, path: [DEFAULT_SCHEMA], pathAfter: undefined, temporary: [] });
  }

  /** A transaction has ended: what SET LOCAL said holds no more. */
  atTransactionEnd(): Catalog {
    const { pathAfter } = this.#state;
    return pathAfter ? new Catalog({ ...this.#state, path: pathAfter, pathAfter: undefined }) : this;
  }

  /** The migration that led here, when it is known. */
  get last(): LastMigration | undefined {
    return this.#state.last;
  }

  /** The same catalog, as a migration has left it. What led to the one before it is forgotten. */
  after(last: LastMigration): Catalog {
    const before = new Catalog({ ...last.before.#state, last: undefined });
    return new Catalog({ ...this.#state, last: { ...last, before } });
  }

  #draft(): Draft {
    return new Draft(this.#state);
  }

  /** The catalog after an operation. */
  apply(operation: Operation, origin: Origin): Catalog {
    const draft = this.#draft();
    applyTo(draft, operation, origin);
    return draft.state === this.#state ? this : new Catalog(draft.state);
  }
}
