import { LONGEST_LINE, type Dependency } from "./model.ts";

/** mix.exs: `{:name, "~> 1.0", only: :test}` (hexdocs.pm/mix, Mix.Tasks.Deps). */
export function readMix(text: string): Dependency[] {
  return text.split("\n").flatMap((raw, index): Dependency[] => {
    if (raw.length > LONGEST_LINE) return [];
    const [, name, rest] =
      /^[^#]*?\{\s*:(\w+)\s*,\s*((?:"|git:|github:|path:|in_umbrella:).*)$/.exec(raw) ?? [];
    if (name === undefined || rest === undefined || /\b(?:path|in_umbrella):/.test(rest)) return [];
    const asked = /^"([^"]*)"/.exec(rest)?.[1];
    const version = asked ?? /\b(?:git|github):\s*"([^"]*)"/.exec(rest)?.[1]?.concat("#");
    const [, only] = /\bonly:\s*(\[[^\]]*\]|:\w+)/.exec(rest) ?? [];
    const scope = only !== undefined && !only.includes(":prod") ? "development" : "runtime";
    return [{ name, ...(version !== undefined && { version }), line: index + 1, scope, direct: true }];
  });
}

/** mix.lock: `"name": {:hex, :name, "1.0.0", …`. */
export function readMixLock(text: string): Dependency[] {
  return text.split("\n").flatMap((raw, index): Dependency[] => {
    if (raw.length > LONGEST_LINE) return [];
    const [, name, kind, version] =
      /^\s*"([\w.-]+)":\s*\{:(\w+),\s*(?::\w+|"[^"]*"),\s*"([^"]+)"/.exec(raw) ?? [];
    if (name === undefined || version === undefined) return [];
    const shown = kind === "hex" ? version : `#${version}`;
    return [{ name, version: shown, line: index + 1, scope: "runtime", direct: false }];
  });
}
