import { ObjectName } from '../../analysis';
import { OPENERS } from '../../policy';
import { ObjectIndex } from './object-index';

export const STAGE = 'cdk8s-netpol/stage';

/**
 * What opens a namespace on purpose, and for a time: the opener of AUDIT, and the rollback. `netpol status` and the gate watch
 * over it; a rule about width would say of each such namespace what its stage says already.
 */
export function isStageOpener(object: ObjectName, objects: ObjectIndex): boolean {
  return OPENERS.includes(object.name) && objects.get(object)?.annotations[STAGE] !== undefined;
}
