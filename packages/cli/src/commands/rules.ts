import { knownRules } from "@yantra-lint/workspace";
import pc from "picocolors";
import { packs } from "../packs.ts";

/** `yantra-lint rules`: every rule with what it is about and how severe the recommended preset has it. */
export function listRules(format: "pretty" | "json"): string {
  const rules = [...knownRules(packs).values()].map(({ id, pack, scope, rule: { meta } }) => ({
    id,
    pack,
    scope,
    type: meta.type,
    description: meta.docs.description,
    recommended: meta.docs.recommended,
    fixable: "fixable" in meta,
  }));
  if (format === "json") return `${JSON.stringify(rules, null, 2)}\n`;
  const width = Math.max(...rules.map((rule) => rule.id.length));
  return rules
    .map(
      ({ id, description, recommended }) =>
        `${id.padEnd(width)}  ${pc.dim((recommended === false ? "strict" : recommended).padEnd(6))}  ${description}\n`,
    )
    .join("");
}
