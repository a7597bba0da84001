import { type Schema, typeName } from "./schema.ts";

/** What is known of an expression's type: a canonical type, or a literal in quotes, which takes the type it meets. */
export type Type = { type: string } | { literal: string } | undefined;

/** Types that PostgreSQL compares and computes with alike. */
type Family =
  "number" | "string" | "boolean" | "date" | "uuid" | "json" | "jsonb" | "bytea" | "array" | "enum";

const FAMILIES: Readonly<Record<string, Family>> = {
  smallint: "number",
  integer: "number",
  bigint: "number",
  smallserial: "number",
  serial: "number",
  bigserial: "number",
  real: "number",
  "double precision": "number",
  numeric: "number",
  text: "string",
  "character varying": "string",
  character: "string",
  boolean: "boolean",
  date: "date",
  uuid: "uuid",
  json: "json",
  jsonb: "jsonb",
  bytea: "bytea",
};

/** The family of a type; undefined for types that follow rules of their own, and those that are not known. */
function familyOf(schema: Schema, type: string): Family | undefined {
  if (type.endsWith("[]")) return "array";
  const bare = type.replace(/\(.*?\)/, "");
  const family = FAMILIES[bare] ?? (bare.startsWith("timestamp") ? "date" : undefined);
  if (family) return family;
  const name = typeName(type);
  const domain = schema.catalog.domainOf(name);
  if (domain && domain.base !== type) return familyOf(schema, domain.base);
  return schema.catalog.enumOf(name) ? "enum" : undefined;
}

/** What a literal must look like to become a value of a family; families that take more are left out. */
const LITERALS: Partial<Record<Family, RegExp>> = {
  // PostgreSQL 16 and later also read hexadecimal and underscores.
  number: /^\s*[-+]?(?:0[xob][\da-f_]+|[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|nan|inf(?:inity)?)\s*$/i,
  boolean: /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$/i,
  uuid: /^\s*\{?[\da-f]{4}(?:-?[\da-f]{4}){7}\}?\s*$/i,
  date: /\d|^\s*-?(?:infinity|now|today|tomorrow|yesterday|epoch|allballs)\s*$/i,
  array: /^\s*[[{]/,
};

/** Why a literal cannot become a value of the type; undefined when it can, or that is not known. */
export function literalProblem(schema: Schema, literal: string, type: string): string | undefined {
  const family = familyOf(schema, type);
  if (family === "json" || family === "jsonb")
    return isJson(literal) ? undefined : `'${literal}' is no ${type}`;
  const pattern = family && LITERALS[family];
  const bad = pattern
    ? !pattern.test(literal) || (family === "number" && !/\d|nan|inf/i.test(literal))
    : false;
  if (bad || schema.lacksValue(type, literal) === true) return `'${literal}' is no ${type}`;
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const COMPARISONS = new Set(["=", "<>", "<", ">", "<=", ">="]);
const PATTERNS = new Set(["~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%"]);
const JSON_PATHS = new Set(["->", "->>", "#>", "#>>"]);

const CONTAINMENTS = new Set(["@>", "<@", "?", "?|", "?&"]);

/** Why an operator cannot be applied; undefined when it can, or that is not known. */
export function operatorProblem(schema: Schema, name: string, left: Type, right: Type): string | undefined {
  const one = left && "type" in left ? familyOf(schema, left.type) : undefined;
  const other = right && "type" in right ? familyOf(schema, right.type) : undefined;
  const clash = (): string => `there is no operator ${words(left)} ${name} ${words(right)}`;
  if (COMPARISONS.has(name)) {
    if (one && right && "literal" in right && left && "type" in left)
      return one === "json" ? clash() : literalProblem(schema, right.literal, left.type);
    if (other && left && "literal" in left && right && "type" in right)
      return other === "json" ? clash() : literalProblem(schema, left.literal, right.type);
    if (one === "json" || other === "json") return clash();
    if (one === "enum" && other === "enum" && left && right && "type" in left && "type" in right)
      return typeName(left.type).name === typeName(right.type).name ? undefined : clash();
    return one && other && one !== other ? clash() : undefined;
  }
  if (PATTERNS.has(name)) {
    const plain = (family: Family | undefined): boolean => family === undefined || family === "string";
    // bytea has LIKE; name and citext have no family here.
    if (one === "bytea" || other === "bytea") return undefined;
    return plain(one) && plain(other) ? undefined : clash();
  }
  if (ARITHMETIC.has(name)) return arithmeticProblem(schema, name, left, right, clash);
  if (JSON_PATHS.has(name)) {
    return one && one !== "json" && one !== "jsonb" ? clash() : undefined;
  }
  if (CONTAINMENTS.has(name)) {
    const bare = (family: Family | undefined): boolean =>
      family !== undefined && family !== "jsonb" && family !== "array";
    // The other side may be an element of a range or an array.
    return bare(name === "<@" ? other : one) ? clash() : undefined;
  }
  if (name === "||") {
    // Anything may be put beside a text, but not two numbers beside each other.
    const odd = (family: Family | undefined): boolean =>
      family === "number" || family === "boolean" || family === "uuid" || family === "date";
    return odd(one) && odd(other) ? clash() : undefined;
  }
  return undefined;
}

function arithmeticProblem(
  schema: Schema,
  name: string,
  left: Type,
  right: Type,
  clash: () => string,
): string | undefined {
  const [one, other] = [left, right].map((type) =>
    type && "type" in type ? familyOf(schema, type.type) : undefined,
  );
  for (const [family, own, facing] of [
    [one, left, right],
    [other, right, left],
  ] as const) {
    if (family === "string" || family === "boolean" || family === "uuid") {
      // A literal beside a text is a text, and texts have no arithmetic. What jsonb has, is not told here.
      const plain = facing && "type" in facing ? familyOf(schema, facing.type) : undefined;
      const isPlain = ["number", "string", "boolean", "uuid"].some((known) => known === plain);
      if (facing && ("literal" in facing || isPlain)) return clash();
    }
    if (family === "number" && own && "type" in own && facing && "literal" in facing) {
      const bad = literalProblem(schema, facing.literal, own.type);
      if (bad) return bad;
    }
  }
  if (one === "number" && other === "date" && name !== "+") return clash();
  return undefined;
}

/** Functions of one family's values only, by the place of the argument; others take many types, or are not told here. */
const ARGUMENTS: Readonly<Record<string, readonly Family[]>> = {
  lower: ["string"],
  upper: ["string"],
  initcap: ["string"],
  btrim: ["string", "bytea"],
  ltrim: ["string", "bytea"],
  rtrim: ["string", "bytea"],
  replace: ["string"],
  split_part: ["string"],
  char_length: ["string"],
  length: ["string", "bytea"],
  left: ["string"],
  right: ["string"],
  sum: ["number"],
  avg: ["number"],
  round: ["number"],
  abs: ["number"],
  ceil: ["number"],
  floor: ["number"],
  bool_and: ["boolean"],
  bool_or: ["boolean"],
  unnest: ["array"],
  cardinality: ["array"],
  array_length: ["array"],
  jsonb_array_elements: ["jsonb"],
  jsonb_array_elements_text: ["jsonb"],
  jsonb_array_length: ["jsonb"],
  jsonb_object_keys: ["jsonb"],
  jsonb_each: ["jsonb"],
  json_array_elements: ["json"],
  json_array_elements_text: ["json"],
  json_each: ["json"],
};

/** Why a built-in function does not take its first argument. */
export function argumentProblem(schema: Schema, name: string, first: Type): string | undefined {
  const takes = ARGUMENTS[name];
  const family = first && "type" in first ? familyOf(schema, first.type) : undefined;
  if (!takes || !family || takes.includes(family)) return undefined;
  return `there is no function ${name}(${words(first)})`;
}

/** Why none of the functions of that name that migrations made takes the arguments. */
export function callProblem(schema: Schema, name: string, given: readonly Type[]): string | undefined {
  const own = schema.catalog.functionsNamed(name);
  if (own.length === 0 || name in ARGUMENTS) return undefined;
  const takes = (wanted: string | undefined, type: Type): boolean => {
    if (!type || !("type" in type) || wanted === undefined) return true;
    const [one, other] = [familyOf(schema, wanted), familyOf(schema, type.type)];
    return !one || !other || one === other;
  };
  const fits = own.some(({ arguments: wanted }) => given.every((type, index) => takes(wanted[index], type)));
  return fits ? undefined : `there is no function ${name}(${given.map(words).join(", ")})`;
}

/** Families that an assignment turns into another: anything into a text, and what is alike (pg_cast, castcontext). */
function isAssignable(from: Family, to: Family): boolean {
  if (from === to || to === "string") return true;
  return (from === "json" && to === "jsonb") || (from === "jsonb" && to === "json");
}

/** Why a value cannot be written to a column of the type. */
export function assignmentProblem(schema: Schema, value: Type, type: string): string | undefined {
  if (!value) return undefined;
  if ("literal" in value) return literalProblem(schema, value.literal, type);
  const from = familyOf(schema, value.type);
  const to = familyOf(schema, type);
  if (!from || !to || isAssignable(from, to)) {
    const other = from === "enum" && to === "enum" && typeName(value.type).name !== typeName(type).name;
    return other ? `${words(value)} is no ${type}` : undefined;
  }
  return `${words(value)} does not become ${type} by itself`;
}

/** Why two values have no common type, which COALESCE and CASE need. */
export function commonProblem(schema: Schema, one: Type, other: Type): string | undefined {
  if (!one || !other || !("type" in one)) return undefined;
  if ("literal" in other) return literalProblem(schema, other.literal, one.type);
  const [family, second] = [familyOf(schema, one.type), familyOf(schema, other.type)];
  if (!family || !second) return undefined;
  const differ = family === "enum" && typeName(one.type).name !== typeName(other.type).name;
  return family === second && !differ ? undefined : `${words(one)} and ${words(other)} have no common type`;
}

/** Why an expression is no condition. */
export function conditionProblem(schema: Schema, type: Type): string | undefined {
  if (!type) return undefined;
  if ("literal" in type) return literalProblem(schema, type.literal, "boolean");
  const family = familyOf(schema, type.type);
  return family && family !== "boolean" ? `${words(type)} is no condition` : undefined;
}

function words(type: Type): string {
  if (!type) return "a value";
  return "type" in type ? type.type : `'${type.literal}'`;
}
