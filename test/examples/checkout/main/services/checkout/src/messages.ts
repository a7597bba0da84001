import copy from "./copy/en.json" with { type: "json" };

export type MessageId = keyof typeof copy;

/** The text a customer reads. */
export function messageFor(id: MessageId): string {
  return copy[id];
}
