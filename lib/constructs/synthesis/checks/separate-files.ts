import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { AppCheck } from '../app-check';

/**
 * With a file for each resource, cdk8s names the file after kind and name, not after the namespace: of three `default-deny` one
 * survives, and nobody is told.
 * @see https://github.com/cdk8s-team/cdk8s/issues/2821
 */
export const separateFiles: AppCheck = ({ objects }, report) => {
  const seen = new Map<string, ApiObject>();
  for (const object of objects) {
    const folder = folderOf(object);
    if (folder === undefined) return;
    const file = `${folder}/${object.kind}.${object.name}`;
    const before = seen.get(file);
    seen.set(file, object);
    if (before === undefined) continue;
    report(object, `cdk8s would write ${object.kind} "${object.name}" of ${before.node.path} and of this one to the same file, and keep one of them. `
      + 'Instead: YamlOutputType.FILE_PER_CHART or FILE_PER_APP');
  }
};

/** Where the file of an object lies; undefined where files hold several objects. */
function folderOf(object: ApiObject): string | undefined {
  const { yamlOutputType } = object.node.root as Partial<App>;
  if (yamlOutputType === YamlOutputType.FILE_PER_RESOURCE) return '.';
  return yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE ? Chart.of(object).node.path : undefined;
}
