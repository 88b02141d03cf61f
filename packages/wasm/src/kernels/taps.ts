import { type backend_util, pad, stridedSlice, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";

/** Sizes of a convolution of an image `[batch, height, width, channels]`, as tfjs computes them. */
export type Convolution = backend_util.Conv2DInfo;

/** One position of a filter. */
export interface Tap {
  readonly row: number;
  readonly column: number;
}

/** The positions of a filter, row by row. */
export function tapsOf({ filterHeight, filterWidth }: Convolution): Tap[] {
  return Array.from({ length: filterHeight * filterWidth }, (_, tap) => ({
    row: Math.floor(tap / filterWidth),
    column: tap % filterWidth,
  }));
}

/** The image with the zero padding of the convolution. */
export function padImage(x: Tensor4D, { padInfo: { top, bottom, left, right } }: Convolution): Tensor4D {
  return pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

/** The pixels of the padded image that a tap reads, as begin, end and strides of `tf.stridedSlice`. */
export function sightOf({ row, column }: Tap, convolution: Convolution): Record<"begin" | "end" | "strides", number[]> {
  const { batchSize, inChannels, outHeight, outWidth, strideHeight, strideWidth } = convolution;
  return {
    begin: [0, row, column, 0],
    end: [batchSize, row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1, inChannels],
    strides: [1, strideHeight, strideWidth, 1],
  };
}

/** The pixels that a tap reads for each position of the output: `[batch, outHeight, outWidth, inChannels]`. */
export function seenBy(tap: Tap, padded: Tensor4D, convolution: Convolution): Tensor {
  const { begin, end, strides } = sightOf(tap, convolution);
  return stridedSlice(padded, begin, end, strides);
}
