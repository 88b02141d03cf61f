import { CropAndResize } from "@tensorflow/tfjs-core";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { checkIndices } from "./row-numbers.js";

/** The kernel of tfjs, after a check that its boxes refer to existing images. */
export const cropAndResize: FastKernel = {
  kernelName: CropAndResize,
  run({ runtime, inputs, stock }: KernelCall) {
    const [image, boxes, boxInd] = [inputs["image"]!, inputs["boxes"]!, inputs["boxInd"]!];
    checkIndices(runtime, "cropAndResize", "boxInd", boxInd, image.shape[0]!, 0);
    const notFinite = runtime.backend.typedArrayFromHeap(boxes).find((value) => !Number.isFinite(value));
    if (notFinite !== undefined) refuse(ValueError, "cropAndResize", "boxes", "finite", notFinite);
    return stock();
  },
};
