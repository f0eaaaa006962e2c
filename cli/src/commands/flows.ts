import { Command } from 'commander';
import { lazy } from '../lazy';
import { Run } from '../run';

const VERBS: Readonly<Record<string, string>> = {
  import: 'read flow logs into a store',
  query: 'what happened, and when',
  coverage: 'what policies would do with recorded traffic',
  recommend: 'the rules that the record supports',
};

const EXAMPLES = `
Traffic is recorded by what a cluster has for it (Hubble, Calico, Antrea, Retina, ...): docs/flows says how to switch it on, how to keep it,
and how to import it every night.

Examples:
  netpol flows import flows/*.ndjson.gz
  netpol flows query --from shop/web --verdict denied
`;

/** `netpol flows`: what can be done with recorded traffic. */
export function define(command: Command, run: Run): void {
  command.description('Imports recorded traffic, and answers what it says about policies.').addHelpText('after', EXAMPLES);
  for (const [name, summary] of Object.entries(VERBS)) {
    const verb = command.command(name).summary(summary).exitOverride().configureOutput(command.configureOutput());
    lazy.verb(`flows/${name}`).define(verb.showHelpAfterError(`(netpol flows ${name} --help shows what there is)`), run);
  }
}
