import { compareText } from "@yantra-lint/core";
import type { Approval, ChangeReport, Ownership } from "./model.ts";
import { People } from "./names.ts";
import { approvalsNeeded } from "./policy.ts";

/** An approval that does not count, and why, as a sentence. */
export interface RefusedApproval {
  approval: Approval;
  why: string;
}

/** Paths that still lack their owners' consent. */
export interface MissingOwners {
  paths: string[];
  /** Who can give it. */
  owners: string[];
  /** How many of them are still needed. */
  needed: number;
  /** Where it is said, such as `CODEOWNERS:12`. */
  sources: string[];
  /** As a sentence: what is missing, and what to do if it cannot be had. */
  why: string;
}

export interface ApprovalStatus {
  /** How many approvals the environment needs; 0: none, and nothing below matters. */
  needed: number;
  /** Those that count, one a person. */
  counted: Approval[];
  refused: RefusedApproval[];
  missing: MissingOwners[];
  /** Changes that somebody requested, which no other approval outweighs. */
  objections: Approval[];
  /** Whether the change may go: enough approvals, all owners, no objection. */
  satisfied: boolean;
}

/**
 * Which approvals of a report count for an environment, and what is missing. It takes the report for true: whoever
 * has it from outside checks it first (`readReport`).
 *
 * An approval counts when
 * - it is bound to this change: to the report's digest, or to a commit whose review is a review of this head;
 * - it is for every environment or for this one;
 * - it is a person's, and none of the authors', under whatever name: see `People`;
 * - the forge knows them as one of the repository's people, or the policy or an owner's line names them.
 * One person counts once. Then every path with owners needs one of them among those that count (a section of
 * GitLab's as many as it says); of a team whose members nobody has told, nobody is a member.
 *
 * Changes requested and not taken back hold up the approval, as on GitHub, also when they were requested of an
 * older commit: a push is no answer. What needs no approval they do not hold up.
 */
export function approvalStatus(
  report: ChangeReport,
  approvals: readonly Approval[],
  environment: string,
): ApprovalStatus {
  const people = new People(report.policy);
  const needed = approvalsNeeded(report.policy, report.risk.class, environment);
  const known = namedBy(report);
  const isInsider = ({ approver, outsider }: Approval): boolean =>
    outsider !== true || [...people.identities(approver)].some((name) => known.has(name));

  const counted: Approval[] = [];
  const refused: RefusedApproval[] = [];
  const objections: Approval[] = [];
  for (const approval of approvals) {
    if (approval.objection) {
      if (isInsider(approval)) objections.push(approval);
      continue;
    }
    const twin = counted.find((other) => people.samePerson(other.approver, approval.approver));
    const why =
      fault(report, people, approval, environment) ??
      (isInsider(approval) ? undefined : outsiderFault(approval)) ??
      (twin &&
        `${approval.approver} and ${twin.approver} are taken for one person, who counts once; if they are two, name both under \`people\` in the policy.`);
    if (why === undefined) counted.push(approval);
    else refused.push({ approval, why });
  }

  const missing = needed === 0 ? [] : missingOwners(report, people, counted);
  const satisfied =
    needed === 0 || (counted.length >= needed && missing.length === 0 && objections.length === 0);
  return { needed, counted, refused, missing, objections, satisfied };
}

/** Whether the name may be one of an author of the change, so that it cannot approve it. */
export function isAuthor({ policy, authors }: ChangeReport, name: string): boolean {
  const people = new People(policy);
  return authors.some((author) => people.samePerson(author, name));
}

/** Why an approval is not one of this change for this environment by somebody who may give it. */
function fault(
  report: ChangeReport,
  people: People,
  approval: Approval,
  environment: string,
): string | undefined {
  const { approver, bot, digest, commit } = approval;
  if (digest === undefined && commit === undefined)
    return "It says neither the digest nor the commit that was approved.";
  if (digest !== undefined && digest !== report.digest)
    return "It is of another change, or of an earlier state of this one: the digest differs.";
  if (commit !== undefined && !report.head.reviewed.includes(commit))
    return `It is of commit ${commit.slice(0, 12) || "unknown"}, and the change has moved on since.`;
  if (approval.environment !== undefined && approval.environment !== environment)
    return `It is for ${approval.environment} only.`;
  if (bot) return `${approver} is a program, and programs cannot approve.`;
  if (people.isTeam(approver)) return `${approver} is a team; a person has to approve.`;
  if (people.identities(approver).size === 0) return "It does not say who approved.";
  if (report.authors.length === 0)
    return "Nobody knows who wrote the change, so nobody is known not to have written it.";
  const author = report.authors.find((name) => people.samePerson(name, approver));
  if (author === undefined) return undefined;
  return people.identities(approver).has(author.toLowerCase())
    ? `${approver} is an author of the change.`
    : `${approver} is taken for ${author}, an author of the change; if they are two people, name both under \`people\` in the policy.`;
}

function outsiderFault({ approver }: Approval): string {
  return `The forge does not say that ${approver} belongs to the repository, and neither the policy nor CODEOWNERS names them; if they belong to it, read the reviews with a token that sees the members, or name them.`;
}

/** Everybody the base's policy or CODEOWNERS names. */
function namedBy({ policy, ownership }: ChangeReport): Set<string> {
  const { people, teams, approvers } = policy;
  const names = [
    ...Object.entries(people).flatMap(([person, others]) => [person, ...others]),
    ...Object.values(teams).flat(),
    ...approvers.flatMap((rule) => rule.approvers),
    ...ownership.flatMap(({ owners }) => owners),
  ];
  const own = new People({ people: {}, teams: {} });
  return new Set(names.flatMap((name) => [...own.identities(name)]));
}

function missingOwners(report: ChangeReport, people: People, counted: readonly Approval[]): MissingOwners[] {
  const groups = new Map<string, { owned: Ownership; paths: string[]; sources: Set<string> }>();
  for (const owned of report.ownership) {
    const key = JSON.stringify([owned.owners, owned.approvals ?? 1]);
    const group = groups.get(key) ?? { owned, paths: [], sources: new Set() };
    group.paths.push(owned.path);
    group.sources.add(owned.source);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ owned, paths, sources }): MissingOwners[] => {
    const { owners, approvals: wanted = 1 } = owned;
    const given = counted.filter(({ approver }) => owners.some((owner) => people.isOwner(approver, owner)));
    if (given.length >= wanted) return [];
    const unknown = owners.filter((owner) => people.isTeam(owner) && !people.knowsTeam(owner));
    const persons = owners.filter((owner) => !people.isTeam(owner));
    const allAuthors =
      persons.length === owners.length &&
      persons.every((owner) => report.authors.some((author) => people.samePerson(author, owner)));
    const needed = wanted - given.length;
    const why = [
      `${listOf(paths)} ${needed === 1 ? "needs the approval of one" : `needs ${needed} approvals`} of ${owners.join(", ")} (${[...sources].join(", ")}).`,
      ...(unknown.length > 0
        ? [`Nobody is known to be in ${unknown.join(", ")}: add the members under \`teams\` in the policy.`]
        : []),
      ...(allAuthors
        ? ["All of them are authors of the change: somebody else has to be made an owner."]
        : []),
    ].join(" ");
    return [{ paths: [...new Set(paths)].sort(compareText), owners, needed, sources: [...sources], why }];
  });
}

/** The first paths, and how many others there are. */
function listOf(paths: readonly string[]): string {
  const all = [...new Set(paths)].sort(compareText);
  const shown = all.slice(0, 3).join(", ");
  return all.length > 3 ? `${shown} and ${all.length - 3} more` : shown;
}
