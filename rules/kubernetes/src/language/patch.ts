import type { Place } from "@yantra-lint/yaml";

/**
 * The directives of a strategic merge patch (k8s.io/apimachinery, commit 6e531d3, pkg/util/strategicpatch/patch.go): what
 * applies the patch reads and removes them, so they never reach the API server.
 */
const DIRECTIVE = /^\$(?:patch|retainKeys|(?:setElementOrder|deleteFromPrimitiveList)\/.+)$/;
/** The same in a text, where it may be a word in a comment or in data as well. */
const MENTIONED = ["$patch", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/"];
/** Values that are looked at; aliases could make them as many as they like. */
const MAX_VALUES = 20_000;

/** Whether a key of a mapping is for what applies a patch, and no field. */
export function isDirective(key: string): boolean {
  return DIRECTIVE.test(key);
}

/** Whether a text may hold directives. A quick look, no parsing. */
export function mayHoldDirectives(text: string): boolean {
  return MENTIONED.some((directive) => text.includes(directive));
}

/** Whether any mapping at or below a place has a directive. */
export function hasDirective(root: Place): boolean {
  const stack = [root];
  for (let visited = 0; visited < MAX_VALUES; visited += 1) {
    const place = stack.pop();
    if (!place) return false;
    for (const [key, member] of place.entries()) {
      if (isDirective(key)) return true;
      stack.push(member);
    }
    // One by one: as arguments of one call, a hundred thousand items overflow the stack.
    for (const item of place.items()) stack.push(item);
  }
  return false;
}
