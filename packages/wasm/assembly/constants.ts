// Numbers that JavaScript needs too: scripts/build-kernels.mjs copies them to src/generated/.

/** Queries or keys along one edge of a block of attention; `maskBlockLength` of the contract. */
export const ATTENTION_BLOCK: i32 = 64;
/** Outer dimensions for which the arguments of a kernel have room. */
export const OUTER_DIMENSIONS: i32 = 5;
/** Numbers along the input that a unit of `swapDimensions` covers: as many output rows are written side by side. */
export const TRANSPOSE_STRIP: i32 = 8;
/** Most columns of an item of a reduction in float64, and bytes of a result that another pass reduces further. */
export const WIDE_COLUMNS: i32 = 16;
export const WIDE_BYTES: usize = 8;
/** Bytes of most columns of an item of any other reduction. */
export const LANE_BYTES: i32 = 64;
