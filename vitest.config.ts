import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type Plugin } from "vitest/config";

const source = { conditions: ["@tfblocks/source"] };
const crossOriginIsolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
// SwiftShader stands in for a GPU, so that webgl and webgpu run on any machine.
const chromiumArguments = [
  "--no-sandbox",
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

function browserProject(name: string, headers: Record<string, string>) {
  return {
    resolve: { conditions: ["@tfblocks/source", "module", "browser", "development|production"], dedupe: ["@tensorflow/tfjs-core"] },
    plugins: [responseHeaders(headers)],
    server: { headers },
    test: {
      name,
      include: ["{packages,internal}/*/src/**/*.test.ts"],
      exclude: ["**/*.node.test.ts"],
      setupFiles: ["./internal/testkit/src/setup.ts"],
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: chromiumArguments },
        }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: "node",
          environment: "node",
          include: ["{packages,internal,apps}/*/src/**/*.test.ts"],
          exclude: ["**/*.browser.test.ts"],
          setupFiles: ["./internal/testkit/src/setup.ts"],
          testTimeout: 60_000,
        },
      },
      browserProject("chromium isolated", crossOriginIsolation),
      browserProject("chromium", {}),
    ],
  },
});
