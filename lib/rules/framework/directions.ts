import { Direction, DIRECTIONS, PolicyError } from '../../policy';

/** The directions that an option names. */
export function directionsOf(option: readonly string[]): readonly Direction[] {
  const unknown = option.find((text) => !DIRECTIONS.some((direction) => direction === text));
  if (unknown !== undefined || option.length === 0) {
    throw new PolicyError({ given: unknown ?? '[]', where: 'the option directions', problem: 'names no direction', instead: 'ingress, egress, or both' });
  }
  return DIRECTIONS.filter((direction) => option.includes(direction));
}
