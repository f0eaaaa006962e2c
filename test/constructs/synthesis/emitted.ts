import { App } from 'cdk8s';

export interface Emitted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly policyTypes?: readonly string[]; readonly ingress?: readonly unknown[]; readonly egress?: readonly unknown[] };
}

/** All objects of an app, in the order of its files. */
export function emitted(app: App): Emitted[] {
  return app.charts.flatMap((chart) => chart.toJson() as Emitted[]);
}

/** `namespace/name` of every NetworkPolicy of an app, in the order of its files. */
export function policyNames(app: App): string[] {
  return emitted(app).filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

/** The rules of one policy; an error where it is not there exactly once. */
export function policy(app: App, id: string): Emitted {
  const found = emitted(app).filter(({ kind, metadata }) => kind === 'NetworkPolicy' && `${metadata.namespace}/${metadata.name}` === id);
  if (found.length !== 1) throw new Error(`${found.length} policies ${id} among ${policyNames(app).join(', ')}`);
  return found[0]!;
}
