/** Joins path parts: one slash between, one before, none at the end (except for the root itself). */
export function joinPaths(...parts: readonly string[]): string {
  const joined = parts
    .map((part) => part.replace(/^\/+|\/+$/g, ""))
    .filter((part) => part !== "")
    .join("/");
  return `/${joined}`;
}

/** How a framework writes its route patterns. */
export type PathSyntax = "path-to-regexp" | "hono" | "fastify" | "nest";

/** With more optional groups than this a pattern is left unread: each doubles the number of paths. */
const MAX_VARIANTS = 16;

/**
 * A framework's pattern as our patterns (parameters `:name`, a rest `*`, which only stands last), one for each
 * choice of its optional parts; undefined when it is a regular expression in all but name.
 *
 * path-to-regexp: Express 4 and @koa/router write `:id(\\d+)`, `:id?`, `*`, `(.*)`; Express 5 and @koa/router 14
 * (path-to-regexp 8) write `*rest` and optional `{/:id}`. NestJS 11 has path-to-regexp 8's syntax too, and its
 * paths need no leading slash. Hono: `:id{[0-9]+}`, `:id?`, and a `*` in the middle is one segment
 * (hono.dev/docs/api/routing). Fastify (find-my-way): `:id(^\\d+$)`, `::` for a colon, `*` last.
 */
export function patternsOf(raw: string, syntax: PathSyntax): string[] | undefined {
  let variants = [dropConstraints(raw, syntax)];
  if (syntax === "path-to-regexp" || syntax === "nest") variants = variants.flatMap(unfoldBraces);
  const patterns: string[] = [];
  for (const variant of variants.flatMap(unfoldOptional)) {
    const pattern = normalise(variant, syntax);
    if (pattern === undefined) return undefined;
    if (!patterns.includes(pattern)) patterns.push(pattern);
  }
  return patterns.length > 0 && patterns.length <= MAX_VARIANTS ? patterns : undefined;
}

/** Removes what a parameter must look like; `(.*)` alone is a rest. */
function dropConstraints(raw: string, syntax: PathSyntax): string {
  if (syntax === "hono") return raw.replace(/(:[\w-]+)\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, "$1");
  const unescaped = syntax === "fastify" ? raw.replaceAll("::", "%3A") : raw;
  return unescaped.replace(/(:[\w-]+)\((?:[^()\\]|\\.|\([^()]*\))*\)/g, "$1").replace(/\(\.\*\)/g, "*");
}

/** `/a{/:b}` → `/a`, `/a/:b`. Braces may be nested; the innermost are unfolded first. */
function unfoldBraces(pattern: string): string[] {
  const match = /\{([^{}]*)\}/.exec(pattern);
  if (!match) return [pattern];
  const before = pattern.slice(0, match.index);
  const after = pattern.slice(match.index + match[0].length);
  return [...unfoldBraces(before + after), ...unfoldBraces(before + (match[1] ?? "") + after)].slice(
    0,
    MAX_VARIANTS + 1,
  );
}

/** `/a/:b?` → `/a`, `/a/:b`. `:b*` is zero or more segments, `:b+` one or more: a rest. */
function unfoldOptional(pattern: string): string[] {
  const rest = pattern.replace(/:[\w-]+[*+]/g, "*");
  const match = /\/:[\w-]+\?/.exec(rest);
  if (!match) return [rest];
  const before = rest.slice(0, match.index);
  const after = rest.slice(match.index + match[0].length);
  return [...unfoldOptional(before + after), ...unfoldOptional(before + match[0].slice(0, -1) + after)];
}

function normalise(pattern: string, syntax: PathSyntax): string | undefined {
  const segments: string[] = [];
  const raw = pattern.split("/").filter((segment) => segment !== "");
  for (const [index, segment] of raw.entries()) {
    const last = index === raw.length - 1;
    const colon = /:("?[\w$-]+)/.exec(segment);
    if (/^\*[\w$]*$/.test(segment)) {
      if (last || syntax !== "hono") {
        segments.push("*");
        // What follows a rest that is not last cannot be said with our patterns; the rest alone is wider.
        break;
      }
      segments.push(":wildcard");
    } else if (colon) {
      segments.push(`:${(colon[1] ?? "").replace('"', "")}`);
    } else if (segment.includes("*")) {
      // `/file*`: something that begins so. One segment is the narrowest reading, a rest the widest.
      segments.push("*");
      break;
    } else if (/[()[\]?+{}\\^$|]/.test(segment)) {
      return undefined;
    } else segments.push(segment.replaceAll("%3A", ":"));
  }
  return `/${segments.join("/")}`;
}
