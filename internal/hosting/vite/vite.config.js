import { tfblocksWasm } from "@tfblocks/wasm/vite";

export default {
  base: "./", // works under any path
  plugins: [tfblocksWasm()],
  worker: { format: "es" },
};
