import { CALICO, CLUSTER_NETWORK_POLICY } from '../apis';
import { CniRow } from '../cni-row';
import { NATIVE_API, NO_WOULD_BE_DROPS, OPENER } from '../open-facts';
import { calico } from './calico';

const INSTALL = 'https://docs.tigera.io/calico/latest/getting-started/kubernetes/flannel/install-for-flannel';
const MANIFEST_ONLY = 'the manifest installs no Calico API server';

/** Calico's policy engine over Flannel's network: what Felix does with a packet is Calico's, what is served is less. */
export const canal: CniRow = {
  ...calico,
  name: 'canal',
  title: 'Canal (Calico policy, Flannel network)',
  source: INSTALL,
  enforcesNetworkPolicy: { value: true, source: INSTALL },
  serves: [
    NATIVE_API,
    { api: CALICO, default: 'depends', source: INSTALL, note: MANIFEST_ONLY },
    { api: CLUSTER_NETWORK_POLICY, default: 'depends', source: INSTALL, note: MANIFEST_ONLY },
  ],
  auditForm: OPENER,
  showsWouldBeDrops: NO_WOULD_BE_DROPS,
};
