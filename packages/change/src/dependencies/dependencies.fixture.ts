import { dependencyChanges } from "./index.ts";

/** A change of dependencies as a line a table of cases can hold. */
export function told(
  path: string,
  before: string | undefined,
  after: string | undefined,
): string[] | undefined {
  return dependencyChanges({
    path,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  })?.map(
    ({ line, name, change, before: from, after: to, scope, direct }) =>
      `${line} ${change} ${name} ${from ?? "-"} → ${to ?? "-"}` +
      (scope === "development" ? " (development)" : "") +
      (direct ? "" : " (transitive)"),
  );
}

/** Lines of a file, as a template literal would have them without its indentation. */
export function lines(...text: string[]): string {
  return `${text.join("\n")}\n`;
}
