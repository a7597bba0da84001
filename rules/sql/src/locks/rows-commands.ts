import * as is from "./conditions/index.ts";
import { not, type Row, rowsOfTags } from "./row.ts";

const EXCLUSIVE_COMMANDS = [
  "AT_EnableRowSecurity",
  "AT_DisableRowSecurity",
  "AT_ForceRowSecurity",
  "AT_NoForceRowSecurity",
  "AT_ChangeOwner",
  "AT_ReplicaIdentity",
  "AT_DropInherit",
  "AT_EnableRule",
  "AT_DisableRule",
  "AT_EnableAlwaysRule",
  "AT_EnableReplicaRule",
  "AT_AddOf",
  "AT_DropOf",
];

/** Commands on a column, which reach the partitions. */
const COLUMN_COMMANDS = [
  "AT_AddIdentity",
  "AT_SetIdentity",
  "AT_DropIdentity",
  "AT_DropExpression",
  "AT_SetStorage",
  "AT_SetCompression",
];

/** Commands of ALTER TABLE without an operation of their own. */
export const COMMAND_ROWS: Row[] = [
  ...rowsOfTags(EXCLUSIVE_COMMANDS, { always: { locks: { target: "ACCESS EXCLUSIVE" } } }),
  ...rowsOfTags(COLUMN_COMMANDS, {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AT_SetStatistics"], {
    always: { locks: { target: "SHARE UPDATE EXCLUSIVE", descendant: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AT_SetOptions", "AT_ResetOptions"], {
    always: { locks: { target: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AT_ClusterOn", "AT_DropCluster"], {
    always: { locks: { target: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AT_SetRelOptions", "AT_ResetRelOptions"], {
    light: { when: not(is.setsHeavyParameter), locks: { target: "SHARE UPDATE EXCLUSIVE" } },
    heavy: { when: is.setsHeavyParameter, locks: { target: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOfTags(
    [
      "AT_EnableTrig",
      "AT_EnableAlwaysTrig",
      "AT_EnableReplicaTrig",
      "AT_EnableTrigAll",
      "AT_EnableTrigUser",
      "AT_DisableTrig",
      "AT_DisableTrigAll",
      "AT_DisableTrigUser",
    ],
    {
      always: { locks: { target: "SHARE ROW EXCLUSIVE" } },
      partitions: { when: is.hasTriggers, locks: { partitionBelow: "SHARE ROW EXCLUSIVE" } },
    },
  ),
  ...rowsOfTags(["AT_SetUnLogged"], {
    always: { locks: { target: "ACCESS EXCLUSIVE" }, work: { target: "rewrite" } },
  }),
  ...rowsOfTags(["AT_SetLogged", "AT_SetTableSpace", "AT_SetAccessMethod"], {
    always: { locks: { target: "ACCESS EXCLUSIVE" } },
    // Nothing is written when the table is so already.
    rewrite: { when: is.unlessSoAlready, work: { target: "rewrite" } },
  }),
  ...rowsOfTags(["AT_SetExpression"], {
    always: { locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" } },
    stored: { when: is.unlessVirtual, work: { target: "rewrite", descendant: "rewrite" } },
  }),
  ...rowsOfTags(["AT_AlterConstraint"], {
    always: { locks: { target: "ACCESS EXCLUSIVE" } },
    notEnforced: { when: is.liftsEnforcement, since: 18, locks: { referenced: "ACCESS EXCLUSIVE" } },
    enforced: {
      when: is.enforces,
      since: 18,
      locks: { referenced: "SHARE ROW EXCLUSIVE" },
      work: { target: "scan" },
    },
  }),
  ...rowsOfTags(["AT_AddInherit"], {
    always: { locks: { target: "ACCESS EXCLUSIVE", parent: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AT_AttachPartition"], {
    always: {
      since: 12,
      locks: {
        target: "SHARE UPDATE EXCLUSIVE",
        partition: "ACCESS EXCLUSIVE",
        defaultPartition: "ACCESS EXCLUSIVE",
      },
    },
    exclusive: {
      until: 11,
      locks: {
        target: "ACCESS EXCLUSIVE",
        partition: "ACCESS EXCLUSIVE",
        defaultPartition: "ACCESS EXCLUSIVE",
      },
      document:
        'PostgreSQL 11, "ALTER TABLE": every form takes ACCESS EXCLUSIVE unless noted; 12 notes ATTACH PARTITION',
    },
    scan: { when: is.unlessImplied, work: { partition: "scan" } },
    defaultScan: { work: { defaultPartition: "scan" } },
    index: { when: is.hasIndexesToBuild, work: { partition: "build" } },
  }),
  ...rowsOfTags(["AT_DetachPartition"], {
    plain: {
      when: not(is.isConcurrent),
      locks: {
        target: "ACCESS EXCLUSIVE",
        partition: "ACCESS EXCLUSIVE",
        defaultPartition: "ACCESS EXCLUSIVE",
      },
    },
    concurrently: {
      when: is.isConcurrent,
      since: 14,
      locks: {
        target: "SHARE UPDATE EXCLUSIVE",
        partition: "ACCESS EXCLUSIVE",
      },
      document:
        'PostgreSQL 18, "ALTER TABLE", DETACH PARTITION: it runs two transactions, so no transaction shows its locks',
    },
  }),
  ...rowsOfTags(["AT_DetachPartitionFinalize"], {
    always: {
      since: 14,
      locks: { target: "SHARE UPDATE EXCLUSIVE", partition: "ACCESS EXCLUSIVE" },
      document: 'PostgreSQL 18, "ALTER TABLE", DETACH PARTITION … FINALIZE ends an interrupted CONCURRENTLY',
    },
  }),
];
