import { configDefaults, defineConfig } from "vitest/config";

const report = process.env.YANTRA_TEST_REPORT;

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "rules/*/src/**/*.test.ts", "test/**/*.test.ts"],
    // The example shop's own tests are part of the example.
    exclude: [...configDefaults.exclude, "test/examples/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A test is told by its whole name.
    chaiConfig: { truncateThreshold: 0 },
    // CI asks for the figures as JSON, to count the tests that ran.
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
