// What a step says to the runner. @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import { randomUUID } from 'node:crypto';

export function annotation(level, message) {
  return `::${level} title=netpol::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`;
}

/** Text of others, in which no line is a command, whatever the files of a pull request are called. */
export function inert(text) {
  if (text === '') return '';
  const word = randomUUID();
  return `::stop-commands::${word}\n${text}${text.endsWith('\n') ? '' : '\n'}::${word}::\n`;
}
