/** A call that is not made, because what it asks for is no longer wanted. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}
