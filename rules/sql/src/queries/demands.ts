import { type ConstraintDefinition, displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import { hasIndex, type Index, type Table } from "../catalog/table.ts";
import { isImplied, isOnlyNotNull, longestAllowed } from "./implied.ts";
import { type Schema, typeName } from "./schema.ts";

/** What a table demands of the rows that are written to it, where it depends on a row's values whether they fit. */
export type Demand = { columns: readonly string[] } &
  /** `byCheck`: a CHECK says so, and the column does not. */
  (
    | { kind: "notNull"; byCheck: boolean }
    | { kind: "unique"; predicate: string | undefined; method: string | undefined; uses: readonly string[] }
    | { kind: "exclude" }
    | { kind: "foreignKey"; references: QualifiedName; keys: readonly string[] }
    | { kind: "check"; expression: string; name: string | undefined }
    /** `state`: the SQLSTATE with which a value is refused that is none of the type. */
    | { kind: "type"; from: string; to: string; state: string }
  );

/** What tells a demand from the others of its table. */
export function keyOf(demand: Demand): string {
  const columns = [...demand.columns].sort().join(", ");
  switch (demand.kind) {
    case "unique":
      return `unique ${columns} ${demand.predicate ?? ""} ${demand.method ?? ""}`;
    case "foreignKey":
      return `foreignKey ${pairsOf(demand).sort().join(", ")} ${demand.references.name}`;
    case "check":
      return `check ${demand.expression}`;
    case "type":
      return `type ${columns} ${demand.to}`;
    default:
      return `${demand.kind} ${columns}`;
  }
}

/** What a foreign key compares: `user_id=id`. */
function pairsOf({ columns, keys }: Demand & { kind: "foreignKey" }): string[] {
  return columns.map((column, index) => `${column}=${keys[index] ?? ""}`);
}

/**
 * The demands of a table that it did not make before; a stronger one, or as strong a one, stood for those that it did.
 * `earlier`: the schema of the table before.
 */
export function newDemands(before: Table, earlier: Schema, after: Table, schema: Schema): Demand[] {
  const known = new Set(demandsOf(before).map(keyOf));
  const types = [...after.columns.values()].flatMap((column): Demand[] => {
    const from = before.columns.get(column.name)?.type;
    const to = column.type;
    if (from === undefined || to === undefined) return [];
    if (from === to) return demandsOfDomain(before, earlier, column.name, schema);
    // What a domain lets through already is not worked out.
    if (earlier.domain(from)) return [];
    const state = stateOf(from, to, longestAllowed(before, column.name), schema);
    return state === undefined ? [] : [{ kind: "type", columns: [column.name], from, to, state }];
  });
  const others = demandsOf(after).filter((demand) => !known.has(keyOf(demand)) && !isMet(demand, before));
  return [...others, ...types];
}

/** What the domain of a column demands that it did not before. */
function demandsOfDomain(before: Table, earlier: Schema, name: string, schema: Schema): Demand[] {
  const type = before.columns.get(name)?.type;
  const [old, now] = [earlier.domain(type), schema.domain(type)];
  if (!old || !now || old === now) return [];
  const given = old.checks.map(({ expression }): ConstraintDefinition => ({
    type: "check",
    columns: [name],
    expression: ofColumn(expression, name),
    provesNotNull: [],
    validated: true,
  }));
  const table = { ...before, constraints: [...before.constraints, ...given] };
  const checks = now.checks.flatMap(({ expression: text, name: check }): Demand[] => {
    const expression = ofColumn(text, name);
    return isImplied(expression, table) ? [] : [{ kind: "check", columns: [name], expression, name: check }];
  });
  const isStricter = now.notNull && !old.notNull && !isNotNull(before, name);
  return isStricter ? [...checks, { kind: "notNull", columns: [name], byCheck: false }] : checks;
}

/** The check of a domain, as one of a column. */
function ofColumn(expression: string, name: string): string {
  const column = /^[a-z_][a-z\d_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bvalue\b/gi, (word) =>
    word.toLowerCase() === "value" ? column : word,
  );
}

function demandsOf(table: Table): Demand[] {
  const enforced = table.constraints.filter((constraint) => constraint.enforced !== false);
  const checked = enforced.flatMap(({ expression, provesNotNull }) =>
    expression !== undefined && isOnlyNotNull(expression) ? provesNotNull : [],
  );
  const notNull = [...table.columns.values()].flatMap(({ name }): Demand[] => {
    const byCheck = !isDeclaredNotNull(table, name);
    return byCheck && !checked.includes(name) ? [] : [{ kind: "notNull", columns: [name], byCheck }];
  });
  const indexes = table.indexes.flatMap(({ unique, valid, columns, ...index }): Demand[] => {
    if (!unique || !valid) return [];
    const { predicate, method, uses = [] } = index;
    return [{ kind: "unique", columns, predicate, method, uses }];
  });
  const constraints = enforced.flatMap((constraint): Demand[] => {
    const { type, columns, expression, references, name } = constraint;
    if (type === "exclude") return [{ kind: "exclude", columns }];
    if (hasIndex(constraint))
      return [{ kind: "unique", columns, predicate: undefined, method: undefined, uses: [] }];
    if (type === "foreignKey" && references)
      return [{ kind: "foreignKey", columns, references: references.table, keys: references.columns }];
    if (type !== "check" || expression === undefined || isOnlyNotNull(expression)) return [];
    return [{ kind: "check", columns, expression, name }];
  });
  return [...notNull, ...constraints, ...indexes];
}

/** Whether a row may not have NULL there; a constraint that is NOT VALID holds for rows that are written too. */
function isNotNull(table: Table, name: string): boolean {
  return (
    isDeclaredNotNull(table, name) ||
    table.constraints.some(({ provesNotNull }) => provesNotNull.includes(name))
  );
}

function isDeclaredNotNull({ columns, constraints }: Table, name: string): boolean {
  return (
    columns.get(name)?.notNull === true ||
    constraints.some(({ type, columns: names }) => type === "notNull" && names.includes(name))
  );
}

/** Whether every row that a table takes meets a demand already. */
function isMet(demand: Demand, table: Table): boolean {
  switch (demand.kind) {
    case "notNull":
      return demand.columns.every((column) => isNotNull(table, column));
    case "unique":
      return uniqueIn(table).some(
        ({ columns, predicate, method }) =>
          columns.every((column) => demand.columns.includes(column)) &&
          (predicate === undefined || isSameText(predicate, demand.predicate)) &&
          (method === demand.method || columns.every((column) => isNotNull(table, column))),
      );
    case "foreignKey":
      return demandsOf(table).some(
        (other) =>
          other.kind === "foreignKey" &&
          other.references.name === demand.references.name &&
          pairsOf(demand).every((pair) => pairsOf(other).includes(pair)) &&
          // With a NULL in one column, the others are not looked at.
          other.columns.every((column) => demand.columns.includes(column) || isNotNull(table, column)),
      );
    case "check":
      return isImplied(demand.expression, table);
    case "exclude":
      return uniqueIn(table).some(
        ({ columns, predicate }) =>
          predicate === undefined && columns.every((column) => demand.columns.includes(column)),
      );
    default:
      return false;
  }
}

type Unique = Pick<Index, "columns" | "predicate" | "method">;

function uniqueIn({ constraints, indexes }: Table): Unique[] {
  return [
    ...constraints.filter(({ type }) => type === "unique" || type === "primaryKey"),
    ...indexes.filter(({ unique, valid }) => unique && valid),
  ];
}

function isSameText(one: string, other: string | undefined): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s()]/g, "");
  return other !== undefined && plain(one) === plain(other);
}

function isText(type: string): boolean {
  return /^(?:text|citext|character(?: varying)?)(?:\(\d+\))?$/.test(type);
}

/** The digits before the point that whole numbers have. */
const DIGITS = new Map([
  ["smallint", 5],
  ["integer", 10],
  ["bigint", 19],
]);

/** Types that a text may be no value of: what is no number is refused (22P02). */
const PARSED =
  /^(?:smallint|integer|bigint|numeric|real|double precision|uuid|boolean|date|json|jsonb|inet|cidr|macaddr|interval|time|timestamp)\b/;

/**
 * Whether a type lacks values of another, as far as an assignment refuses them. A scale that shrinks rounds, and
 * blanks beyond a length are cut off. `allowed`: the length that checks allow the column already.
 */
export function isNarrower(from: string, to: string, allowed?: number): boolean {
  if (isText(from)) {
    const most = lengthOf(to);
    if (most === undefined) return PARSED.test(to);
    return Math.min(lengthOf(from) ?? Infinity, allowed ?? Infinity) > most;
  }
  const before = digitsOf(from);
  const after = digitsOf(to);
  return before !== undefined && after !== undefined && before > after;
}

/** How many characters a text type holds; Infinity without a length, undefined for what is no text. */
function lengthOf(type: string): number | undefined {
  if (!isText(type)) return undefined;
  const [, size] = /\((\d+)\)$/.exec(type) ?? [];
  return size === undefined ? (type === "character" ? 1 : Infinity) : Number(size);
}

/** How many digits before the point a type of numbers holds; smallint's 32767 is less than all of five digits. */
function digitsOf(type: string): number | undefined {
  const whole = DIGITS.get(type);
  if (whole !== undefined) return whole - 0.5;
  const [, precision, scale = "0"] = /^numeric(?:\((\d+)(?:,\s*(-?\d+))?\))?$/.exec(type) ?? [];
  if (precision !== undefined) return Number(precision) - Number(scale);
  return /^(?:numeric|real|double precision)$/.test(type) ? (type === "numeric" ? Infinity : 300) : undefined;
}

/** A demand as a message says it, why PostgreSQL refuses what does not meet it, and what a release has to write first. */
export function demandInWords(demand: Demand, table: QualifiedName): { what: string; way: string } {
  const name = displayName(table);
  const names = demand.columns.map(quotedName);
  const columns = names.length === 1 ? `${name}.${names.join("")}` : `${name} (${names.join(", ")})`;
  switch (demand.kind) {
    case "notNull":
      return {
        what: `a NULL for ${columns}: SQLSTATE ${demand.byCheck ? "23514" : "23502"}`,
        way: `never gives ${columns} a NULL`,
      };
    case "unique":
      return {
        what: `a value of ${columns} that another row has: SQLSTATE 23505`,
        way: `writes each ${columns} once and handles the conflict`,
      };
    case "exclude":
      return {
        what: `a row that another one excludes: SQLSTATE 23P01`,
        way: "writes no such rows and handles the conflict",
      };
    case "foreignKey": {
      const other = displayName(demand.references);
      return {
        what: `a value of ${columns} that ${other} has no row for: SQLSTATE 23503`,
        way: `writes only what ${other} has a row for`,
      };
    }
    case "check":
      return {
        what: `a row for which ${demand.expression} is false: SQLSTATE 23514`,
        way: "writes only rows that pass the check",
      };
    case "type":
      return {
        what: `a value that is no ${demand.to}: SQLSTATE ${demand.state}`,
        way: `writes only what fits ${demand.to}`,
      };
  }
}

/** With which SQLSTATE a column refuses values that it took as `from`; undefined: it takes all of them. */
function stateOf(from: string, to: string, allowed: number | undefined, schema: Schema): string | undefined {
  const domain = schema.domain(to);
  const base = domain?.base ?? to;
  const isEnum = schema.catalog.enumOf(typeName(base)) !== undefined;
  if (isEnum ? isText(from) : isNarrower(from, base, allowed)) {
    if (!isText(from)) return "22003";
    return isText(base) ? "22001" : "22P02";
  }
  if (domain && domain.checks.length > 0) return "23514";
  return domain?.notNull ? "23502" : undefined;
}
