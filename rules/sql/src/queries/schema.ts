import type { Operation, QualifiedName } from "@yantra-lint/core";
import type { Catalog, Domain } from "../catalog/catalog.ts";
import type { Table } from "../catalog/table.ts";

/** A column as an expression sees it. `type`: canonical; undefined when it is not known. */
export interface Column {
  name: string;
  type: string | undefined;
}

/** A table or view as a query sees it. */
export interface Relation {
  name: QualifiedName;
  /** In their order, as far as they are known. */
  columns: readonly Column[];
  /** There are no others. */
  complete: boolean;
  /** Columns that migrations took away or renamed: they are missing, whatever else there is. */
  gone: ReadonlySet<string>;
  /** Absent for a view, and for a relation of which nothing is known. */
  table?: Table;
}

/** What migrations took away, where the history does not tell what there was in the beginning. */
export interface Gone {
  /** By `schema.table`. */
  columns: ReadonlyMap<string, ReadonlySet<string>>;
  types: ReadonlySet<string>;
  functions: ReadonlySet<string>;
  /** Values of enums, by the type's name. */
  values: ReadonlyMap<string, ReadonlySet<string>>;
}

export const NOTHING_GONE: Gone = {
  columns: new Map(),
  types: new Set(),
  functions: new Set(),
  values: new Map(),
};

const keyOf = ({ schema = "public", name }: QualifiedName): string => `${schema}.${name}`;

/** A canonical type's name, with its schema apart and without modifiers. */
export function typeName(type: string): QualifiedName {
  const base = type.replace(/\(.*$/, "");
  const dot = base.indexOf(".");
  return dot < 0 ? { name: base } : { schema: base.slice(0, dot), name: base.slice(dot + 1) };
}

function withAdded<T>(set: ReadonlySet<T> | undefined, value: T): ReadonlySet<T> {
  return new Set(set).add(value);
}

function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  if (!set.has(value)) return set;
  const left = new Set(set);
  left.delete(value);
  return left;
}

/** What is gone after an operation. */
export function goneAfter(gone: Gone, operation: Operation): Gone {
  const columns = (table: QualifiedName, change: (set: ReadonlySet<string>) => ReadonlySet<string>): Gone => {
    const key = keyOf(table);
    const before = gone.columns.get(key) ?? new Set<string>();
    const after = change(before);
    return after === before ? gone : { ...gone, columns: new Map(gone.columns).set(key, after) };
  };
  const moved = (from: QualifiedName, to: QualifiedName): Gone => {
    const set = gone.columns.get(keyOf(from));
    if (!set) return gone;
    const map = new Map(gone.columns).set(keyOf(to), set);
    map.delete(keyOf(from));
    return { ...gone, columns: map };
  };
  switch (operation.kind) {
    case "DropColumn":
      return columns(operation.table, (set) => withAdded(set, operation.column));
    case "RenameColumn":
      return columns(operation.table, (set) => withAdded(without(set, operation.to), operation.column));
    case "AddColumn":
      return columns(operation.table, (set) => without(set, operation.column.name));
    case "CreateTable":
      return operation.ifNotExists ? gone : columns(operation.table, () => new Set());
    case "DropTable":
      return columns(operation.table, () => new Set());
    case "RenameTable":
      return moved(operation.table, { ...operation.table, name: operation.to });
    case "SetSchema":
      return moved(operation.table, { ...operation.table, schema: operation.to });
    case "Other":
      return (operation.changes ?? []).reduce(goneAfterChange, gone);
    default:
      return gone;
  }
}

type Change = NonNullable<Extract<Operation, { kind: "Other" }>["changes"]>[number];

function goneAfterChange(gone: Gone, change: Change): Gone {
  switch (change.action) {
    case "drop":
    case "rename":
      if (change.object === "function")
        return { ...gone, functions: withAdded(gone.functions, change.name.name) };
      if (change.object === "type" || change.object === "enum" || change.object === "domain") {
        const types = withAdded(gone.types, change.name.name);
        return { ...gone, types: change.action === "rename" ? without(types, change.to) : types };
      }
      return gone;
    case "createEnum":
    case "createDomain":
    case "createComposite":
    case "createOpaqueType":
      return { ...gone, types: without(gone.types, change.name.name) };
    case "createFunction":
      return { ...gone, functions: without(gone.functions, change.name.name) };
    case "renameEnumValue": {
      const { name } = change.name;
      const before = gone.values.get(name) ?? new Set<string>();
      const after = withAdded(without(before, change.to), change.value);
      return { ...gone, values: new Map(gone.values).set(name, after) };
    }
    case "addEnumValue": {
      const { name } = change.name;
      const before = gone.values.get(name);
      return before
        ? { ...gone, values: new Map(gone.values).set(name, without(before, change.value)) }
        : gone;
    }
    default:
      return gone;
  }
}

/** Schemas whose relations exist without any migration. */
const SYSTEM = new Set(["pg_catalog", "information_schema", "pg_toast"]);

/** The database as queries meet it between two migrations. */
export class Schema {
  readonly catalog: Catalog;
  readonly gone: Gone;
  /** Schemas that migrations name, where unqualified names may be meant to stand. */
  readonly #schemas: readonly string[];

  constructor(catalog: Catalog, gone: Gone, schemas: readonly string[]) {
    this.catalog = catalog;
    this.gone = gone;
    this.#schemas = schemas;
  }

  /** The same schemas at another time. */
  with(catalog: Catalog, gone: Gone): Schema {
    return new Schema(catalog, gone, this.#schemas);
  }

  /** The relation that a name means; `absent`: there certainly is none. */
  relation(name: QualifiedName): Relation | "absent" | "unknown" {
    if (SYSTEM.has(name.schema ?? "") || (name.schema === undefined && name.name.startsWith("pg_")))
      return "unknown";
    const here = this.#relation(name);
    if (here !== "absent" || name.schema !== undefined) return here;
    // The connection's search_path is not known: the one schema that has it is meant.
    const others = this.#schemas.flatMap((schema) => {
      const other = this.#relation({ schema, name: name.name });
      return typeof other === "string" ? [] : [other];
    });
    return others.length === 1 && others[0] ? others[0] : others.length > 1 ? "unknown" : "absent";
  }

  /** The domain that a column's canonical type names. */
  domain(type: string | undefined): Domain | undefined {
    return type === undefined ? undefined : this.catalog.domainOf(typeName(type));
  }

  /** The table that a name means, with whatever is known of it. */
  table(name: QualifiedName): Table | undefined {
    const relation = this.relation(name);
    return typeof relation === "string" ? undefined : relation.table;
  }

  #relation(name: QualifiedName): Relation | "absent" {
    const view = this.catalog.view(name);
    if (view) {
      const columns = this.catalog.columnsOf(name);
      return { name, columns: columns ?? [], complete: columns !== undefined, gone: this.#gone(name) };
    }
    const answer = this.catalog.table(name);
    if (answer.state === "absent") return "absent";
    const columns = this.catalog.columnsOf(name);
    return {
      name,
      columns: columns ?? [...answer.table.columns.values()],
      complete: columns !== undefined && answer.state === "known",
      gone: this.#gone(name),
      table: answer.table,
    };
  }

  #gone(name: QualifiedName): ReadonlySet<string> {
    return this.gone.columns.get(keyOf(name)) ?? new Set();
  }

  /** Whether migrations took a function of that name away, and left none. */
  lacksFunction(name: string): boolean {
    return this.gone.functions.has(name) && this.catalog.functionsNamed(name).length === 0;
  }

  /** Whether migrations took a type away; `type`: canonical. */
  lacksType(type: string): boolean {
    const { name } = typeName(type.replace(/(?:\[\])+$/, ""));
    return this.gone.types.has(name) && !this.catalog.enumOf({ name }) && !this.catalog.domainOf({ name });
  }

  /** Whether a text is none of an enum's values; undefined when the type is no enum that is known. */
  lacksValue(type: string, value: string): boolean | undefined {
    const name = typeName(type);
    const known = this.catalog.enumOf(name);
    if (known) return !known.values.includes(value);
    const gone = this.gone.values.get(name.name);
    return gone?.has(value) === true ? true : undefined;
  }
}
