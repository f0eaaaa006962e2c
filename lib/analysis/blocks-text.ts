import { Cidr } from '../policy';

const SHOWN = 3;

/**
 * Blocks of addresses for people: what is missing where that is shorter than what is there, and a few of many.
 *
 * ```text
 * 0.0.0.0/0 except 10.244.0.0/16,10.96.0.0/12
 * 203.0.113.0/24,198.51.100.0/25,192.0.2.0/24 (+4)
 * ```
 */
export function blocksText(cidrs: readonly string[]): string {
  const blocks = cidrs.map((cidr) => Cidr.parse(cidr));
  return ([4, 6] as const).flatMap((family) => {
    const own = blocks.filter((block) => block.family === family);
    if (own.length === 0) return [];
    const missing = Cidr.all(family).minus(own);
    return [missing.length > 0 && missing.length < own.length ? `${Cidr.all(family).toString()} except ${few(missing)}` : few(own)];
  }).join(', ');
}

function few(blocks: readonly Cidr[]): string {
  const shown = blocks.slice(0, SHOWN).join(',');
  return blocks.length > SHOWN ? `${shown} (+${blocks.length - SHOWN})` : shown;
}
