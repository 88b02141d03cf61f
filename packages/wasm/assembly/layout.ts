// How a workspace is laid out: one function gives each part its address, and the same function counts the bytes.

/**
 * Stores the address of a part in a field of a workspace, and gives the end of the part.
 *
 * @param workspace address of the workspace, or 0 to count only
 * @param field offset of the field
 * @param at address of the part
 */
@inline
export function place(workspace: usize, field: usize, at: usize, bytes: usize): usize {
  if (workspace) store<usize>(workspace + field, at);
  return at + bytes;
}
