import { nearestWord } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { isDirective } from "../language/patch.ts";
import { fieldTable, type FieldTable } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import type { Problem, Surroundings } from "./problem.ts";
import { isPlaceholder, quantity, type ScalarKind, scalarKind } from "./scalars.ts";
import { isRewritten, isWhole } from "./whole.ts";

/** Values of one resource that are looked at; aliases could make them as many as they like. */
const MAX_VALUES = 20_000;
/** prometheus-operator, API reference, Duration; the pattern of its CRDs. */
const DURATION = /^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text",
  int: "a whole number",
  number: "a number",
  bool: "true or false",
  "int-or-string": "a number or a text",
  quantity: "a quantity such as 500m or 1Gi",
  duration: 'a duration such as "5m"',
};
/** Which kinds of scalars a type takes. */
const TAKES: Readonly<Record<string, readonly ScalarKind[]>> = {
  string: ["text"],
  int: ["number"],
  number: ["number"],
  bool: ["boolean"],
  "int-or-string": ["text", "number"],
  quantity: ["text", "number"],
  duration: ["text"],
};

const REFUSERS: Readonly<Record<string, string>> = {
  "argoproj.io": "The API server or Argo's controller",
  "flagger.app": "The API server or Flagger",
};

/** What the API server would refuse in a resource of a kind that is known; nothing for others. In no order. */
export function problemsOf(resource: Resource, text: string): Problem[] {
  const table = fieldTable();
  const type = table.typeOf(resource.apiVersion, resource.kind);
  if (type === undefined || isRewritten(resource.place)) return [];
  // What the CRD leaves open, such as the pods of a Rollout, is refused by the controller.
  const refuser = REFUSERS[resource.group] ?? "The API server";
  const walk = new Walk(
    table,
    text,
    { root: resource.place, whole: isWhole(resource), patch: resource.patch },
    resource.kind,
    refuser,
  );
  walk.object(resource.place, type, []);
  return [...walk.problems.values()];
}

/** An object on the way down to the one at hand. */
interface Above {
  type: string;
  place: Place;
}

class Walk {
  /** By place and kind: what an alias repeats is told once. */
  readonly problems = new Map<string, Problem>();
  readonly #table: FieldTable;
  readonly #text: string;
  readonly #surroundings: Surroundings;
  readonly #kind: string;
  readonly #refuser: string;
  #left = MAX_VALUES;

  constructor(table: FieldTable, text: string, surroundings: Surroundings, kind: string, refuser: string) {
    this.#table = table;
    this.#text = text;
    this.#surroundings = surroundings;
    this.#kind = kind;
    this.#refuser = refuser;
  }

  object(place: Place, type: string, above: readonly Above[]): void {
    const { expressions, required } = this.#table.fieldsOf(type);
    const root = above.length === 0;
    const given = new Set<string>();
    const here = [...above, { type, place }];
    for (const [name, member] of place.entries()) {
      if (root && (name === "apiVersion" || name === "kind")) continue;
      const expression = expressions.get(name);
      if (this.#isForMerge(name, member, expression)) continue;
      if (expression === undefined) this.#unknown(name, member, here);
      else if (!this.#isNull(member)) {
        given.add(name);
        this.#value(member, expression, here);
      }
    }
    if (this.#surroundings.whole)
      this.#missing(
        required.filter((name) => !given.has(name)),
        place,
      );
    for (const limit of LIMITS[type] ?? [])
      limit(
        place,
        (at, problem, way) => this.#add({ messageId: "invalid", range: at.range, data: { problem, way } }),
        this.#surroundings,
      );
  }

  #value(place: Place, expression: string, above: readonly Above[]): void {
    this.#left -= 1;
    if (this.#left < 0 || expression === "any") return;
    const inner = expression.slice(expression.startsWith("#") || expression.startsWith("=") ? 1 : 2);
    if (expression.startsWith("=")) return this.#choice(place, inner.split("|"));
    if (expression.startsWith("[]")) {
      if (place.kind !== "sequence") return this.#wrong(place, "a list");
      for (const item of place.items())
        if (!this.#isNull(item) && !this.#isDirection(item)) this.#value(item, inner, above);
    } else if (expression.startsWith("{}")) {
      if (place.kind !== "mapping") return this.#wrong(place, "a mapping");
      for (const [name, member] of place.entries())
        if (!this.#isNull(member) && !this.#isForMerge(name, member, inner))
          this.#value(member, inner, above);
    } else if (expression.startsWith("#")) {
      if (place.kind !== "mapping") return this.#wrong(place, "a mapping");
      this.object(place, inner, above);
    } else this.#scalar(place, expression);
  }

  #scalar(place: Place, expected: string): void {
    if (place.open || (expected !== "string" && isPlaceholder(place.text))) return;
    const words = EXPECTED[expected] ?? expected;
    if (place.kind !== "scalar") return this.#wrong(place, words);
    const kind = scalarKind(place, this.#text);
    if (!TAKES[expected]?.includes(kind))
      return this.#wrong(place, words, this.#rewritten(place, kind, expected));
    const written = place.written ?? "";
    if (expected === "int" && !Number.isInteger(Number(place.value)) && typeof place.value !== "bigint")
      if (!/[_box]/i.test(written)) this.#wrong(place, words);
    if (expected === "quantity" && quantity(written) === undefined) this.#wrong(place, words);
    if (expected === "duration" && !DURATION.test(written)) this.#wrong(place, words);
  }

  #choice(place: Place, allowed: readonly string[]): void {
    if (place.open || place.value === "") return;
    if (place.kind !== "scalar" || scalarKind(place, this.#text) !== "text")
      return this.#scalar(place, "string");
    const value = String(place.value);
    if (allowed.includes(value)) return;
    const near = nearestWord(value, allowed);
    if (near === undefined && isPlaceholder(value)) return;
    this.#add({
      messageId: "enum",
      range: place.range,
      data: {
        path: place.path,
        value,
        allowed: allowed.filter((one) => one !== "").join(", "),
        way: near === undefined ? "write one of them" : `write ${near}`,
      },
      ...(near === undefined || !this.#mayEdit ? {} : { edit: { range: place.innerRange, text: near } }),
    });
  }

  #wrong(place: Place, expected: string, rewritten?: string): void {
    this.#add({
      messageId: "type",
      range: place.range,
      data: {
        path: place.path,
        expected,
        got: this.#said(place),
        way: rewritten === undefined ? `write ${expected}` : `write ${rewritten}`,
      },
      ...(rewritten === undefined || !this.#mayEdit ? {} : { edit: { range: place.range, text: rewritten } }),
    });
  }

  /** The scalar as its type wants it, if that is certain: quoted, or without its quotes. */
  #rewritten(place: Place, kind: ScalarKind, expected: string): string | undefined {
    const written = place.written ?? "";
    if (expected === "string" && !written.includes('"')) return `"${written}"`;
    if (kind !== "text") return undefined;
    if (expected === "int" && /^(?:0|-?[1-9]\d{0,8})$/.test(written)) return written;
    return expected === "bool" && /^(?:true|false)$/.test(written) ? written : undefined;
  }

  #said(place: Place): string {
    if (place.kind === "sequence") return "a list";
    if (place.kind === "mapping") return "a mapping";
    const written = (place.written ?? "").slice(0, 60);
    const kind = scalarKind(place, this.#text);
    if (kind === "text") return `the text "${written}"`;
    const old =
      kind === "boolean" && typeof place.value === "string" ? " (in the YAML that Kubernetes reads)" : "";
    return `the ${kind} ${written}${old}`;
  }

  #missing(fields: readonly string[], place: Place): void {
    if (fields.length === 0) return;
    const quoted = fields.map((field) => `"${field}"`);
    const names = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter((part) => part !== "").join(" and ");
    this.#add({
      messageId: "missing",
      range: place.keyRange,
      data: {
        at: place.path === "" ? `The ${this.#kind}` : `"${place.path}"`,
        fields: `the field${fields.length === 1 ? "" : "s"} ${names}`,
        what: fields.length === 1 ? "it" : "them",
      },
    });
  }

  #unknown(field: string, member: Place, here: readonly Above[]): void {
    if (/\{\{|\$\{/.test(field)) return;
    const owner = here.at(-1);
    if (!owner) return;
    const names = [...this.#table.fieldsOf(owner.type).expressions.keys()];
    const near = names.find((name) => name.toLowerCase() === field.toLowerCase());
    const home = near === undefined ? this.#home(field, here) : undefined;
    const meant = near ?? (home === undefined ? nearestWord(field, names) : undefined);
    const way =
      home === undefined
        ? meant === undefined
          ? "take it out, or put it where it belongs"
          : `write "${meant}"`
        : `move it to "${home}", where there is a field of this name`;
    this.#add({
      messageId: "unknown",
      range: member.keyRange,
      data: {
        path: owner.place.path === "" ? field : `${owner.place.path}.${field}`,
        kind: this.#kind,
        way,
      },
      ...(meant === undefined || !this.#mayEdit || owner.place.child(meant)
        ? {}
        : { edit: { range: member.keyRange, text: meant } }),
    });
  }

  /** Where a field of this name would have its place: the only object within this one, or one around it. */
  #home(field: string, here: readonly Above[]): string | undefined {
    const owner = here.at(-1);
    if (!owner) return undefined;
    const has = (type: string): boolean => this.#table.fieldsOf(type).expressions.has(field);
    const within = [...this.#table.fieldsOf(owner.type).expressions].filter(
      ([, expression]) => expression.startsWith("#") && has(expression.slice(1)),
    );
    const [name] = within.length === 1 ? (within[0] ?? []) : [];
    if (name !== undefined) return owner.place.path === "" ? name : `${owner.place.path}.${name}`;
    const around = here.slice(1, -1).findLast(({ type }) => has(type));
    return around?.place.path;
  }

  /** An edit of an anchored text would change what its aliases stand for. Asked of the whole file, so only at need. */
  get #mayEdit(): boolean {
    return !/(?:^|[\s[{,])&[^\s&]/m.test(this.#text);
  }

  /** Whether a patch says with a member how to merge: a directive, or null for a field that goes, whatever it is. */
  #isForMerge(name: string, member: Place, expression: string | undefined): boolean {
    if (!this.#surroundings.patch) return false;
    return isDirective(name) || (expression === undefined && this.#isNull(member));
  }

  /** Whether an item of a patch's list says nothing but how to merge the list: `- $patch: replace`. */
  #isDirection(item: Place): boolean {
    const entries = this.#surroundings.patch ? item.entries() : [];
    return entries.length > 0 && entries.every(([name]) => isDirective(name));
  }

  #isNull(place: Place): boolean {
    return place.kind === "scalar" && place.value === null;
  }

  #add(problem: Problem): void {
    const key = `${problem.messageId} ${problem.range.join()}`;
    if (this.problems.has(key)) return;
    this.problems.set(key, { ...problem, data: { ...problem.data, refuser: this.#refuser } });
  }
}
