import { tensor } from "@tensorflow/tfjs-core";
import type { StateDict } from "@tfblocks/tensor-utils";
import type { Checkpoint, CheckpointFormat } from "@tfblocks/transformer/training";

interface Written {
  readonly metadata: Record<string, string>;
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: number[];
    readonly dtype: "float32" | "int32";
    readonly data: number[];
  }[];
}

/** Checkpoints as JSON, whose numbers are exact for float32 and int32. */
export const plainFormat = {
  write({ state, metadata }: Checkpoint): Uint8Array {
    const tensors = Object.entries(state).map(([name, each]) => ({
      name,
      shape: each.shape,
      dtype: each.dtype,
      data: [...each.dataSync()],
    }));
    return new TextEncoder().encode(JSON.stringify({ metadata, tensors }));
  },
  read(bytes: Uint8Array): Checkpoint {
    const { metadata, tensors } = JSON.parse(new TextDecoder().decode(bytes)) as Written;
    const state: StateDict = Object.fromEntries(
      tensors.map(({ name, shape, dtype, data }) => [name, tensor(data, shape as [number], dtype)]),
    );
    return { state, metadata };
  },
} satisfies CheckpointFormat;
