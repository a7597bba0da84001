import { isSerial } from "./types.ts";

/**
 * What ALTER COLUMN TYPE does with the rows.
 * `nothing`: the catalog alone changes. `rewrite`: every row is written anew. `rewriteUnlessUtc`: so, unless the
 * session's TimeZone is UTC. `rewriteUnlessDomain`: so, unless the type that is not built in is a domain without
 * constraints over the other one. `unknown`: it cannot be told.
 */
export type TypeChange = "nothing" | "unknown" | "rewriteUnlessUtc" | "rewriteUnlessDomain" | "rewrite";

const BUILT_IN = new Set(
  `smallint integer bigint real numeric boolean text character uuid json jsonb bytea date xml money oid inet cidr
  macaddr interval bit tsvector tsquery point int4range int8range numrange tsrange tstzrange daterange`
    .split(/\s+/)
    .concat("double precision", "character varying", "bit varying")
    .concat("time without time zone", "time with time zone")
    .concat("timestamp without time zone", "timestamp with time zone"),
);

/** Types of extensions, some of which are stored as text or have modifiers of their own. */
const EXTENSION = /^(?:.*\.)?(?:citext|hstore|ltree|cube|geometry|geography|vector|halfvec|sparsevec)$/;

interface Type {
  base: string;
  modifiers: number[];
  array: boolean;
}

/** Takes a canonical type apart: `timestamp(3) with time zone[]`. */
function typeOf(canonical: string): Type {
  const [, head = canonical, modifiers = "", tail = "", array = ""] =
    /^([^()[\]]*)(?:\(([^)]*)\))?([^()[\]]*)((?:\[\])*)$/.exec(canonical) ?? [];
  const base = `${head}${tail}`.trim();
  return {
    base: isSerial(base)
      ? base.replace("smallserial", "smallint").replace("bigserial", "bigint").replace("serial", "integer")
      : base,
    modifiers: modifiers === "" ? [] : modifiers.split(",").map(Number),
    array: array !== "",
  };
}

/** Whether a canonical type is one of PostgreSQL's own. */
export function isBuiltIn(canonical: string): boolean {
  return BUILT_IN.has(typeOf(canonical).base);
}

/** What changing a column from one canonical type to another does. Measured on PostgreSQL 18.6 (`proofs.test.ts`). */
export function typeChange(from: string, to: string): TypeChange {
  const before = typeOf(from);
  const after = typeOf(to);
  if (before.array !== after.array) return "rewrite";
  if (EXTENSION.test(before.base) || EXTENSION.test(after.base)) return "unknown";
  if (before.base === after.base) return sameBase(before, after);
  if (!BUILT_IN.has(before.base) || !BUILT_IN.has(after.base)) return "rewriteUnlessDomain";
  return before.array ? "rewrite" : otherBase(before, after);
}

function sameBase({ base, modifiers: before, array }: Type, { modifiers: after }: Type): TypeChange {
  if (String(before) === String(after)) return "nothing";
  if (!BUILT_IN.has(base)) return "unknown";
  if (after.length === 0) return base === "character" || base === "bit" ? "rewrite" : "nothing";
  const [size = Number.POSITIVE_INFINITY, scale = 0] = before;
  const [newSize = 0, newScale = 0] = after;
  // Without precision, times have six digits.
  const precision = /^(?:time|timestamp|interval)\b/.test(base) ? Math.min(size, 6) : size;
  const grows = newSize >= precision && (base !== "numeric" || scale === newScale);
  return grows && !array && base !== "character" && base !== "bit" ? "nothing" : "rewrite";
}

/** Pairs whose values are stored alike. */
function otherBase({ base: from }: Type, { base: to, modifiers }: Type): TypeChange {
  const isText = to === "text" || to === "character varying";
  if (isText && ["text", "character varying", "xml"].includes(from)) {
    return modifiers.length === 0 ? "nothing" : "rewrite";
  }
  if (from === "cidr" && to === "inet") return "nothing";
  if (from === "integer" && to === "oid") return "unknown";
  if (from.startsWith("timestamp") && to.startsWith("timestamp")) {
    // Six digits are all there are.
    return modifiers.length === 0 || modifiers[0] === 6 ? "rewriteUnlessUtc" : "rewrite";
  }
  return "rewrite";
}
