// Layout of scratch memory. The function that assigns the address of each part also counts the bytes, so the two agree. It
// counts in 64 bits, because a wrapped count would be an allocation that is too small.

/**
 * Stores the address of a part in a field of a workspace, and returns the end of the part.
 *
 * @param workspace address of the workspace, or 0 to count only
 * @param field offset of the field
 * @param at address of the part
 */
@inline
export function place(workspace: usize, field: usize, at: u64, bytes: u64): u64 {
  if (workspace) store<usize>(workspace + field, <usize>at);
  return at + bytes;
}
