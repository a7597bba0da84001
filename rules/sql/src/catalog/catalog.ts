import type { ConstraintDefinition, Operation, OperationOf, QualifiedName } from "@yantra-lint/core";
import { VersionLog } from "./log.ts";
import { alterTable, createdTable, type Index, type Origin, type Table, unknownTable } from "./table.ts";

/** A view as the history tells of it. */
export interface View {
  kind: "view" | "materializedView";
  created: Origin;
}

/** An index's name and the key of its table. */
interface IndexName {
  kind: "index";
  table: string;
}

/** Text that could not be followed names it: it may have been made, changed or dropped. */
interface Mentioned {
  kind: "mentioned";
}

type Entry = Table | View | IndexName | Mentioned;

/**
 * What is known of a table. `unknown`: the history lacks its CREATE, or something that cannot be followed (a DO
 * block, text that is not read) names it; `table` then holds what operations said of it, and nothing else is certain.
 */
export type TableAnswer =
  { state: "known"; table: Table } | { state: "absent" } | { state: "unknown"; table: Table };

interface State {
  log: VersionLog<Entry>;
  sequence: number;
  /** False when something existed before the history, so that a name it does not know may exist. */
  complete: boolean;
  /** Where unqualified names are looked up and made: the first schema of search_path. */
  schema: string;
  /** Shared by all snapshots, and so perhaps more than a snapshot holds: where to look, instead of everywhere. */
  seen: { schemas: Set<string>; referencing: Set<string> };
}

/** The schema of names without one, unless search_path says otherwise. */
const DEFAULT_SCHEMA = "public";

/** One text for a schema and a name; nearly all are of the default schema, whose keys need no new text. */
function keyOf(schema: string, name: string): string {
  return schema === DEFAULT_SCHEMA ? name : `${schema}\0${name}`;
}

/** The schema and the name of a key. */
function partsOf(key: string): { schema: string; name: string } {
  const at = key.indexOf("\0");
  return at < 0
    ? { schema: DEFAULT_SCHEMA, name: key }
    : { schema: key.slice(0, at), name: key.slice(at + 1) };
}

/**
 * The schema of a database as a stream of migrations has made it. A catalog is an immutable snapshot: `apply` gives
 * the next one. All snapshots of a stream share one log, so that folding n operations takes time and space in
 * proportion to n.
 */
export class Catalog {
  readonly #state: State;

  private constructor(state: State) {
    this.#state = state;
  }

  /** The catalog before the first migration; `complete`: nothing is there but what migrations make. */
  static empty({ complete }: { complete: boolean }): Catalog {
    const seen = { schemas: new Set<string>(), referencing: new Set<string>() };
    return new Catalog({ log: new VersionLog(), sequence: 0, complete, schema: DEFAULT_SCHEMA, seen });
  }

  /** What is known of the table of that name. */
  table(name: QualifiedName): TableAnswer {
    const schema = this.#schemaOf(name);
    const entry = this.#entry(keyOf(schema, name.name));
    if (entry === "never" && !this.#state.complete)
      return { state: "unknown", table: unknownTable(schema, name.name) };
    if (entry === undefined || entry === "never") return { state: "absent" };
    if (entry.kind === "mentioned") return { state: "unknown", table: unknownTable(schema, name.name) };
    if (entry.kind !== "table") return { state: "absent" };
    return { state: entry.complete ? "known" : "unknown", table: entry };
  }

  /** The view of that name, when the history made it. */
  view(name: QualifiedName): View | undefined {
    const entry = this.#entry(keyOf(this.#schemaOf(name), name.name));
    return entry && entry !== "never" && (entry.kind === "view" || entry.kind === "materializedView")
      ? entry
      : undefined;
  }

  /** Whether the history made an index of that name, and it is still there. */
  hasIndex(name: QualifiedName): boolean {
    const entry = this.#entry(keyOf(this.#schemaOf(name), name.name));
    return entry !== undefined && entry !== "never" && entry.kind === "index";
  }

  /** The table of an index that the history made and that is still there. */
  tableOfIndex(name: QualifiedName): QualifiedName | undefined {
    const entry = this.#entry(keyOf(this.#schemaOf(name), name.name));
    if (!entry || entry === "never" || entry.kind !== "index") return undefined;
    return partsOf(entry.table);
  }

  /** Whether a schema holds a table or a view; unknown where the history does not tell of all that exists. */
  holdsRelations(schema: string): boolean | "unknown" {
    for (const key of this.#state.log.keys()) {
      if (partsOf(key).schema !== schema) continue;
      const entry = this.#entry(key);
      if (entry && entry !== "never" && entry.kind !== "index") return true;
    }
    return this.#state.complete ? false : "unknown";
  }

  /** The same catalog on a log of its own: what is applied to it leaves the way free for those who apply to this one. */
  aside(): Catalog {
    const { log, sequence } = this.#state;
    return new Catalog({ ...this.#state, log: new VersionLog({ log, sequence }) });
  }

  /** Every session begins with the default search_path: so does every file. */
  atFileStart(): Catalog {
    return this.#state.schema === DEFAULT_SCHEMA
      ? this
      : new Catalog({ ...this.#state, schema: DEFAULT_SCHEMA });
  }

  /** The catalog after an operation. */
  apply(operation: Operation, origin: Origin): Catalog {
    switch (operation.kind) {
      case "CreateTable":
        return this.#createTable(operation, origin);
      case "DropTable":
        return this.#dropTable(operation.table);
      case "RenameTable":
        return this.#move(operation.table, { name: operation.to });
      case "SetSchema":
        return this.#move(operation.table, { schema: operation.to });
      case "CreateIndex":
        return this.#createIndex(operation);
      case "DropIndex":
        return this.#dropIndex(operation.name);
      case "CreateView":
        return this.#set(keyOf(this.#schemaOf(operation.name), operation.name.name), {
          kind: operation.materialized ? "materializedView" : "view",
          created: origin,
        });
      case "DropView":
        return this.#set(keyOf(this.#schemaOf(operation.name), operation.name.name), undefined);
      case "SetParameter":
        return operation.name === "search_path" ? this.#searchPath(operation.value) : this;
      case "Transaction":
        return this;
      case "Other":
        return this.#unfollowed(operation);
      case "DropColumn":
        return this.#dropColumn(operation, origin);
      default:
        return this.#update(operation.table, (table) => alterTable(table, operation, origin));
    }
  }

  #schemaOf(name: QualifiedName): string {
    return name.schema ?? this.#state.schema;
  }

  #entry(key: string): Entry | undefined | "never" {
    return this.#state.log.get(key, this.#state.sequence);
  }

  #set(key: string, entry: Entry | undefined): Catalog {
    const { schemas, referencing } = this.#state.seen;
    schemas.add(partsOf(key).schema);
    if (entry?.kind === "table" && entry.constraints.some(({ references }) => references))
      referencing.add(key);
    const log = this.#state.log.branch(this.#state.sequence);
    return new Catalog({ ...this.#state, log, sequence: log.set(key, entry) });
  }

  #incomplete(): Catalog {
    return this.#state.complete ? new Catalog({ ...this.#state, complete: false }) : this;
  }

  /** Changes a table; one that the history has not made is begun, and shows that the history is not all. */
  #update(name: QualifiedName, change: (table: Table) => Table): Catalog {
    const key = keyOf(this.#schemaOf(name), name.name);
    const entry = this.#entry(key);
    if (entry && entry !== "never" && entry.kind === "table") {
      const changed = change(entry);
      return changed === entry ? this : this.#set(key, changed);
    }
    if (entry && entry !== "never" && entry.kind !== "mentioned") return this;
    const catalog = entry === "never" ? this.#incomplete() : this;
    return catalog.#set(key, change(unknownTable(this.#schemaOf(name), name.name)));
  }

  #createTable(create: OperationOf<"CreateTable">, origin: Origin): Catalog {
    const schema = this.#schemaOf(create.table);
    const key = keyOf(schema, create.table.name);
    const entry = this.#entry(key);
    const table = createdTable(create, schema, origin);
    if (!create.ifNotExists || create.temporary) return this.#set(key, table);
    if (entry && entry !== "never" && entry.kind !== "mentioned") return this;
    const isNew = entry === undefined || (entry === "never" && this.#state.complete);
    return this.#set(key, isNew ? table : { ...table, complete: false, created: undefined, rows: "unknown" });
  }

  #dropTable(name: QualifiedName): Catalog {
    const schema = this.#schemaOf(name);
    const key = keyOf(schema, name.name);
    const entry = this.#entry(key);
    const indexes = entry && entry !== "never" && entry.kind === "table" ? entry.indexes : [];
    return indexes
      .flatMap((index) => (index.name === undefined ? [] : [index.name]))
      .reduce((catalog, index) => catalog.#set(keyOf(schema, index), undefined), this.#set(key, undefined));
  }

  /** RENAME TO and SET SCHEMA: the table and, with a new schema, its indexes. */
  #move(name: QualifiedName, to: Partial<QualifiedName>): Catalog {
    const from = keyOf(this.#schemaOf(name), name.name);
    const entry = this.#entry(from);
    const before =
      entry && entry !== "never" && entry.kind === "table"
        ? entry
        : unknownTable(this.#schemaOf(name), name.name);
    const table: Table = { ...before, ...to };
    const key = keyOf(table.schema, table.name);
    const known = entry === "never" ? this.#incomplete() : this;
    const start = known.#pointTo(before, table);
    return table.indexes
      .flatMap((index) => (index.name === undefined ? [] : [index.name]))
      .reduce(
        (catalog, index) =>
          catalog
            .#set(keyOf(before.schema, index), undefined)
            .#set(keyOf(table.schema, index), { kind: "index", table: key }),
        start.#set(from, undefined).#set(key, table),
      );
  }

  /** The foreign keys of all tables follow the table that they point to. */
  #pointTo(from: Table, { schema, name }: Table): Catalog {
    const follow = (constraint: ConstraintDefinition): ConstraintDefinition => {
      const { references } = constraint;
      const isMoved =
        references?.table.name === from.name && this.#schemaOf(references.table) === from.schema;
      if (!isMoved) return constraint;
      const table = {
        ...(references.table.schema === undefined && schema === from.schema ? {} : { schema }),
        name,
      };
      return { ...constraint, references: { ...references, table } };
    };
    return [...this.#state.seen.referencing].reduce<Catalog>((catalog, key) => {
      const entry = this.#entry(key);
      if (!entry || entry === "never" || entry.kind !== "table") return catalog;
      const constraints = entry.constraints.map(follow);
      const isSame = constraints.every((constraint, index) => constraint === entry.constraints[index]);
      return isSame ? catalog : catalog.#set(key, { ...entry, constraints });
    }, this);
  }

  #createIndex({ table, name, columns, unique, ifNotExists }: OperationOf<"CreateIndex">): Catalog {
    const schema = this.#schemaOf(table);
    const key = name === undefined ? undefined : keyOf(schema, name);
    const present = key === undefined ? undefined : this.#entry(key);
    if (ifNotExists && present && present !== "never" && present.kind === "index") return this;
    const target = this.#update(table, (before) => ({
      ...before,
      indexes: [...before.indexes, { name, columns, unique }],
    }));
    return key === undefined ? target : target.#set(key, { kind: "index", table: keyOf(schema, table.name) });
  }

  /** DROP COLUMN takes the column's indexes along: their names are free again. */
  #dropColumn(operation: OperationOf<"DropColumn">, origin: Origin): Catalog {
    const schema = this.#schemaOf(operation.table);
    const indexesOf = (catalog: Catalog): readonly Index[] => {
      const answer = catalog.table(operation.table);
      return answer.state === "absent" ? [] : answer.table.indexes;
    };
    const dropped = this.#update(operation.table, (table) => alterTable(table, operation, origin));
    const left = new Set(indexesOf(dropped));
    return indexesOf(this)
      .flatMap((index) => (left.has(index) || index.name === undefined ? [] : [index.name]))
      .reduce((catalog, index) => catalog.#set(keyOf(schema, index), undefined), dropped);
  }

  #dropIndex(name: QualifiedName): Catalog {
    const key = keyOf(this.#schemaOf(name), name.name);
    const entry = this.#entry(key);
    if (!entry || entry === "never" || entry.kind !== "index") return this.#set(key, undefined);
    const table = this.#entry(entry.table);
    const dropped = this.#set(key, undefined);
    if (!table || table === "never" || table.kind !== "table") return dropped;
    return dropped.#set(entry.table, {
      ...table,
      indexes: table.indexes.filter((index) => index.name !== name.name),
    });
  }

  #searchPath(value: string): Catalog {
    const [first = ""] = value
      .split(",")
      .map((part) => part.trim().replace(/^"|"$/g, ""))
      .filter((part) => part !== "" && part !== "$user" && part !== "pg_catalog" && part !== "default");
    return new Catalog({ ...this.#state, schema: first === "" ? DEFAULT_SCHEMA : first });
  }

  /**
   * Something that cannot be followed ran. What it names is unknown from here on: tables lose their certainty, and
   * names not yet seen may exist. A psql command may have run a whole file.
   */
  #unfollowed({ tag, mentions = [] }: OperationOf<"Other">): Catalog {
    const start = tag === "UnreadStatement" ? this.#incomplete() : this;
    const names = new Set(mentions);
    const keys = new Set(mentions.map((name) => keyOf(this.#state.schema, name)));
    if (mentions.some((name) => this.#state.seen.schemas.has(name))) {
      for (const key of this.#state.log.keys()) {
        const { schema, name } = partsOf(key);
        if (names.has(schema) && (names.has(name) || tag === "DropStmt")) keys.add(key);
      }
    }
    return [...keys].reduce((catalog, key) => {
      const entry = catalog.#entry(key);
      if (!entry || entry === "never") return catalog.#set(key, { kind: "mentioned" });
      if (entry.kind !== "table") return catalog;
      return catalog.#set(key, {
        ...entry,
        complete: false,
        constraints: [],
        created: undefined,
        emptied: undefined,
        rows: "unknown",
      });
    }, start);
  }
}
