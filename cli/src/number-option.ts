import { InvalidArgumentError } from 'commander';
import { UsageError } from './usage-error';

/** For a flag that takes a whole number, 1 or more. */
export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('It is a whole number, 1 or more.');
  return number;
}

/** For a flag that takes a share: `0.2` or `20%`. */
export function shareOption(text: string): number {
  try {
    return shareOf(text);
  } catch {
    throw new InvalidArgumentError('It is a share, such as 20% or 0.2.');
  }
}

/** `95%` or `0.95`. */
export function shareOf(text: string): number {
  const number = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1)) throw new UsageError(`"${text}" is no share. Instead: 95% or 0.95`);
  return number;
}
