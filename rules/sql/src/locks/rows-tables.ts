import * as is from "./conditions/index.ts";
import { not, type Row, rowsOf } from "./row.ts";

const FIRST_SCAN =
  'PostgreSQL 12 release notes, "ALTER TABLE": SET NOT NULL avoids the scan when a CHECK constraint proves it';

/** Operations on tables and their columns and constraints. */
export const TABLE_ROWS: Row[] = [
  ...rowsOf("CreateTable", {
    always: {},
    references: { when: is.isMade, locks: { referenced: "SHARE ROW EXCLUSIVE" } },
    partition: {
      when: [is.isMade, is.isPartition],
      locks: { parent: "ACCESS EXCLUSIVE", defaultPartition: "ACCESS EXCLUSIVE" },
      work: { defaultPartition: "scan" },
    },
    inherits: { when: [is.isMade, is.inherits], locks: { parent: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOf("DropTable", {
    always: {
      when: is.isThere,
      locks: {
        target: "ACCESS EXCLUSIVE",
        referenced: "ACCESS EXCLUSIVE",
        descendant: "ACCESS EXCLUSIVE",
        parent: "ACCESS EXCLUSIVE",
        defaultPartition: "ACCESS EXCLUSIVE",
      },
    },
    cascade: {
      when: [is.isThere, is.isCascading],
      locks: { referencing: "ACCESS EXCLUSIVE", view: "ACCESS EXCLUSIVE" },
    },
  }),
  ...rowsOf("RenameTable", {
    present: { when: is.mayBeRenamed, locks: { target: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("SetSchema", { always: { locks: { target: "ACCESS EXCLUSIVE" } } }),
  ...rowsOf("AddColumn", {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
    volatileDefault: {
      when: [is.isAdded, is.hasVolatileDefault],
      work: { target: "rewrite", descendant: "rewrite" },
    },
    serial: { when: [is.isAdded, is.isSerialColumn], work: { target: "rewrite", descendant: "rewrite" } },
    identity: {
      when: [is.isAdded, is.isGenerated("identity")],
      work: { target: "rewrite", descendant: "rewrite" },
    },
    stored: {
      when: [is.isAdded, is.isGenerated("stored")],
      work: { target: "rewrite", descendant: "rewrite" },
    },
    constrainedDomain: {
      when: [is.isAdded, is.isConstrainedDomain],
      work: { target: "rewrite", descendant: "rewrite" },
    },
    check: { when: [is.isAdded, is.hasCheck], work: { target: "scan", descendant: "scan" } },
    requiredWithoutValue: {
      when: [is.isAdded, is.isRequiredWithoutValue],
      work: { target: "scan", descendant: "scan" },
    },
    index: { when: [is.isAdded, is.hasIndex], work: { target: "build", partitionBelow: "build" } },
    references: {
      when: [is.isAdded, is.hasReference],
      locks: { referenced: "SHARE ROW EXCLUSIVE" },
    },
    referencesWithDefault: {
      when: [is.isAdded, is.hasReference, is.hasDefault],
      work: { target: "scan", partitionBelow: "scan" },
    },
  }),
  ...rowsOf("DropColumn", {
    always: {
      locks: {
        target: "ACCESS EXCLUSIVE",
        descendant: "ACCESS EXCLUSIVE",
        referenced: "ACCESS EXCLUSIVE",
      },
    },
    cascade: {
      when: is.isCascading,
      locks: { referencing: "ACCESS EXCLUSIVE", view: "ACCESS EXCLUSIVE" },
    },
  }),
  ...rowsOf("RenameColumn", {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("AlterColumnType", {
    always: {
      locks: {
        target: "ACCESS EXCLUSIVE",
        descendant: "ACCESS EXCLUSIVE",
        referenced: "ACCESS EXCLUSIVE",
        referencing: "ACCESS EXCLUSIVE",
      },
    },
    rewrite: { when: is.rewritesRows, work: { target: "rewrite", descendant: "rewrite" } },
    check: { when: is.rechecksRows, work: { target: "scan", descendant: "scan" } },
    foreignKey: { when: is.rechecksKey, work: { target: "scan" } },
    referenced: { when: is.rewritesRows, work: { referencingValid: "scan" } },
    index: { when: is.rebuildsIndex, work: { target: "build", descendant: "build" } },
  }),
  ...rowsOf("SetNotNull", {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
    scan: { when: is.columnMayHoldNull, since: 12, work: { target: "scan", descendant: "scan" } },
    scanInSpiteOfCheck: {
      when: is.columnMayHoldNull,
      until: 11,
      work: { target: "scan", descendant: "scan" },
      document: FIRST_SCAN,
    },
  }),
  ...rowsOf("DropNotNull", {
    always: { locks: { target: "ACCESS EXCLUSIVE" } },
    inherited: { when: is.isNotNull, locks: { descendant: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("SetDefault", {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("DropDefault", {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("AddConstraint", {
    check: {
      when: is.isOfType("check"),
      locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" },
    },
    checkScan: { when: [is.isOfType("check"), is.isValidated], work: { target: "scan" } },
    checkScanBelow: {
      when: [is.isOfType("check"), is.isValidated, is.isInherited],
      work: { descendant: "scan" },
    },
    foreignKey: {
      when: is.isOfType("foreignKey"),
      locks: {
        target: "SHARE ROW EXCLUSIVE",
        descendant: "SHARE ROW EXCLUSIVE",
        referenced: "SHARE ROW EXCLUSIVE",
      },
    },
    foreignKeyScan: {
      when: [is.isOfType("foreignKey"), is.isValidated],
      work: { target: "scan", partitionBelow: "scan" },
    },
    index: {
      when: is.isOfType("unique", "primaryKey", "exclude"),
      locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" },
    },
    indexBuild: {
      when: [is.isOfType("unique", "primaryKey", "exclude"), not(is.usesIndex)],
      work: { target: "build", partitionBelow: "build" },
    },
    primaryKeyScan: {
      when: [is.isOfType("primaryKey"), is.hasNullableColumn],
      work: { target: "scan", descendant: "scan" },
    },
    notNull: {
      when: is.isOfType("notNull"),
      since: 18,
      locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" },
    },
    notNullScan: {
      when: [is.isOfType("notNull"), is.isValidated, is.hasNullableColumn],
      since: 18,
      work: { target: "scan", descendant: "scan" },
    },
  }),
  ...rowsOf("ValidateConstraint", {
    always: { locks: { target: "SHARE UPDATE EXCLUSIVE", descendant: "SHARE UPDATE EXCLUSIVE" } },
    foreignKey: { when: [is.isForeignKey, is.isNotYetValid], locks: { referenced: "ROW SHARE" } },
    scan: { when: is.isNotYetValid, work: { target: "scan", descendant: "scan" } },
  }),
  ...rowsOf("DropConstraint", {
    always: {
      locks: {
        target: "ACCESS EXCLUSIVE",
        descendant: "ACCESS EXCLUSIVE",
        referenced: "ACCESS EXCLUSIVE",
      },
    },
    cascade: { when: is.isCascading, locks: { referencing: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("RenameConstraint", {
    always: { locks: { target: "ACCESS EXCLUSIVE" } },
    check: { when: is.isCheckOfAll, locks: { descendant: "ACCESS EXCLUSIVE" } },
  }),
];
