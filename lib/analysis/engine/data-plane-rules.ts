import { FIRST_PORT, ipBlockPeer, LAST_PORT, NamedPort, Peer, PortMatch, Protocol, Rule, rule } from '../../policy';
import { Layer } from '../layers';

/** A rule as the data plane of the layer has it, where that is not what the API says: one rule or several. */
export function dataPlaneRules(written: Rule, { exceptionsDeny, portNamesMayMeanAll: why }: Layer): readonly Rule[] {
  const rules = exceptionsDeny === true ? [...exceptions(written), written] : [written];
  return why === undefined ? rules : rules.flatMap((each) => withUncertainNames(each, why));
}

/** What a block leaves out, as rules that deny: they cut what other rules allow. */
function exceptions({ direction, action, peers = [], ports, place, name }: Rule): Rule[] {
  if (action !== 'allow') return [];
  const holes = peers.flatMap(({ terms: [term, ...more] }): Peer[] => (
    term?.kind === 'ipBlock' && more.length === 0 ? term.except.map((cidr) => ipBlockPeer(cidr)) : []
  ));
  if (holes.length === 0) return [];
  const own = { ...(ports === undefined ? {} : { ports }), ...(place === undefined ? {} : { place }), ...(name === undefined ? {} : { name }) };
  return [rule({ direction, action: 'deny', peers: holes, ...own })];
}

/**
 * A name may stand for the port that it has at the destination, or for every port of its protocol. Beside numbers of its protocol
 * it may stand for nothing.
 */
function withUncertainNames(written: Rule, why: string): Rule[] {
  const { ports = [] } = written;
  const named = ports.filter((port): port is NamedPort => port.kind === 'named');
  if (named.length === 0) return [written];
  const numbers = ports.filter(({ kind }) => kind !== 'named');
  const certain = [...numbers, ...named.filter(({ protocol }) => !numbers.some((port) => port.kind === 'range' && port.protocol === protocol))];
  const protocols = Object.values(Protocol).filter((protocol) => named.some((port) => port.protocol === undefined || port.protocol === protocol));
  const all = protocols.map((protocol): PortMatch => ({ kind: 'range', protocol, first: FIRST_PORT, last: LAST_PORT }));
  const perhaps = (written.peers ?? [{ terms: [] }]).map(({ terms }): Peer => ({ terms: [...terms, { kind: 'unevaluated', what: why }] }));
  return [...(certain.length > 0 ? [rule({ ...written, ports: certain })] : []), rule({ ...written, peers: perhaps, ports: all })];
}
