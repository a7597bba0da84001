import type { ChangedAnnotation, ChangedFile } from "@yantra-lint/core";

/**
 * Whether `@yantra-risk low` stood at the base, and still holds `today`, on all that an edit touches: on the file, or
 * on every declaration (one on `Cart` covers `Cart.total`). What the change itself annotates lowers nothing.
 */
export function isAnnotatedLow(
  file: ChangedFile,
  annotations: readonly ChangedAnnotation[],
  today: string,
): boolean {
  const own = annotations.filter((one) => one.path === file.path || one.path === file.previousPath);
  // One that is gone or lowered, or that says more, takes the others' word away.
  if (own.some((one) => one.risk !== "low" || one.change === "lowered")) return false;
  const low = own.filter(
    (one) => one.change === "standing" && !(one.until !== undefined && one.until < today),
  );
  if (low.some((one) => one.declaration === undefined)) return true;
  const covers = (name: string) =>
    low.some(({ declaration = "" }) => name === declaration || name.startsWith(`${declaration}.`));
  const { declarations } = file.edit;
  return declarations.length > 0 && declarations.every((declaration) => covers(declaration.name));
}
