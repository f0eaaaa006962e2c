import { describePackets } from './cni-packets';

// Packets of Cilium's own connectivity tests, documentation and unit tests. Where the answer depends, `why` begins with the condition.
describePackets('cilium', 'packets of Cilium', ({ allowed, why }) => (allowed === 'depends' ? /^[a-z0-9-]+/.exec(why ?? '')?.[0] : undefined));
