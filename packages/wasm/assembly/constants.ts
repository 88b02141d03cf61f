// Numbers that JavaScript needs too: scripts/build-kernels.mjs copies them to src/generated/.

/** Queries or keys along one edge of a block of attention: `maskBlockLength` of the kernel contract. */
export const ATTENTION_BLOCK: i32 = 64;
/** The number of outer dimensions that kernels over several dimensions take. */
export const OUTER_DIMENSIONS: i32 = 5;
/** Numbers along the input in one unit of `swapDimensions`, which writes as many rows of the output in parallel. */
export const TRANSPOSE_STRIP: i32 = 8;
/** The maximum number of columns of one item of a float64 reduction, and the bytes of each intermediate result. */
export const WIDE_COLUMNS: i32 = 16;
export const WIDE_BYTES: usize = 8;
/** The maximum number of bytes, across columns, of one item of any other reduction. */
export const LANE_BYTES: i32 = 64;
/**
 * Bytes of what is known about a span of quantised inputs: their scale (f32), the correction of a sum of products (i32), that is the sum of
 * the integers times what a code is too small by, and the sum of the inputs from the start of their group (f32).
 */
export const SPAN_BYTES: usize = 16;
