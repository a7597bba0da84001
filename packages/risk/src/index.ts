export * from "./model.ts";
export { BUILT_IN_FLOORS, type BuiltInFloor } from "./built-in-floors.ts";
export { DEFAULT_RISK_SETTINGS, riskSettings, type RiskOverrides } from "./settings.ts";
export { assessRisk, topSignals } from "./score.ts";
export { whatWouldLower } from "./lower.ts";
export { approvalsNeeded, blockingLevel, DEFAULT_POLICY, mergePolicy, type PartialPolicy } from "./policy.ts";
export { ownership, type CodeownersFile } from "./owners.ts";
export { changeDigest, digestOf, type DigestInput } from "./digest.ts";
export { approvalRecord, ApprovalFileError, readApprovals, type ApprovalRecord } from "./approval-files.ts";
export {
  approvalStatus,
  isAuthor,
  type ApprovalStatus,
  type MissingOwners,
  type RefusedApproval,
} from "./approvals.ts";
export { readPartialPolicy, readPolicy, type CheckedPolicy } from "./policy-shape.ts";
export { readReport, type CheckedReport } from "./report.ts";
export {
  decide,
  TOOL_NAME,
  type BlockingFinding,
  type Checkout,
  type GateDecision,
  type GateInput,
  type GateResult,
  type GateRun,
} from "./gate.ts";
