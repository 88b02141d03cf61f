import type { ActivationName } from "@tfblocks/feed-forward";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader } from "./config-reader.js";

const ours: Readonly<Record<string, ActivationName>> = {
  gelu: "gelu",
  gelu_new: "geluTanh",
  gelu_pytorch_tanh: "geluTanh",
  gelu_fast: "geluTanh",
  relu: "relu",
  silu: "silu",
  swish: "silu",
  quick_gelu: "quickGelu",
  relu2: "relu2",
  tanh: "tanh",
  sigmoid: "sigmoid",
};

/** The activation that a config names. */
export function readActivation(config: ConfigReader, name: string, fallback: string): ActivationName {
  return activationOf(config.text(name, fallback), `config.${name}`);
}

/** @throws ValueError when it is none we have */
export function activationOf(theirs: string, argument: string): ActivationName {
  if (!Object.hasOwn(ours, theirs)) refuse(ValueError, "loadModel", argument, `one of ${Object.keys(ours).join(", ")}`, theirs);
  return ours[theirs]!;
}

/** Hugging Face's name of an activation. */
export function writeActivation(activation: ActivationName): string {
  const found = Object.keys(ours).find((theirs) => ours[theirs] === activation);
  if (found === undefined) {
    refuse(ValueError, "writeConfig", "activation", `one that Hugging Face names: ${Object.values(ours).join(", ")}`, activation);
  }
  return found;
}
