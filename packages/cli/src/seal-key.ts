/** The secret that reports are sealed with. */
export const KEY_VARIABLE = "YANTRA_KEY";

/** The key, as options have it; an empty one, as an unset secret of a pipeline gives it, is none. */
export function sealKey(env: Readonly<Record<string, string | undefined>>): { sealKey?: string } {
  const key = env[KEY_VARIABLE];
  return key === undefined || key === "" ? {} : { sealKey: key };
}
