export { fingerprints, type TextOf } from "./fingerprints.ts";
export { LIMITS } from "./limits.ts";
export { primaryLocationLineHashes } from "./line-hashes.ts";
export type { SarifRule } from "./rules.ts";
export { toSarif, type SarifFinding, type SarifInput, type SarifLog } from "./sarif.ts";
