import { createHash } from "node:crypto";
import { canonicalJson } from "@yantra-lint/core";
import type { ChangeReport, Policy } from "./model.ts";

/** In front of what is hashed, so that another meaning of the fields gives another digest. */
const PREFIX = "yantra-lint change 1\n";

/** What an approval is bound to. Trees are git's object names. */
export interface DigestInput {
  /** Absent: there was no base. */
  baseTree?: string | undefined;
  /** Absent: what was judged stands in no commit. */
  headTree?: string | undefined;
  policy: Policy;
  toolVersion: string;
}

/**
 * The digest of a change: SHA-256, as hexadecimal digits, of its base tree, head tree, policy and tool version.
 * Trees, not commits: a squash or rebase that gives the same trees keeps it, any other push changes it.
 */
export function changeDigest({ baseTree, headTree, policy, toolVersion }: DigestInput): string {
  const fields = { baseTree: baseTree ?? null, headTree: headTree ?? null, policy, toolVersion };
  return createHash("sha256")
    .update(PREFIX + canonicalJson(fields))
    .digest("hex");
}

/** The digest that a report's own fields give. */
export function digestOf(report: Pick<ChangeReport, "base" | "head" | "policy" | "tool">): string {
  return changeDigest({
    baseTree: report.base?.tree,
    headTree: report.head.tree,
    policy: report.policy,
    toolVersion: report.tool.version,
  });
}
