import { displayName, type QualifiedName, quotedName, type Range, Utf8Offsets } from "@yantra-lint/core";
import type { A_Expr, ColumnRef, FuncCall, Node } from "libpg-query";
import { strings } from "../language/lowered.ts";
import { canonicalType } from "../language/types.ts";
import type { Access, Problem, Use } from "./resolution.ts";
import type { Column, Schema } from "./schema.ts";
import {
  type Answer,
  findColumn,
  findItem,
  findQualified,
  type Item,
  NOTHING,
  type Output,
  type Scope,
  starOf,
} from "./scope.ts";
import {
  argumentProblem,
  callProblem,
  commonProblem,
  conditionProblem,
  literalProblem,
  operatorProblem,
  type Type,
} from "./types.ts";

/** Resolves the expressions of one query, and collects what it uses and what is wrong with it. */
export abstract class ExpressionResolver {
  readonly uses: Use[] = [];
  readonly problems: Problem[] = [];
  readonly schema: Schema;
  protected readonly text: string;
  readonly #offsets: Utf8Offsets;

  constructor(text: string, schema: Schema) {
    this.schema = schema;
    this.text = text;
    this.#offsets = new Utf8Offsets(text);
  }

  problem(kind: Problem["kind"], what: string | undefined): void {
    if (what === undefined || this.problems.some((other) => other.what === what)) return;
    this.problems.push({ kind, what });
  }

  use(table: QualifiedName, column: string | undefined, access: Access, location: number | undefined): void {
    const start = this.#offsets.toUtf16(location ?? 0);
    const [word = ""] = /^(?:"(?:[^"]|"")*"|[\w$.\u0080-\uffff"])+/.exec(this.text.slice(start)) ?? [];
    const range: Range = [start, start + word.length];
    this.uses.push({ table, ...(column === undefined ? {} : { column }), access, range });
  }

  /** A query of any kind, such as one within an expression; gives what it returns. */
  abstract statement(node: Node, parent: Scope | undefined, ctes: Scope["ctes"]): Output;

  /** A list of results. */
  targets(nodes: readonly Node[] | undefined, scope: Scope): Output {
    const columns: Column[] = [];
    let complete = true;
    for (const node of nodes ?? []) {
      const target = "ResTarget" in node ? node.ResTarget : undefined;
      const value = target?.val;
      if (!value) continue;
      const star = "ColumnRef" in value ? this.star(value.ColumnRef, scope) : undefined;
      if (star) {
        columns.push(...star.columns);
        complete &&= star.complete;
        continue;
      }
      const type = this.expression(value, scope);
      const known = type && "type" in type ? type.type : undefined;
      columns.push({ name: target.name ?? outputName(value), type: known });
    }
    return { columns, complete };
  }

  protected star({ fields, location }: ColumnRef, scope: Scope): Output | undefined {
    const last = fields?.at(-1);
    if (!last || !("A_Star" in last)) return undefined;
    const parts = strings(fields);
    if (parts.length === 0) {
      for (const { table } of scope.items) if (table) this.use(table, "*", "read", location);
      return starOf(scope.items);
    }
    const item = findItem(scope, qualifierOf(parts));
    if (!item) return NOTHING;
    if (item.table) this.use(item.table, "*", "read", location);
    return { columns: item.columns, complete: item.complete };
  }

  condition(node: Node | undefined, scope: Scope): void {
    if (!node) return;
    this.problem("type", conditionProblem(this.schema, this.expression(node, scope)));
  }

  /** Expressions whose types do not matter. */
  all(nodes: readonly (Node | undefined)[] | undefined, scope: Scope): void {
    for (const node of nodes ?? []) if (node) this.expression(node, scope);
  }

  /** Resolves an expression; gives its type, as far as that is simple to tell. */
  expression(node: Node, scope: Scope): Type {
    if ("ColumnRef" in node) return this.#column(node.ColumnRef, scope);
    if ("A_Const" in node) return constantType(node);
    if ("TypeCast" in node) {
      const { arg, typeName } = node.TypeCast;
      const type = canonicalType(typeName);
      const value = arg ? this.expression(arg, scope) : undefined;
      if (this.schema.lacksType(type)) this.problem("type", `type ${type} does not exist`);
      else if (value && "literal" in value)
        this.problem("type", literalProblem(this.schema, value.literal, type));
      return { type };
    }
    if ("A_Expr" in node) return this.#operator(node.A_Expr, scope);
    if ("BoolExpr" in node) {
      for (const part of node.BoolExpr.args ?? []) this.condition(part, scope);
      return { type: "boolean" };
    }
    if ("FuncCall" in node) return this.#call(node.FuncCall, scope);
    if ("SubLink" in node) {
      const { subselect, testexpr, subLinkType, operName } = node.SubLink;
      const output = subselect ? this.statement(subselect, scope, scope.ctes) : NOTHING;
      const test = testexpr ? this.expression(testexpr, scope) : undefined;
      const [column, ...others] = output.columns;
      const first: Type = column?.type === undefined ? undefined : { type: column.type };
      if (test && subLinkType === "ANY_SUBLINK" && others.length === 0)
        this.problem("type", operatorProblem(this.schema, strings(operName).at(-1) ?? "=", test, first));
      const isValue = subLinkType === "EXPR_SUBLINK" || subLinkType === "ANY_SUBLINK";
      if (isValue && output.complete && others.length > 0 && !(testexpr && "RowExpr" in testexpr))
        this.problem("arity", "a subquery has too many columns");
      if (subLinkType === "EXPR_SUBLINK") return first;
      return subLinkType === "ARRAY_SUBLINK" ? undefined : { type: "boolean" };
    }
    if ("CoalesceExpr" in node) return this.#common(node.CoalesceExpr.args ?? [], "COALESCE", scope);
    if ("CaseExpr" in node) {
      const { arg, args = [], defresult } = node.CaseExpr;
      const whens = args.flatMap((each) => ("CaseWhen" in each ? [each.CaseWhen] : []));
      for (const { expr } of whens) {
        if (arg) this.all([expr], scope);
        else this.condition(expr, scope);
      }
      this.all([arg], scope);
      const results = [...whens.map(({ result }) => result), defresult];
      return this.#common(
        results.flatMap((result) => (result ? [result] : [])),
        "CASE",
        scope,
      );
    }
    if ("NullTest" in node || "BooleanTest" in node) {
      this.#children(node, scope);
      return { type: "boolean" };
    }
    if ("SelectStmt" in node) {
      this.statement(node, scope, scope.ctes);
      return undefined;
    }
    this.#children(node, scope);
    return undefined;
  }

  #column(reference: ColumnRef, scope: Scope): Type {
    const parts = strings(reference.fields);
    const name = parts.at(-1);
    if (name === undefined || reference.fields?.length !== parts.length) {
      this.star(reference, scope);
      return undefined;
    }
    const qualifier = parts.length > 1 ? qualifierOf(parts.slice(0, -1)) : undefined;
    const answer = qualifier ? findQualified(scope, qualifier, name) : findColumn(scope, name);
    const item = answer.state === "found" || answer.state === "missing" ? answer.item : undefined;
    if (item?.table) this.use(item.table, name, "read", reference.location);
    const only = qualifier ? findItem(scope, qualifier) : undefined;
    if (!item && only?.table) this.use(only.table, name, "read", reference.location);
    this.tell(answer, parts.join("."), item);
    if (answer.state !== "found" || answer.column.type === undefined) return undefined;
    return { type: answer.column.type };
  }

  protected tell(answer: Answer, name: string, item: Item | undefined): void {
    if (answer.state === "missing") {
      const owner = (answer.item ?? item)?.table;
      const column = name.split(".").at(-1) ?? name;
      this.problem(
        "column",
        `${owner ? `${displayName(owner)}.${quotedName(column)}` : name} does not exist`,
      );
    }
    if (answer.state === "ambiguous") this.problem("ambiguous", `${name} is ambiguous`);
  }

  #operator({ kind, name, lexpr, rexpr }: A_Expr, scope: Scope): Type {
    const operator = strings(name).at(-1) ?? "";
    const left = lexpr ? this.expression(lexpr, scope) : undefined;
    const list = rexpr && "List" in rexpr ? (rexpr.List.items ?? []) : undefined;
    const right = list
      ? list.map((item) => this.expression(item, scope))
      : [rexpr ? this.expression(rexpr, scope) : undefined];
    switch (kind) {
      case "AEXPR_OP":
      case "AEXPR_LIKE":
      case "AEXPR_ILIKE":
      case "AEXPR_DISTINCT":
      case "AEXPR_NOT_DISTINCT":
        if (lexpr) this.problem("type", operatorProblem(this.schema, operator, left, right[0]));
        break;
      case "AEXPR_IN":
      case "AEXPR_BETWEEN":
      case "AEXPR_NOT_BETWEEN":
        for (const each of right) this.problem("type", operatorProblem(this.schema, "=", left, each));
        break;
      case "AEXPR_OP_ANY":
      case "AEXPR_OP_ALL": {
        const [array] = right;
        const type = array && "type" in array ? array.type : undefined;
        const known =
          type !== undefined && /^(?:smallint|integer|bigint|text|boolean|uuid|numeric)$/.test(type);
        if (known) this.problem("type", `${type} is no array`);
        if (type?.endsWith("[]"))
          this.problem("type", operatorProblem(this.schema, operator, left, { type: type.slice(0, -2) }));
        break;
      }
      default:
        return undefined;
    }
    if (kind !== "AEXPR_OP" || /^(?:[=<>]|<>|<=|>=|!~~?\*?|~~?\*?|@>|<@|\?[|&]?|&&|@@)$/.test(operator))
      return { type: "boolean" };
    return operator === "->>" || operator === "#>>" ? { type: "text" } : undefined;
  }

  /** Values of which one is taken: they need a common type. */
  #common(nodes: readonly Node[], words: string, scope: Scope): Type {
    const types = nodes.map((node) => this.expression(node, scope));
    const first = types.find((type) => type && "type" in type);
    for (const type of types) {
      if (!first || type === first || !("type" in first)) continue;
      const what = commonProblem(this.schema, first, type);
      if (what !== undefined) this.problem("type", `${words}: ${what}`);
    }
    return types.every((type) => type && "type" in type) ? first : undefined;
  }

  #call(call: FuncCall, scope: Scope): Type {
    const parts = strings(call.funcname);
    const name = parts.at(-1) ?? "";
    const types = (call.args ?? []).map((node) => this.expression(node, scope));
    this.all(call.agg_order, scope);
    this.condition(call.agg_filter, scope);
    if (call.over) this.#children(call.over, scope);
    if (this.schema.lacksFunction(name)) this.problem("function", `function ${name} does not exist`);
    if (parts.length === 1 || parts[0] === "pg_catalog")
      this.problem("type", argumentProblem(this.schema, name, types[0]));
    if (!call.func_variadic) this.problem("function", callProblem(this.schema, name, types));
    return name === "lower" || name === "upper" ? { type: "text" } : undefined;
  }

  /** Whatever expressions stand in a node of another kind. */
  #children(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#child(item, scope);
    } else if (typeof value === "object" && value !== null) {
      for (const child of Object.values(value)) this.#child(child, scope);
    }
  }

  #child(value: unknown, scope: Scope): void {
    if (isNode(value)) this.expression(value, scope);
    else this.#children(value, scope);
  }
}

/** Whether a value is a node: an object with its tag as only key. */
function isNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && /^[A-Z]/.test(keys[0] ?? "");
}

function qualifierOf(parts: readonly string[]): QualifiedName {
  const name = parts.at(-1) ?? "";
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** What PostgreSQL calls an output column without AS (`FigureColname`). */
function outputName(node: Node): string {
  if ("ColumnRef" in node) return strings(node.ColumnRef.fields).at(-1) ?? "?column?";
  if ("FuncCall" in node) return strings(node.FuncCall.funcname).at(-1) ?? "?column?";
  if ("TypeCast" in node) {
    const inner = node.TypeCast.arg ? outputName(node.TypeCast.arg) : "?column?";
    return inner === "?column?" ? (strings(node.TypeCast.typeName?.names).at(-1) ?? inner) : inner;
  }
  if ("CoalesceExpr" in node) return "coalesce";
  if ("CaseExpr" in node) return "case";
  if ("SubLink" in node) {
    const { subLinkType, subselect } = node.SubLink;
    if (subLinkType === "EXISTS_SUBLINK") return "exists";
    if (subLinkType === "ARRAY_SUBLINK") return "array";
    const select = subselect && "SelectStmt" in subselect ? subselect.SelectStmt : undefined;
    const [target] = select?.targetList ?? [];
    if (!target || !("ResTarget" in target)) return "?column?";
    return target.ResTarget.name ?? (target.ResTarget.val ? outputName(target.ResTarget.val) : "?column?");
  }
  if ("A_Indirection" in node) return strings(node.A_Indirection.indirection).at(-1) ?? "?column?";
  return "?column?";
}

function constantType(node: Node): Type {
  if (!("A_Const" in node)) return undefined;
  const { ival, fval, boolval, sval, isnull } = node.A_Const;
  if (isnull) return undefined;
  if (sval) return { literal: sval.sval ?? "" };
  if (fval) return { type: "numeric" };
  if (boolval) return { type: "boolean" };
  return ival ? { type: "integer" } : undefined;
}
