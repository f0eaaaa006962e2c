import { CORE_DNS, NODE_LOCAL_ADDRESS, NODE_LOCAL_DNS, OPENSHIFT_DNS } from 'cdk8s-netpol/cluster';
import { CniChoice } from '../../config/cni-flag';
import { call, Code, object, text } from '../../migrate/code';
import { dnsPresetOf, isLinkLocal, isMetadata } from './presets';
import { Need } from './recommendation';

const DEFAULT_ADDRESS = NODE_LOCAL_ADDRESS.cidr.replace(/\/\d+$/, '');
/** The tenth address of the service range. */
const TENTH = /(\.10|::a)$/;
const METADATA_DNS = '169.254.169.254';

/** Which DNS the record shows, and what of the record is asking it. Every default-deny opens it. */
export class DnsEvidence {
  private readonly isOpenShift: boolean;
  private readonly nodeLocal: string | undefined;
  private readonly ofProfile: boolean;
  /** The ClusterIP that EKS Auto Mode answers on. */
  private readonly autoMode: string | undefined;

  public constructor(needs: readonly Need[], { name, settings }: CniChoice, private readonly asked: ReadonlySet<string>) {
    this.ofProfile = name.startsWith('gke');
    const servers = needs.flatMap(({ dst, port }) => (dst.kind === 'address' && dst.ip !== undefined && port === 53 ? [dst.ip] : []));
    this.autoMode = settings.autoMode === 'true' ? servers.find((ip) => TENTH.test(ip)) : undefined;
    const presets = new Set(needs.flatMap(({ dst, port }) => (dst.kind === 'pods' ? dnsPresetOf(dst, port) ?? [] : [])));
    this.isOpenShift = presets.has(OPENSHIFT_DNS) && !presets.has(CORE_DNS);
    const onNode = servers.filter((ip) => isLinkLocal(ip) && !isMetadata(ip)).sort();
    this.nodeLocal = onNode.find((ip) => ip === DEFAULT_ADDRESS) ?? onNode[0] ?? (presets.has(NODE_LOCAL_DNS) ? DEFAULT_ADDRESS : undefined);
  }

  /** Whether what a DefaultDenyNamespace opens for DNS is what was needed. */
  public covers({ src, dst, port, protocol }: Need): boolean {
    if (src.kind !== 'pods' || !this.asked.has(src.namespace) || (protocol !== 'UDP' && protocol !== 'TCP')) return false;
    if (this.autoMode !== undefined) return dst.kind === 'address' && dst.ip === this.autoMode && port === 53;
    if (dst.kind === 'pods') {
      const preset = dnsPresetOf(dst, port);
      if (preset === undefined) return false;
      if (this.isOpenShift) return preset === OPENSHIFT_DNS;
      return preset === CORE_DNS || (preset === NODE_LOCAL_DNS && (this.nodeLocal !== undefined || this.ofProfile));
    }
    if (dst.kind !== 'address' || dst.ip === undefined || port !== 53) return false;
    return this.ofProfile ? dst.ip === DEFAULT_ADDRESS || dst.ip === METADATA_DNS : !this.isOpenShift && dst.ip === this.nodeLocal;
  }

  /** As the ClusterProfile says it; undefined where it need not. */
  public get code(): Code | undefined {
    if (this.ofProfile) return undefined;
    if (this.autoMode !== undefined) return call('Dns.eksAutoMode', object({ clusterIp: text(this.autoMode) }));
    if (this.isOpenShift) return 'Dns.openshift()';
    if (this.nodeLocal === undefined) return undefined;
    return call('Dns.coreDns', object({ nodeLocalCache: 'true', nodeLocalAddress: this.nodeLocal === DEFAULT_ADDRESS ? undefined : text(this.nodeLocal) }));
  }

  public get words(): string {
    if (this.isOpenShift) return 'the DNS of OpenShift';
    return this.nodeLocal === undefined ? 'cluster DNS' : `cluster DNS and the cache on the node (${this.nodeLocal})`;
  }
}
