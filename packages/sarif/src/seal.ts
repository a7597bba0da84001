import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { canonicalJson } from "@yantra-lint/core";
import type { Run } from "sarif";
import { isRecord, type JsonRecord, own, recordAt } from "./json.ts";
import { PROPERTIES } from "./properties.ts";

/**
 * What a run's seal says:
 * - `valid`: nothing in the run was changed; with a key: since somebody sealed it who has the key
 * - `broken`: the run was changed or cut, or sealed with another key
 * - `unsigned`: nothing was changed as far as one sees, but no key was used, so anybody could have sealed it
 * - `absent`: there is no seal
 */
export type SealState = "valid" | "broken" | "unsigned" | "absent";

/** Digests of anything else under the same key are no seals. */
const PURPOSE = "yantra-lint/seal/v1\n";
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Seals a run: a digest over all of it, in canonical JSON, stands in its properties. Blanks, order of names and
 * escapes may change and the seal holds; a value, a result or another property may not. Every run has its own, so
 * runs stay checkable when logs are merged. Without a key the seal shows accidents and careless edits, as anybody
 * can make a new one; with a key only those who have it can.
 *
 * @param key of any length; the seal has an HMAC beside the plain digest then.
 * @throws RangeError when the key is empty, as an unset secret of a pipeline is.
 */
export function sealRun(run: Run, key?: string): Run {
  const content = contentOf({ ...run });
  const seal = {
    sha256: plainDigest(content),
    ...(key === undefined ? {} : { hmacSha256: keyedDigest(content, key) }),
  };
  return { ...run, properties: { ...run.properties, [PROPERTIES.seal]: seal } };
}

/**
 * Compares a run (as JSON has it) with its seal.
 *
 * @throws RangeError when the key is empty.
 */
export function checkSeal(run: JsonRecord, key?: string): SealState {
  if (key !== undefined) refuseEmpty(key);
  const seal = own(recordAt(run, "properties"), PROPERTIES.seal);
  if (seal === undefined) return "absent";
  if (!isRecord(seal)) return "broken";
  const content = contentOf(run);
  if (!isSame(own(seal, "sha256"), plainDigest(content))) return "broken";
  if (key === undefined) return "valid";
  const signature = own(seal, "hmacSha256");
  if (signature === undefined) return "unsigned";
  return isSame(signature, keyedDigest(content, key)) ? "valid" : "broken";
}

/** All of the run but the seal. */
function contentOf(run: JsonRecord): string {
  const properties = Object.entries(recordAt(run, "properties")).filter(([name]) => name !== PROPERTIES.seal);
  return PURPOSE + canonicalJson({ ...run, properties: Object.fromEntries(properties) });
}

function plainDigest(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function keyedDigest(content: string, key: string): string {
  refuseEmpty(key);
  return createHmac("sha256", key).update(content).digest("hex");
}

function refuseEmpty(key: string): void {
  if (key === "") throw new RangeError("The key of the seal is empty.");
}

function isSame(claimed: unknown, digest: string): boolean {
  if (typeof claimed !== "string" || !DIGEST.test(claimed)) return false;
  return timingSafeEqual(Buffer.from(claimed), Buffer.from(digest));
}
