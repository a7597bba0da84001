/** What of a version decides how far two of them are apart. */
export interface Version {
  /** Versions of the same line are meant to be compatible. */
  line: string;
  numbers: number[];
  /** An image's flavour, `-slim`: within a line, another flavour is another thing. */
  variant: string;
}

/** Ecosystems where the leftmost component that is not zero is the breaking one. */
const ZERO_MAJOR = new Set(["npm", "cargo", "go"]);

/** Longer ones are no versions; keeps the patterns below cheap. */
const LONGEST = 200;

/**
 * Reads a version, or a range's lower bound; undefined for what has no order: URLs, tags, `latest`, `*`, commits,
 * ranges without lower bound.
 *
 * Lines: npm (semver's caret, node-semver README), cargo (The Cargo Book, "Specifying Dependencies") and go
 * (go.dev/ref/mod#versions: v0 promises nothing) by the leftmost component that is not zero; all others by the first.
 */
export function readVersion(ecosystem: string, text: string | undefined): Version | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  if (ecosystem === "image") return readTag(text);
  // Untagged modules of Go: v0.0.0-20240102150405-abcdef123456.
  if (ecosystem === "go" && /^v0\.0\.0-(?:\d|0\.\d)/.test(text)) return undefined;
  if (/[:/#@$]/.test(text)) return undefined;
  const bounds: number[][] = [];
  for (const alternative of text.split(/\|+/)) {
    const bound = lowerBound(alternative.trim());
    if (bound === undefined) return undefined;
    bounds.push(bound);
  }
  const [numbers] = bounds.sort(compareNumbers);
  return numbers && { line: lineOf(ecosystem, numbers), numbers, variant: "" };
}

/** Negative when `a` is the lower version; missing components count as 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function lineOf(ecosystem: string, numbers: readonly number[]): string {
  if (!ZERO_MAJOR.has(ecosystem)) return String(numbers[0]);
  const padded = [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
  const breaking = padded.findIndex((component) => component !== 0);
  return padded.slice(0, breaking === -1 ? 3 : breaking + 1).join(".");
}

const COMPARATOR = /^([~^<>=!]*)[vV]?(\d+(?:\.\d+)*)(.*)$/s;

function lowerBound(range: string): number[] | undefined {
  // Maven's and NuGet's intervals: [1.0,2.0), (,1.0], [1.0].
  const interval = /^[[(]([^,\])]*)/.exec(range);
  const parts = (interval?.[1] ?? range).replace(/([~^<>=!])\s+/g, "$1").split(/[\s,]+/);
  let lower: number[] | undefined;
  for (const part of parts) {
    if (part === "" || part === "-") continue;
    // A commit's hash may begin with a digit.
    if (/^[0-9a-f]{7,64}$/.test(part) && /[a-f]/.test(part)) return undefined;
    const [, operator, digits] = COMPARATOR.exec(part) ?? [];
    if (operator === undefined || digits === undefined) return undefined;
    if (operator.startsWith("<") || operator.startsWith("!")) continue;
    const numbers = digits.split(".").map(Number);
    // `1.0 - 2.0`: the first is the lower; of `>=1.0, >=1.2` the higher one is.
    if (lower === undefined || (operator !== "" && compareNumbers(numbers, lower) > 0)) lower = numbers;
  }
  return lower;
}

function readTag(text: string): Version | undefined {
  const tag = text.replace(/@.*$/s, "");
  if (/^[0-9a-f]{7,64}$/.test(tag) && /[a-f]/.test(tag)) return undefined;
  const [, digits, flavour] = /^v?(\d+(?:\.\d+)*)([-_.+a-zA-Z].*)?$/s.exec(tag) ?? [];
  if (digits === undefined) return undefined;
  const numbers = digits.split(".").map(Number);
  return { line: String(numbers[0]), numbers, variant: (flavour ?? "").replace(/[\d.]+/g, "") };
}
