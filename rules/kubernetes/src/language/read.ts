import type { YamlStream as AnyStream, Unread as UnreadYaml } from "@yantra-lint/yaml";

/** Why a text was not read as manifests. */
export type Unread = UnreadYaml | "not-kubernetes";

export type YamlStream = Omit<AnyStream, "unread"> & { unread?: Unread };

const API_VERSION = /["']?\bapiVersion["']?[ \t]*:/;
const KIND = /["']?\bkind["']?[ \t]*:/;

/** A quick look whether the text may hold a manifest: both keys must stand there. No parsing. */
export function looksLikeManifest(text: string): boolean {
  return API_VERSION.test(text) && KIND.test(text);
}
