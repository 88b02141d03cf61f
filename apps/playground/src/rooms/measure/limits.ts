/** Milliseconds of one call, beyond which it is not measured, so that a measurement takes some seconds on slow machines too. */
export const longestCall = 250;
