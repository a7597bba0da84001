import type { Range } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";

/** What the API server would refuse, in the words of `valid-manifest`'s messages. */
export interface Problem {
  messageId: "unknown" | "type" | "missing" | "enum" | "invalid";
  range: Range;
  data: Record<string, string>;
  /** What puts it right, if that is certain. */
  edit?: { range: Range; text: string };
}

/** Where a limit tells what it found: at a place, what is wrong (a sentence without full stop) and what to do. */
export type Say = (at: Place, problem: string, way: string) => void;

/** What a limit may ask of the manifest around the object it looks at. */
export interface Surroundings {
  /** The resource as a whole. */
  root: Place;
  /** The resource is complete, so what it does not have it will not get from elsewhere. */
  whole: boolean;
  /** The resource is certainly a patch, so it may say how to merge it. */
  patch: boolean;
}

/** A check of an object beyond the types of its fields. */
export type Limit = (place: Place, say: Say, surroundings: Surroundings) => void;
