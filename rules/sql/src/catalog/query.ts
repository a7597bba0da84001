import type { QueryShape } from "@yantra-lint/core";
import { type Draft, isReadable } from "./draft.ts";
import { partsOf } from "./names.ts";
import type { RelationColumn, Use } from "./objects.ts";

type Columns = readonly RelationColumn[] | undefined;

/** One thing in FROM. `columns` undefined: they are not known. */
interface Source {
  alias: string | undefined;
  columns: Columns;
  key: string | undefined;
  merged: readonly string[];
}

/** What a query gives and uses, by what the catalog knows. */
export interface Resolved {
  /** Undefined when one of them cannot be told. */
  columns: Columns;
  uses: Use[];
  /** False when it may use more. */
  complete: boolean;
}

/** Resolves the names of a query. */
export function resolveQuery(draft: Draft, shape: QueryShape): Resolved {
  const resolver = new Resolver(draft);
  const columns = resolver.query(shape, [], new Map());
  return { columns, uses: resolver.uses(), complete: resolver.complete };
}

class Resolver {
  complete = true;
  readonly #draft: Draft;
  /** Columns by the relation's key; undefined: not known which. */
  readonly #used = new Map<string, Set<string> | undefined>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  uses(): Use[] {
    return [...this.#used].map(([key, columns]) => ({
      relation: partsOf(key),
      columns: columns && [...columns],
    }));
  }

  query(
    shape: QueryShape,
    outer: readonly (readonly Source[])[],
    inherited: ReadonlyMap<string, Columns>,
  ): Columns {
    const ctes = new Map(inherited);
    for (const { name, columns, query } of shape.with ?? []) {
      // A recursive query reads itself: its first arm gives the columns.
      const { arms: _arms, ...first } = query;
      const own = new Map(ctes).set(name, renamed(this.#peek(first, outer, ctes), columns));
      ctes.set(name, renamed(this.query(query, outer, own), columns));
    }
    const sources: Source[] = [];
    const scopes = [sources, ...outer];
    for (const item of shape.from) sources.push(this.#source(item, scopes, ctes));
    const columns = this.#columns(shape, scopes);
    for (const ref of shape.refs) this.#ref(ref, scopes, shape);
    for (const inner of shape.inner ?? []) this.query(inner, scopes, ctes);
    const arms = (shape.arms ?? []).map((arm) => this.query(arm, outer, ctes));
    return columns?.map(({ name, type }, index) => ({
      name,
      type: arms.every((arm) => arm?.[index]?.type === type) ? type : undefined,
    }));
  }

  /** The columns of a query, without a note of what it uses. */
  #peek(
    shape: QueryShape,
    outer: readonly (readonly Source[])[],
    ctes: ReadonlyMap<string, Columns>,
  ): Columns {
    return new Resolver(this.#draft).query(shape, outer, ctes);
  }

  #source(
    item: QueryShape["from"][number],
    scopes: readonly (readonly Source[])[],
    ctes: ReadonlyMap<string, Columns>,
  ): Source {
    const { alias, table, query, merged = [] } = item;
    if (query) {
      const columns = renamed(this.query(query, scopes, ctes), item.columns);
      return { alias, columns, key: undefined, merged };
    }
    if (!table) {
      // A function: `f() AS x (a, b)`. Without the list its columns are not known.
      return {
        alias,
        columns: item.columns?.map((name) => ({ name, type: undefined })),
        key: undefined,
        merged,
      };
    }
    const name = alias ?? table.name;
    if (table.schema === undefined && ctes.has(table.name)) {
      return { alias: name, columns: renamed(ctes.get(table.name), item.columns), key: undefined, merged };
    }
    const key = this.#draft.relationKey(table);
    const known = relationColumns(this.#draft, key);
    if (!isSystem(table)) {
      if (!this.#used.has(key)) this.#used.set(key, new Set());
      if (!isReadable(this.#draft.get(key))) this.complete = false;
    }
    return {
      alias: name,
      columns: renamed(known, item.columns),
      key: isSystem(table) ? undefined : key,
      merged,
    };
  }

  #columns({ columns }: QueryShape, scopes: readonly (readonly Source[])[]): Columns {
    const found: RelationColumn[] = [];
    let known = true;
    for (const { name, star, ref, type } of columns) {
      if (star !== undefined) {
        const wanted = (scopes[0] ?? []).filter(({ alias }) => star === true || alias === star);
        if (wanted.length === 0) known = false;
        for (const source of wanted) {
          if (!source.columns) known = false;
          for (const column of source.columns ?? []) {
            this.#use(source, column.name);
            if (star !== true || !source.merged.includes(column.name)) found.push(column);
          }
          if (!source.columns) this.#useSome(source);
        }
      } else if (ref) {
        found.push({ name: name ?? ref.column, type: this.#ref(ref, scopes)?.type });
      } else {
        found.push({ name: name ?? "?column?", type: type && this.#draft.resolvedType(type) });
      }
    }
    return known ? found : undefined;
  }

  #ref(
    { qualifier, column }: { qualifier?: string; column: string },
    scopes: readonly (readonly Source[])[],
    shape?: QueryShape,
  ): RelationColumn | undefined {
    for (const sources of scopes) {
      const candidates =
        qualifier === undefined ? sources : sources.filter(({ alias }) => alias === qualifier);
      for (const source of candidates) {
        const found = source.columns?.find(({ name }) => name === column);
        if (!found) continue;
        this.#use(source, column);
        return found;
      }
      const row = qualifier === undefined ? sources.find(({ alias }) => alias === column) : undefined;
      if (row) {
        for (const { name } of row.columns ?? []) this.#use(row, name);
        if (!row.columns) this.#useSome(row);
        return undefined;
      }
      const unknown = candidates.filter(({ columns }) => columns === undefined);
      if (unknown.length > 0) {
        for (const source of unknown) this.#useSome(source);
        return undefined;
      }
    }
    // ORDER BY and GROUP BY may name an output column.
    if (!shape?.columns.some(({ name }) => name === column)) this.complete = false;
    return undefined;
  }

  #use({ key }: Source, column: string): void {
    if (key !== undefined) this.#used.get(key)?.add(column);
  }

  #useSome({ key }: Source): void {
    if (key !== undefined) this.#used.set(key, undefined);
    this.complete = false;
  }
}

/** Whether a name is of PostgreSQL's own catalog. */
export function isSystem({ schema, name }: { schema?: string; name: string }): boolean {
  return (
    schema === "pg_catalog" ||
    schema === "information_schema" ||
    (schema === undefined && name.startsWith("pg_"))
  );
}

function renamed(columns: Columns, names: readonly string[] | undefined): Columns {
  if (!names) return columns;
  if (!columns) return undefined;
  return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

/** The columns of a relation, when all of them are known. */
export function relationColumns(draft: Draft, key: string): Columns {
  const entry = draft.get(key);
  if (entry?.kind === "view" || entry?.kind === "materializedView") return entry.columns;
  if (entry?.kind !== "table" || !entry.complete || !entry.columnsComplete) return undefined;
  return [...entry.columns.values()].map(({ name, type }) => ({ name, type }));
}
