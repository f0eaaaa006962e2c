import {
  ADMIN_NETWORK_POLICY, ANTREA, AWS, CALICO, CILIUM, CLUSTER_NETWORK_POLICY, Cni, cniFact, GKE, NETWORK_POLICY, servesApi,
} from '../../lib/cluster';

const cnp = (text: string) => servesApi(Cni.parse(text), CLUSTER_NETWORK_POLICY);
const enforces = (text: string) => cniFact(Cni.parse(text), 'enforcesNetworkPolicy').value;

describe('ClusterNetworkPolicy is served', () => {
  test.each([
    ['cilium@1.19', false],
    ['cilium@1.20', false],
    ['cilium', false],
    ['cilium@1.20,enable-k8s-cluster-network-policy=true', true],
    ['cilium,enable-k8s-cluster-network-policy=true', true],
    ['calico@3.31', false],
    ['calico@3.32', true],
    ['calico', 'depends'],
    ['antrea@2.6', false],
    ['antrea@2.7', false],
    ['antrea@2.7,ClusterNetworkPolicy=true', true],
    ['gke-dpv2@1.36.0-gke.4446999', false],
    ['gke-dpv2@1.36.0-gke.4447000', true],
    ['gke-dpv2', 'depends'],
    ['gke-calico@1.36', false],
    ['ovn-kubernetes', false],
    ['generic', 'depends'],
    ['aws', 'depends'],
    ['kube-network-policies', 'depends'],
    ['flannel', false],
  ])('%s: %s', (cni, expected) => {
    expect(cnp(cni)).toBe(expected);
  });

  test.each([
    ['generic,cnp=on', true],
    ['generic,cnp=off', false],
    ['calico@3.31,cnp=on', true],
    ['calico@3.32,cnp=off', false],
    ['cilium@1.18,cnp=false', false],
    ['kindnet,cnp=true', true],
  ])('%s: the claim beats the version, %s', (cni, expected) => {
    expect(cnp(cni)).toBe(expected);
  });
});

describe('other APIs are served', () => {
  test.each([
    ['cilium', CILIUM, 'CiliumNetworkPolicy', true],
    ['cilium', CALICO, undefined, false],
    ['cilium,enable-k8s-networkpolicy=false', NETWORK_POLICY, undefined, false],
    ['calico@3.28', CALICO, 'Tier', false],
    ['calico@3.29', CALICO, 'Tier', true],
    ['calico@3.29', CALICO, 'StagedKubernetesNetworkPolicy', false],
    ['calico@3.30', CALICO, 'StagedKubernetesNetworkPolicy', true],
    ['calico', CALICO, 'StagedKubernetesNetworkPolicy', 'depends'],
    ['calico', CALICO, 'NetworkPolicy', true],
    ['calico', CALICO, undefined, true],
    ['canal', CALICO, 'NetworkPolicy', 'depends'],
    ['gke-calico', CALICO, 'NetworkPolicy', false],
    ['antrea', ANTREA, undefined, true],
    ['antrea,AntreaPolicy=false', ANTREA, undefined, false],
    ['antrea,AntreaPolicy=false', NETWORK_POLICY, undefined, true],
    ['aws@1.20', AWS, 'ClusterNetworkPolicy', false],
    ['aws@1.21', AWS, 'ClusterNetworkPolicy', true],
    ['aws', AWS, 'ClusterNetworkPolicy', 'depends'],
    ['aws,autoMode=true', AWS, 'ApplicationNetworkPolicy', true],
    ['gke-dpv2', GKE, 'FQDNNetworkPolicy', false],
    ['gke-dpv2,enable-fqdn-network-policy=true', GKE, 'FQDNNetworkPolicy', true],
    ['gke-dpv2@1.29,enable-cilium-clusterwide-network-policy=true', CILIUM, 'CiliumClusterwideNetworkPolicy', true],
    ['gke-dpv2@1.29,enable-cilium-clusterwide-network-policy=true', CILIUM, 'CiliumNetworkPolicy', false],
    ['ovn-kubernetes', ADMIN_NETWORK_POLICY, 'AdminNetworkPolicy', true],
    ['ovn-kubernetes,enable-admin-network-policy=false', ADMIN_NETWORK_POLICY, 'AdminNetworkPolicy', false],
    ['calico@3.32', ADMIN_NETWORK_POLICY, 'AdminNetworkPolicy', false],
    ['generic', NETWORK_POLICY, 'NetworkPolicy', true],
    ['generic', CILIUM, 'CiliumNetworkPolicy', false],
    ['flannel', NETWORK_POLICY, undefined, false],
    ['flannel,netpol.enabled=true', NETWORK_POLICY, undefined, true],
    ['kindnet@0.23', NETWORK_POLICY, undefined, false],
    ['kindnet', NETWORK_POLICY, undefined, 'depends'],
  ] as const)('%s %s %s: %s', (cni, api, kind, expected) => {
    expect(servesApi(Cni.parse(cni), api, kind)).toBe(expected);
  });
});

describe('enforcement', () => {
  test.each([
    ['generic', true],
    ['cilium', true],
    ['cilium,enable-policy=never', false],
    ['cilium,enable-policy=always', true],
    ['cilium,policy-audit-mode=true', false],
    ['cilium,policy-audit-mode=false', true],
    ['cilium,enable-k8s-networkpolicy=false', false],
    ['flannel', false],
    ['flannel,netpol.enabled=true', true],
    ['kube-router,run-firewall=false', false],
    ['weave-net,EXPECT_NPC=0', false],
    ['aws,enable-network-policy=false', false],
    ['kindnet@0.23', false],
    ['kindnet@0.24', true],
    ['kindnet', 'depends'],
  ])('%s: %s', (cni, expected) => {
    expect(enforces(cni)).toBe(expected);
  });

  test('says which setting takes it away', () => {
    expect(cniFact(Cni.parse('cilium,policy-audit-mode=true'), 'enforcesNetworkPolicy')).toMatchObject({
      setting: 'policy-audit-mode',
      why: 'with policy-audit-mode=true the agent only logs what it would drop, in the whole cluster',
    });
  });
});

describe('addresses', () => {
  test.each([
    ['generic', 'depends', 'depends', 'depends'],
    ['cilium', false, false, false],
    ['cilium,policy-cidr-match-mode=nodes', false, true, false],
    ['cilium,policy-cidr-match-mode=pods', true, false, true],
    ['cilium,policy-cidr-match-mode=nodes pods', true, true, true],
    ['calico', true, 'depends', true],
    ['antrea', true, 'depends', 'depends'],
    ['aws', true, true, true],
    ['gke-dpv2', 'depends', 'depends', 'depends'],
    ['gke-calico', true, 'depends', true],
    ['ovn-kubernetes', true, 'depends', true],
    ['kube-network-policies', true, 'depends', true],
    ['generic,ipBlockMatchesPods=true', true, 'depends', 'depends'],
    ['generic,cnpNetworksMatchPods=false', 'depends', 'depends', false],
    ['cilium,ipBlockMatchesPods=true', true, false, false],
  ])('%s: ipBlock matches pods %s, nodes %s, networks match pods %s', (text, pods, nodes, networks) => {
    const cni = Cni.parse(text);
    expect(cniFact(cni, 'ipBlockMatchesPods').value).toBe(pods);
    expect(cniFact(cni, 'ipBlockMatchesNodes').value).toBe(nodes);
    expect(cniFact(cni, 'cnpNetworksMatchPods').value).toBe(networks);
  });

  test.each([
    ['generic', 'depends', 'allowed'],
    ['cilium', 'post-dnat', 'denied'],
    ['calico', 'post-dnat', 'denied'],
    ['canal', 'post-dnat', 'denied'],
    ['antrea', 'post-dnat', 'denied'],
    ['aws', 'pre-dnat', 'allowed'],
    ['gke-dpv2', 'post-dnat', 'depends'],
    ['ovn-kubernetes', 'post-dnat', 'depends'],
    ['flannel,netpol.enabled=true', 'depends', 'depends'],
  ])('%s: Services are matched %s, the own node is %s', (text, service, node) => {
    const cni = Cni.parse(text);
    expect(cniFact(cni, 'serviceMatch').value).toBe(service);
    expect(cniFact(cni, 'podToOwnNode').value).toBe(node);
  });
});

describe('rollout', () => {
  test.each([
    ['generic', 'opener', false, 'depends'],
    ['cilium', 'opener-entities', true, 'cut'],
    ['calico@3.30', 'staged', true, 'kept'],
    ['calico@3.29', 'opener', false, 'kept'],
    ['calico', 'depends', 'depends', 'kept'],
    ['canal', 'opener', false, 'kept'],
    ['antrea', 'opener', false, 'kept'],
    ['aws', 'opener', false, 'depends'],
    ['gke-dpv2', 'opener', false, 'depends'],
    ['gke-calico', 'opener', false, 'kept'],
    ['ovn-kubernetes', 'opener', false, 'depends'],
  ])('%s: AUDIT by %s, would-be drops shown %s, open connections %s', (text, form, drops, established) => {
    const cni = Cni.parse(text);
    expect(cniFact(cni, 'auditForm').value).toBe(form);
    expect(cniFact(cni, 'showsWouldBeDrops').value).toBe(drops);
    expect(cniFact(cni, 'establishedOnEnforce').value).toBe(established);
  });

  test('a fact that changed with a version says so', () => {
    expect(cniFact(Cni.calico(), 'auditForm').why).toBe('it changed with version 3.30');
    expect(cniFact(Cni.calico({ version: '3.29' }), 'auditForm').why).toBe('before version 3.30');
  });
});
