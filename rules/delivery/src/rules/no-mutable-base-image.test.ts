import { deliveryRuleTester } from "../testing.ts";
import rule from "./no-mutable-base-image.ts";

const filename = "services/api/Dockerfile";
const ADVICE = "the version that was tested, or its digest";
const DIGEST = `sha256:${"0".repeat(64)}`;

deliveryRuleTester().run("no-mutable-base-image", rule, {
  valid: [
    "FROM node:22.11-alpine3.20\nCMD node .\n",
    `FROM node:latest@${DIGEST}\n`,
    "FROM scratch\nCOPY app /app\n",
    // A stage of this file, whatever its case; and by number.
    "FROM node:22 AS Build\nRUN npm ci\nFROM build\nCOPY --from=build /a /a\nCOPY --from=0 /b /b\n",
    "ARG VERSION=22\nFROM --platform=$BUILDPLATFORM node:${VERSION}-alpine\n",
    'ARG VERSION="22"\nARG TAG=${VERSION}-slim\nFROM node:${TAG}\n',
    "FROM node:${VERSION:-22}\n",
    // Not known here: an argument without default, or one that is the whole image.
    "ARG VERSION\nFROM node:$VERSION\n",
    "ARG BASE=node\nFROM ${BASE}\n",
    // The code name is the version.
    "FROM debian:bookworm\n",
    "FROM debian:bookworm-slim\n",
    "FROM mirror.example.com:5000/library/ubuntu:noble\n",
    // Within a here document, and in comments.
    "FROM node:22\nRUN <<END\nFROM node\nEND\n# FROM node\n",
    "",
    "# only a comment\n",
    "FROM\n",
    { code: "FROM node:latest\n", filename: "docs/Dockerfile.md" },
  ].map((test) => (typeof test === "string" ? { code: test, filename } : test)),
  invalid: [
    {
      name: "no tag, with a registry's port",
      filename,
      code: "FROM registry.example.com:5000/team/node AS build\n",
      errors: [
        {
          messageId: "untagged",
          data: { image: "registry.example.com:5000/team/node", advice: ADVICE },
          line: 1,
          column: 6,
          endLine: 1,
          endColumn: 41,
        },
      ],
    },
    {
      name: "an image that has no tags of versions",
      filename,
      code: "FROM gcr.io/distroless/static-debian12\nFROM gcr.io/distroless/base-debian12:latest\n",
      errors: [
        {
          messageId: "untagged",
          data: {
            image: "gcr.io/distroless/static-debian12",
            advice: "its digest (`@sha256:…`), because its registry has no tags of versions",
          },
          line: 1,
          column: 6,
          endLine: 1,
          endColumn: 39,
        },
        {
          messageId: "moving",
          data: {
            name: "gcr.io/distroless/base-debian12",
            tag: "latest",
            advice: "its digest (`@sha256:…`), because its registry has no tags of versions",
          },
          line: 2,
          column: 38,
          endLine: 2,
          endColumn: 44,
        },
      ],
    },
    {
      name: "a tag that moves",
      filename: "Dockerfile.prod",
      code: "# é😀\r\nFROM --platform=linux/amd64 \\\r\n  node:alpine\r\n",
      errors: [
        {
          messageId: "moving",
          data: { tag: "alpine", name: "node", advice: ADVICE },
          line: 3,
          column: 8,
          endLine: 3,
          endColumn: 14,
        },
      ],
    },
    {
      name: "by an argument's default",
      filename,
      code: "ARG VERSION=latest\nFROM node:${VERSION}\n",
      errors: [
        {
          messageId: "moving",
          data: { tag: "latest", name: "node", advice: ADVICE },
          line: 2,
          column: 6,
          endLine: 2,
          endColumn: 21,
        },
      ],
    },
    {
      name: "what is copied from another image",
      filename,
      code: "FROM node:22\nCOPY --chown=0 --from=nginx:stable /etc/nginx /etc/nginx\n",
      errors: [
        {
          messageId: "moving",
          data: { tag: "stable", name: "nginx", advice: ADVICE },
          line: 2,
          column: 29,
          endLine: 2,
          endColumn: 35,
        },
      ],
    },
    {
      name: "a code name of another image is no version",
      filename: "api.Dockerfile",
      code: "FROM rust:bookworm\n",
      errors: [
        {
          messageId: "moving",
          data: { tag: "bookworm", name: "rust", advice: ADVICE },
          line: 1,
          column: 11,
          endLine: 1,
          endColumn: 19,
        },
      ],
    },
    {
      name: "without digest, when the option asks for one",
      filename,
      options: [{ digest: true }],
      code: "FROM node:22\n",
      errors: [
        {
          messageId: "undigested",
          data: { image: "node:22" },
          line: 1,
          column: 6,
          endLine: 1,
          endColumn: 13,
        },
      ],
    },
  ],
});
