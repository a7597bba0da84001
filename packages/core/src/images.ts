/** An image reference in its parts, with the offsets of the tag in the reference. */
export interface ImageReference {
  /** Registry and path, without tag and digest: what kustomize's and skaffold's entries are called. */
  name: string;
  tag: string | undefined;
  digest: string | undefined;
  /** Offset of the tag in the reference; undefined without tag. */
  tagStart: number | undefined;
}

/**
 * The reference grammar of github.com/distribution/reference (reference.go, regexp.go): a path is lower case,
 * a registry may be any host with a port. What does not match it is a placeholder that a tool replaces.
 */
const REFERENCE =
  /^((?:(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?)\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::(\w[\w.-]{0,127}))?(?:@([A-Za-z][\w.+-]*:[0-9a-fA-F]{32,}))?$/;

/** Reads an image reference; undefined when it is none, such as `IMAGE` or `${REGISTRY}/app`. */
export function parseImage(reference: string): ImageReference | undefined {
  const [, name, tag, digest] = REFERENCE.exec(reference) ?? [];
  if (name === undefined) return undefined;
  return { name, tag, digest, tagStart: tag === undefined ? undefined : name.length + 1 };
}

/**
 * Tags that registries' owners move from image to image: branches, environments, channels and variants of a
 * base image. A version, a date or a commit is none of them.
 */
const MOVING_TAGS: ReadonlySet<string> = new Set(
  `latest main master trunk head tip default dev devel develop development edge nightly daily weekly unstable
   stable release current next canary beta alpha rc preview snapshot rolling lts mainline
   test testing qa uat staging stage preprod prod production live
   alpine slim bullseye bookworm trixie buster jammy noble focal debian ubuntu scratch distroless
   nonroot debug`.split(/\s+/),
);

/**
 * Words that say how or on what an image is built, and nothing of the version in it: beside a word that moves the tag
 * moves all the same. Versions of the distribution are among them: `lts-alpine3.20`.
 */
const VARIANT =
  /^(?:alpine\d+(?:\.\d+)*|debian\d+|ubuntu\d+(?:\.\d+)?|ubi\d*|fpm|cli|apache|zts|perl|otel|jdk|jre|dind|rootless|minimal|full|base|static|amd64|arm64)$/;

/**
 * Whether a tag is one that moves. `latest-alpine`, `lts-slim`, `slim-bookworm`, `alpine3.20`, `v1-latest` and
 * `1.2-SNAPSHOT` are; `main-3f2a1c9` and `3.12-slim-bookworm` are not. A code name moves, with or without other words:
 * that it is a version to the distribution itself is not asked here.
 */
export function isMovingTag(tag: string): boolean {
  const lower = tag.toLowerCase();
  if (/^latest-[a-z]+$/.test(lower) || /-(?:latest|snapshot)$/.test(lower)) return true;
  const words = lower.split("-");
  return (
    words.every((word) => MOVING_TAGS.has(word) || VARIANT.test(word)) &&
    words.some((word) => MOVING_TAGS.has(word) || word.startsWith("alpine"))
  );
}
