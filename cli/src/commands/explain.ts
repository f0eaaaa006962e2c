import { explanationText } from 'cdk8s-netpol/analysis';
import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { loadCluster } from '../load-cluster';
import { located } from '../located-explanation';
import { json } from '../output';
import { Run } from '../run';
import { formOption } from '../word-option';

interface ExplainFlags extends ClusterFlags {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly output: 'table' | 'json';
}

const EXAMPLES = `
The ends are NAMESPACE/NAME (a workload or a pod), svc/NAMESPACE/NAME, an IP address or CIDR, or an entity: {host},
{remote-node}, {kube-apiserver}, {ingress-controller}, {world}.

Examples:
  netpol explain manifests/ --from shop/web --to pay/api --port 8080/TCP
  netpol explain manifests/ --from 203.0.113.7 --to shop/web --port 443
  netpol explain --context prod --from shop/web --to svc/kube-system/kube-dns --port 53/UDP -o json
`;

/** `netpol explain`: one verdict, and the rules behind it. */
export function define(command: Command, run: Run): void {
  withClusterInput(command)
    .description('Says whether one connection may be opened, and which rules decide that, in both directions.')
    .requiredOption('--from <END>', 'who opens the connection')
    .requiredOption('--to <END>', 'who is called')
    .requiredOption('--port <PORT>', 'the port that is called: 80/TCP; ICMP for what has no ports')
    .addOption(formOption(['table', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: ExplainFlags) => {
      const { analysis } = await loadCluster(paths, flags, run);
      const explanation = located(analysis.explain(flags.from, flags.to, flags.port));
      await run.print(flags.output === 'json' ? json({ cni: analysis.profile.id, ...explanation }, {}) : [`${explanationText(explanation)}\n`]);
    });
}
