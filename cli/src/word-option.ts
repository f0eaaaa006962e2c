import { didYouMean } from 'cdk8s-netpol/cluster';
import { InvalidArgumentError, Option } from 'commander';

/** A flag that takes one of a few words; a mistyped one gets the nearest. */
export function wordOption(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices(words).argParser((given: string) => {
    if (words.includes(given)) return given;
    const near = didYouMean(given, words);
    throw new InvalidArgumentError(`It is one of ${words.join(', ')}.${near === undefined ? '' : `\n(Did you mean ${near}?)`}`);
  });
}

/** `-o`: the form of the answer; a table unless it is said. */
export function formOption(forms: readonly string[]): Option {
  return wordOption('-o, --output <FORM>', 'the form of the answer', forms).default('table');
}
