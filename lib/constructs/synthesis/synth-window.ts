import { IConstruct } from 'constructs';

const WINDOW = Symbol.for('cdk8s-netpol.SynthWindow');

interface SynthWindow {
  depth: number;
  readonly onOpen: Array<() => void>;
}

/**
 * `App.synth()` validates the whole app once, and once more for each chart that it writes. Nothing changes in between, so the
 * checks of the whole app run in the first of them only: this marks the time from the start of a synth to its end.
 *
 * Where the mark cannot be set (a root that is no App, `Testing.synth`), the checks run at each validation, which is slower
 * and no less right.
 */
export function openWindowAtSynth(root: IConstruct, onOpen: () => void): void {
  const window: SynthWindow = { depth: 0, onOpen: [onOpen] };
  Object.defineProperty(root, WINDOW, { value: window });
  for (const method of ['synth', 'synthYaml']) {
    const original: unknown = (root as unknown as Record<string, unknown>)[method];
    if (typeof original !== 'function') continue;
    Object.defineProperty(root, method, {
      configurable: true,
      writable: true,
      value: function synthesize(this: unknown, ...args: unknown[]): unknown {
        return duringSynth(root, () => original.apply(this, args) as unknown);
      },
    });
  }
}

/** Runs something that renders several charts as one synth. */
export function duringSynth<T>(root: IConstruct, action: () => T): T {
  const window = windowOf(root);
  if (window === undefined) return action();
  if (window.depth === 0) window.onOpen.forEach((open) => open());
  window.depth++;
  try {
    return action();
  } finally {
    window.depth--;
  }
}

export function isSynthesizing(root: IConstruct): boolean {
  const window = windowOf(root);
  return window !== undefined && window.depth > 0;
}

function windowOf(root: IConstruct): SynthWindow | undefined {
  return (root as unknown as Record<symbol, SynthWindow | undefined>)[WINDOW];
}
