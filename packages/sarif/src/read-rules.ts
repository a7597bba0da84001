import { integerAt, isRecord, type JsonRecord, own, recordAt, recordsAt, textAt } from "./json.ts";

/** SARIF's levels; `none` is what is no problem (§3.27.10). */
export type SarifLevel = "error" | "warning" | "note" | "none";

/** A rule or a notification of a tool, and the component that declares it. */
export interface Descriptor {
  record: JsonRecord;
  component: JsonRecord;
}

type Kind = "rules" | "notifications";

/** The descriptors of one component, by their ids and guids. */
interface Component {
  record: JsonRecord;
  descriptors: Record<Kind, Known>;
}

interface Known {
  list: readonly (Descriptor | undefined)[];
  byId: ReadonlyMap<string, Descriptor>;
  byGuid: ReadonlyMap<string, Descriptor>;
}

/** What a run's tool says of its rules and notifications: the driver's and the extensions' (§3.18). */
export class Descriptors {
  /** The driver first. */
  readonly #components: readonly Component[];
  /** One for each invocation. */
  readonly #overrides: readonly Record<Kind, ReadonlyMap<JsonRecord, unknown>>[];
  readonly #badLevel: (level: unknown) => void;

  /** @param badLevel is called with levels that SARIF does not know; they count as errors. */
  constructor(run: JsonRecord, badLevel: (level: unknown) => void) {
    const tool = recordAt(run, "tool");
    this.#components = [recordAt(tool, "driver"), ...recordsAt(tool, "extensions")].map((record) => ({
      record,
      descriptors: { rules: knownOf(record, "rules"), notifications: knownOf(record, "notifications") },
    }));
    this.#overrides = recordsAt(run, "invocations").map((invocation) => ({
      rules: this.#overridesOf(invocation, "ruleConfigurationOverrides", "rules"),
      notifications: this.#overridesOf(invocation, "notificationConfigurationOverrides", "notifications"),
    }));
    this.#badLevel = badLevel;
  }

  get driver(): JsonRecord {
    return this.#components[0]?.record ?? {};
  }

  /** The rule of a result: by `rule`, which `ruleId` and `ruleIndex` complete (§3.27.5–7). */
  ruleOf(result: JsonRecord): { id?: string; descriptor?: Descriptor } {
    const reference = recordAt(result, "rule");
    const id = textAt(reference, "id") ?? textAt(result, "ruleId");
    const index = integerAt(reference, "index") ?? integerAt(result, "ruleIndex");
    const descriptor = this.#find(reference, "rules", id, index);
    const name = id ?? (descriptor && textAt(descriptor.record, "id"));
    return { ...(name === undefined ? {} : { id: name }), ...(descriptor ? { descriptor } : {}) };
  }

  notificationOf(notification: JsonRecord): Descriptor | undefined {
    const reference = recordAt(notification, "descriptor");
    return this.#find(reference, "notifications", textAt(reference, "id"), integerAt(reference, "index"));
  }

  /**
   * The level of a result (§3.27.10): its own, or that of its rule's configuration as the invocation overrides it,
   * or `warning`. A kind other than `fail` is no problem; where the two contradict each other the level counts. An
   * override is that of the result's invocation, which is the only one where the result names none.
   */
  resultLevel(result: JsonRecord, rule: Descriptor | undefined): SarifLevel {
    const own = this.#explicit(result);
    if (own !== undefined) return own;
    const kind = textAt(result, "kind");
    if (kind !== undefined && NO_PROBLEM.has(kind)) return "none";
    const only = this.#overrides.length === 1 ? 0 : undefined;
    const invocation = integerAt(recordAt(result, "provenance"), "invocationIndex") ?? only;
    return this.#configured(rule, "rules", invocation);
  }

  /** The level of a notification of the invocation with this index (§3.58.6). */
  notificationLevel(notification: JsonRecord, invocation: number): SarifLevel {
    return (
      this.#explicit(notification) ??
      this.#configured(this.notificationOf(notification), "notifications", invocation)
    );
  }

  #explicit(record: JsonRecord): SarifLevel | undefined {
    return this.#level(own(record, "level"));
  }

  #configured(descriptor: Descriptor | undefined, kind: Kind, invocation: number | undefined): SarifLevel {
    if (!descriptor) return "warning";
    const override = invocation === undefined ? undefined : this.#overrides[invocation];
    const configuration = recordAt(descriptor.record, "defaultConfiguration");
    return (
      this.#level(override?.[kind].get(descriptor.record)) ??
      this.#level(own(configuration, "level")) ??
      "warning"
    );
  }

  #level(value: unknown): SarifLevel | undefined {
    if (value === undefined || value === null) return undefined;
    if (value === "error" || value === "warning" || value === "note" || value === "none") return value;
    this.#badLevel(value);
    return "error";
  }

  #overridesOf(invocation: JsonRecord, name: string, kind: Kind): Map<JsonRecord, unknown> {
    const levels = new Map<JsonRecord, unknown>();
    for (const override of recordsAt(invocation, name)) {
      const reference = recordAt(override, "descriptor");
      const descriptor = this.#find(reference, kind, textAt(reference, "id"), integerAt(reference, "index"));
      const level = own(recordAt(override, "configuration"), "level");
      if (descriptor && !levels.has(descriptor.record)) levels.set(descriptor.record, level);
    }
    return levels;
  }

  /**
   * Looks a descriptor up (§3.52.3, §3.54.2): in the component the reference names, else the driver; by index or
   * guid. Tools that give neither are helped out: by id, or the part of it that is some descriptor's id (§3.52.4),
   * and in the extensions when the reference names no component.
   */
  #find(
    reference: JsonRecord,
    kind: Kind,
    id: string | undefined,
    index: number | undefined,
  ): Descriptor | undefined {
    const named = this.#componentOf(recordAt(reference, "toolComponent"));
    const component = (named ?? this.#components[0])?.descriptors[kind];
    if (!component) return undefined;
    const guid = textAt(reference, "guid");
    const found =
      (index === undefined ? undefined : component.list[index]) ??
      (guid === undefined ? undefined : component.byGuid.get(guid.toLowerCase()));
    if (found || id === undefined) return found;
    const places = named ? [component] : this.#components.map(({ descriptors }) => descriptors[kind]);
    for (const name of leadingPartsOf(id)) {
      for (const { byId } of places) {
        const descriptor = byId.get(name);
        if (descriptor) return descriptor;
      }
    }
    return undefined;
  }

  #componentOf(reference: JsonRecord): Component | undefined {
    const index = integerAt(reference, "index");
    if (index !== undefined) return this.#components[index + 1];
    const guid = textAt(reference, "guid")?.toLowerCase();
    if (guid === undefined) return undefined;
    return this.#components.find(({ record }) => textAt(record, "guid")?.toLowerCase() === guid);
  }
}

/** The kinds of results that say something else than that there is a problem (§3.27.9). */
const NO_PROBLEM: ReadonlySet<string> = new Set(["pass", "open", "informational", "notApplicable", "review"]);

/** How many parts of an id are dropped in search of its rule; the standard allows one. */
const MAX_PARTS = 4;

/** `a/b/c`, `a/b`, `a`. */
function leadingPartsOf(id: string): string[] {
  const names = [id];
  for (
    let end = id.lastIndexOf("/");
    end > 0 && names.length <= MAX_PARTS;
    end = id.lastIndexOf("/", end - 1)
  )
    names.push(id.slice(0, end));
  return names;
}

function knownOf(component: JsonRecord, kind: Kind): Known {
  const values = own(component, kind);
  const list = (Array.isArray(values) ? values : []).map((record: unknown) =>
    isRecord(record) ? { record, component } : undefined,
  );
  const byId = new Map<string, Descriptor>();
  const byGuid = new Map<string, Descriptor>();
  for (const descriptor of list) {
    if (!descriptor) continue;
    const id = textAt(descriptor.record, "id");
    const guid = textAt(descriptor.record, "guid")?.toLowerCase();
    // Ids need not be unique (§3.19.23); without an index the first is as good as any.
    if (id !== undefined && !byId.has(id)) byId.set(id, descriptor);
    if (guid !== undefined && !byGuid.has(guid)) byGuid.set(guid, descriptor);
  }
  return { list, byId, byGuid };
}
