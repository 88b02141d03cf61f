import { parseArgs } from "node:util";
import { Failure } from "../../../scripts/lib/run.mjs";
import { suites } from "./suites/index.mjs";

const precisions = ["32", "8", "4"];
export const runtimes = ["node", "node24", "chromium"];

export const help = `npm run bench -- <suite> [options]

Times tfblocks, stock tfjs, onnxruntime, jax-js, llama.cpp and PyTorch: one sample of each in turn, in one process or page, so that
disturbances of the machine affect all of them. Prints medians, ratios (above 1 = ours is faster), and which goals are met.

  suites                ${Object.keys(suites).join(", ")},
                        or all; several names run one after the other
  --runtime <name>      ${runtimes.join(", ")} (default: node, the one that runs npm)
  --threads <number>    threads of every contender (default: 1)
  --bits <number>       bits of a weight: ${precisions.join(", ")} (default: 32); only the cases that have such weights, of decode and language-model
  --case <text>         only the cases whose name contains this text
  --quick               the small cases, with few samples: checks that everything runs, not a measurement
  --json <file>         also writes the rows to this file

  setup-pytorch         installs PyTorch for the rows against it, into internal/bench/.venv (6 GB, some minutes)
  setup-native          installs llama.cpp and ONNX Runtime for the rows against them, into internal/bench/native (400 MB)
  plot                  draws time and memory of attention against its length into docs/; when the file of --json exists,
                        it takes the rows of that earlier run and measures nothing
  --help                this text

Measure on an idle machine. Files go into internal/bench/node_modules and .cache, which git ignores.`;

const options = {
  runtime: { type: "string", default: "node" },
  threads: { type: "string", default: "1" },
  bits: { type: "string", default: "32" },
  json: { type: "string" },
  case: { type: "string", default: "" },
  quick: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

/** What the command line asks for; a Failure names the argument that is wrong. */
export function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help || positionals.length === 0) return { command: "help" };
    const [first] = positionals;
    const common = {
      runtime: checkRuntime(values.runtime),
      threads: readThreads(values.threads),
      bits: readBits(values.bits),
      quick: values.quick,
      filter: values.case,
      json: values.json,
    };
    if (["setup-pytorch", "setup-native", "plot"].includes(first)) return { command: first, ...common };
    return { command: "run", chosen: first === "all" ? Object.keys(suites) : positionals.map((name) => checkSuite(name)), ...common };
  } catch (error) {
    throw new Failure(`bench: ${error.message.split(". ")[0]}; "npm run bench -- --help" lists suites and options.`);
  }
}

function checkRuntime(name) {
  if (runtimes.includes(name)) return name;
  throw new Error(`--runtime must be one of ${runtimes.join(", ")}, got "${name}"`);
}

function readThreads(text) {
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`--threads must be 1 to 99, got "${text}"`);
  return Number(text);
}

function readBits(text) {
  if (!precisions.includes(text)) throw new Error(`--bits must be one of ${precisions.join(", ")}, got "${text}"`);
  return Number(text);
}

function checkSuite(name) {
  if (name in suites) return name;
  throw new Error(`there is no suite "${name}"`);
}
