import type { Family, Reason } from "../reason.ts";
import { firstSentence, plain } from "../wording.ts";

/** New findings of the rules. Notes are information. */
export const finding: Family = (change) =>
  change.findings.flatMap(({ level, ruleId, message, path, line }): Reason[] => {
    if (level === "note") return [];
    const evidence = `New ${level}, ${plain(ruleId)}: ${firstSentence(message)}`;
    return level === "error"
      ? [{ strength: 500, floor: "high", evidence, path, line, lower: "Fix it." }]
      : [{ strength: 60, evidence, path, line, lower: "Fix it." }];
  });
