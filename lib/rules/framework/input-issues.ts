import { InventoryIssue, objectText } from '../../analysis';
import { Reported } from './finding';

/** What was found while the input was read, in the words of a finding: the object and the field stand beside the message. */
export function reportedIssue({ message, object = { kind: 'object', name: '' }, origin, path }: InventoryIssue): Reported {
  const start = `${objectText(object)}: `;
  const text = message.startsWith(start) ? message.slice(start.length) : message;
  const field = path === undefined ? '' : `[${path}] `;
  return {
    object,
    message: text.startsWith(field) ? text.slice(field.length) : text,
    ...(origin === undefined ? {} : { origin }),
    ...(path === undefined ? {} : { path }),
  };
}
