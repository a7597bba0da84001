import type { ChangedFile, FileHistory } from "@yantra-lint/core";
import { isSubstantive } from "../edits.ts";
import { FULL, logStrength, type Family, type Reason } from "../reason.ts";
import { count, plain } from "../wording.ts";

/** Few commits prove little: a share counts as if so many quiet ones had been before. */
const QUIET = 4;
/** Below it a history is an ordinary one. */
const LEAST = 200;

/**
 * How the files did before: repairs and reverts by share, commits by number, authors who have not worked on them.
 * The factors are those of Kamei et al., "A large-scale empirical study of just-in-time quality assurance" (2013).
 */
export const history: Family = (change) =>
  change.files.filter(isSubstantive).flatMap((file): Reason[] => {
    if (!file.history || file.history.commits === 0) return [];
    const strength = strengthOf(file.history);
    return strength < LEAST ? [] : [{ strength, ...told(file, file.history) }];
  });

function strengthOf({ commits, fixes, reverts, known }: FileHistory): number {
  const share = Math.min(1, (fixes + 2 * reverts) / (commits + QUIET));
  const repairs = Math.floor(share * 700);
  const churn = Math.floor(logStrength(commits, 255) / 5);
  return Math.min(FULL, repairs + churn + (known ? 0 : 150));
}

function told(file: ChangedFile, { commits, fixes, reverts, known }: FileHistory): Omit<Reason, "strength"> {
  const repairs = fixes > 0 ? `, ${fixes} of them to repair something` : "";
  const taken = reverts > 0 ? `, and was taken back ${reverts === 1 ? "once" : `${reverts} times`}` : "";
  const author = known ? "" : ", and the authors of this change are new to it";
  return {
    evidence: `${plain(file.path)} changed in ${count(commits, "commit")}${repairs}${taken}${author}.`,
    path: file.path,
    line: file.edit.line,
    ...(known ? {} : { lower: "Let somebody who has worked on the file review it." }),
  };
}
