import type { AnyPack } from "@yantra-lint/core";
import code from "@yantra-lint/code";
import delivery from "@yantra-lint/delivery";
import kubernetes from "@yantra-lint/kubernetes";
import sql from "@yantra-lint/sql";

/** The packs of the ESLint plugin. A new domain is a new folder in rules/ and a line here and in the CLI's list. */
export const packs: readonly AnyPack[] = [sql, delivery, kubernetes, code];
