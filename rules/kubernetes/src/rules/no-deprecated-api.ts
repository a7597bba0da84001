import type { Resource } from "../language/nodes.ts";
import { changesOf, isUpTo, NEWEST, type RetiredApi, retiredApi } from "../schema/retired.ts";
import { defineRule } from "../rule.ts";

/** A manifest in an API version that is gone cannot be applied: neither as a release nor as what one goes back to. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Disallow API versions that the cluster does not serve any more",
      recommended: "error",
    },
    messages: {
      removed:
        '{{project}} {{removed}} serves no {{kind}} in {{apiVersion}}, nor does any later release. `kubectl apply` ends with "no matches for kind", and so does every rollback to this manifest; write it in {{replacement}}{{changes}}.',
      gone: '{{project}} {{removed}} serves no {{kind}} in {{apiVersion}}, nor does any later release, and nothing took its place. `kubectl apply` ends with "no matches for kind", and so does every rollback to this manifest; take it out.',
      deprecated:
        "{{kind}} in {{apiVersion}} is deprecated since {{project}} {{deprecated}}, and {{removed}} serves it no more. After that upgrade this manifest can be neither applied nor gone back to; write it in {{replacement}}{{changes}} before.",
      leaving:
        "{{kind}} in {{apiVersion}} is deprecated since {{project}} {{deprecated}}, and {{removed}} serves it no more. After that upgrade this manifest can be neither applied nor gone back to, and nothing takes its place; take it out before.",
      rewrite: "Write {{replacement}}.",
    },
    schema: [
      {
        type: "object",
        properties: {
          kubernetesVersion: {
            type: "string",
            pattern: "^1\\.\\d+$",
            description: "The cluster's release, such as 1.31. Left out: the newest that the rule knows.",
          },
          deprecated: {
            type: "boolean",
            description: "Report API versions too that the release still serves but warns of.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ kubernetesVersion: NEWEST, deprecated: false }],
    fixable: "code",
    hasSuggestions: true,
  },
  create(context) {
    const { version, deprecated } = settingsOf(context.options);
    return {
      Resource(resource) {
        const { apiVersion, kind, place } = resource;
        const api = retiredApi(apiVersion, kind);
        if (!api || isFragment(resource)) return;
        const gone = api.project !== undefined || isUpTo(api.removed, version);
        if (!gone && !(deprecated && isUpTo(api.deprecated, version))) return;
        const { replacement } = api;
        const changes = changesOf(api, resource);
        const written = place.find("apiVersion");
        const rewrite =
          replacement === undefined || !written
            ? undefined
            : { range: [...written.innerRange] as [number, number], text: replacement };
        context.report({
          loc: written?.loc ?? place.at("kind").loc,
          messageId: messageOf(api, gone),
          data: {
            kind,
            apiVersion,
            project: api.project ?? "Kubernetes",
            deprecated: api.deprecated,
            removed: api.removed,
            replacement: replacement ?? "",
            changes: changes === undefined ? "" : `, where ${changes}`,
          },
          // What has another shape there is half done with the apiVersion alone.
          ...(rewrite && changes === undefined
            ? { fix: (fixer) => fixer.replaceTextRange(rewrite.range, rewrite.text) }
            : {}),
          suggest:
            rewrite && changes !== undefined
              ? [
                  {
                    messageId: "rewrite",
                    data: { replacement: rewrite.text },
                    fix: (fixer) => fixer.replaceTextRange(rewrite.range, rewrite.text),
                  },
                ]
              : [],
        });
      },
    };
  },
});

/**
 * Whether nothing stands there but labels or annotations for a resource, in a file that no kustomization names: a patch
 * in waiting, as scaffolding tools leave them, which nothing applies.
 */
function isFragment({ place, patch }: Resource): boolean {
  const notes = place.find("metadata.annotations") ?? place.find("metadata.labels");
  const isBare = place.entries().every(([key]) => /^(?:apiVersion|kind|metadata)$/.test(key));
  return !patch && isBare && notes !== undefined;
}

function messageOf({ replacement }: RetiredApi, gone: boolean): string {
  if (gone) return replacement === undefined ? "gone" : "removed";
  return replacement === undefined ? "leaving" : "deprecated";
}

function settingsOf([option]: readonly unknown[]): { version: string; deprecated: boolean } {
  const given = typeof option === "object" && option !== null ? option : {};
  const version = "kubernetesVersion" in given ? given.kubernetesVersion : undefined;
  return {
    version: typeof version === "string" ? version : NEWEST,
    deprecated: "deprecated" in given && given.deprecated === true,
  };
}
