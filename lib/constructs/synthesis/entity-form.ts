import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { CILIUM_FORM, NamespaceForm } from './policy-form';

/** The API whose rules name nodes and the API server by what they are; undefined where the CNI has none. */
export function entityForm(cni: Cni): NamespaceForm | undefined {
  return servesApi(cni, CILIUM_FORM.apiVersion, CILIUM_FORM.kind) === true ? CILIUM_FORM : undefined;
}
