/**
 * Where the nodes of a cluster run. Decides which metadata and credential endpoints a pod could reach.
 *
 * ```ts
 * ClusterProfile.attach(app, { name: 'prod-eu', cni: Cni.cilium(), cloud: Cloud.AWS });
 * ```
 */
export enum Cloud {
  /** Amazon Web Services. */
  AWS = 'aws',
  /** Google Cloud. */
  GCP = 'gcp',
  /** Microsoft Azure. */
  AZURE = 'azure',
  /** Oracle Cloud Infrastructure, Classic included. */
  ORACLE = 'oracle',
  /** Alibaba Cloud. */
  ALIBABA = 'alibaba',
  /** Tencent Cloud. */
  TENCENT = 'tencent',
  /** Scaleway. */
  SCALEWAY = 'scaleway',
  /** Akamai Connected Cloud (Linode). */
  AKAMAI = 'akamai',
  /** Any cloud built on OpenStack. */
  OPENSTACK = 'openstack',
  /** Hetzner Cloud. */
  HETZNER = 'hetzner',
  /** IBM Cloud VPC. */
  IBM_VPC = 'ibm-vpc',
  /** DigitalOcean. */
  DIGITALOCEAN = 'digitalocean',
  /** Vultr. */
  VULTR = 'vultr',
  /** UpCloud. */
  UPCLOUD = 'upcloud',
  /** Exoscale. */
  EXOSCALE = 'exoscale',
  /** Equinix Metal. Its metadata service has a name and no fixed address. */
  EQUINIX = 'equinix',
  /** Machines without a metadata service: bare metal, laptops, kind. */
  NONE = 'none',
}
