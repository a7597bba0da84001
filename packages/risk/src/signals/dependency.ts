import type { DependencyChange } from "@yantra-lint/core";
import type { Family, Reason } from "../reason.ts";
import { plain } from "../wording.ts";

const STRENGTH: Record<DependencyChange["change"], number> = {
  minor: 150,
  removed: 300,
  unclear: 350,
  added: 400,
  major: 500,
};

/**
 * What runs beside our own code. Development's tools run in nobody's cluster: few points, and a floor only for one
 * that is new by name, as it runs where secrets are.
 */
export const dependency: Family = (change) =>
  change.dependencies.map((one): Reason => {
    const isRuntime = one.scope === "runtime";
    const isNew = one.direct && one.change === "added";
    const whole = isRuntime ? STRENGTH[one.change] : Math.floor(STRENGTH[one.change] / 6);
    return {
      strength: one.direct ? whole : Math.floor(whole / 3),
      ...(isRuntime || isNew ? { floor: "medium" } : {}),
      evidence: evidence(one),
      path: one.path,
      line: one.line,
    };
  });

function evidence(one: DependencyChange): string {
  const name = `${plain(one.name, 80)} (${one.ecosystem})`;
  const where = [
    ...(one.scope === "development" ? ["for development"] : []),
    ...(one.direct ? [] : ["by another dependency"]),
  ].join(", ");
  const aside = where === "" ? "" : `, ${where}`;
  const from = one.before === undefined ? "another version" : plain(one.before, 60);
  const to = one.after === undefined ? "another" : plain(one.after, 60);
  switch (one.change) {
    case "added":
      return `${name} ${one.after === undefined ? "" : `${to} `}is new${aside}.`;
    case "removed":
      return `${name} is gone${aside}.`;
    case "major":
      return `${name} goes from ${from} to ${to}, which may break what uses it${aside}.`;
    case "minor":
      return `${name} goes from ${from} to ${to}${aside}.`;
    case "unclear":
      if (one.before === undefined) return `${name} is now ${to}${aside}.`;
      if (one.after === undefined) return `${name} is no longer ${from}${aside}.`;
      return `${name} goes from ${from} to ${to}, and how far that is cannot be told${aside}.`;
  }
}
