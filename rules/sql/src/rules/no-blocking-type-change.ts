import { displayName, quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { defineRule } from "../define.ts";
import { enumsOfChange, valuesAdded } from "../enum-values.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { strings } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isBuiltIn, type TypeChange, typeChange } from "../language/type-change.ts";
import { canonicalType } from "../language/types.ts";
import { areAtOnce, operationsBefore, operationsWith } from "../later.ts";
import { andCommit } from "../lock-duration.ts";
import { shortName } from "../names.ts";
import { isOverSoon, tableOf } from "../questions.ts";
import { listed } from "../release.ts";

const REWRITES =
  "rewrites the whole table and its indexes under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done{{commit}}.";
const WAY =
  "a column of the new type instead, keep both filled, copy the old values in batches, ship a release that uses the new one, and drop the old one in a later migration.";
const NEW_COLUMN = `Add ${WAY}`;

/** Changing a column's type writes every row anew under the strongest lock, but for types that are stored alike. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow changing a column's type where that rewrites the table",
      recommended: "error",
      uncertain: ["unlessUtc", "unlessDomain", "unlessSame"],
      phase: "contract",
      reversible: false,
    },
    schema: [],
    messages: {
      rewrites: `Changing {{table}}.{{column}} from {{from}} to {{to}} ${REWRITES}{{others}} ${NEW_COLUMN}`,
      shortens: `Changing {{table}}.{{column}} from {{from}} to {{to}} ${REWRITES}{{others}} A check keeps the values short without that: ADD CONSTRAINT … CHECK (char_length({{column}}) <= {{length}}) NOT VALID, and in a later transaction VALIDATE CONSTRAINT, during which reads and writes go on.`,
      computes: `Changing {{table}}.{{column}} to {{to}} computes each row's value by USING, and so ${REWRITES}{{others}} ${NEW_COLUMN}`,
      unlessUtc: `Changing {{table}}.{{column}} from {{from}} to {{to}} ${REWRITES}{{others}} Only where the session's TimeZone is UTC are the rows left as they are: if the old values are UTC, put SET LOCAL timezone = 'UTC' before the statement, in the same transaction. Otherwise add ${WAY}`,
      addsValues: `Changing {{table}}.{{column}} to {{to}} ${REWRITES}{{others}} The new type has the values of the old one and {{values}} besides: ALTER TYPE {{type}} ADD VALUE, with BEFORE or AFTER where the order matters, adds to the old type in place and reads no row; use what it adds in a later migration only.`,
      unlessDomain: `Changing {{table}}.{{column}} from {{from}} to {{to}} ${REWRITES}{{others}} Only a domain without constraints over the other type would leave the rows as they are. ${NEW_COLUMN}`,
      unlessSame: `Changing {{table}}.{{column}} to {{to}} ${REWRITES}{{others}} It cannot be told from the migrations here which type the column has: only if it is {{to}} already does nothing happen. ${NEW_COLUMN}`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      // All commands of one ALTER TABLE share one rewrite, and one finding tells of it.
      Statement(statement) {
        const verdicts = statement.operations.flatMap((operation) => {
          if (operation.type !== "AlterColumnType") return [];
          const verdict = judge(code, operation);
          return verdict ? [{ operation, ...(valuesVerdict(code, operation, verdict) ?? verdict) }] : [];
        });
        const [first, ...more] = verdicts;
        if (!first) return;
        const { operation, messageId, data } = first;
        const commit = andCommit(code, operation);
        const names = more
          .map(({ operation: { column, to } }) => `${quotedName(column)} to ${to}`)
          .join(" and ");
        const others =
          names === "" ? "" : ` The same statement changes ${names} as well, in the same rewrite.`;
        context.report({ node: operation, messageId, data: { ...data, others, commit } });
      },
    };
  },
});

interface Verdict {
  messageId: string;
  data: Record<string, string>;
}

/** What is said instead where an enum is made anew to have more values. */
function valuesVerdict(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AlterColumnType">,
  { data }: Verdict,
): Verdict | undefined {
  const enums = enumsOfChange(code, operation);
  const added = enums && valuesAdded(enums);
  if (!added) return undefined;
  const values = listed(added.map((value) => `'${value}'`));
  return { messageId: "addsValues", data: { ...data, values, type: shortName(enums.before) } };
}

/** What a change does that rewrites the table, or may; undefined for one that does not, or hurts nobody. */
function judge(code: SqlSourceCode, operation: OperationNodeOf<"AlterColumnType">): Verdict | undefined {
  const { column, to } = operation;
  const answer = code.catalogBefore(operation).table(operation.table);
  if (isOverSoon(answer, operation)) return undefined;
  const from = tableOf(answer)?.columns.get(column)?.type;
  const data = { table: displayName(operation.table), column: quotedName(column), to };
  const using = usingOf(operation);
  const casts = using ? castsOf(using, column) : [];
  if (!casts) return { messageId: "computes", data };
  const change = worst(code, operation, [...(from === undefined ? [] : [from]), ...casts, to]);
  // A detour, such as `a::text::mood`: the catalog may know the old type by a name that it no longer has.
  const detour = casts.some((cast) => cast !== to);
  if (change === "rewrite" && (from === undefined || detour)) return { messageId: "computes", data };
  if (from === undefined) return isUnlike(to) ? { messageId: "unlessSame", data } : undefined;
  const length = /^character varying\((\d+)\)$/.exec(to)?.[1];
  if (change === "rewrite" && length !== undefined && /^(?:text|character varying(?:\(\d+\))?)$/.test(from)) {
    return { messageId: "shortens", data: { ...data, from, length } };
  }
  const messageId = MESSAGES[change];
  return messageId === undefined ? undefined : { messageId, data: { ...data, from } };
}

const MESSAGES = {
  rewrite: "rewrites",
  rewriteUnlessDomain: "unlessDomain",
  rewriteUnlessUtc: "unlessUtc",
  unknown: undefined,
  nothing: undefined,
} as const satisfies Record<TypeChange, string | undefined>;

const BY_WEIGHT = ["rewrite", "rewriteUnlessDomain", "rewriteUnlessUtc", "unknown"] as const;

/** The costliest of the steps from type to type. */
function worst(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AlterColumnType">,
  types: readonly string[],
): TypeChange {
  const changes = types.slice(1).map((to, index) => {
    const from = types[index] ?? to;
    const change = typeChange(from, to);
    if (change === "rewriteUnlessUtc" && isUtc(code, operation)) return "nothing";
    const isEnum = [from, to].some((type) => !isBuiltIn(type) && isEnumOf(code, operation, type));
    return change === "rewriteUnlessDomain" && isEnum ? "rewrite" : change;
  });
  return BY_WEIGHT.find((change) => changes.includes(change)) ?? "nothing";
}

/** Whether the file's last SET timezone before the operation says UTC. */
function isUtc(code: SqlSourceCode, operation: OperationNodeOf<"AlterColumnType">): boolean {
  const last = operationsBefore(code, operation).findLast(
    (earlier) =>
      earlier.type === "SetParameter" &&
      earlier.name === "timezone" &&
      (!earlier.local || areAtOnce(earlier, operation)),
  );
  return last?.type === "SetParameter" && /^(?:etc\/)?(?:utc|uct|gmt|universal|zulu)$/i.test(last.value);
}

/** Whether the file makes an enum of that name: it is no domain, then. */
function isEnumOf(code: SqlSourceCode, operation: OperationNodeOf<"AlterColumnType">, type: string): boolean {
  return operationsWith(code, operation).some(({ raw }) => {
    if (!("CreateEnumStmt" in raw)) return false;
    return strings(raw.CreateEnumStmt.typeName).at(-1) === type.slice(type.lastIndexOf(".") + 1);
  });
}

/** Types that hardly another one is stored alike with. */
function isUnlike(type: string): boolean {
  return /^(?:smallint|integer|bigint|real|double precision|boolean|uuid|json|jsonb|bytea|date)(?:\[\])*$/.test(
    type,
  );
}

function usingOf({ raw }: OperationNodeOf<"AlterColumnType">): Node | undefined {
  const definition = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return definition && "ColumnDef" in definition ? definition.ColumnDef.raw_default : undefined;
}

/** The types that an expression casts the column to, innermost first; undefined when it does anything else. */
function castsOf(expression: Node, column: string): string[] | undefined {
  if ("ColumnRef" in expression)
    return strings(expression.ColumnRef.fields).at(-1) === column ? [] : undefined;
  if (!("TypeCast" in expression) || !expression.TypeCast.arg) return undefined;
  const inner = castsOf(expression.TypeCast.arg, column);
  return inner && [...inner, canonicalType(expression.TypeCast.typeName)];
}
