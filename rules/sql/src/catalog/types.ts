import type { QualifiedName } from "@yantra-lint/core";
import { type Draft, made } from "./draft.ts";
import { freeName, spaceKey } from "./names.ts";
import type { Change, Composite, Domain, Enum, TypeObject } from "./objects.ts";
import type { Origin } from "./table.ts";

/** Makes a type, or takes the place of one. */
export function setType(draft: Draft, type: TypeObject): void {
  draft.set(spaceKey("type", type.schema, type.name), type);
}

interface TypeByKind {
  enum: Enum;
  domain: Domain;
  composite: Composite;
}

/** Changes a type of that name, if it is one of that kind. */
export function changeType<Kind extends keyof TypeByKind>(
  draft: Draft,
  name: QualifiedName,
  kind: Kind,
  change: (type: TypeByKind[Kind]) => TypeByKind[Kind],
): void {
  const key = draft.otherKey("type", name);
  const entry = draft.get(key);
  if (entry && isKind(entry, kind)) draft.set(key, change(entry));
}

function isKind<Kind extends keyof TypeByKind>(
  entry: { kind: string },
  kind: Kind,
): entry is TypeByKind[Kind] {
  return entry.kind === kind;
}

/** An enum with one more value, where ALTER TYPE … ADD VALUE puts it. */
export function withValue(type: Enum, { value, before, after }: Change<"addEnumValue">): Enum {
  if (type.values.includes(value)) return type;
  const neighbour = type.values.indexOf(before ?? after ?? "");
  const at = neighbour < 0 ? type.values.length : before === undefined ? neighbour + 1 : neighbour;
  return { ...type, values: [...type.values.slice(0, at), value, ...type.values.slice(at)] };
}

export function createDomain(draft: Draft, change: Change<"createDomain">, origin: Origin): void {
  const { base, notNull, default: value } = change;
  const domain: Domain = {
    kind: "domain",
    ...made(draft, change.name),
    base: draft.resolvedType(base),
    notNull,
    ...(value === undefined ? {} : { default: value }),
    checks: [],
    created: origin,
  };
  const whole = change.checks.reduce((now, check) => withCheck(now, { ...check, validated: true }), domain);
  setType(draft, whole);
  const typeKey = draft.typeKey(base);
  if (typeKey !== undefined) draft.uses(spaceKey("type", domain.schema, domain.name), typeKey);
}

function withCheck(domain: Domain, check: { name?: string; expression: string; validated: boolean }): Domain {
  const name =
    check.name ??
    freeName(domain.name, undefined, "check", (taken) => domain.checks.some((each) => each.name === taken));
  return { ...domain, checks: [...domain.checks, { ...check, name }] };
}

export function alterDomain(domain: Domain, change: Change<"alterDomain">): Domain {
  const { notNull, addCheck, dropCheck, validateCheck, renameCheck } = change;
  const checks = domain.checks
    .filter(({ name }) => name !== dropCheck)
    .map((check) => (check.name === validateCheck ? { ...check, validated: true } : check))
    .map((check) => (check.name === renameCheck?.from ? { ...check, name: renameCheck.to } : check));
  const changed: Domain = {
    ...domain,
    checks,
    ...(notNull === undefined ? {} : { notNull }),
    ...(change.default === undefined ? {} : { default: change.default ?? undefined }),
  };
  return addCheck ? withCheck(changed, addCheck) : changed;
}

export function alterComposite(draft: Draft, type: Composite, change: Change<"alterComposite">): Composite {
  const { add, drop: dropped, retype, rename: renamed } = change;
  const fields = type.fields
    .filter(({ name }) => name !== dropped)
    .map((field) =>
      field.name === retype?.name ? { ...field, type: draft.resolvedType(retype.type) } : field,
    )
    .map((field) => (field.name === renamed?.from ? { ...field, name: renamed.to } : field));
  return {
    ...type,
    fields: add ? [...fields, { name: add.name, type: draft.resolvedType(add.type) }] : fields,
  };
}
