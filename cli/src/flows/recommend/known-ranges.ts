import { readFileSync } from 'node:fs';
import { Cidr, PolicyError } from 'cdk8s-netpol/policy';
import { UsageError } from '../../usage-error';
import { KnownRange } from './rule-facts';

/** Ranges of a file: a block on each line, and behind it who has it; `#` begins a comment. */
export function readRanges(file: string): readonly KnownRange[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ranges: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return content.split(/\r?\n/).flatMap((line, index) => {
    const [block, ...name] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (block === undefined || block === '') return [];
    try {
      return [{ cidr: checkRange(Cidr.parse(block)), name: name.join(' ') || undefined }];
    } catch (error) {
      if (error instanceof PolicyError || error instanceof UsageError) throw new UsageError(`${file}:${index + 1}: ${error.message}`);
      throw error;
    }
  });
}

/** Those of netpol.yaml. */
export function trustedRanges(cidrs: readonly Cidr[]): readonly KnownRange[] {
  return cidrs.map((cidr) => ({ cidr: checkRange(cidr), name: undefined }));
}

/** Everything is no range that somebody knows. */
function checkRange(cidr: Cidr): Cidr {
  if (cidr.prefix > 0) return cidr;
  throw new UsageError(`${cidr.toString()} is every address, which is never recommended. Instead: the ranges that are known`);
}
