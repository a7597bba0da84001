import { displayName, type QualifiedName } from "@yantra-lint/core";
import type {
  DeleteStmt,
  JoinExpr,
  MergeStmt,
  Node,
  RangeFunction,
  RangeVar,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from "libpg-query";
import { nameOf, strings } from "../language/lowered.ts";
import { canonicalType } from "../language/types.ts";
import { ExpressionResolver } from "./expressions.ts";
import { resolveInsert } from "./insert.ts";
import type { Access, Resolution } from "./resolution.ts";
import type { Column, Schema } from "./schema.ts";
import {
  findColumn,
  findQualified,
  type Item,
  itemOf,
  itemOfOutput,
  NOTHING,
  type Output,
  type Scope,
  starOf,
} from "./scope.ts";
import { assignmentProblem, operatorProblem } from "./types.ts";

/** Resolves the statements of a query by scope, as PostgreSQL's parse analysis does. */
export function resolve(statements: readonly Node[], text: string, schema: Schema): Resolution {
  const resolver = new Resolver(text, schema);
  for (const statement of statements) resolver.statement(statement, undefined, new Map());
  return { uses: resolver.uses, problems: resolver.problems };
}
/** Functions in FROM with one column, which their alias names. */
const ONE_COLUMN = new Set(["unnest", "generate_series", "string_to_table", "regexp_split_to_table"]);

/** One query's resolution at work. */
export class Resolver extends ExpressionResolver {
  /** A query of any kind; gives what it returns. */
  statement(node: Node, parent: Scope | undefined, ctes: Scope["ctes"]): Output {
    if ("SelectStmt" in node) return this.select(node.SelectStmt, parent, ctes);
    if ("InsertStmt" in node) {
      const { withClause } = node.InsertStmt;
      return resolveInsert(this, node.InsertStmt, parent, this.with(withClause, parent, ctes));
    }
    if ("UpdateStmt" in node) return this.#update(node.UpdateStmt, parent, ctes);
    if ("DeleteStmt" in node) return this.#delete(node.DeleteStmt, parent, ctes);
    if ("MergeStmt" in node) return this.#merge(node.MergeStmt, parent, ctes);
    return NOTHING;
  }

  /** The names that WITH adds. */
  with(clause: WithClause | undefined, parent: Scope | undefined, before: Scope["ctes"]): Scope["ctes"] {
    const ctes = new Map(before);
    for (const node of clause?.ctes ?? []) {
      if (!("CommonTableExpr" in node) || !node.CommonTableExpr.ctequery) continue;
      const { ctename = "", ctequery, aliascolnames } = node.CommonTableExpr;
      const names = strings(aliascolnames);
      if (clause?.recursive && "SelectStmt" in ctequery && ctequery.SelectStmt.larg) {
        // The first arm tells the columns that the second one reads.
        const quiet = new Resolver(this.text, this.schema);
        const first = quiet.select(ctequery.SelectStmt.larg, parent, ctes);
        ctes.set(ctename, renamed(first, names));
      }
      ctes.set(ctename, renamed(this.statement(ctequery, parent, ctes), names));
    }
    return ctes;
  }

  select(select: SelectStmt, parent: Scope | undefined, outer: Scope["ctes"]): Output {
    const ctes = this.with(select.withClause, parent, outer);
    if (select.larg && select.rarg) return this.#setOperation(select, select.larg, select.rarg, parent, ctes);
    if (select.valuesLists) return this.#values(select.valuesLists, { items: [], parent, ctes });
    const scope = this.from(select.fromClause, parent, ctes);
    const output = this.targets(select.targetList, scope);
    this.condition(select.whereClause, scope);
    this.condition(select.havingClause, scope);
    this.all(select.distinctClause, scope);
    for (const node of select.groupClause ?? []) this.#byName(node, scope, output, false);
    for (const node of select.sortClause ?? []) this.#byName(node, scope, output, true);
    for (const node of select.windowClause ?? []) this.all([node], scope);
    this.all([select.limitCount, select.limitOffset], scope);
    return output;
  }

  #setOperation(
    select: SelectStmt,
    larg: SelectStmt,
    rarg: SelectStmt,
    parent: Scope | undefined,
    ctes: Scope["ctes"],
  ): Output {
    const left = this.select(larg, parent, ctes);
    const right = this.select(rarg, parent, ctes);
    if (left.complete && right.complete && left.columns.length !== right.columns.length) {
      this.problem("arity", "the sides of a set operation have different numbers of columns");
    }
    const output = { columns: left.columns, complete: left.complete };
    const scope: Scope = { items: [itemOfOutput(undefined, output)], parent: undefined, ctes };
    this.all(select.sortClause, scope);
    return output;
  }

  #values(lists: readonly Node[], scope: Scope): Output {
    const rows = lists.map((list) =>
      "List" in list ? (list.List.items ?? []).map((value) => this.expression(value, scope)) : [],
    );
    const width = Math.max(0, ...rows.map((row) => row.length));
    return {
      columns: Array.from({ length: width }, (_, index) => ({ name: `column${index + 1}`, type: undefined })),
      complete: true,
    };
  }

  /** GROUP BY and ORDER BY: a bare name may be an output column's. */
  #byName(node: Node, scope: Scope, output: Output, outputFirst: boolean): void {
    const inner = "SortBy" in node ? node.SortBy.node : node;
    const fields = inner && "ColumnRef" in inner ? strings(inner.ColumnRef.fields) : [];
    const [name] = fields;
    const isOutput =
      fields.length === 1 && name !== undefined && output.columns.some((column) => column.name === name);
    if (isOutput && (outputFirst || findColumn(scope, name).state !== "found")) return;
    if (isOutput && !outputFirst && findColumn(scope, name).state === "ambiguous") return;
    this.all([node], scope);
  }

  #update(update: UpdateStmt, parent: Scope | undefined, outer: Scope["ctes"]): Output {
    const ctes = this.with(update.withClause, parent, outer);
    const target = this.target(update.relation, "update");
    const from = this.from(update.fromClause, parent, ctes, [target]);
    this.assignments(update.targetList, target, from);
    this.condition(update.whereClause, from);
    return this.returning(update.returningClause?.exprs, from, target);
  }

  #delete(remove: DeleteStmt, parent: Scope | undefined, outer: Scope["ctes"]): Output {
    const ctes = this.with(remove.withClause, parent, outer);
    const target = this.target(remove.relation, "delete");
    const scope = this.from(remove.usingClause, parent, ctes, [target]);
    this.condition(remove.whereClause, scope);
    return this.returning(remove.returningClause?.exprs, scope, target);
  }

  #merge(merge: MergeStmt, parent: Scope | undefined, outer: Scope["ctes"]): Output {
    const ctes = this.with(merge.withClause, parent, outer);
    const target = this.target(merge.relation, "update");
    const sources = merge.sourceRelation ? [merge.sourceRelation] : [];
    const scope = this.from(sources, parent, ctes, [target]);
    this.condition(merge.joinCondition, scope);
    for (const node of merge.mergeWhenClauses ?? []) {
      if (!("MergeWhenClause" in node)) continue;
      const { condition, targetList, values, commandType } = node.MergeWhenClause;
      this.condition(condition, scope);
      if (commandType === "CMD_INSERT") {
        this.written(targetList, target, "insert");
        this.all(values, scope);
      } else this.assignments(targetList, target, scope);
    }
    return this.returning(merge.returningClause?.exprs, scope, target);
  }

  /** The table that a statement writes to. */
  target(relation: RangeVar | undefined, access: Access): Item {
    const name = nameOf(relation);
    const alias = relation?.alias?.aliasname;
    const found = this.schema.relation(name);
    this.use(name, undefined, access, relation?.location);
    if (found === "absent") this.problem("relation", `${displayName(name)} does not exist`);
    const known = typeof found === "string" ? unknownRelation(name) : { ...found, name };
    return itemOf(alias ?? name.name, known, { renamed: alias !== undefined, names: [] });
  }

  /** Names of columns that a statement writes; gives the columns, undefined where one is not known. */
  written(nodes: readonly Node[] | undefined, target: Item, access: Access): (Column | undefined)[] {
    return (nodes ?? []).map((node) => {
      if (!("ResTarget" in node) || node.ResTarget.name === undefined) return undefined;
      const { name, location, indirection } = node.ResTarget;
      if (target.table) this.use(target.table, name, access, location);
      const scope: Scope = { items: [target], parent: undefined, ctes: new Map() };
      const answer = findQualified(scope, { name: target.alias ?? "" }, name);
      this.tell(answer, name, target);
      return answer.state === "found" && !indirection ? answer.column : undefined;
    });
  }

  /** `SET a = …` */
  assignments(nodes: readonly Node[] | undefined, target: Item, scope: Scope): void {
    const columns = this.written(nodes, target, "update");
    for (const [index, node] of (nodes ?? []).entries()) {
      const value = "ResTarget" in node ? node.ResTarget.val : undefined;
      if (!value) continue;
      const type = this.expression(value, scope);
      const column = columns[index];
      if (column?.type !== undefined) this.problem("type", assignmentProblem(this.schema, type, column.type));
    }
  }

  returning(nodes: readonly Node[] | undefined, scope: Scope, target: Item): Output {
    if (!nodes) return { columns: [], complete: true };
    // PostgreSQL 18: the row before and after.
    const versions = ["old", "new"].map((alias) => ({ ...target, alias, hidden: namesOf(target) }));
    return this.targets(nodes, {
      ...scope,
      parent: { items: versions, parent: scope.parent, ctes: scope.ctes },
    });
  }

  from(
    nodes: readonly Node[] | undefined,
    parent: Scope | undefined,
    ctes: Scope["ctes"],
    first: readonly Item[] = [],
  ): Scope {
    return (nodes ?? []).reduce<Scope>(
      (scope, node) => ({ ...scope, items: [...scope.items, ...this.#items(node, scope)] }),
      { items: first, parent, ctes },
    );
  }

  /** What one element of FROM adds; `before`: what stands to its left, for LATERAL. */
  #items(node: Node, before: Scope): Item[] {
    if ("RangeVar" in node) return [this.#relation(node.RangeVar, before)];
    if ("JoinExpr" in node) return this.#join(node.JoinExpr, before);
    if ("RangeSubselect" in node) {
      const { subquery, alias, lateral } = node.RangeSubselect;
      const parent = lateral ? before : before.parent;
      const output = subquery ? this.statement(subquery, parent, before.ctes) : NOTHING;
      return [itemOfOutput(alias?.aliasname, output, strings(alias?.colnames))];
    }
    if ("RangeFunction" in node) return [this.#function(node.RangeFunction, before)];
    if ("RangeTableSample" in node && node.RangeTableSample.relation) {
      return this.#items(node.RangeTableSample.relation, before);
    }
    this.all([node], before);
    return [itemOfOutput(aliasIn(node), NOTHING)];
  }

  #relation(relation: RangeVar, { ctes }: Scope): Item {
    const name = nameOf(relation);
    const alias = relation.alias?.aliasname;
    const names = strings(relation.alias?.colnames);
    const cte = name.schema === undefined ? ctes.get(name.name) : undefined;
    if (cte) return itemOfOutput(alias ?? name.name, cte, names);
    const found = this.schema.relation(name);
    this.use(name, undefined, "read", relation.location);
    if (found === "absent") this.problem("relation", `${displayName(name)} does not exist`);
    const known = typeof found === "string" ? unknownRelation(name) : { ...found, name };
    return itemOf(alias ?? name.name, known, { renamed: alias !== undefined, names });
  }

  #function({ functions, alias, ordinality, coldeflist }: RangeFunction, before: Scope): Item {
    const [first] = functions ?? [];
    const call = first && "List" in first ? first.List.items?.[0] : undefined;
    this.all(functions, before);
    const name = call && "FuncCall" in call ? (strings(call.FuncCall.funcname).at(-1) ?? "") : "";
    const own = alias?.aliasname ?? name;
    const names = strings(alias?.colnames);
    if (coldeflist?.length) {
      const columns = coldeflist.flatMap((node) =>
        "ColumnDef" in node
          ? [{ name: node.ColumnDef.colname ?? "", type: canonicalType(node.ColumnDef.typeName) }]
          : [],
      );
      return itemOfOutput(own, { columns, complete: true });
    }
    const isPlain = functions?.length === 1 && ONE_COLUMN.has(name);
    const columns: Column[] = isPlain ? [{ name: own, type: undefined }] : [];
    if (isPlain && ordinality) columns.push({ name: "ordinality", type: "bigint" });
    return itemOfOutput(own, { columns, complete: isPlain }, names);
  }

  #join(join: JoinExpr, before: Scope): Item[] {
    const left = join.larg ? this.#items(join.larg, before) : [];
    const inner: Scope = { ...before, items: [...before.items, ...left] };
    const right = join.rarg ? this.#items(join.rarg, inner) : [];
    const both: Scope = { ...before, items: [...left, ...right] };
    this.condition(join.quals, both);
    const names = join.isNatural ? common(left, right) : strings(join.usingClause);
    const merged = this.#merged(names, left, right, before);
    const items = merged.length > 0 ? mergedItems(merged, left, right) : [...both.items];
    if (join.alias) return [itemOfOutput(join.alias.aliasname, starOf(items), strings(join.alias.colnames))];
    return items;
  }

  /** The columns that both sides have under one name. */
  #merged(
    names: readonly string[],
    left: readonly Item[],
    right: readonly Item[],
    { ctes }: Scope,
  ): Column[] {
    return names.map((name) => {
      const [one, other] = [left, right].map((items) => {
        const answer = findColumn({ items, parent: undefined, ctes }, name);
        this.tell(answer, name, undefined);
        if (answer.state === "found" && answer.item.table)
          this.use(answer.item.table, name, "read", undefined);
        return answer.state === "found" ? answer.column : undefined;
      });
      if (one?.type !== undefined && other?.type !== undefined) {
        const what = operatorProblem(this.schema, "=", { type: one.type }, { type: other.type });
        this.problem("type", what);
      }
      return { name, type: one?.type };
    });
  }
}

function unknownRelation(name: QualifiedName) {
  return { name, columns: [], complete: false, gone: new Set<string>() };
}

function renamed(output: Output, names: readonly string[]): Output {
  return names.length === 0
    ? output
    : { columns: itemOfOutput(undefined, output, names).columns, complete: output.complete };
}

function namesOf({ columns }: Item): ReadonlySet<string> {
  return new Set(columns.map(({ name }) => name));
}

/** The alias of an element of FROM of any kind, such as XMLTABLE. */
function aliasIn(node: Node): string | undefined {
  if ("RangeTableFunc" in node) return node.RangeTableFunc.alias?.aliasname;
  return "JsonTable" in node ? node.JsonTable.alias?.aliasname : undefined;
}

/** The columns that NATURAL merges, as far as both sides are known. */
function common(left: readonly Item[], right: readonly Item[]): string[] {
  const [one, other] = [starOf(left), starOf(right)];
  if (!one.complete || !other.complete) return [];
  const names = new Set(other.columns.map(({ name }) => name));
  return one.columns.flatMap(({ name }) => (names.has(name) ? [name] : []));
}

/** Both sides of a join, the merged columns first, which their items then show behind their alias only. */
function mergedItems(merged: readonly Column[], left: readonly Item[], right: readonly Item[]): Item[] {
  const hide = (item: Item): Item => ({
    ...item,
    hidden: new Set([...item.hidden, ...merged.map(({ name }) => name)]),
  });
  return [
    itemOfOutput(undefined, { columns: merged, complete: true }),
    ...left.map(hide),
    ...right.map(hide),
  ];
}
