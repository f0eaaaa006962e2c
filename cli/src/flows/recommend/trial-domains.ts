import { CniChoice } from '../../config/cni-flag';
import { call, object, print, text } from '../../migrate/code';
import { cniCode } from '../../migrate/files/main-file';
import { SynthesisError, synthesize } from '../../migrate/synthesize';

/** Whether rules of a CNI name domains: whether the library takes one without a proxy. No table of ours could differ from its own. */
export function trialDomains(cni: CniChoice): boolean {
  const profile = object({ name: text('trial'), cni: cniCode(cni), dns: cni.settings.autoMode === 'true' ? "Dns.eksAutoMode({ clusterIp: '10.100.0.10' })" : undefined });
  const app = [
    "import { App, Chart } from 'cdk8s';",
    "import { AllowToFqdn, ClusterProfile, Cni, Dns, Port } from 'cdk8s-netpol';",
    'const app = new App();',
    `${print(call('ClusterProfile.attach', 'app', profile))};`,
    "new AllowToFqdn(new Chart(app, 'trial', { namespace: 'trial' }), 'trial', { domains: ['example.com'], ports: [Port.tcp(443)] });",
    'app.synth();',
  ].join('\n');
  try {
    synthesize(new Map([['main.ts', app]]));
    return true;
  } catch (error) {
    if (error instanceof SynthesisError) return false;
    throw error;
  }
}
