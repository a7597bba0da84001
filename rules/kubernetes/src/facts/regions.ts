import { type Lines, type Range, type Region, regionOf } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import { isDirective } from "../language/patch.ts";

/** The region of a place's value without quotes. */
export function regionAt(lines: Lines, place: Place): Region {
  return regionOf(lines.loc(place.innerRange));
}

/** The region of a stretch of the text, offsets in UTF-16 units. */
export function regionOfRange(lines: Lines, range: Range): Region {
  return regionOf(lines.loc(range));
}

/** The members of a mapping whose values are texts or other scalars, as texts; without a patch's directives. */
export function textMembers(place: Place | undefined): Record<string, string> {
  const members: Record<string, string> = {};
  for (const [name, member] of place?.entries() ?? []) {
    const { written } = member;
    if (written !== undefined && !isDirective(name)) members[name] = written;
  }
  return members;
}
