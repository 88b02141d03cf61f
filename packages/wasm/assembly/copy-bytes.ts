/** Copies bytes; the call of memory.copy is only worth its cost from some hundred bytes on. */
@inline
export function copyBytes(to: usize, from: usize, bytes: usize): void {
  if (bytes >= 256) {
    memory.copy(to, from, bytes);
    return;
  }
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, v128.load(from + at));
  for (; at + 4 <= bytes; at += 4) store<u32>(to + at, load<u32>(from + at));
  for (; at < bytes; at++) store<u8>(to + at, load<u8>(from + at));
}
