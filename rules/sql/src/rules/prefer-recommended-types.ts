import { type ColumnDefinition, displayName, quotedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { isSerial } from "../language/types.ts";
import { listed } from "../release.ts";

const KINDS = ["integerKey", "char", "varchar", "json", "money", "serial", "timestamp", "timetz"] as const;
type TypeKind = (typeof KINDS)[number];

/** Types that are chosen without a thought are expensive to change once the table is large. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Prefer column types that never have to be changed later",
      recommended: false,
      phase: "expand",
      reversible: true,
    },
    schema: [
      {
        type: "object",
        properties: {
          allow: {
            type: "array",
            items: { enum: [...KINDS] },
            uniqueItems: true,
            description: "Kinds of types that are not reported.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allow: [] }],
    messages: {
      integerKey:
        "The key {{columns}} of {{table}} has room for two thousand million values at most; when they are used up, no row can be inserted, and the change to bigint writes the whole table anew. Make it bigint now.",
      char: "In {{columns}} of {{table}} char(n) fills each value up with spaces, which comparisons then leave out and lengths do not. Make it text, with a CHECK of the length where one is needed.",
      varchar:
        "The length of {{columns}} of {{table}} is part of the type: to shorten it later writes the whole table anew. Make it text with a CHECK of the length, which NOT VALID and VALIDATE CONSTRAINT change while reads and writes go on.",
      json: "The type json of {{columns}} of {{table}} is parsed anew at each access, cannot be compared, so that DISTINCT and UNION fail, and has no index of its own. Make it jsonb.",
      money:
        "What {{columns}} of {{table}} means depends on lc_monetary of whoever reads it: the same amount comes back in another currency. Make it numeric, with a column for the currency.",
      serial:
        "The sequence of {{columns}} of {{table}} has privileges and an owner of its own, and an INSERT with a value goes past it unnoticed, until a later one collides. Make it bigint GENERATED ALWAYS AS IDENTITY.",
      timestamp:
        "What {{columns}} of {{table}} holds is no moment: PostgreSQL drops the time zone without a word, and each reader supplies another. Make it timestamptz.",
      timetz:
        "The type timetz of {{columns}} of {{table}} has an offset but no date, so that daylight saving cannot be told. Make it timestamptz, or time with the zone's name beside it.",
    },
  },
  create(context) {
    const allowed = allowedBy(context.options[0]);
    const check = (
      operation: OperationNodeOf<"CreateTable"> | OperationNodeOf<"AddColumn">,
      columns: readonly { column: ColumnDefinition; key: boolean }[],
    ): void => {
      for (const kind of KINDS) {
        const found = columns.filter(({ column, key }) => kindOf(column, key).includes(kind));
        if (found.length === 0 || allowed.includes(kind)) continue;
        const data = {
          table: displayName(operation.table),
          columns: listed(found.map(({ column }) => quotedName(column.name))),
        };
        context.report({ node: operation, messageId: kind, data });
      }
    };
    return {
      CreateTable(operation) {
        if (operation.temporary) return;
        const keys = operation.constraints.flatMap(({ type, columns }) =>
          type === "primaryKey" && columns.length === 1 ? columns : [],
        );
        const columns = operation.columns.map((column) => ({
          column,
          key: column.primaryKey || keys.includes(column.name),
        }));
        check(operation, columns);
      },
      AddColumn(operation) {
        check(operation, [{ column: operation.column, key: operation.column.primaryKey }]);
      },
    };
  },
});

function allowedBy(options: unknown): unknown[] {
  const allow =
    typeof options === "object" && options !== null && "allow" in options ? options.allow : undefined;
  return Array.isArray(allow) ? allow : [];
}

const BY_TYPE: readonly [RegExp, TypeKind][] = [
  [/^character(?:\(|$)/, "char"],
  [/^character varying\(/, "varchar"],
  [/^json$/, "json"],
  [/^money$/, "money"],
  [/^timestamp(?:\(\d\))? without time zone$/, "timestamp"],
  [/^time(?:\(\d\))? with time zone$/, "timetz"],
];

/** What speaks against the type of a column. `key`: it alone is the primary key, and numbers run on. */
function kindOf({ type, generated, references }: ColumnDefinition, key: boolean): TypeKind[] {
  const base = type.replace(/(?:\[\])+$/, "");
  const found = BY_TYPE.flatMap(([pattern, kind]) => (pattern.test(base) ? [kind] : []));
  if (isSerial(type)) found.push("serial");
  const isSmall = /^(?:(?:small)?serial|integer|smallint)$/.test(type);
  // What points elsewhere is as large as what it points to.
  const runs = isSerial(type) || generated === "identity" || (key && !references);
  return isSmall && key && runs ? [...found, "integerKey"] : found;
}
