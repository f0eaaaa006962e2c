import { objectText } from 'cdk8s-netpol/analysis';
import { CheckReport } from '../report';
import { filePlace } from '../shown-finding';

/**
 * Workflow commands, which GitHub shows beside the lines of a pull request.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export function* checkGithub({ findings }: CheckReport): Generator<string> {
  for (const shown of findings) {
    const { finding, reproduce } = shown;
    const place = filePlace(shown);
    const { severity, rule, object, message, why, fix, owner, exception } = finding;
    const properties = [
      ...(place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`, ...(place.column === undefined ? [] : [`col=${place.column}`])]),
      `title=${property(`${rule}: ${objectText(object)}`)}`,
    ];
    const text = [message, `Why: ${why}`, `Fix: ${fix}`, `Owner: ${owner ?? 'nobody is named'}`, `Reproduce: ${reproduce}`, `Exception: ${exception}`].join('\n');
    yield `::${severity} ${properties.join(',')}::${data(text)}\n`;
  }
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
