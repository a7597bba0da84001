const PREFIXES: Readonly<Record<string, string>> = {
  "no-": "Disallow",
  "require-": "Require",
  "prefer-": "Prefer",
  "valid-": "Enforce",
};

/** What is wrong with the name of a new rule, or undefined when it is a good one. */
export function nameProblem(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    return `"${name}" is not in kebab-case: small letters and digits, words joined by hyphens.`;
  }
  if (!descriptionVerb(name)) {
    const prefixes = Object.keys(PREFIXES).join(", ");
    return `"${name}" does not say what the rule asks for. Begin with one of ${prefixes} and name the construct, not the fix.`;
  }
  return undefined;
}

/** The verb that a rule's description begins with, by the beginning of its name. */
export function descriptionVerb(name: string): string | undefined {
  return Object.entries(PREFIXES).find(
    ([prefix]) => name.startsWith(prefix) && name.length > prefix.length,
  )?.[1];
}
