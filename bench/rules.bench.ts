// All rules about 2,000 policies, against what parsing their files costs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { profileOf } from 'cdk8s-netpol/analysis';
import { BUILT_IN_RULES } from 'cdk8s-netpol/rules';
import { stringify } from 'yaml';
import { runCheck } from '../cli/src/check/run-check';
import { shownFindings } from '../cli/src/check/shown-finding';
import { readInput } from '../cli/src/input';

const POLICIES = 2000;
const PER_NAMESPACE = 20;
/** How many times the parse all rules may take. */
const LIMIT = 3;
// the second and third run pay for garbage of the first
const RUNS = 9;
/** Also those that a team has to turn on. */
const ALL_RULES = BUILT_IN_RULES.map((rule) => ({ ...rule, onByDefault: true }));

function namespaceOf(index: number): string {
  return `ns-${Math.floor(index / PER_NAMESPACE)}`;
}

/** A Deployment and its two policies; each namespace with its Namespace, a default deny and DNS. One in ten has something to find. */
function manifests(): unknown[] {
  const objects: unknown[] = [];
  const policy = (name: string, namespace: string, spec: object): void => {
    objects.push({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'shop' } }, spec });
  };
  for (let index = 0, policies = 0; policies < POLICIES; index++) {
    const namespace = namespaceOf(index);
    const labels = { 'app.kubernetes.io/name': `app-${index}`, 'tier': `tier-${index % 4}` };
    if (index % PER_NAMESPACE === 0) {
      objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: `team-${index % 7}` } } });
      policy('default-deny', namespace, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      policy('dns', namespace, {
        podSelector: {}, policyTypes: ['Egress'],
        egress: [{
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
          ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }],
        }],
      });
      policies += 2;
    }
    objects.push({
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `app-${index}`, namespace, labels },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: `registry.example.com/app-${index}:1.0`, ports: [{ name: 'http', containerPort: 8080 }] }] } } },
    });
    const own = { matchLabels: { 'app.kubernetes.io/name': `app-${index}` } };
    policy(`in-${index}`, namespace, {
      podSelector: own, policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': `app-${index + 1}` } } }], ports: [{ protocol: 'TCP', port: index % 10 === 0 ? 'htpt' : 'http' }] }],
    });
    policy(`out-${index}`, namespace, {
      podSelector: own, policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: index % 10 === 1 ? '0.0.0.0/0' : `203.0.${index % 200}.0/24` } }], ...(index % 10 === 1 ? {} : { ports: [{ protocol: 'TCP', port: 443 }] }) }],
    });
    policies += 2;
  }
  return objects;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
  try {
    const objects = manifests();
    const size = 50;
    for (let start = 0; start < objects.length; start += size) {
      writeFileSync(join(folder, `${start}.yaml`), objects.slice(start, start + size).map((object) => stringify(object)).join('---\n'));
    }
    const ratios: number[] = [];
    let line = '';
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      const { objects: read } = await readInput([folder], { stdin: process.stdin });
      const parsed = performance.now();
      const result = runCheck({ objects: read, context: new Set(), profile: profileOf('generic'), profileIsAssumed: false, config: undefined }, ALL_RULES, undefined);
      const checked = performance.now();
      const shown = shownFindings(result.findings, folder).length;
      const located = performance.now();
      ratios.push((checked - parsed) / (parsed - start));
      line = `parse ${(parsed - start).toFixed(0)} ms  rules ${(checked - parsed).toFixed(0)} ms  lines of ${shown} findings ${(located - checked).toFixed(0)} ms`;
    }
    const ratio = ratios.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
    console.log(`${POLICIES} policies, ${ALL_RULES.length} rules: ${ratio.toFixed(2)} times the parse (limit ${LIMIT}); last run: ${line}`);
    if (ratio > LIMIT) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
