import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type Plugin } from "vitest/config";
import { browserFiles, isolationFiles } from "./internal/testkit/src/browser-files.js";
import { tfblocksWasm } from "./packages/wasm/src/vite.js";

const root = import.meta.dirname;
const built = process.env["TFBLOCKS_BUILT"] === "1";
// The full matrix gives every test file a Node.js process of its own. Elsewhere files share processes and pages, which saves most of the time.
const full = process.env["TFBLOCKS_FULL"] === "1";
const source = built ? {} : { conditions: ["@tfblocks/source"] };
const crossOriginIsolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
// SwiftShader stands in for a GPU, so that webgl and webgpu run on any machine.
const chromiumArguments = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

function responseHeaders(headers: Record<string, string>): Plugin {
  return {
    name: "response-headers",
    configureServer(server) {
      server.middlewares.use((_request, response, next) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        next();
      });
    },
  };
}

/** With TFBLOCKS_BUILT=1 a package's tests, and the helpers in `src/testing`, meet its `dist` as its users do, wherever they import its `src`. */
function testBuiltFiles(): Plugin {
  return {
    name: "test-built-files",
    enforce: "pre",
    resolveId(specifier, importer = "") {
      if (!built || !specifier.startsWith(".") || !/\/packages\/[^/]+\/src\/(.*\.test|testing\/.*)\.ts$/.test(importer)) return undefined;
      const file = resolve(dirname(importer), specifier).replace(/(\/packages\/[^/]+)\/src\//, "$1/dist/");
      return existsSync(file) ? file : undefined;
    },
  };
}

function browserProject(name: string, headers: Record<string, string>, include: string[]) {
  return {
    resolve: { conditions: ["@tfblocks/source", "module", "browser", "development|production"], dedupe: ["@tensorflow/tfjs-core"] },
    plugins: [responseHeaders(headers), tfblocksWasm({ isolate: false })],
    server: { headers },
    test: {
      name,
      include,
      exclude: ["**/*.node.test.ts"],
      setupFiles: ["./internal/testkit/src/setup.ts"],
      testTimeout: 60_000,
      env: { TFBLOCKS_FULL: full ? "1" : "0" },
      isolate: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }), args: chromiumArguments },
        }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

/** What a build can break: the entries, the kernels and threads that it bundles, and what the packages compute together. */
const filesForBuilt = [
  "packages/*/src/**/*.node.test.ts",
  "packages/*/src/**/{conformance,hugging-face/golden,setup-wasm,pool,gradients}.test.ts",
  "internal/package-checks/src/*.node.test.ts",
];

export default defineConfig({
  test: {
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary", "json-summary", "html"] },
    // By default vitest leaves a core to itself, which is half of a machine of two.
    maxWorkers: availableParallelism(),
    reporters: ["default", "./internal/testkit/src/conformance-reporter.ts"],
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        plugins: [testBuiltFiles()],
        test: {
          name: "node",
          environment: "node",
          include: built && !full ? filesForBuilt : ["{packages,internal,apps}/*/src/**/*.test.ts"],
          exclude: ["**/*.browser.test.ts"],
          setupFiles: ["./internal/testkit/src/setup.ts"],
          testTimeout: 60_000,
          env: { TFBLOCKS_FULL: full ? "1" : "0" },
          isolate: full && !built,
        },
      },
      browserProject("chromium isolated", crossOriginIsolation, full ? ["{packages,internal}/*/src/**/*.test.ts"] : browserFiles(root)),
      // Isolation decides whether there are threads and shared memory: what meets them, and what is built on it first.
      browserProject("chromium", {}, full ? ["packages/{wasm,attention,tensor-utils}/src/**/*.test.ts"] : isolationFiles(root)),
    ],
  },
});
