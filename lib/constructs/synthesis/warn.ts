import { IConstruct } from 'constructs';

const SAID = Symbol.for('cdk8s-netpol.Warnings');

/** Tells people something at synth that is no error: on standard error, since standard output may be a manifest. Once an app. */
export function warn(construct: IConstruct, message: string): void {
  const holder = construct.node.root as unknown as Record<symbol, Set<string> | undefined>;
  let said = holder[SAID];
  if (said === undefined) {
    said = new Set();
    Object.defineProperty(construct.node.root, SAID, { value: said });
  }
  const text = `[${construct.node.path}] warning: ${message}\n`;
  if (said.has(text)) return;
  said.add(text);
  process.stderr.write(text);
}
