import { Cloud } from './cloud';
import { WorkloadIdentity } from './workload-identity';

/** Destination ports of one protocol, both ends included. */
export interface PortSpan {
  readonly protocol: 'TCP' | 'UDP';
  readonly first: number;
  readonly last: number;
}

/** An address where a cloud hands out data of a machine or credentials. */
export interface MetadataRow {
  readonly cloud: Cloud;
  /** One address, /32 or /128. */
  readonly cidr: string;
  readonly ports: readonly PortSpan[];
  readonly gives: string;
  /** The workload identities whose pods have to reach it. */
  readonly neededBy?: readonly WorkloadIdentity[];
  /** Other services on the same address, on other ports: it can never be closed on all ports. */
  readonly sharedWith?: readonly { readonly protocol: 'TCP' | 'UDP'; readonly port: number; readonly service: string }[];
  readonly source: string;
}

/** A name under which a cloud serves metadata. No policy API can deny a name: an egress proxy can. */
export interface MetadataName {
  readonly cloud: Cloud;
  readonly name: string;
  /** The name has no fixed address: network policy cannot close it. */
  readonly nameOnly?: boolean;
  readonly source: string;
}

const CLOUD_INIT = 'https://github.com/canonical/cloud-init/blob/main/cloudinit/sources';
const GKE_POLICY = 'https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity';
const GCE_METADATA = 'https://cloud.google.com/compute/docs/metadata/querying-metadata';
const WIRE_SERVER = 'https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16';
const POD_IDENTITY_AGENT = 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html';
const NOVA = 'https://docs.openstack.org/nova/latest/user/metadata.html';

const HTTP: PortSpan = { protocol: 'TCP', first: 80, last: 80 };
const HTTPS: PortSpan = { protocol: 'TCP', first: 443, last: 443 };
const COMMON = '169.254.169.254/32';

export const METADATA_TABLE: readonly MetadataRow[] = [
  { cloud: Cloud.AWS, cidr: COMMON, ports: [HTTP], gives: 'credentials of the node, user data', source: `${CLOUD_INIT}/DataSourceEc2.py` },
  {
    cloud: Cloud.AWS, cidr: 'fd00:ec2::254/128', ports: [HTTP], gives: 'credentials of the node, user data',
    source: `${CLOUD_INIT}/DataSourceEc2.py`,
  },
  {
    cloud: Cloud.AWS, cidr: '169.254.170.2/32', ports: [HTTP], gives: 'credentials of the ECS task',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  },
  {
    cloud: Cloud.AWS, cidr: '169.254.170.23/32', ports: [HTTP], gives: 'credentials of the pod (EKS Pod Identity)',
    neededBy: [WorkloadIdentity.EKS_POD_IDENTITY], source: POD_IDENTITY_AGENT,
  },
  {
    cloud: Cloud.AWS, cidr: 'fd00:ec2::23/128', ports: [HTTP], gives: 'credentials of the pod (EKS Pod Identity)',
    neededBy: [WorkloadIdentity.EKS_POD_IDENTITY], source: POD_IDENTITY_AGENT,
  },
  {
    // 8080 is the second port of the GKE metadata server under Dataplane V2, 443 the HTTPS form of the one of the VM.
    cloud: Cloud.GCP, cidr: COMMON, ports: [HTTP, HTTPS, { protocol: 'TCP', first: 8080, last: 8080 }],
    gives: 'credentials of the node, or of the pod behind the GKE metadata server', neededBy: [WorkloadIdentity.GKE],
    sharedWith: [
      { protocol: 'UDP', port: 53, service: 'Cloud DNS' },
      { protocol: 'TCP', port: 53, service: 'Cloud DNS' },
      { protocol: 'UDP', port: 123, service: 'NTP' },
    ],
    source: GCE_METADATA,
  },
  {
    cloud: Cloud.GCP, cidr: 'fd20:ce::254/128', ports: [HTTP, HTTPS], gives: 'credentials of the node (VMs with IPv6 alone)',
    neededBy: [WorkloadIdentity.GKE], source: GCE_METADATA,
  },
  {
    cloud: Cloud.GCP, cidr: '169.254.169.252/32', ports: [{ protocol: 'TCP', first: 987, last: 988 }],
    gives: 'credentials of the pod: where the GKE metadata server listens', neededBy: [WorkloadIdentity.GKE], source: GKE_POLICY,
  },
  {
    cloud: Cloud.AZURE, cidr: COMMON, ports: [HTTP], gives: 'tokens of the managed identity of the node',
    neededBy: [WorkloadIdentity.AAD_POD_IDENTITY], source: `${CLOUD_INIT}/DataSourceAzure.py`,
  },
  {
    cloud: Cloud.AZURE, cidr: '168.63.129.16/32', ports: [HTTP, { protocol: 'TCP', first: 32526, last: 32526 }],
    gives: 'certificates and extension settings of the node (wire server)',
    sharedWith: [
      { protocol: 'UDP', port: 53, service: 'Azure DNS' },
      { protocol: 'TCP', port: 53, service: 'Azure DNS' },
      { protocol: 'UDP', port: 67, service: 'DHCP' },
    ],
    source: WIRE_SERVER,
  },
  {
    cloud: Cloud.ORACLE, cidr: COMMON, ports: [HTTP], gives: 'credentials of the node, user data',
    sharedWith: [{ protocol: 'UDP', port: 53, service: 'VCN resolver' }, { protocol: 'TCP', port: 53, service: 'VCN resolver' }],
    source: `${CLOUD_INIT}/DataSourceOracle.py`,
  },
  {
    cloud: Cloud.ORACLE, cidr: 'fd00:c1::a9fe:a9fe/128', ports: [HTTP], gives: 'credentials of the node, user data',
    source: `${CLOUD_INIT}/DataSourceOracle.py`,
  },
  {
    cloud: Cloud.ORACLE, cidr: '192.0.0.192/32', ports: [HTTP], gives: 'user data (Oracle Cloud Infrastructure Classic)',
    source: 'https://docs.oracle.com/en/cloud/iaas/compute-iaas-cloud/stcsg/retrieving-instance-metadata.html',
  },
  {
    cloud: Cloud.ALIBABA, cidr: '100.100.100.200/32', ports: [HTTP], gives: 'credentials of the node, user data',
    source: `${CLOUD_INIT}/DataSourceAliYun.py`,
  },
  {
    cloud: Cloud.TENCENT, cidr: '169.254.0.23/32', ports: [HTTP], gives: 'credentials of the node, user data',
    source: 'https://www.tencentcloud.com/document/product/213/4934',
  },
  { cloud: Cloud.SCALEWAY, cidr: '169.254.42.42/32', ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceScaleway.py` },
  { cloud: Cloud.SCALEWAY, cidr: 'fd00:42::42/128', ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceScaleway.py` },
  { cloud: Cloud.AKAMAI, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceAkamai.py` },
  { cloud: Cloud.AKAMAI, cidr: 'fd00:a9fe:a9fe::1/128', ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceAkamai.py` },
  { cloud: Cloud.AKAMAI, cidr: 'fe80::a9fe:a9fe/128', ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceAkamai.py` },
  { cloud: Cloud.OPENSTACK, cidr: COMMON, ports: [HTTP], gives: 'user data, vendor data', source: NOVA },
  { cloud: Cloud.OPENSTACK, cidr: 'fe80::a9fe:a9fe/128', ports: [HTTP], gives: 'user data, vendor data', source: NOVA },
  { cloud: Cloud.HETZNER, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceHetzner.py` },
  { cloud: Cloud.HETZNER, cidr: 'fe80::a9fe:a9fe/128', ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceHetzner.py` },
  {
    cloud: Cloud.IBM_VPC, cidr: COMMON, ports: [HTTP, HTTPS], gives: 'identity tokens of the node, user data',
    source: 'https://cloud.ibm.com/apidocs/vpc-metadata',
  },
  { cloud: Cloud.DIGITALOCEAN, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceDigitalOcean.py` },
  { cloud: Cloud.VULTR, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceVultr.py` },
  { cloud: Cloud.UPCLOUD, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceUpCloud.py` },
  { cloud: Cloud.EXOSCALE, cidr: COMMON, ports: [HTTP], gives: 'user data', source: `${CLOUD_INIT}/DataSourceExoscale.py` },
];

export const METADATA_NAMES: readonly MetadataName[] = [
  { cloud: Cloud.GCP, name: 'metadata.google.internal', source: GCE_METADATA },
  { cloud: Cloud.GCP, name: 'metadata.goog', source: GCE_METADATA },
  { cloud: Cloud.TENCENT, name: 'metadata.tencentyun.com', source: 'https://www.tencentcloud.com/document/product/213/4934' },
  { cloud: Cloud.IBM_VPC, name: 'api.metadata.cloud.ibm.com', source: 'https://cloud.ibm.com/apidocs/vpc-metadata' },
  { cloud: Cloud.EXOSCALE, name: 'metadata.exoscale.com', source: `${CLOUD_INIT}/DataSourceExoscale.py` },
  { cloud: Cloud.EQUINIX, name: 'metadata.platformequinix.com', nameOnly: true, source: 'https://github.com/packethost/packngo' },
];
