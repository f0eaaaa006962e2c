import { describePackets } from './cni-packets';

// Packets of Antrea's own end-to-end tests and documents; what depends says which condition, or is a tie.
describePackets('antrea', 'packets of Antrea', ({ allowed }) => (allowed === 'depends' ? 'priority-tie' : undefined));
