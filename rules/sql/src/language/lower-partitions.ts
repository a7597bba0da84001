import type { ObjectChange, PartitionBound, QualifiedName } from "@yantra-lint/core";
import type { AlterTableCmd, Node, PartitionBoundSpec, RangeVar } from "libpg-query";
import { nameOf } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";

export function partitionOf(def: Node | undefined): QualifiedName | undefined {
  return def && "PartitionCmd" in def ? nameOf(def.PartitionCmd.name) : undefined;
}

/** What a command of ALTER TABLE without an operation of its own does to partitions, parents and identity. */
export function commandChanges(
  command: AlterTableCmd,
  table: QualifiedName,
  source: StatementSource,
): ObjectChange[] {
  const { subtype, def, name: column = "" } = command;
  switch (subtype) {
    case "AT_AttachPartition": {
      const partition = partitionOf(def);
      const spec = def && "PartitionCmd" in def ? def.PartitionCmd.bound : undefined;
      return partition
        ? [{ action: "attachPartition", table, partition, bound: partitionBound(spec, source) }]
        : [];
    }
    case "AT_DetachPartition": {
      const partition = partitionOf(def);
      const concurrently = def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
      return partition ? [{ action: "detachPartition", table, partition, concurrently }] : [];
    }
    case "AT_AddInherit":
    case "AT_DropInherit": {
      const parent: RangeVar | undefined = def && "RangeVar" in def ? def.RangeVar : undefined;
      if (!parent) return [];
      return [
        { action: subtype === "AT_AddInherit" ? "inherit" : "noInherit", table, parent: nameOf(parent) },
      ];
    }
    case "AT_AddIdentity":
      return [{ action: "addIdentity", table, column }];
    case "AT_DropIdentity":
      return [{ action: "dropIdentity", table, column }];
    case "AT_DropExpression":
      return [{ action: "dropExpression", table, column }];
    default:
      return [];
  }
}

/** DEFAULT, or the text from FOR VALUES on. */
export function partitionBound(
  spec: PartitionBoundSpec | undefined,
  source: StatementSource,
): PartitionBound {
  if (!spec || spec.is_default) return { default: true };
  const from = source.indexFrom(source.at(spec.location));
  let to = from;
  while (
    to < source.tokens.length &&
    !["PARTITION", "WITH", "TABLESPACE", "USING", ";"].includes(source.word(to))
  )
    to = source.word(to) === "(" ? source.closing(to) + 1 : to + 1;
  // WITH (MODULUS …) of a hash partition belongs to the bound.
  if (source.word(to) === "WITH" && spec.strategy === "h") to = source.closing(to + 1) + 1;
  return { default: false, values: source.slice(from, to) };
}
