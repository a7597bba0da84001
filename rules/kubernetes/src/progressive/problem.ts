import type { Place } from "@yantra-lint/yaml";

/** Something wrong in a progressive delivery, before it becomes a finding. */
export interface Problem {
  messageId: string;
  at: Place;
  /** It is the key that is shown, because the value is long or is what is missing. */
  key?: boolean;
  data?: Record<string, string | number>;
}
