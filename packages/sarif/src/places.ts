import type { Lines, Location, Region } from "@yantra-lint/core";
import type { ArtifactLocation, PhysicalLocation, Region as SarifRegion } from "sarif";
import { relativeUri } from "./text.ts";

/** The base of all our URIs; it stands for the root of the repository. */
export const ROOT = "%SRCROOT%";

export function artifactLocation(path: string): ArtifactLocation {
  return { uri: relativeUri(path), uriBaseId: ROOT };
}

/**
 * A place as GitHub can annotate it: a pull request shows an alert only when all lines of its region are in the
 * diff, so a longer region is cut at the end of its first line (no endColumn: to the line's end) and stands in
 * full as the context region.
 */
export function onOneLine(place: Location): PhysicalLocation {
  const region = regionOf(place);
  const { startLine, startColumn } = region;
  if (region.endLine === startLine) return { artifactLocation: artifactLocation(place.path), region };
  return {
    artifactLocation: artifactLocation(place.path),
    region: { startLine, startColumn },
    contextRegion: region,
  };
}

/** A place that is a line rather than a region: what stands on it, where its text is at hand. */
export function wholeLine({ path, startLine }: Location, lines: Lines | undefined): PhysicalLocation {
  const text = lines?.line(startLine);
  if (text === undefined) return { artifactLocation: artifactLocation(path), region: { startLine } };
  const startColumn = text.length - text.trimStart().length + 1;
  const endColumn = Math.max(startColumn, text.trimEnd().length + 1);
  return {
    artifactLocation: artifactLocation(path),
    region: regionOf({ startLine, startColumn, endLine: startLine, endColumn }),
  };
}

/** A region as SARIF demands it: numbers from 1 on, and an end that is not before the start. */
export function regionOf(
  region: Region,
): Required<Pick<SarifRegion, "startLine" | "startColumn" | "endLine" | "endColumn">> {
  const startLine = Math.max(1, region.startLine);
  const startColumn = Math.max(1, region.startColumn);
  const endLine = Math.max(startLine, region.endLine);
  const endColumn = Math.max(endLine === startLine ? startColumn : 1, region.endColumn);
  return { startLine, startColumn, endLine, endColumn };
}
