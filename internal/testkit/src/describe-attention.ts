export function describeAttention(): void {}
