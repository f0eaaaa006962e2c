import { PolicyError } from './policy-error';

/** What a field takes, as far as a wrong value would change the meaning without a word: a flag is true or false, "no" is not. */
export type FieldKind = 'flag' | 'value';

/** Every field of a struct; the compiler keeps it complete. */
export type Fields<T> = { readonly [Name in keyof Required<T>]: FieldKind };

/**
 * A struct as plain JavaScript may bring it: an object, no field misspelt, no null. A misspelt field would be ignored, and what
 * is left out often means "every pod" or "every protocol".
 */
export function checkFields<T extends object>(given: T, fields: Fields<T>): T {
  const known = Object.keys(fields);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new PolicyError({ given, problem: 'is not an object with properties', instead: `{ ... } with ${known.join(', ')}` });
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(fields, name)) {
      throw new PolicyError({ given: name, problem: 'is no property here, and would be ignored', instead: `one of ${known.join(', ')}` });
    }
    if (value === null) throw new PolicyError({ given: value, where: name, problem: 'is not a value', instead: `a value for ${name}, or nothing at all` });
    if (fields[name as keyof T] === 'flag' && value !== undefined && typeof value !== 'boolean') {
      throw new PolicyError({ given: value, where: name, problem: 'is neither true nor false', instead: 'true or false' });
    }
  }
  return given;
}
