import { describe, expect, test } from "vitest";
import { isMovingTag } from "./images.ts";

describe("isMovingTag", () => {
  test.each([
    "latest",
    "Main",
    "bookworm",
    "lts-alpine",
    "lts-slim",
    "lts-alpine3.20",
    "current-alpine",
    "stable-alpine",
    "mainline-alpine",
    "slim-bookworm",
    "bookworm-slim",
    "alpine3.20",
    "fpm-alpine",
    "stable-slim",
    "latest-full",
    "v1-latest",
    "1.2-SNAPSHOT",
    "nonroot",
    "debug",
    "debug-nonroot",
  ])("%s moves", (tag) => {
    expect(isMovingTag(tag)).toBe(true);
  });

  test.each([
    "1.2-alpine",
    "3.12-slim-bookworm",
    "22-bookworm-slim",
    "22",
    "20-alpine3.20",
    "3.20",
    "v1.2.3",
    "main-3f2a1c9",
    "main-20240101",
    "8.3-fpm-alpine",
    "1.2.3-rc",
    "bookworm-20240701-slim",
    "shop-alpine",
    "-",
    "fpm",
    "debian12",
  ])("%s does not", (tag) => {
    expect(isMovingTag(tag)).toBe(false);
  });
});
