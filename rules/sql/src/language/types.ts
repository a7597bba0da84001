import type { Node, TypeName } from "libpg-query";
import { strings } from "./lowered.ts";

/** PostgreSQL's own names for its types, as `format_type` prints them (PostgreSQL 18, `format_type.c`). */
const CANONICAL: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  decimal: "numeric",
  varchar: "character varying",
  bpchar: "character",
  varbit: "bit varying",
  time: "time without time zone",
  timetz: "time with time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  serial2: "smallserial",
  serial4: "serial",
  serial8: "bigserial",
};

/** The canonical spelling of a type: `character varying(100)`, `timestamp(3) with time zone`, `integer[]`. */
export function canonicalType(type: TypeName | undefined): string {
  if (!type) return "";
  const parts = strings(type.names);
  const qualified = parts.length === 2 && parts[0] === "pg_catalog" ? parts.slice(1) : parts;
  const written = qualified.join(".");
  const base = (qualified.length === 1 ? CANONICAL[written] : undefined) ?? written;
  // The modifiers of an interval are bit masks (`interval year to month`): its base says enough.
  const modifiers = base === "interval" ? [] : (type.typmods ?? []).map(modifier);
  const suffix = modifiers.length > 0 ? `(${modifiers.join(",")})` : "";
  const space = /^(?:time|timestamp) /.test(base) ? base.indexOf(" ") : base.length;
  const dimensions = "[]".repeat(type.arrayBounds?.length ?? 0);
  return `${base.slice(0, space)}${suffix}${base.slice(space)}${type.pct_type ? "%TYPE" : ""}${dimensions}`;
}

function modifier(node: Node): string {
  if ("A_Const" in node) {
    const { ival, fval, sval } = node.A_Const;
    if (sval) return sval.sval ?? "";
    if (fval) return fval.fval ?? "";
    return String(ival?.ival ?? 0);
  }
  if ("Integer" in node) return String(node.Integer.ival ?? 0);
  if ("ColumnRef" in node) return strings(node.ColumnRef.fields).join(".");
  return "?";
}

const SERIAL = new Set(["smallserial", "serial", "bigserial"]);

/** Whether a canonical type is one of the serial pseudo-types: NOT NULL with a sequence as default. */
export function isSerial(type: string): boolean {
  return SERIAL.has(type);
}
