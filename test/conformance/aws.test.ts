import { describePackets } from './cni-packets';

// Packets of the tests and the code of Amazon's network policy agent and controller.
describePackets('aws', 'packets of the VPC CNI', ({ why }) => (why === 'fqdn' ? 'fqdn' : undefined));
