import { Cloud, METADATA_NAMES, METADATA_TABLE, MetadataEndpoint, metadataEndpoints, metadataNames, WorkloadIdentity } from '../../lib/cluster';
import { Cidr } from '../../lib/policy/cidr';

/** Endpoints in one line each: "169.254.169.254/32 TCP 80, TCP 443". */
function show(cloud: Cloud | undefined, identity: WorkloadIdentity | undefined, which: (endpoint: MetadataEndpoint) => boolean): string[] {
  return metadataEndpoints(cloud, identity).filter(which).map(({ cidr, ports }) => {
    const spans = ports.map(({ protocol, first, last }) => `${protocol} ${first === last ? first : `${first}-${last}`}`);
    return `${cidr} ${spans.join(', ')}`;
  });
}

const denied = (cloud?: Cloud, identity?: WorkloadIdentity): string[] => show(cloud, identity, ({ keptOpen }) => keptOpen === undefined);
const kept = (cloud?: Cloud, identity?: WorkloadIdentity): string[] => show(cloud, identity, ({ keptOpen }) => keptOpen !== undefined);

describe('the table', () => {
  test.each(METADATA_TABLE.map((row) => [`${row.cloud} ${row.cidr}`, row] as const))('%s: one address, ports, a source', (_name, row) => {
    const cidr = Cidr.parse(row.cidr);
    expect(cidr.prefix).toBe(cidr.family === 4 ? 32 : 128);
    expect(cidr.toString()).toBe(row.cidr);
    expect(row.ports.length).toBeGreaterThan(0);
    for (const { first, last } of row.ports) {
      expect(first).toBeGreaterThanOrEqual(1);
      expect(last).toBeGreaterThanOrEqual(first);
      expect(last).toBeLessThanOrEqual(65535);
    }
    expect(row.gives).not.toBe('');
    expect(row.source).toMatch(/^https:\/\/\S+$/);
  });

  test('no metadata port is one that another service of the address needs', () => {
    const shared = METADATA_TABLE.filter((row) => row.sharedWith !== undefined);
    expect(shared.map((row) => `${row.cloud} ${row.cidr}`)).toEqual(['gcp 169.254.169.254/32', 'azure 168.63.129.16/32', 'oracle 169.254.169.254/32']);
    for (const { cidr, sharedWith = [] } of shared) {
      for (const { ports } of METADATA_TABLE.filter((row) => row.cidr === cidr)) {
        for (const { protocol, port } of sharedWith) {
          expect(ports.some((span) => span.protocol === protocol && span.first <= port && port <= span.last)).toBe(false);
        }
      }
    }
  });

  test('each cloud has an address or a name, but for the one that means none', () => {
    const known = new Set([...METADATA_TABLE.map((row) => row.cloud), ...METADATA_NAMES.map((row) => row.cloud)]);
    expect(Object.values(Cloud).filter((cloud) => !known.has(cloud))).toEqual([Cloud.NONE]);
  });

  test('a cloud names an address once', () => {
    const keys = METADATA_TABLE.map((row) => `${row.cloud} ${row.cidr}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('what is denied', () => {
  test.each([
    [Cloud.AWS, [
      '169.254.169.254/32 TCP 80', '169.254.170.2/32 TCP 80', '169.254.170.23/32 TCP 80', 'fd00:ec2::23/128 TCP 80', 'fd00:ec2::254/128 TCP 80',
    ]],
    [Cloud.GCP, ['169.254.169.252/32 TCP 987-988', '169.254.169.254/32 TCP 80, TCP 443, TCP 8080', 'fd20:ce::254/128 TCP 80, TCP 443']],
    [Cloud.AZURE, ['168.63.129.16/32 TCP 80, TCP 32526', '169.254.169.254/32 TCP 80']],
    [Cloud.ORACLE, ['169.254.169.254/32 TCP 80', '192.0.0.192/32 TCP 80', 'fd00:c1::a9fe:a9fe/128 TCP 80']],
    [Cloud.ALIBABA, ['100.100.100.200/32 TCP 80']],
    [Cloud.TENCENT, ['169.254.0.23/32 TCP 80']],
    [Cloud.SCALEWAY, ['169.254.42.42/32 TCP 80', 'fd00:42::42/128 TCP 80']],
    [Cloud.AKAMAI, ['169.254.169.254/32 TCP 80', 'fd00:a9fe:a9fe::1/128 TCP 80', 'fe80::a9fe:a9fe/128 TCP 80']],
    [Cloud.OPENSTACK, ['169.254.169.254/32 TCP 80', 'fe80::a9fe:a9fe/128 TCP 80']],
    [Cloud.HETZNER, ['169.254.169.254/32 TCP 80', 'fe80::a9fe:a9fe/128 TCP 80']],
    [Cloud.IBM_VPC, ['169.254.169.254/32 TCP 80, TCP 443']],
    [Cloud.DIGITALOCEAN, ['169.254.169.254/32 TCP 80']],
    [Cloud.VULTR, ['169.254.169.254/32 TCP 80']],
    [Cloud.UPCLOUD, ['169.254.169.254/32 TCP 80']],
    [Cloud.EXOSCALE, ['169.254.169.254/32 TCP 80']],
    [Cloud.EQUINIX, []],
    [Cloud.NONE, []],
  ])('on %s', (cloud, expected) => {
    expect(denied(cloud)).toEqual(expected);
    expect(kept(cloud)).toEqual([]);
  });

  test('in an unknown cloud: the endpoints of all clouds, each address once', () => {
    expect(denied()).toEqual([
      '100.100.100.200/32 TCP 80',
      '168.63.129.16/32 TCP 80, TCP 32526',
      '169.254.0.23/32 TCP 80',
      '169.254.42.42/32 TCP 80',
      '169.254.169.252/32 TCP 987-988',
      '169.254.169.254/32 TCP 80, TCP 443, TCP 8080',
      '169.254.170.2/32 TCP 80',
      '169.254.170.23/32 TCP 80',
      '192.0.0.192/32 TCP 80',
      'fd00:42::42/128 TCP 80',
      'fd00:c1::a9fe:a9fe/128 TCP 80',
      'fd00:ec2::23/128 TCP 80',
      'fd00:ec2::254/128 TCP 80',
      'fd00:a9fe:a9fe::1/128 TCP 80',
      'fd20:ce::254/128 TCP 80, TCP 443',
      'fe80::a9fe:a9fe/128 TCP 80',
    ]);
  });

  test('an address says which clouds have it', () => {
    const [linkLocal] = metadataEndpoints(undefined, undefined).filter(({ cidr }) => cidr === 'fe80::a9fe:a9fe/128');
    expect(linkLocal?.clouds).toEqual([Cloud.AKAMAI, Cloud.OPENSTACK, Cloud.HETZNER]);
  });
});

describe('what workload identity keeps open', () => {
  test('EKS Pod Identity: its agent, and not the metadata of the node', () => {
    expect(kept(Cloud.AWS, WorkloadIdentity.EKS_POD_IDENTITY)).toEqual(['169.254.170.23/32 TCP 80', 'fd00:ec2::23/128 TCP 80']);
    expect(denied(Cloud.AWS, WorkloadIdentity.EKS_POD_IDENTITY)).toEqual([
      '169.254.169.254/32 TCP 80', '169.254.170.2/32 TCP 80', 'fd00:ec2::254/128 TCP 80',
    ]);
  });

  test('GKE: the metadata server, which hides the credentials of the node', () => {
    expect(kept(Cloud.GCP, WorkloadIdentity.GKE)).toEqual([
      '169.254.169.252/32 TCP 987-988', '169.254.169.254/32 TCP 80, TCP 443, TCP 8080', 'fd20:ce::254/128 TCP 80, TCP 443',
    ]);
    expect(denied(Cloud.GCP, WorkloadIdentity.GKE)).toEqual([]);
  });

  test('AAD Pod Identity: the metadata service, and not the wire server', () => {
    expect(kept(Cloud.AZURE, WorkloadIdentity.AAD_POD_IDENTITY)).toEqual(['169.254.169.254/32 TCP 80']);
    expect(denied(Cloud.AZURE, WorkloadIdentity.AAD_POD_IDENTITY)).toEqual(['168.63.129.16/32 TCP 80, TCP 32526']);
  });

  test.each([
    [Cloud.AWS, WorkloadIdentity.EKS_IRSA],
    [Cloud.AZURE, WorkloadIdentity.AKS],
    [Cloud.GCP, WorkloadIdentity.NONE],
    [Cloud.GCP, undefined],
  ])('on %s with %s: nothing', (cloud, identity) => {
    expect(kept(cloud, identity)).toEqual([]);
    expect(denied(cloud, identity)).toEqual(denied(cloud));
  });

  test('in an unknown cloud the ports that are needed are kept and the rest of the address is denied', () => {
    expect(kept(undefined, WorkloadIdentity.AAD_POD_IDENTITY)).toEqual(['169.254.169.254/32 TCP 80']);
    expect(denied(undefined, WorkloadIdentity.AAD_POD_IDENTITY)).toContain('169.254.169.254/32 TCP 443, TCP 8080');
  });

  test('says why, and who would need what is denied', () => {
    const [open] = metadataEndpoints(Cloud.AWS, WorkloadIdentity.EKS_POD_IDENTITY).filter(({ keptOpen }) => keptOpen !== undefined);
    expect(open?.keptOpen).toBe('pods get their credentials here (eks-pod-identity)');
    const [shut] = metadataEndpoints(Cloud.AWS, undefined).filter(({ cidr }) => cidr === '169.254.170.23/32');
    expect(shut?.neededBy).toEqual([WorkloadIdentity.EKS_POD_IDENTITY]);
  });
});

describe('names', () => {
  test('are listed for a proxy to refuse', () => {
    expect(metadataNames(Cloud.GCP).map(({ name }) => name)).toEqual(['metadata.google.internal', 'metadata.goog']);
    expect(metadataNames(undefined)).toHaveLength(6);
    expect(metadataNames(Cloud.AWS)).toEqual([]);
  });

  test('without an address no policy can deny them', () => {
    expect(METADATA_NAMES.filter(({ nameOnly }) => nameOnly).map(({ cloud }) => cloud)).toEqual([Cloud.EQUINIX]);
  });
});
