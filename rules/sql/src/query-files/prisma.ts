import {
  type CandidateFile,
  type EntityColumn,
  type EntityFact,
  type FileKind,
  Lines,
} from "@yantra-lint/core";

/**
 * Prisma's schema language, as far as tables need it. It stands in this pack because a schema is the tables of the
 * database in other words, and the pack knows databases already. It is read by hand: a model is lines of `name type
 * attributes` between braces (prisma.io/docs/orm/reference/prisma-schema-reference), `prisma format` puts each field
 * on one line, and the parsers there are (@mrleebo/prisma-ast on chevrotain, Prisma's own as 2 MB of WebAssembly) are
 * many times the size of this file and give no places of fields.
 */

const PROVIDER = /^[ \t]*provider[ \t]*=[ \t]*"(\w+)"/m;
const DATASOURCE = /^[ \t]*datasource\s+\w+\s*\{([^}]*)\}/m;
const MODEL = /^[ \t]*(?:model|view)[ \t]+\w+[ \t]*\{/m;
const NO_PROGRAM = /(?:^|\/)(?:node_modules|dist|tests?|__\w+__|fixtures|e2e|examples?)\//i;
/** Where the datasource stands when the schema is several files (prisma.io, "Multi-file Prisma schema"). */
const MAIN_FILES = ["schema.prisma", "main.prisma", "base.prisma", "datasource.prisma", "_schema.prisma"];

/** The provider that a schema's datasource names. */
function providerOf(text: string | undefined): string | undefined {
  const block = text === undefined ? undefined : DATASOURCE.exec(text)?.[1];
  return block === undefined ? undefined : PROVIDER.exec(block)?.[1];
}

/** The kind `prisma` of a schema for PostgreSQL; CockroachDB and all others have none. */
export function recognisePrisma(file: CandidateFile): FileKind | undefined {
  if (!file.path.endsWith(".prisma") || NO_PROGRAM.test(file.path) || !MODEL.test(file.text))
    return undefined;
  const provider = providerOf(file.text) ?? providerNearby(file);
  return provider === undefined || provider === "postgresql" || provider === "postgres"
    ? { name: "prisma", factsOnly: true }
    : undefined;
}

function providerNearby(file: CandidateFile): string | undefined {
  const folders = file.path.split("/").slice(0, -1);
  for (let depth = folders.length; depth >= Math.max(0, folders.length - 2); depth -= 1) {
    for (const name of MAIN_FILES) {
      const found = providerOf(file.neighbour([...folders.slice(0, depth), name].join("/")));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Types of columns (prisma.io, "Model field scalar types"); `Unsupported("…")` is no part of the client. */
const SCALARS = new Set([
  "String",
  "Boolean",
  "Int",
  "BigInt",
  "Float",
  "Decimal",
  "DateTime",
  "Json",
  "Bytes",
]);

interface Block {
  kind: "model" | "view" | "enum" | "type";
  name: string;
  nameAt: number;
  lines: { text: string; at: number }[];
}

/**
 * The tables of a Prisma schema. Prisma's client names every scalar column in each SELECT and each `INSERT … RETURNING`,
 * unless the query selects; it fills in defaults itself but for `autoincrement()` and `dbgenerated()`.
 */
export function prismaEntities(text: string): EntityFact[] {
  const blocks = blocksOf(text);
  const types = new Map(blocks.map(({ name, kind }) => [name, kind]));
  const lines = new Lines(text);
  return blocks.flatMap((block): EntityFact[] => {
    if (block.kind !== "model" && block.kind !== "view") return [];
    const attributes = block.lines.filter(({ text: line }) => line.startsWith("@@")).map((line) => line.text);
    if (attributes.some((line) => /^@@ignore\b/.test(line))) return [];
    const schema = argumentOf(attributes, /^@@schema\(\s*(?:\w+:\s*)?"((?:[^"\\]|\\.)*)"/);
    const table = argumentOf(attributes, /^@@map\(\s*(?:name:\s*)?"((?:[^"\\]|\\.)*)"/) ?? block.name;
    const columns = block.lines.flatMap((line) => columnOf(line, types, lines));
    return [
      {
        type: "entity",
        path: "",
        ...lines.region([block.nameAt, block.nameAt + block.name.length]),
        tool: "prisma",
        name: block.name,
        table: { ...(schema === undefined ? {} : { schema }), name: table },
        columns,
      },
    ];
  });
}

function argumentOf(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

const OPENING = /^[ \t]*(model|view|enum|type)[ \t]+(\w+)[ \t]*\{/;

/** The blocks of a schema with their lines, comments left out; offsets are those of a line's first word. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let at = 0;
  for (const whole of text.split("\n")) {
    const line = withoutComment(whole);
    const opening = open ? undefined : OPENING.exec(line);
    if (opening) {
      const [head = "", kind, name = ""] = opening;
      open = { kind: kindOf(kind), name, nameAt: at + head.lastIndexOf(name), lines: [] };
      blocks.push(open);
    } else if (open && line.trim() === "}") open = undefined;
    else if (open && line.trim() !== "")
      open.lines.push({ text: line.trim(), at: at + (line.length - line.trimStart().length) });
    at += whole.length + 1;
  }
  return blocks;
}

function kindOf(word: string | undefined): Block["kind"] {
  return word === "view" || word === "enum" || word === "type" ? word : "model";
}

/** A line up to its `//`, which counts in no text. */
function withoutComment(line: string): string {
  if (!line.includes("//")) return line;
  const found = /^(?:[^"/]|"(?:[^"\\]|\\.)*"|\/(?!\/))*/.exec(line)?.[0];
  return found ?? line;
}

const FIELD = /^(\w+)[ \t]+(\w+)(\[\]|\?)?(?![\w(])(.*)$/;

function columnOf(
  { text, at }: Block["lines"][number],
  types: ReadonlyMap<string, Block["kind"]>,
  lines: Lines,
): EntityColumn[] {
  const match = FIELD.exec(text);
  const [, field, type, mark, rest = ""] = match ?? [];
  if (field === undefined || type === undefined || /(?:^|\s)@(?:ignore|relation)\b/.test(rest)) return [];
  const kind = types.get(type);
  const standard = /(?:^|\s)@default\(\s*(\w+)?/.exec(rest);
  // An enum of another file is told from a model of another file only by what it alone can have.
  if (!SCALARS.has(type) && kind !== "enum" && !(kind === undefined && standard)) return [];
  const name = /(?:^|\s)@map\(\s*(?:name:\s*)?"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? field;
  const byDatabase = standard !== null && /^(?:autoincrement|dbgenerated|sequence)$/.test(standard[1] ?? "");
  const byProgram = (standard !== null && !byDatabase) || /(?:^|\s)@updatedAt\b/.test(rest);
  // A list that is not given is left out of the INSERT, and so is NULL in the database.
  const nullable = mark === "?" || (mark === "[]" && standard === null);
  return [
    {
      ...lines.region([at, at + text.length]),
      name,
      type: `${type}${mark === "[]" ? "[]" : ""}`,
      optional: nullable || byDatabase || byProgram,
      nullable,
      ...(byDatabase ? { filledBy: "database" as const } : byProgram ? { filledBy: "program" as const } : {}),
    },
  ];
}
