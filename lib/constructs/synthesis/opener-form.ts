import { Cni } from '../../cluster/cni';
import { nodesOutOfReach } from '../../cluster/native-limits';
import { entityForm } from './entity-form';
import { NamespaceForm, NATIVE_FORM } from './policy-form';

/** How a whole namespace is opened. */
export interface OpenerForm extends NamespaceForm {
  /** Whether nodes and the API server have to be named as entities, because no address matches them. */
  readonly namesEntities: boolean;
}

export const NATIVE_OPENER: OpenerForm = { ...NATIVE_FORM, namesEntities: false };

/**
 * The form in which a whole namespace can be opened: the native one, but where a NetworkPolicy reaches neither nodes nor the API
 * server and the CNI has a kind of its own that does. Undefined where neither can.
 */
export function openerForm(cni: Cni): OpenerForm | undefined {
  if (!nodesOutOfReach(cni)) return NATIVE_OPENER;
  const form = entityForm(cni);
  return form === undefined ? undefined : { ...form, namesEntities: true };
}
