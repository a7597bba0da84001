/** A dependency specifier of Python. */
export interface Requirement {
  /** Normalised as PEP 503 has it: lower case, `-` for runs of `-`, `_` and `.`. */
  name: string;
  /** Clauses in a fixed order, without blanks; the address for `name @ URL`; "*" where nothing is asked. */
  version: string;
}

/** Reads PEP 508's `name[extra] >=1,<2 ; marker`; undefined for what is not one. */
export function readRequirement(text: string): Requirement | undefined {
  const [, name, behind] = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?(.*)$/s.exec(text) ?? [];
  if (name === undefined || behind === undefined) return undefined;
  const rest = behind.trim();
  if (rest.startsWith("@")) {
    const [address = ""] = rest.slice(1).trim().split(/\s/, 1);
    return { name: normalName(name), version: address };
  }
  const [clauses = ""] = rest.split(";", 1);
  const asked = clauses.replace(/[()\s]/g, "");
  if (asked !== "" && !/^[<>=!~]/.test(asked)) return undefined;
  return { name: normalName(name), version: normalClauses(asked) };
}

export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The same clauses in any order give the same text, the lower bound first. */
export function normalClauses(clauses: string): string {
  const parts = clauses.split(",").map((clause) => clause.trim().replace(/\s+/g, ""));
  const known = parts.filter((clause) => clause !== "");
  const rank = (clause: string): number => "=~>^".indexOf(clause[0] ?? "") + (/^[<!]/.test(clause) ? 10 : 0);
  return known.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).join(",") || "*";
}

/** The folder or archive on disk that a requirement names: part of the repository. */
export function isLocal(address: string): boolean {
  return /^(?:\.{0,2}\/|\.$|file:)/.test(address);
}
