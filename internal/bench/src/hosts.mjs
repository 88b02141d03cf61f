import { connectChromium } from "./connections/chromium.mjs";
import { connectNative, hasNative } from "./connections/native.mjs";
import { connectNode } from "./connections/node.mjs";
import { connectPyTorch, hasPyTorch } from "./connections/python.mjs";
import { node24 } from "./node24.mjs";
import { bytesRead, flopsPerIteration, peakModules } from "./peaks/kernels.mjs";

/** How to reach a host of each runtime. */
const connections = {
  node: () => connectNode(),
  node24: () => connectNode({ execPath: node24() }),
  chromium: () => connectChromium(),
};

/** Hosts of what a command of the bench installs. */
const installed = {
  python: { connect: connectPyTorch, isThere: hasPyTorch, command: "setup-pytorch" },
  native: { connect: connectNative, isThere: hasNative, command: "setup-native" },
};

/** The hosts of one run, started when first needed: ours by number of threads, PyTorch's, and that of native libraries. */
export function createHosts({ runtime }) {
  const opened = new Map();
  const peaks = peakModules().then((modules) => ({ modules, flopsPerIteration, bytesRead }));

  async function open(kind, threads) {
    const connection = kind === "own" ? await connections[runtime]() : installed[kind].connect({ threads });
    try {
      const info = await connection.call("open", { threads, peaks: await peaks });
      return { ...connection, info: { ...info, runtime: connection.runtime ?? info.runtime } };
    } catch (error) {
      await connection.close(); // the browser or process would keep the command alive
      throw error;
    }
  }

  return {
    /** The host `"own"`, `"python"` or `"native"`, of so many threads. */
    async get(kind, threads) {
      if (installed[kind]?.isThere() === false) throw new Error(`not installed: npm run bench -- ${installed[kind].command}`);
      const key = `${kind} ${threads}`;
      if (!opened.has(key)) opened.set(key, open(kind, threads));
      return opened.get(key);
    },
    /** A host that nobody used before, for what leaves traces. */
    fresh: (threads) => open("own", threads),
    async close() {
      const hosts = await Promise.allSettled(opened.values());
      await Promise.all(hosts.map(({ value }) => value?.close()));
      opened.clear();
    },
  };
}
