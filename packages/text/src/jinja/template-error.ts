/** Why a template cannot go on, in words of the template's own language. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export function fail(message: string): never {
  throw new TemplateError(message);
}
