import type { Comment } from "@yantra-lint/core";

/**
 * Names of queries in comments: sqlc and its kin `-- name: GetUser :one` (docs.sqlc.dev, "Query annotations"), yesql
 * and aiosql `-- name: get-user`, HugSQL `-- :name get-user :? :1`, PgTyped `/* @name GetUser *\/`
 * (pgtyped.dev/docs/sql-file).
 */
const NAME =
  /^(?![^\n]*;[ \t]*Type:)[ \t]*:?name:?[ \t]+:?([\w.-]+)|^[\s*]*@name[ \t]+([\w-]+)|^[ \t]*name:([\w.-]+)/im;
const COLON_NAME = /^[ \t]*name:[ \t]*([\w-]+)(?![^\n]*;[ \t]*Type:)/i;
// Not the headings of pg_dump: `-- Name: orders; Type: TABLE; Schema: public; Owner: -`.
const IN_TEXT =
  /^[ \t]*(?:--|\/\*)[ \t]*:?name(?::[ \t]*|[ \t]+)(?![^\n]*;[ \t]*Type:)[\w.-]|^[ \t]*(?:--|\/\*+|\*)?[ \t]*@name[ \t]+\w/im;

/** Whether a text gives a query a name. */
export function hasNames(text: string): boolean {
  return text.includes("name") && IN_TEXT.test(text);
}

/** The name that a comment gives the query below it. */
export function nameIn(comment: Comment): string | undefined {
  const match = NAME.exec(comment.text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/**
 * The name that a comment gives the query below it in any file of SQL: only as sqlc, yesql and aiosql write it, because
 * `-- name of the column` is prose where a file is not known to hold queries.
 */
export function colonNameIn(comment: Comment): string | undefined {
  return COLON_NAME.exec(comment.text)?.[1];
}

/** What a parameter of PgTyped stands for: `list` for `(...)`, else how many values each of its rows has. */
export type Spread = "list" | number;

/** `@param ids -> (...)`, `@param user -> (name, age)`, `@param users -> ((name, age)...)`. */
export function spreadsIn(comment: Comment): Map<string, Spread> {
  const spreads = new Map<string, Spread>();
  for (const [, name, shape] of comment.text.matchAll(
    /@param[ \t]+(\w+)[ \t]*->[ \t]*(\([^\n@]{0,500}\))/g,
  )) {
    if (name === undefined || shape === undefined) continue;
    const fields = /\(\s*([\w!]+(?:\s*,\s*[\w!]+)*)\s*\)/.exec(shape)?.[1];
    spreads.set(name, fields === undefined ? "list" : fields.split(",").length);
  }
  return spreads;
}
