import type { OperationKind } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import type { LockMode, PostgresVersion, Role, Server, WorkKind } from "./types.ts";

/** An answer of a condition; unknown: neither text nor catalog tell. */
export type Answer = boolean | "unknown";

/** What a condition is asked about: an operation, and what stood before it. */
export interface Question<Operation extends OperationNode = OperationNode> {
  operation: Operation;
  catalog: Catalog;
  server: Server;
}

export type Condition<Operation extends OperationNode = OperationNode> = (
  question: Question<Operation>,
) => Answer;

/** One row of the model as it is written down. */
export interface Definition<Operation extends OperationNode = OperationNode> {
  /** All of them have to hold; none: always. */
  when?: Condition<Operation> | readonly Condition<Operation>[];
  /** First and last major version; absent: all of the model's. */
  since?: PostgresVersion;
  until?: PostgresVersion;
  locks?: Partial<Record<Role, LockMode>>;
  work?: Partial<Record<Role, WorkKind>>;
  /** Other code may run that is not read: what it is. */
  unknown?: string;
  /** Document and version, for what a running PostgreSQL 18 does not show; absent: measured (`model.test.ts`). */
  document?: string;
}

export interface Row {
  /** `AddColumn/volatileDefault`. */
  id: string;
  definition: Definition;
  /** Its definition's, as pairs. */
  locks: readonly (readonly [Role, LockMode])[];
  work: readonly (readonly [Role, WorkKind])[];
  /** Whether it says something of an operation. */
  applies(question: Question): Answer;
}

/** The rows of one kind of operation. */
export function rowsOf<K extends OperationKind>(
  kind: K,
  definitions: Readonly<Record<string, Definition<OperationNodeOf<K> & OperationNode>>>,
): Row[] {
  return rows(kind, (operation) => (isOf(operation, kind) ? operation : undefined), definitions);
}

/** The rows of statements and commands of ALTER TABLE that are no operation of their own, by their tag. */
export function rowsOfTags(
  tags: readonly string[],
  definitions: Readonly<Record<string, Definition>>,
): Row[] {
  return tags.flatMap((tag) =>
    rows(
      tag,
      (operation) => (operation.type === "Other" && operation.tag === tag ? operation : undefined),
      definitions,
    ),
  );
}

function isOf<K extends OperationKind>(
  operation: OperationNode,
  kind: K,
): operation is OperationNodeOf<K> & OperationNode {
  return operation.type === kind;
}

function rows<Operation extends OperationNode>(
  group: string,
  narrow: (operation: OperationNode) => Operation | undefined,
  definitions: Readonly<Record<string, Definition<Operation>>>,
): Row[] {
  return Object.entries(definitions).map(([name, { when = [], ...definition }]) => {
    const conditions = typeof when === "function" ? [when] : when;
    const { since = 11, until = 18, locks = {}, work = {} } = definition;
    return {
      id: `${group}/${name}`,
      definition,
      locks: pairs(locks),
      work: pairs(work),
      applies({ operation, catalog, server }) {
        const ours = narrow(operation);
        if (!ours || server.version < since || server.version > until) return false;
        return all(conditions, { operation: ours, catalog, server });
      },
    };
  });
}

function pairs<Key extends string, Value>(record: Partial<Record<Key, Value>>): [Key, Value][] {
  // `Object.entries` forgets the keys' type; definitions have no others.
  return Object.entries(record) as [Key, Value][];
}

/** False as soon as one is, else unknown as soon as one is. */
function all<Operation extends OperationNode>(
  conditions: readonly Condition<Operation>[],
  question: Question<Operation>,
): Answer {
  let answer: Answer = true;
  for (const condition of conditions) {
    const each = condition(question);
    if (each === false) return false;
    if (each === "unknown") answer = each;
  }
  return answer;
}

/** True as soon as one is, else unknown as soon as one is. */
export function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes("unknown") ? "unknown" : false;
}

export function not<Operation extends OperationNode>(condition: Condition<Operation>): Condition<Operation> {
  return (question) => {
    const answer = condition(question);
    return answer === "unknown" ? answer : !answer;
  };
}
