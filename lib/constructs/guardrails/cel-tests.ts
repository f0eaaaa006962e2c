/** Tests of values in CEL that several APIs share. */

/** Whether a block holds all addresses of its family, or half of them: nobody means half. */
export function isWholeFamily(block: string): string {
  return `${block}.matches("/0*[01]$")`;
}

/** Whether a label selector, which is there, selects everything. */
export function selectsAll(selector: string): string {
  return `(size(${selector}.?matchLabels.orValue({})) == 0 && size(${selector}.?matchExpressions.orValue([])) == 0)`;
}
