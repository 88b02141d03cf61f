/**
 * Jensen-Shannon divergence of two distributions over the same keys: H((p + q) / 2) − H(p) / 2 − H(q) / 2.
 *
 * Divided by its maximum ln 2, so from 0 (equal) to 1 (disjoint). Its square root is a metric (Endres & Schindelin 2003).
 */
export function jensenShannon(p: Float64Array, q: Float64Array): number {
  let nats = 0;
  for (let key = 0; key < p.length; key++) {
    nats += (xLogX(p[key]!) + xLogX(q[key]!)) / 2 - xLogX((p[key]! + q[key]!) / 2);
  }
  return Math.min(1, Math.max(0, nats / Math.LN2));
}

function xLogX(x: number): number {
  return x === 0 ? 0 : x * Math.log(x);
}
