/** Registries' images that have no tags of versions, only `latest`, `nonroot`, `debug` and the like. */
const WITHOUT_VERSIONS = "gcr.io/distroless/";

/**
 * What to name instead of an image's moving tag, as the object of a sentence: of an image that has no tags of versions
 * only the digest (GoogleContainerTools/distroless, README, "What images are available?").
 */
export function pinAdvice(name: string): string {
  return name.startsWith(WITHOUT_VERSIONS)
    ? "its digest (`@sha256:…`), because its registry has no tags of versions"
    : "the version that was tested, or its digest";
}
