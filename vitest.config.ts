import { configDefaults, defineConfig } from "vitest/config";

const report = process.env.YANTRA_TEST_REPORT;

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: ["packages/*/src/**/*.test.ts", "rules/*/src/**/*.test.ts"],
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      // These start the program, which takes all processors by itself, and some see to it that nothing hangs.
      {
        extends: true,
        test: {
          name: "program",
          include: ["test/**/*.test.ts"],
          // The example shop's own tests are part of the example.
          exclude: [...configDefaults.exclude, "test/examples/**"],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A test is told by its whole name.
    chaiConfig: { truncateThreshold: 0 },
    // CI asks for the figures as JSON, to count the tests that ran.
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
