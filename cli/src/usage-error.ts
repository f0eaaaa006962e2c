/** A command line, or a configuration file, that asks for something which cannot be. */
export class UsageError extends Error {
  /** @param candidates what the mistyped word may have meant */
  public constructor(message: string, public readonly mistyped?: { readonly word: string; readonly candidates: readonly string[] }) {
    super(message);
    this.name = 'UsageError';
  }
}
