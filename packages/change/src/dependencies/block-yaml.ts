import { readYaml, type Tree } from "./tree.ts";

/**
 * A reader of the YAML that pnpm and Yarn write: block mappings, indented, one key a line. `yaml` reads 2 to 4 MB a
 * second, which a lock file of some MB cannot wait for.
 *
 * pnpm: js-yaml's `dump` with `noRefs` and a line width of -1 or 1000 (pnpm, lockfile/fs/src/write.ts); keys over 1024
 * characters become `? key`. Yarn: packages/yarnpkg-parsers/sources/syml.ts, the same subset.
 */
export interface Block {
  /** 1-based. */
  line: number;
  /** What stands behind the colon, quotes taken off; "" where a mapping follows. */
  value: string;
  fields: Map<string, Block>;
}

interface Open {
  indent: number;
  block: Block;
}

const CONFLICT = /^(?:<{7}|={7}|>{7})(?: |\r?$)/m;

/** Whether git left its conflict markers in the text. */
export function hasConflict(text: string): boolean {
  return CONFLICT.test(text);
}

/** The documents of a text; undefined when it cannot be read. */
export function readBlocks(text: string): Block[] | undefined {
  if (hasConflict(text)) return undefined;
  const blocks = readWritten(text);
  if (blocks !== undefined) return blocks;
  // Somebody's formatter may have written the file anew.
  const tree = readYaml(text);
  return tree && [toBlock(tree)];
}

function toBlock({ line, text = "", fields }: Tree): Block {
  return {
    line,
    value: text,
    fields: new Map([...(fields ?? [])].map(([key, value]) => [key, toBlock(value)])),
  };
}

function readWritten(text: string): Block[] | undefined {
  let root: Block = { line: 1, value: "", fields: new Map() };
  const documents = [root];
  let open: Open[] = [{ indent: -1, block: root }];
  let explicit: Open | undefined;
  let skipBelow: number | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trimStart();
    const indent = raw.length - content.length;
    const rest = content.trimEnd();
    if (rest === "" || rest.startsWith("#")) continue;
    if (skipBelow !== undefined && indent > skipBelow) continue;
    skipBelow = undefined;
    if (indent === 0 && rest === "---") {
      root = { line: index + 1, value: "", fields: new Map() };
      documents.push(root);
      open = [{ indent: -1, block: root }];
      continue;
    }
    // Items of lists (operating systems, bundled packages) say nothing of versions.
    if (rest === "-" || rest.startsWith("- ")) {
      skipBelow = indent;
      continue;
    }
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const parent = open.at(-1);
    if (parent === undefined) return undefined;
    if (rest.startsWith("? ")) {
      const block: Block = { line: index + 1, value: "", fields: new Map() };
      parent.block.fields.set(unquote(rest.slice(2)), block);
      explicit = { indent, block };
      continue;
    }
    if (explicit !== undefined && rest.startsWith(":") && indent === explicit.indent) {
      // `:` and, on the same line, the first field of the mapping.
      open.push(explicit);
      const inner = rest.slice(1).trimStart();
      const pair = inner === "" ? undefined : splitPair(inner);
      if (pair) {
        const block: Block = { line: index + 1, value: pair.value, fields: new Map() };
        explicit.block.fields.set(pair.key, block);
        if (pair.value === "") open.push({ indent: indent + 2, block });
      }
      explicit = undefined;
      continue;
    }
    explicit = undefined;
    const pair = splitPair(rest);
    if (pair === undefined) return undefined;
    const block: Block = { line: index + 1, value: pair.value, fields: new Map() };
    parent.block.fields.set(pair.key, block);
    if (pair.value === "") open.push({ indent, block });
    // Folded and literal text, and plain or quoted text that goes on in the next lines.
    else skipBelow = indent;
  }
  return documents.filter(({ fields }) => fields.size > 0);
}

function splitPair(text: string): { key: string; value: string } | undefined {
  const quote = text[0];
  let end: number;
  if (quote === '"' || quote === "'") {
    end = text.indexOf(quote, 1) + 1;
    // A quote inside is doubled ('') or escaped (\"): neither stands in names of packages.
    if (end === 0 || text[end] !== ":") return undefined;
  } else {
    end = text.endsWith(":") && !text.includes(": ") ? text.length - 1 : text.indexOf(": ");
    if (end <= 0) return undefined;
  }
  return { key: unquote(text.slice(0, end)), value: unquote(text.slice(end + 1).trim()) };
}

function unquote(text: string): string {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)
    ? text.slice(1, -1)
    : text;
}
