import { CORE_DNS, NODE_LOCAL_ADDRESS, NODE_LOCAL_DNS, OPENSHIFT_DNS, OPENSHIFT_DNS_PORT, type PodPreset } from 'cdk8s-netpol/cluster';
import { Cidr, ipBlockPeer, namedNamespace, Peer, peerKey, podPeer, PortMatch, Protocol, Selector } from 'cdk8s-netpol/policy';
import { CniChoice } from '../config/cni-flag';
import { call, Code, literal, object } from './code';
import { portsKey, Statement } from './statement';

/** A DNS of the library: the code that names it, and what a rule towards it says. */
export interface DnsForm {
  readonly code: Code;
  readonly peers: readonly Peer[];
  readonly ports: readonly PortMatch[];
}

/** The likeliest first: it wins where the input does not tell. */
export const DNS_FORMS: readonly DnsForm[] = [
  { code: 'Dns.coreDns()', peers: podPeers(CORE_DNS), ports: dnsPorts(53) },
  {
    code: 'Dns.coreDns({ nodeLocalCache: true })',
    peers: [...podPeers(CORE_DNS), ...podPeers(NODE_LOCAL_DNS), ipBlockPeer(Cidr.parse(NODE_LOCAL_ADDRESS.cidr))],
    ports: dnsPorts(53),
  },
  { code: 'Dns.openshift()', peers: podPeers(OPENSHIFT_DNS), ports: dnsPorts(53, OPENSHIFT_DNS_PORT) },
];

export const CORE_DNS_FORM = DNS_FORMS[0]!;

/** The statements by which these pods ask the DNS, where they say neither more nor less than the form does. */
export function dnsStatements(form: DnsForm, statements: readonly Statement[], subject: Selector): readonly Statement[] | undefined {
  const wanted = portsKey(form.ports);
  const found = form.peers.map((peer) => statements.find((each) => each.direction === 'egress' && each.subject.sameAs(subject)
    && each.peer !== undefined && peerKey(each.peer) === peerKey(peer) && portsKey(each.ports) === wanted));
  return found.every((each) => each !== undefined) ? found : undefined;
}

/** The form that most namespaces use; where none uses any, it claims the least. */
export function commonDns(namespaces: ReadonlyArray<readonly Statement[]>, { settings }: CniChoice): DnsForm {
  const forms = settings.autoMode === 'true' ? [...DNS_FORMS, ...autoModeForms(namespaces.flat())] : DNS_FORMS;
  const uses = (form: DnsForm): number => namespaces.filter((statements) => [...new Set(statements.map(({ subject }) => subject))]
    .some((subject) => dnsStatements(form, statements, subject) !== undefined)).length;
  // what a smaller form needs is among what a larger one does: the larger one says more of the same namespaces
  const counted = forms.map((form) => ({ form, count: uses(form), size: form.peers.length }));
  return counted.reduce((best, each) => (each.count > best.count || (each.count > 0 && each.count === best.count && each.size > best.size) ? each : best)).form;
}

/** DNS without pods, known by its address: what rules for every pod say of it. */
function autoModeForms(statements: readonly Statement[]): DnsForm[] {
  const ports = dnsPorts(53);
  const addresses = statements.flatMap(({ direction, subject, peer, ports: said }) => {
    const [term] = peer?.terms ?? [];
    const isAddress = direction === 'egress' && subject.matchesEverything && term?.kind === 'ipBlock' && term.cidr.first === term.cidr.last;
    return isAddress && portsKey(said) === portsKey(ports) ? [term.cidr] : [];
  });
  const byText = new Map(addresses.map((cidr) => [cidr.toString(), cidr]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, cidr]) => ({
    code: call('Dns.eksAutoMode', object({ clusterIp: literal(text.slice(0, text.indexOf('/'))) })), peers: [ipBlockPeer(cidr)], ports,
  }));
}

function podPeers({ namespaces, pods }: PodPreset): Peer[] {
  return namespaces.flatMap((namespace) => pods.map(({ matchLabels }) => podPeer(namedNamespace(namespace), Selector.labels(matchLabels))));
}

function dnsPorts(...numbers: readonly number[]): PortMatch[] {
  return [Protocol.UDP, Protocol.TCP].flatMap((protocol) => numbers.map((number) => ({ kind: 'range' as const, protocol, first: number, last: number })));
}
