import type { Fact, FileKind, RouteFact } from "@yantra-lint/core";
import pack from "./index.ts";

/** The kind the pack gives a file of a little repository (path → text), or undefined. */
export function kindOf(path: string, files: Readonly<Record<string, string>>): FileKind | undefined {
  return pack.recognise({
    path,
    text: files[path] ?? "",
    named: false,
    neighbour: (other) => files[other],
    settings: { external: {}, services: [], migrations: [] },
  });
}

/** The facts of a little repository, as the engine gathers them. */
export function factsOf(files: Readonly<Record<string, string>>): Fact[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const kind = kindOf(path, files);
    if (!kind) return [];
    const file = { path, text, kind };
    const parsed = pack.parse(file);
    if (!parsed.ok) throw new Error(`${path} does not parse: ${parsed.problems[0]?.message}`);
    return pack.map(parsed.code, file).map((fact) => ({ ...fact, path }));
  });
}

function routeText({ method, routePath, complete }: RouteFact): string {
  return `${method} ${complete ? "" : "…"}${routePath}`;
}

/** Routes as `GET /x`, incomplete ones as `GET …/x`; other facts as `mount /x` and `dynamic: why`. */
export function told(files: string | Readonly<Record<string, string>>): string[] {
  return factsOf(typeof files === "string" ? { "src/server.ts": files } : files).flatMap((fact) => {
    switch (fact.type) {
      case "route":
        return [routeText(fact)];
      case "routePrefix":
        return [`mount ${fact.prefix}${fact.except.length > 0 ? ` except ${fact.except.join(", ")}` : ""}`];
      case "dynamicRoutes":
        return [`dynamic: ${fact.why}`];
      default:
        return [];
    }
  });
}
