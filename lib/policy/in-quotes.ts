/**
 * What to write for a text that YAML has read as something else. kubectl reads YAML 1.1, where y, yes and on are true:
 * the value no longer says which word it was.
 * @see https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
export function inQuotes(given: unknown): string {
  const words = given === true ? 'y, yes, on and true' : given === false ? 'n, no, off and false' : undefined;
  return words === undefined ? `"${String(given)}" in quotes` : `the word in quotes; without them ${words} are no text to kubectl`;
}
