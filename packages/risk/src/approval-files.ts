import type { Approval } from "./model.ts";
import { fieldsOf, Shape } from "./shape.ts";

/** A file of approvals that is none. The message says the file and what is wrong. */
export class ApprovalFileError extends Error {
  override name = "ApprovalFileError";
}

/** Our own record of one approval, as `yantra-lint approve` writes it (`schemas/approval.schema.json`). */
export interface ApprovalRecord {
  format: 1;
  approver: string;
  environment?: string;
  digest: string;
  at?: string;
}

/**
 * Reads a file of approvals, of whichever kind it is: our own records (one or a list), GitHub's reviews (of the
 * API, or of `gh pr view --json reviews`), GitLab's approvals. `source` is the file, for messages.
 *
 * What is of no known shape is an error and never "no approvals": a reader that shrugs would also shrug at the
 * requested changes it does not see.
 *
 * @throws ApprovalFileError
 */
export function readApprovals(value: unknown, source: string): Approval[] {
  const fields = fieldsOf(value);
  if (fields?.has("format")) return [readRecord(value, source)];
  if (fields?.has("reviews")) return readGithubReviews(fields.get("reviews"), source);
  if (fields?.has("approvals")) return readGitlabApprovals(value, source);
  if (fields?.has("approved_by"))
    throw fault(source, [
      'GitLab\'s approvals do not say which commit was approved; put them into one object with the versions of the merge request: {"approvals": …, "versions": …}',
    ]);
  if (!Array.isArray(value)) throw fault(source, ["it is neither a list nor an object of a known kind"]);
  const items: unknown[] = value;
  if (items.length > 0 && items.every((item) => fieldsOf(item)?.has("format")))
    return items.map((item) => readRecord(item, source));
  return readGithubReviews(items, source);
}

function fault(source: string, problems: readonly string[]): ApprovalFileError {
  return new ApprovalFileError(`${source} holds no approvals that can be read: ${problems.join("; ")}.`);
}

/** Runs a reader and throws if it found problems. */
function read<T>(source: string, reader: (shape: Shape) => T): T {
  const shape = new Shape();
  const result = reader(shape);
  if (shape.problems.length > 0)
    throw fault(
      source,
      [...new Set(shape.problems)].map((said) => said.slice(0, -1)),
    );
  return result;
}

/** Reads one record of ours. @throws ApprovalFileError */
function readRecord(value: unknown, source: string): Approval {
  return read(source, (shape) => {
    const fields = shape.object(value, "The record", ["format", "approver", "digest"], ["environment", "at"]);
    if (fields.get("format") !== 1) shape.wrong("format", "is not 1, the only one this version knows");
    const approval: Approval = {
      approver: shape.text(fields.get("approver"), "approver"),
      digest: shape.digest(fields.get("digest"), "digest"),
      source,
    };
    if (fields.has("environment"))
      approval.environment = shape.text(fields.get("environment"), "environment");
    if (fields.has("at")) approval.at = time(shape, fields.get("at"), "at");
    return approval;
  });
}

/** A point in time as the APIs write it, `2026-11-22T10:00:00Z`. */
function time(shape: Shape, value: unknown, at: string): string {
  const text = shape.text(value, at);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(Date.parse(text)))
    shape.wrong(at, "is no point in time");
  return text;
}

const REVIEW_STATES = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED", "PENDING"] as const;

interface Review {
  login: string;
  state: (typeof REVIEW_STATES)[number];
  commit: string;
  at: string;
  bot: boolean;
  outsider: boolean;
}

/**
 * Reads the reviews of a pull request: `GET /repos/{owner}/{repo}/pulls/{number}/reviews` (docs.github.com, "REST
 * API endpoints for pull request reviews"), its pages one list or a list of lists (`gh api --paginate --slurp`),
 * or `reviews` of `gh pr view --json reviews` (cli/cli#6646).
 *
 * A person's word is their latest review that approves, requests changes or was dismissed; a comment takes
 * nothing back. Dismissing changes the state of the review itself. A review of somebody who is no owner, member
 * or collaborator is marked: on a public repository anybody can approve. (A token that cannot read the members
 * of the organisation sees `CONTRIBUTOR` for those whose membership is private.) A review of an account that is
 * gone is nobody's.
 */
function readGithubReviews(value: unknown, source: string): Approval[] {
  const latest = new Map<string, Review>();
  for (const review of read(source, (shape) => reviewsOf(shape, value))) {
    if (review.state === "COMMENTED" || review.state === "PENDING" || review.login === "") continue;
    const key = review.login.toLowerCase();
    const before = latest.get(key);
    if (!before || Date.parse(review.at) >= Date.parse(before.at)) latest.set(key, review);
  }
  return [...latest.values()]
    .filter(({ state }) => state !== "DISMISSED")
    .map(({ login, state, commit, at, bot, outsider }) => ({
      approver: login,
      commit,
      source,
      at,
      ...(state === "CHANGES_REQUESTED" ? { objection: true } : {}),
      ...(bot ? { bot: true } : {}),
      ...(outsider ? { outsider: true } : {}),
    }));
}

function reviewsOf(shape: Shape, value: unknown): Review[] {
  const pages: unknown[] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value)) shape.wrong("reviews", "is no list");
  const items = pages.length > 0 && pages.every((page) => Array.isArray(page)) ? pages.flat() : pages;
  return items.map((item, index) => reviewOf(shape, item, `Review ${index + 1}`));
}

function reviewOf(shape: Shape, value: unknown, at: string): Review {
  const fields = shape.map(value, at);
  const state = shape.oneOf(fields.get("state"), `${at}: state`, REVIEW_STATES);
  const viaApi = fields.has("user");
  const user = fields.get(viaApi ? "user" : "author");
  const association = fields.get(viaApi ? "author_association" : "authorAssociation");
  const commit = viaApi ? fields.get("commit_id") : fieldsOf(fields.get("commit"))?.get("oid");
  const review: Review = {
    login: "",
    state,
    commit: "",
    at: "",
    bot: false,
    outsider: !["OWNER", "MEMBER", "COLLABORATOR"].includes(
      shape.text(association, `${at}: ${viaApi ? "author_association" : "authorAssociation"}`),
    ),
  };
  // What was not sent yet has neither time nor commit that counts.
  if (state === "PENDING") return review;
  review.at = time(shape, fields.get(viaApi ? "submitted_at" : "submittedAt"), `${at}: time`);
  // An account that is gone is null; so may a commit be that is gone with its fork.
  if (user === null) return review;
  const account = shape.map(user, `${at}: ${viaApi ? "user" : "author"}`);
  review.login = shape.text(account.get("login"), `${at}: login`);
  review.bot =
    account.get("type") === "Bot" || account.get("is_bot") === true || review.login.endsWith("[bot]");
  if (commit !== null) review.commit = shape.objectName(commit, `${at}: commit`);
  return review;
}

/**
 * Reads the approvals of a merge request of GitLab. `GET /projects/:id/merge_requests/:iid/approvals` (docs.gitlab.com,
 * "Merge request approvals API") says who approved and, from 18.5 on, when (`approved_at`), but not what: an
 * approval outlives pushes unless the project removes it. So the file has to hold, beside it, one of
 *
 * - `{"approvals": …, "versions": …}`: `GET …/merge_requests/:iid/versions`; the approval is of the newest version
 *   that was there at its time. Works in every tier.
 * - `{"approvals": …, "merge_request": …, "settings": …}`: `GET …/merge_requests/:iid` and `GET
 *   /projects/:id/approvals`; with `reset_approvals_on_push` an approval that stands is of the merge request's
 *   `sha`. Without that setting nobody can tell, which is an error.
 */
function readGitlabApprovals(value: unknown, source: string): Approval[] {
  return read(source, (shape) => {
    const fields = shape.object(value, "The file", ["approvals"], ["versions", "merge_request", "settings"]);
    const approvals = shape.map(fields.get("approvals"), "approvals");
    const commitAt = fields.has("versions")
      ? versionsOf(shape, fields.get("versions"))
      : standing(shape, fields.get("merge_request"), fields.get("settings"));
    return shape.list(approvals.get("approved_by"), "approvals.approved_by", (item, at): Approval => {
      const given = shape.map(item, at);
      const user = shape.map(given.get("user"), `${at}.user`);
      const approver = shape.text(user.get("username"), `${at}.user.username`);
      const approval: Approval = { approver, commit: commitAt(given.get("approved_at"), at), source };
      if (given.has("approved_at")) approval.at = time(shape, given.get("approved_at"), `${at}.approved_at`);
      // GET /users marks these accounts (`bot`); in an approval only the name tells (docs.gitlab.com, "Project
      // access tokens", bot users for projects).
      if (user.get("bot") === true || /^(?:project|group)_\d+_bot(?:_|\d|$)/.test(approver))
        approval.bot = true;
      return approval;
    });
  });
}

type CommitAt = (approvedAt: unknown, at: string) => string;

function versionsOf(shape: Shape, value: unknown): CommitAt {
  const versions = shape
    .list(value, "versions", (item, at) => {
      const version = shape.map(item, at);
      return {
        commit: shape.objectName(version.get("head_commit_sha"), `${at}.head_commit_sha`),
        at: Date.parse(time(shape, version.get("created_at"), `${at}.created_at`)),
      };
    })
    .sort((a, b) => b.at - a.at);
  return (approvedAt, at) => {
    const when = Date.parse(time(shape, approvedAt, `${at}.approved_at`));
    // A version of the same moment may have come after the approval.
    const found = versions.find((version) => version.at < when);
    if (!found) shape.wrong(at, "was approved before the first of the versions");
    return found?.commit ?? "";
  };
}

function standing(shape: Shape, mergeRequest: unknown, settings: unknown): CommitAt {
  const sha = shape.objectName(shape.map(mergeRequest, "merge_request").get("sha"), "merge_request.sha");
  if (shape.map(settings, "settings").get("reset_approvals_on_push") !== true)
    shape.wrong(
      "settings.reset_approvals_on_push",
      "is not true, so an approval may be of an older push; give the versions instead",
    );
  return () => sha;
}

/**
 * The record of an approval, to be written as JSON.
 * @throws ApprovalFileError when a part is missing or misshapen.
 */
export function approvalRecord(parts: Omit<ApprovalRecord, "format">): ApprovalRecord {
  const record: ApprovalRecord = { format: 1, ...parts };
  readRecord(record, "The approval");
  return record;
}
