import { locate, Selector } from '../policy';
import { DocumentReader, FieldPath } from './document';

/** A `LabelSelector` of the Kubernetes API; absent and null are undefined, which each field reads in its own way. */
export function readLabelSelector(reader: DocumentReader, value: unknown, path: FieldPath): Selector | undefined {
  if (value === undefined || value === null) return undefined;
  const spec = reader.object(value, path, ['matchLabels', 'matchExpressions']);
  const matchLabels = reader.labels(spec.matchLabels, `${path}.matchLabels`);
  const matchExpressions = (reader.list(spec.matchExpressions, `${path}.matchExpressions`) ?? []).map((item, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const expression = reader.object(item, at, ['key', 'operator', 'values']);
    return {
      key: reader.string(expression.key, `${at}.key`),
      operator: reader.string(expression.operator, `${at}.operator`),
      values: reader.strings(expression.values, `${at}.values`),
    };
  });
  return locate(path, () => Selector.of({ matchLabels, matchExpressions }));
}
