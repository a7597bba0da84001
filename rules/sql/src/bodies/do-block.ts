import type { Condition, Range } from "@yantra-lint/core";
import type { DoStmt, Node } from "libpg-query";
import type { Lowered } from "../language/lowered.ts";
import {
  listOf,
  parseBody,
  parseStatement,
  placedLiteral,
  type PlacedText,
  Places,
  queryOf,
  tagged,
  type Tree,
} from "../language/plpgsql.ts";
import { Kind, tokenize } from "../language/scanner.ts";
import { split } from "../language/splitter.ts";
import { StatementSource } from "../language/statement-text.ts";
import { constantText } from "./constant-text.ts";
import { both, conditionOf, guardOf, guardOfHandlers, type Under } from "./guards.ts";

/** What a DO block does. */
export interface DoBlock {
  /** The operations of its statements, in the order in which they stand, each with the place of its own text. */
  operations: Lowered[];
  /** Whether it does more than these: it runs text that is put together as it runs. */
  dynamic: boolean;
}

type Lower = (node: Node, source: StatementSource) => Lowered[];

/** The literal of a DO statement that holds its body, with the places of its characters in the statement's text. */
export function bodyOfDo({ args = [] }: DoStmt, source: StatementSource): PlacedText | undefined {
  for (const argument of args) {
    if (!("DefElem" in argument) || argument.DefElem.defname !== "as") continue;
    const { arg } = argument.DefElem;
    const value = arg && "String" in arg ? (arg.String.sval ?? "") : undefined;
    const literal = source.tokens.find(({ kind, start, end }) => kind === Kind.String && end - start > 1);
    if (value === undefined || !literal) return undefined;
    // `DO LANGUAGE 'plpgsql' $$…$$` has two: the longer one is the body.
    const body = source.tokens
      .filter(({ kind }) => kind === Kind.String)
      .reduce((one, other) => (other.end - other.start > one.end - one.start ? other : one), literal);
    return placedLiteral(source.text, [body.start, body.end], value);
  }
  return undefined;
}

/** Reads a DO block; undefined when it is not PL/pgSQL, or not to be read. `lower`: of one statement. */
export function readDoBlock(statement: DoStmt, source: StatementSource, lower: Lower): DoBlock | undefined {
  const body = bodyOfDo(statement, source);
  const tree = body && parseBody(source.text.slice(...source.range));
  if (!body || !tree) return undefined;
  const reader = new Reader(body, lower, source.range);
  reader.read([tree["action"]], "always");
  return { operations: reader.operations, dynamic: reader.dynamic };
}

class Reader {
  readonly operations: Lowered[] = [];
  dynamic = false;
  readonly #body: PlacedText;
  readonly #places: Places;
  readonly #lower: Lower;
  readonly #whole: Range;

  constructor(body: PlacedText, lower: Lower, whole: Range) {
    this.#body = body;
    this.#places = new Places(body.text);
    this.#lower = lower;
    this.#whole = whole;
  }

  /** Reads statements one after the other; true when what follows them may not be reached. */
  read(statements: unknown, under: Under): boolean {
    let left = false;
    for (const statement of listOf(statements)) {
      left = this.#statement(...tagged(statement), left ? "maybe" : under) || left;
    }
    return left;
  }

  #statement(tag: string, node: Tree, under: Under): boolean {
    const { lineno } = node;
    switch (tag) {
      case "stmt_block": {
        const { body, exceptions } = node;
        const left = this.read(body, both(under, guardOfHandlers(exceptions, listOf(body).length)));
        const handlers = listOf(tagged(exceptions)[1]["exc_list"]);
        return (
          handlers.map((handler) => this.read(tagged(handler)[1]["action"], "maybe")).some(Boolean) || left
        );
      }
      case "stmt_if": {
        const guard = guardOf(queryOf(node["cond"]));
        const left = this.read(node["then_body"], both(under, guard));
        const others = listOf(node["elsif_list"]).map((branch) => tagged(branch)[1]["stmts"]);
        return (
          [...others, node["else_body"]].map((branch) => this.read(branch, "maybe")).some(Boolean) || left
        );
      }
      case "stmt_case": {
        const branches = listOf(node["case_when_list"]).map((branch) => tagged(branch)[1]["stmts"]);
        return [...branches, node["else_stmts"]].map((branch) => this.read(branch, "maybe")).some(Boolean);
      }
      case "stmt_fors":
        this.#sql(queryOf(node["query"]), lineno, under);
        return this.read(node["body"], "maybe");
      case "stmt_loop":
      case "stmt_while":
      case "stmt_fori":
      case "stmt_forc":
      case "stmt_foreach_a":
      case "stmt_dynfors":
        return this.read(node["body"], "maybe");
      case "stmt_execsql":
        this.#sql(queryOf(node["sqlstmt"]), lineno, under);
        return false;
      case "stmt_call":
        this.#sql(queryOf(node["expr"]), lineno, under);
        return false;
      case "stmt_perform": {
        const query = queryOf(node["expr"]) ?? "";
        this.#statementText(
          { text: query, at: this.#within(this.#places.findPerform(query, lineno), true) },
          under,
        );
        return false;
      }
      case "stmt_dynexecute":
        this.#execute(queryOf(node["query"]) ?? "", lineno, under);
        return false;
      case "stmt_exit":
        return typeof node["label"] === "string";
      case "stmt_return":
        return true;
      default:
        return false;
    }
  }

  /** Places of a text inside the body; with `whole`, of nothing but all of it. */
  #within(found: Range | undefined, whole: boolean): PlacedText["at"] {
    if (!found) return () => this.#whole;
    const { at } = this.#body;
    return ([from, to]) => at(whole ? found : [found[0] + from, found[0] + to]);
  }

  #sql(query: string | undefined, line: unknown, under: Under): void {
    if (query === undefined) return;
    this.#statementText({ text: query, at: this.#within(this.#places.find(query, line), false) }, under);
  }

  #execute(expression: string, line: unknown, under: Under): void {
    const found = this.#places.find(expression, line);
    const text = constantText(expression);
    if (text === undefined) {
      this.dynamic = true;
      return;
    }
    const [literal, ...more] = tokenize(expression);
    const place = this.#within(found, false);
    const inner =
      literal && more.length === 0
        ? placedLiteral(expression, [literal.start, literal.end], text)
        : undefined;
    const all = this.#within(found, true);
    const at: PlacedText["at"] = inner ? (range) => place(inner.at(range)) : all;
    for (const { range } of split(text, [0, text.length]).statements) {
      this.#statementText(
        { text: text.slice(...range), at: ([from, to]) => at([range[0] + from, range[0] + to]) },
        under,
      );
    }
  }

  #statementText({ text, at }: PlacedText, under: Under): void {
    const node = parseStatement(text);
    if (!node) {
      this.dynamic = true;
      return;
    }
    const condition = conditionOf(text, under);
    for (const operation of this.#lower(node, new StatementSource(text, [0, text.length]))) {
      // What a setting is afterwards is not known.
      if (operation.kind === "SetParameter" && condition !== undefined) this.dynamic = true;
      // A query without effect is none: what a function that it calls does is not looked for elsewhere either.
      if (operation.kind === "Other" && "SelectStmt" in node) continue;
      this.operations.push(placed(operation, at(operation.range), condition));
    }
  }
}

/** An operation at its place in the file, with what it runs under. */
export function placed(inner: Lowered, range: Range, condition: Condition | undefined): Lowered {
  return {
    ...inner,
    range,
    node: (place) => {
      const node = inner.node(place);
      return Object.assign(node, { range }, marks(node, condition));
    },
    operation: (place) => {
      const operation = inner.operation(place);
      return Object.assign(operation, { range }, place.lines.region(range), marks(operation, condition));
    },
  };
}

/** IF [NOT] EXISTS, where the operation has it, says what its guard does. */
function marks(operation: object, condition: Condition | undefined): object {
  if (condition === undefined) return {};
  if (condition === "unlessThere" && "ifNotExists" in operation) return { condition, ifNotExists: true };
  if (condition === "ifThere" && "ifExists" in operation) return { condition, ifExists: true };
  return { condition };
}
