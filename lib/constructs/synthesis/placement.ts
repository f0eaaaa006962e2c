import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { noteProfileUse } from '../../cluster/profile-use';
import { checkDnsLabel, locate, PolicyError } from '../../policy';
import { checkAppOf } from './app-check';
import { APP_CHECKS, WHOLE_APP_CHECKS } from './checks';
import { Estate, managedNamespaceAbove } from './estate';

/** What every construct of this library does first: the cluster it belongs to is fixed, and the app is checked when it synthesizes. */
export function enter(construct: IConstruct): Estate {
  noteProfileUse(construct);
  checkApp(construct);
  return Estate.of(construct);
}

/** Has the app of a construct checked when it synthesizes. */
export function checkApp(construct: IConstruct): void {
  checkAppOf(construct, { eachCluster: APP_CHECKS, wholeApp: WHOLE_APP_CHECKS });
}

/** Runs the constructor of a construct; errors of values that it was given get its path. */
export function inConstruct<T>(construct: IConstruct, action: () => T): T {
  return locate(construct.node.path, action);
}

/** The chart of a construct: objects are written to charts. */
export function chartOf(construct: IConstruct): Chart {
  const chart = [...construct.node.scopes].reverse().find((scope): scope is Chart => Chart.isChart(scope));
  if (chart !== undefined) return chart;
  throw new PolicyError({ given: construct.node.id, problem: 'has no Chart above it to be written to', instead: 'a Chart as its scope, or a DefaultDenyNamespace in one' });
}

/**
 * The namespace that a construct speaks about: its `namespace`, else the nearest `DefaultDenyNamespace` above it, else the
 * namespace of its chart.
 */
export function namespaceOf(construct: IConstruct, given?: string): string {
  const chart = chartOf(construct);
  if (given !== undefined) return checkDnsLabel(given, 'namespace name');
  const found = managedNamespaceAbove(construct)?.namespaceName ?? chart.namespace;
  if (found !== undefined) return checkDnsLabel(found, 'namespace name');
  throw new PolicyError({
    given: construct.node.id,
    problem: 'does not say which namespace it is about',
    instead: 'a DefaultDenyNamespace as its scope, the namespace of its chart, or its own prop "namespace"',
  });
}
