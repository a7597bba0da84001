import { type ImageReference, isMovingTag, parseImage, pinAdvice } from "@yantra-lint/core";
import type { ImageUse } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";

/** Code names of releases, which are versions to these images and moving tags to all that build on them. */
const DISTRIBUTIONS = /(?:^|[/-])(?:debian|ubuntu|minideb|buildpack-deps)$/;
const CODE_NAME = /^(?:bullseye|bookworm|trixie|buster|jammy|noble|focal)(?:-slim)?$/;

/** What an image is built from decides what runs; a tag that moves makes two images of one commit. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: { description: "Disallow base images whose tag can move", recommended: "warn", reversible: false },
    messages: {
      untagged:
        'The base image "{{image}}" has no tag, so each build takes whatever "latest" is that day, and building the commit to roll back to gives another image than the one that ran. Name {{advice}}.',
      moving:
        'The tag "{{tag}}" of {{name}} moves: building the same commit again gives another image, so the one that ran before cannot be built anew for a rollback. Name {{advice}}.',
      undigested:
        'The base image "{{image}}" is not pinned by a digest, so its tag can be pushed again and the same commit builds another image. Add `@sha256:…`.',
    },
    schema: [
      {
        type: "object",
        properties: { digest: { type: "boolean", description: "Demand a digest of every base image." } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ digest: false }],
  },
  create(context) {
    const digest = wantsDigest(context.options);
    return {
      ImageUse(node) {
        const image = node.reference && node.reference !== "scratch" ? parseImage(node.reference) : undefined;
        if (!image || image.digest !== undefined) return;
        const { name, tag } = image;
        const advice = pinAdvice(name);
        if (tag === undefined) {
          context.report({ loc: node.loc, messageId: "untagged", data: { image: name, advice } });
        } else if (isMovingTag(tag) && !(DISTRIBUTIONS.test(name) && CODE_NAME.test(tag))) {
          const loc = context.sourceCode.positions.loc(tagRange(node, image));
          context.report({ loc, messageId: "moving", data: { tag, name, advice } });
        } else if (digest) {
          context.report({ loc: node.loc, messageId: "undigested", data: { image: `${name}:${tag}` } });
        }
      },
    };
  },
});

function wantsDigest([option]: readonly unknown[]): boolean {
  return typeof option === "object" && option !== null && "digest" in option && option.digest === true;
}

/** Where the tag stands; the whole image when build arguments stand in it. */
function tagRange(
  { written, reference, range: [start, end] }: ImageUse,
  image: ImageReference,
): [number, number] {
  if (written !== reference || image.tagStart === undefined) return [start, end];
  return [start + image.tagStart, end];
}
