import {
  type Fact,
  factsIn,
  type FileKind,
  type Files,
  kindIn,
  ModuleGraph,
  type RouteFact,
} from "@yantra-lint/core";
import pack from "./index.ts";

/** The kind the pack gives a file of a little repository (path → text), or undefined. */
export function kindOf(path: string, files: Files): FileKind | undefined {
  return kindIn(pack, path, files);
}

/** The facts of a little repository, as the engine gathers them. */
export function factsOf(files: Files): Fact[] {
  return factsIn(pack, files);
}

/** The modules of a little repository. */
export function graphOf(files: Files): ModuleGraph {
  const facts = factsOf(files);
  return new ModuleGraph({
    modules: Object.entries(files).flatMap(([path, text]) => {
      const fact = pack.readModule?.({ path, text });
      return fact ? [{ ...fact, path }] : [];
    }),
    packages: facts.filter((fact) => fact.type === "package"),
    tsconfigs: facts.filter((fact) => fact.type === "tsconfig"),
    files: Object.keys(files),
  });
}

function routeText({ method, routePath, complete }: RouteFact): string {
  return `${method} ${complete ? "" : "…"}${routePath}`;
}

/** Routes as `GET /x`, incomplete ones as `GET …/x`; other facts as `mount /x` and `dynamic: why`. */
export function told(files: string | Files): string[] {
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
