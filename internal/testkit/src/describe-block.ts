export interface BlockCase {}
export function describeBlock(): void {}
