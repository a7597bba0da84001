import type { Place } from "@yantra-lint/yaml";

/** `$$name$$`, `<name>`, `%NAME%`, `ROLLOUT_NAME`: letters that no value of a closed list and no name has. */
const PLACEHOLDER = /[$<>{}]|^([%@]).+\1$|^[A-Z][A-Z0-9]+(?:_[A-Z0-9_]*|$)/;

/** Whether a text stands for something else until a script fills it in, so that nothing can be said of it. */
export function isPlaceholder(text: string | undefined): boolean {
  return text !== undefined && PLACEHOLDER.test(text);
}

/** What the API server's JSON has for a scalar. */
export type ScalarKind = "text" | "number" | "boolean" | "null";

/** go-yaml v2, resolve.go: Kubernetes' tools read YAML 1.1, where these are booleans. */
const BOOLEAN_11 = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
/** Underscores in numbers and binary ones are numbers of YAML 1.1 only. */
const NUMBER_11 = /^[-+]?(?:0b[01_]+|[1-9][\d_]*_[\d_]*)$/;

/** The kind of a scalar as go-yaml v2 resolves it, which kubectl, Helm and the API server use (sigs.k8s.io/yaml). */
export function scalarKind(place: Place, text: string): ScalarKind {
  const { value } = place;
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value !== "string") return "text";
  const plain = BOOLEAN_11.test(value) ? "boolean" : NUMBER_11.test(value) ? "number" : "text";
  return plain === "text" || isPlain(place, text) ? plain : "text";
}

/** Whether a scalar stands in the text as it is: without quotes, as no block, and with no tag before it. */
function isPlain(place: Place, text: string): boolean {
  const [start] = place.range;
  return (
    !/["'|>]/.test(text.charAt(start)) && !/!\S*[ \t]+$/.test(text.slice(Math.max(0, start - 60), start))
  );
}

/** Suffixes of quantities (apimachinery, pkg/api/resource/suffix.go) and what they stand for. */
const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity such as `500m` or `1.5Gi` stands for; undefined when Kubernetes does not read it. */
export function quantity(written: string): number | undefined {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([-+]?\d+))?$/.exec(written);
  if (!match) return undefined;
  const [, digits = "", suffix = "", exponent = "0"] = match;
  return Number(digits) * (SUFFIXES[suffix] ?? 1) * 10 ** Number(exponent);
}
