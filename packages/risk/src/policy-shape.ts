import { RISK_CLASSES, type ApproverRule, type ClassPolicy, type Policy, type RiskClass } from "./model.ts";
import { mergePolicy, type PartialPolicy } from "./policy.ts";
import { fieldsOf, Shape } from "./shape.ts";

const FIELDS = ["classes", "approvers", "codeowners", "teams", "people", "blocks"] as const;
const CLASS_FIELDS = ["deploys", "approvals"] as const;

/** A policy from outside, or what is wrong with it, in sentences. */
export type CheckedPolicy = { policy: Policy } | { problems: string[] };

/** Reads a whole policy, as it stands in a report: nothing may be left out. */
export function readPolicy(value: unknown): CheckedPolicy {
  const shape = new Shape();
  const policy = policyOf(shape, value, "policy");
  return shape.problems.length > 0 ? { problems: shape.problems } : { policy };
}

/** Reads what a person wrote, in yantra.config or a file of its own: what is left out is the default's. */
export function readPartialPolicy(value: unknown): CheckedPolicy {
  const shape = new Shape();
  const policy = mergePolicy(partialOf(shape, value, "policy"));
  return shape.problems.length > 0 ? { problems: shape.problems } : { policy };
}

/** A whole policy within another value. */
export function policyOf(shape: Shape, value: unknown, at: string): Policy {
  const fields = shape.object(value, at, FIELDS);
  const classes = shape.object(fields.get("classes"), `${at}.classes`, RISK_CLASSES);
  for (const name of RISK_CLASSES) shape.object(classes.get(name), `${at}.classes.${name}`, CLASS_FIELDS);
  const partial = partialOf(shape, value, at);
  // The default's words for other tools are no part of a policy that is whole without them.
  return { ...mergePolicy(partial), blocks: partial.blocks ?? {} };
}

function partialOf(shape: Shape, value: unknown, at: string): PartialPolicy {
  const fields = shape.object(value, at, [], FIELDS);
  const partial: PartialPolicy = {};
  if (fields.has("classes")) partial.classes = classesOf(shape, fields.get("classes"), `${at}.classes`);
  if (fields.has("approvers"))
    partial.approvers = shape.list(fields.get("approvers"), `${at}.approvers`, (item, place) =>
      ruleOf(shape, item, place),
    );
  if (fields.has("codeowners")) partial.codeowners = shape.flag(fields.get("codeowners"), `${at}.codeowners`);
  if (fields.has("teams")) partial.teams = namesOf(shape, fields.get("teams"), `${at}.teams`);
  if (fields.has("people")) partial.people = namesOf(shape, fields.get("people"), `${at}.people`);
  if (fields.has("blocks"))
    partial.blocks = shape.record(fields.get("blocks"), `${at}.blocks`, (item, place) =>
      shape.oneOf(item, place, ["error", "warning", "never"]),
    );
  return partial;
}

function classesOf(shape: Shape, value: unknown, at: string): NonNullable<PartialPolicy["classes"]> {
  shape.object(value, at, [], RISK_CLASSES);
  const fields = fieldsOf(value);
  const classes: Partial<Record<RiskClass, Partial<ClassPolicy>>> = {};
  for (const name of RISK_CLASSES) {
    if (!fields?.has(name)) continue;
    const place = `${at}.${name}`;
    const parts = shape.object(fields.get(name), place, [], CLASS_FIELDS);
    const one: Partial<ClassPolicy> = {};
    if (parts.has("deploys")) one.deploys = shape.texts(parts.get("deploys"), `${place}.deploys`);
    if (parts.has("approvals")) one.approvals = shape.count(parts.get("approvals"), `${place}.approvals`, 1);
    classes[name] = one;
  }
  return classes;
}

function ruleOf(shape: Shape, value: unknown, at: string): ApproverRule {
  const rule = shape.object(value, at, ["paths", "approvers"]);
  const paths = shape.texts(rule.get("paths"), `${at}.paths`);
  const approvers = shape.texts(rule.get("approvers"), `${at}.approvers`);
  // A rule without either would say nothing, and look as if it protected something.
  if (paths.length === 0) shape.wrong(`${at}.paths`, "is empty");
  if (approvers.length === 0) shape.wrong(`${at}.approvers`, "is empty");
  return { paths, approvers };
}

function namesOf(shape: Shape, value: unknown, at: string): Record<string, string[]> {
  return shape.record(value, at, (item, place) => shape.texts(item, place));
}
