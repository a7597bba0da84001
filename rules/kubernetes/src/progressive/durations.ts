const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** A duration of Go's `time.ParseDuration` (`1h30m`, `90s`) in seconds; undefined when it is none. */
export function goDuration(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^(?:\d+(?:\.\d+)?(?:ns|us|\u00b5s|ms|s|m|h))+$/.test(value))
    return undefined;
  return [...value.matchAll(/(\d+(?:\.\d+)?)([a-z\u00b5]+)/g)].reduce(
    (sum, [, amount = "", unit = ""]) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
}

/**
 * The duration of a pause of Argo Rollouts in seconds: a number, a text of digits, or a Go duration.
 * (argo-rollouts v1.10, pkg/apis/rollouts/v1alpha1/types.go, RolloutPause.DurationSeconds.)
 */
export function pauseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : goDuration(value);
}

/** An IntOrString of Kubernetes as a whole number; undefined for percentages, placeholders and anything else. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** Seconds as a person would say them: `40 s`, `2 min`, `2 min 30 s`, `1 h 5 min`. */
export function spokenSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const said = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return said.length === 0 ? "0 s" : said.join(" ");
}
