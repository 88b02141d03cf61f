import type { WasmInfo } from "@tfblocks/wasm";
import { explainBackend } from "../../compute/describe-backend.js";
import type { TermName } from "../../ui/glossary.js";

/** A property of the machine and the browser that decides how fast the page is. */
export interface MachineFact {
  readonly name: string;
  readonly term?: TermName;
  readonly value: string;
  readonly isGood: boolean;
  /** What it means for the reader. */
  readonly meaning: string;
  /** How to get it; undefined if it is there. */
  readonly advice: string | undefined;
}

/** What the backend found, in plain words. @param processors the processors that the browser reports */
export function explainMachine(info: WasmInfo, processors: number): MachineFact[] {
  return [simdOf(info), relaxedSimdOf(info), threadsOf(info, processors), isolationOf(info), kernelsOf(info)];
}

function simdOf({ simd }: WasmInfo): MachineFact {
  return {
    name: "SIMD",
    term: "simd",
    value: simd ? "yes, 128 bits" : "no",
    isGood: simd,
    meaning: "One instruction computes with four numbers at once.",
    advice: simd ? undefined : "Update the browser: Chrome and Edge have it from version 91 on, Firefox from 89, Safari from 16.4.",
  };
}

function relaxedSimdOf({ relaxedSimd }: WasmInfo): MachineFact {
  return {
    name: "Relaxed SIMD",
    value: relaxedSimd ? "yes" : "no",
    isGood: relaxedSimd,
    meaning: "A multiplication and an addition are one instruction, which rounds once. Products of matrices consist of nothing else.",
    advice: relaxedSimd ? undefined : "Update the browser or take another one. Results agree within rounding, with it and without.",
  };
}

function threadsOf(info: WasmInfo, processors: number): MachineFact {
  const { threads, crossOriginIsolated } = info;
  const isGood = threads.got > 1 || processors === 1;
  return {
    name: "Threads",
    term: "thread",
    value: `${threads.got} on ${processors === 1 ? "1 processor" : `${processors} processors`}`,
    isGood,
    meaning:
      "The rows of a product, and the queries and heads of an attention, are shared among threads on one memory; at most 8 are used.",
    advice: isGood ? undefined : crossOriginIsolated ? explainBackend(info).join(" ") : "Isolate the page, see the next row.",
  };
}

function isolationOf({ crossOriginIsolated }: WasmInfo): MachineFact {
  return {
    name: "Isolation",
    value: crossOriginIsolated ? "yes" : "no",
    isGood: crossOriginIsolated,
    meaning: "Browsers share memory between threads only for a page that is cut off from other sites, so that none can spy on it.",
    advice: crossOriginIsolated ? undefined : "Open the page over https, in a tab of its own that is not private, and reload it once.",
  };
}

function kernelsOf({ kernels, replaced, added }: WasmInfo): MachineFact {
  const isGood = kernels === "fast";
  return {
    name: "Kernels",
    value: isGood ? `${replaced.length + added.length} of tfblocks` : "only those of TensorFlow.js",
    isGood,
    meaning:
      "The loops that do the work. Those of tfblocks fuse what would otherwise be several passes over the memory, attention above all.",
    advice: isGood ? undefined : "They need SIMD.",
  };
}
