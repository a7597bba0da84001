export { type ImageReference, isMovingTag, parseImage } from "@yantra-lint/core";
