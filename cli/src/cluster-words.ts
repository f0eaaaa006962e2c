import { ClusterFlags } from './cluster-flags';

/** The flags as they were written, for a command line that asks the same again. */
export function clusterWords({ cluster, context, inventory = [], cni, allowUnknown }: ClusterFlags): readonly string[] {
  return [
    ...(cluster === undefined ? [] : ['--cluster', cluster]),
    ...(context === undefined ? [] : ['--context', context]),
    ...inventory.flatMap((path) => ['--inventory', path]),
    ...(cni === undefined ? [] : ['--cni', cni]),
    ...(allowUnknown === true ? ['--allow-unknown'] : []),
  ];
}
