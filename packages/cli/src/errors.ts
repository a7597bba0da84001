/** The user asked for something that cannot be: told in one line, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What the program ends with. */
export const EXIT = { clean: 0, findings: 1, failure: 2, approval: 3 } as const;
