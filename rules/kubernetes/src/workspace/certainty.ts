import type { ResourceFact } from "@yantra-lint/core";
import type { Definition } from "./names.ts";
import type { Scope, Scopes } from "./scopes.ts";

/**
 * Whether a missing definition is a mistake and not just elsewhere. A Rollout's analysis and Services belong to
 * the application, so a scope that was read as a whole should hold them. ConfigMaps and other objects are often
 * made elsewhere, unless the scope holds others of their kind. Secrets seldom are in a repository at all, a
 * StatefulSet works without its Service, and an APIService's may come with another product: only a near name speaks
 * for a mistake there.
 */
export function absenceIsCertain(resource: ResourceFact, kind: string, scope: Scope): boolean {
  if (!scope.closed || kind === "Secret" || /^(?:StatefulSet|APIService)$/.test(resource.kind)) return false;
  if (kind === "AnalysisTemplate") return true;
  if (kind === "Service" && resource.kind === "Rollout") return true;
  return scope.resources.some((other) => other.kind === kind && other !== resource);
}

/** The definition that lacks a key, when every definition of the name is known with all of its keys. */
export function missingKey(
  definitions: readonly Definition[],
  key: string,
  scopes: Scopes,
): Definition | undefined {
  const [first] = definitions;
  const keys = definitions.flatMap((definition) => definition.keys ?? []);
  if (keys.length === 0 || keys.includes(key) || definitions.some((definition) => !definition.keys))
    return undefined;
  const patched = definitions.some(({ location }) =>
    scopes.renderings.of(location.path).some(({ open }) => open),
  );
  return patched ? undefined : first;
}
