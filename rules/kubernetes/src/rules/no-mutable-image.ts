import {
  defineWorkspaceRule,
  type ImageReference,
  isMovingTag,
  type Location,
  parseImage,
  pinAdvice,
  type Region,
} from "@yantra-lint/core";
import { Builds } from "../workspace/builds.ts";
import { Renderings } from "../workspace/renderings.ts";

/** The tag is what a rollback goes back to: if it moves, there is nothing to go back to. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: { description: "Disallow images whose tag can move", recommended: "error", reversible: false },
    messages: {
      untagged:
        'The image "{{image}}" has no tag, so each node pulls whatever "latest" is when it starts the pod, and a rollback starts the same image again. Name {{advice}}.',
      moving:
        'The tag "{{tag}}" of {{name}} moves: pods of one release run different code, and a rollback pulls what the tag means by then. Name {{advice}}.',
      undigested:
        'The image "{{image}}" is not pinned by a digest, so its tag can be pushed again and a rollback may start other code. Add `@sha256:…`.',
    },
    schema: [
      {
        type: "object",
        properties: { digest: { type: "boolean", description: "Demand a digest of every image." } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ digest: false }],
  },
  check({ facts, options, report }) {
    const digest = wantsDigest(options);
    const renderings = new Renderings(facts);
    const builds = new Builds(facts);
    for (const { path, containers } of facts.of("resource")) {
      for (const { image, imageRegion, neverPulled } of containers) {
        const reference = parseImage(image);
        if (!reference || !imageRegion || neverPulled) continue;
        if (builds.has(reference.name, path)) continue;
        if (isReplaced(reference, path, renderings, digest)) continue;
        judge(
          reference,
          image,
          { path, ...imageRegion },
          { path, ...tagRegion(reference, image, imageRegion) },
        );
      }
    }
    for (const { path, images } of facts.of("kustomization")) {
      for (const { name, newName, newTag, digest: pinned, ...region } of images) {
        if (newTag === undefined || pinned !== undefined) continue;
        const image = `${newName ?? name}:${newTag}`;
        const reference = parseImage(image);
        if (reference) judge(reference, image, { path, ...region }, { path, ...region });
      }
    }

    function judge(
      { name, tag, digest: pinned }: ImageReference,
      image: string,
      whole: Location,
      atTag: Location,
    ): void {
      if (pinned !== undefined) return;
      const advice = pinAdvice(name);
      if (tag === undefined) report({ messageId: "untagged", data: { image, advice }, location: whole });
      else if (isMovingTag(tag))
        report({ messageId: "moving", data: { tag, name, advice }, location: atTag });
      else if (digest) report({ messageId: "undigested", data: { image }, location: whole });
    }
  },
});

function wantsDigest(options: readonly unknown[]): boolean {
  const [option] = options;
  return typeof option === "object" && option !== null && "digest" in option && option.digest === true;
}

/** Where the tag stands in an image's value; the whole value when its source is not literally the value. */
function tagRegion({ tag, tagStart }: ImageReference, image: string, region: Region): Region {
  const literal =
    region.startLine === region.endLine && region.endColumn - region.startColumn === image.length;
  if (!literal || tag === undefined || tagStart === undefined) return region;
  const startColumn = region.startColumn + tagStart;
  return { ...region, startColumn, endColumn: startColumn + tag.length };
}

/** Whether a kustomization that reads the file puts another tag or a digest in the image's place. */
function isReplaced(image: ImageReference, path: string, renderings: Renderings, digest: boolean): boolean {
  return renderings
    .of(path)
    .some(({ parts }) =>
      parts.some(({ images }) =>
        images.some(
          (entry) =>
            entry.name === image.name &&
            (entry.digest !== undefined || (!digest && entry.newTag !== undefined)),
        ),
      ),
    );
}
