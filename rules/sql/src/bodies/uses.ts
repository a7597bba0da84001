import type { QualifiedName } from "@yantra-lint/core";
import { strings } from "../language/lowered.ts";
import {
  isTree,
  listOf,
  parseFunctionBody,
  parseStatement,
  textsOf,
  type Tree,
  typesIn,
} from "../language/plpgsql.ts";
import { split } from "../language/splitter.ts";
import { constantText } from "./constant-text.ts";

/** What a function's body uses, by name. PostgreSQL looks the names up when a statement first runs. */
export interface Uses {
  tables: readonly QualifiedName[];
  /**
   * Columns with the table they are of when that table has one of that name: a name without qualification that
   * could be one of several tables stands here with each.
   */
  columns: readonly { table: QualifiedName; column: string }[];
  /** Columns of NEW and OLD: of whatever table the trigger is on. */
  ofRow: readonly { row: string; column: string }[];
  /** It may use more: it runs text that is put together, or it could not be read. */
  dynamic: boolean;
}

/** A function, as far as it has to be known. `body`: the text of AS. */
export interface FunctionText {
  language: string | undefined;
  body: string | undefined;
  returns: string | undefined;
}

/** What it uses when it cannot be read. */
const UNREAD: Uses = { tables: [], columns: [], ofRow: [], dynamic: true };

/**
 * What a function's body uses. Nothing for one whose body is SQL itself (BEGIN ATOMIC, RETURN): PostgreSQL holds its
 * dependencies, follows a rename, and refuses a drop.
 */
export function usesOf({ language, body, returns }: FunctionText): Uses {
  if (body === undefined) return UNREAD;
  switch (language) {
    case "sql":
      return usesOfTexts(split(body, [0, body.length]).statements.map(({ range }) => body.slice(...range)));
    case "plpgsql": {
      const tree = parseFunctionBody(body, returns);
      if (!tree || /#\s*variable_conflict\s+use_variable/i.test(body)) return UNREAD;
      return usesOfTree(tree, body);
    }
    default:
      return UNREAD;
  }
}

function usesOfTexts(texts: readonly string[]): Uses {
  const collector = new Collector();
  for (const text of texts) collector.text(text);
  return collector;
}

function usesOfTree(tree: Tree, body: string): Uses {
  const collector = new Collector();
  const { texts, executed } = textsOf(tree);
  for (const { sql, target } of texts) {
    collector.text(sql);
    const [, row = "", column] = /^(new|old)\s*\.\s*"?([^".\s[]+)/i.exec(target ?? "") ?? [];
    if (column !== undefined) collector.ofRow.push({ row: row.toLowerCase(), column });
  }
  for (const expression of executed) {
    const text = constantText(expression);
    if (text === undefined) {
      collector.text(`SELECT ${expression}`);
      collector.dynamic = true;
    } else
      for (const { range } of split(text, [0, text.length]).statements) collector.text(text.slice(...range));
  }
  for (const { parts, row } of typesIn(body)) collector.type(parts, row);
  return collector;
}

/** What a name in FROM stands for: a table, or something else (`undefined`), such as a subquery. */
type Source = QualifiedName | undefined;

interface Scope {
  /** By alias, or by name. */
  sources: Map<string, Source>;
  with: Set<string>;
  outer: Scope | undefined;
}

class Collector implements Uses {
  readonly tables: QualifiedName[] = [];
  readonly columns: { table: QualifiedName; column: string }[] = [];
  readonly ofRow: { row: string; column: string }[] = [];
  dynamic = false;
  /** Temporary tables that the body makes for itself. */
  readonly #own = new Set<string>();

  /** One statement. */
  text(sql: string): void {
    const node = parseStatement(sql);
    if (!node) {
      this.dynamic = true;
      return;
    }
    // BEGIN ATOMIC and RETURN: see `usesOf`.
    if ("CreateFunctionStmt" in node) return;
    if ("CreateTableAsStmt" in node || "CreateStmt" in node) {
      const made = "CreateStmt" in node ? node.CreateStmt.relation : node.CreateTableAsStmt.into?.rel;
      if (made?.relname !== undefined) this.#own.add(made.relname);
    }
    this.#walk(node, undefined);
  }

  /** `name%ROWTYPE`, `name.column%TYPE`; the type of a variable (`a%TYPE`) is none of these. */
  type(parts: readonly string[], row: boolean): void {
    const [name, schema] = parts.slice(0, row ? undefined : -1).toReversed();
    if (name === undefined) return;
    const table = schema === undefined ? { name } : { schema, name };
    this.#use(table);
    const column = parts.at(-1);
    if (!row && column !== undefined) this.columns.push({ table, column });
  }

  #use(table: QualifiedName): void {
    if (!this.tables.some(({ schema, name }) => name === table.name && schema === table.schema))
      this.tables.push(table);
  }

  #walk(value: unknown, scope: Scope | undefined): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#walk(item, scope);
      return;
    }
    if (!isTree(value)) return;
    for (const [key, child] of Object.entries(value)) {
      if (!isTree(child)) this.#walk(child, scope);
      else if (/^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(key)) this.#statement(child, scope);
      else if (key === "larg" || key === "rarg") {
        if ("op" in child && "limitOption" in child) this.#statement(child, scope);
        else this.#walk(child, scope);
      } else if (key === "ColumnRef") this.#column(strings(nodes(child["fields"])), scope);
      else if (key === "RangeVar" || key === "relation" || key === "rel") {
        const table = tableOf(child);
        if (table && !this.#isWith(table, scope)) this.#use(table);
      } else this.#walk(child, scope);
    }
  }

  #statement(statement: Tree, outer: Scope | undefined): void {
    const scope: Scope = { sources: new Map(), with: new Set(), outer };
    const { withClause, relation, fromClause, usingClause, sourceRelation, targetList, cols, ...rest } =
      statement;
    for (const cte of isTree(withClause) ? listOf(withClause["ctes"]) : []) this.#cte(cte, scope);
    for (const from of [fromClause, usingClause, sourceRelation]) this.#sources(from, scope);
    const target = isTree(relation) ? this.#relation(relation, scope) : undefined;
    const isSelect = !isTree(relation);
    if (target) this.#targets(targetList, target);
    if (target) this.#targets(cols, target);
    const { onConflictClause, sortClause, selectStmt, ...others } = rest;
    // The rows of an INSERT are made without sight of its table.
    this.#walk(selectStmt, { sources: new Map(), with: scope.with, outer });
    if (isTree(onConflictClause)) {
      if (target) {
        scope.sources.set("excluded", target);
        this.#targets(onConflictClause["targetList"], target);
        const { infer } = onConflictClause;
        for (const element of isTree(infer) ? listOf(infer["indexElems"]) : []) {
          const item = isTree(element) ? element["IndexElem"] : undefined;
          if (isTree(item) && typeof item["name"] === "string")
            this.columns.push({ table: target, column: item["name"] });
        }
      }
      this.#walk(onConflictClause, scope);
    }
    this.#walk(
      isSelect || target ? [fromClause, usingClause, sourceRelation, targetList, others] : others,
      scope,
    );
    this.#sorted(sortClause, targetList, statement["op"], scope);
  }

  /** ORDER BY takes a name for an output column first; after UNION it takes nothing else. */
  #sorted(sortClause: unknown, targetList: unknown, op: unknown, scope: Scope): void {
    if (op !== undefined && op !== "SETOP_NONE") return;
    const outputs = new Set(listOf(targetList).map((target) => nameOfTarget(target)));
    for (const item of listOf(sortClause)) {
      const by = isTree(item) ? item["SortBy"] : undefined;
      const node = isTree(by) ? by["node"] : undefined;
      const reference = isTree(node) ? node["ColumnRef"] : undefined;
      const [only, ...more] = isTree(reference) ? strings(nodes(reference["fields"])) : [];
      if (only === undefined || more.length > 0 || !outputs.has(only)) this.#walk(item, scope);
    }
  }

  #cte(node: unknown, scope: Scope): void {
    const cte = isTree(node) ? node["CommonTableExpr"] : undefined;
    if (!isTree(cte)) return;
    if (typeof cte["ctename"] === "string") scope.with.add(cte["ctename"]);
    this.#walk(cte["ctequery"], scope);
  }

  /** Enters what FROM lists, and the columns of USING. */
  #sources(value: unknown, scope: Scope): QualifiedName[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.#sources(item, scope));
    if (!isTree(value)) return [];
    const [[tag, node] = ["", undefined]] = Object.entries(value);
    if (!isTree(node)) return [];
    if (tag === "RangeVar") {
      const table = this.#relation(node, scope);
      return table ? [table] : [];
    }
    if (tag === "JoinExpr") {
      const joined = [...this.#sources(node["larg"], scope), ...this.#sources(node["rarg"], scope)];
      for (const column of strings(nodes(node["usingClause"]))) {
        for (const table of joined) this.columns.push({ table, column });
      }
      return joined;
    }
    const alias = aliasOf(node);
    if (alias !== undefined) scope.sources.set(alias, undefined);
    return [];
  }

  #relation(node: Tree, scope: Scope): QualifiedName | undefined {
    const table = tableOf(node);
    if (!table) return undefined;
    const source = this.#isWith(table, scope) ? undefined : table;
    scope.sources.set(aliasOf(node) ?? table.name, source);
    if (source) this.#use(source);
    return source;
  }

  #isWith({ schema, name }: QualifiedName, scope: Scope | undefined): boolean {
    if (schema !== undefined) return false;
    if (this.#own.has(name)) return true;
    for (let now = scope; now; now = now.outer) if (now.with.has(name)) return true;
    return false;
  }

  #targets(list: unknown, table: QualifiedName): void {
    for (const target of listOf(list)) {
      const column = nameOfTarget(target);
      if (column !== undefined) this.columns.push({ table, column });
    }
  }

  #column(parts: readonly string[], scope: Scope | undefined): void {
    const column = parts.at(-1);
    const qualifier = parts.at(-2);
    if (column === undefined) return;
    if (qualifier === undefined) {
      let nearest = scope;
      while (nearest?.sources.size === 0) nearest = nearest.outer;
      for (const table of nearest?.sources.values() ?? []) if (table) this.columns.push({ table, column });
      return;
    }
    const schema = parts.at(-3);
    if (schema !== undefined) {
      this.columns.push({ table: { schema, name: qualifier }, column });
      return;
    }
    for (let now = scope; now; now = now.outer) {
      if (!now.sources.has(qualifier)) continue;
      const table = now.sources.get(qualifier);
      if (table) this.columns.push({ table, column });
      return;
    }
    if (qualifier === "new" || qualifier === "old") this.ofRow.push({ row: qualifier, column });
  }
}

function nodes(value: unknown): Parameters<typeof strings>[0] {
  return listOf(value).flatMap((node) => {
    const text = isTree(node) ? node["String"] : undefined;
    return isTree(text) && typeof text["sval"] === "string" ? [{ String: { sval: text["sval"] } }] : [];
  });
}

function nameOfTarget(target: unknown): string | undefined {
  const content = isTree(target) ? target["ResTarget"] : undefined;
  return isTree(content) && typeof content["name"] === "string" ? content["name"] : undefined;
}

function tableOf({ relname, schemaname }: Tree): QualifiedName | undefined {
  if (typeof relname !== "string") return undefined;
  return typeof schemaname === "string" ? { schema: schemaname, name: relname } : { name: relname };
}

function aliasOf({ alias }: Tree): string | undefined {
  return isTree(alias) && typeof alias["aliasname"] === "string" ? alias["aliasname"] : undefined;
}
