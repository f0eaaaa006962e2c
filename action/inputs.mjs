// What the workflow asks for. A word that nobody knows is an error: a misspelt fail-on would never fail.

export function readInputs(env) {
  return {
    netpol: env.NETPOL ?? '',
    paths: lines(env.NETPOL_PATHS),
    inventory: lines(env.NETPOL_INVENTORY),
    base: (env.NETPOL_BASE ?? '').trim(),
    cluster: (env.NETPOL_CLUSTER ?? '').trim(),
    cni: (env.NETPOL_CNI ?? '').trim(),
    failOn: word('fail-on', env.NETPOL_FAIL_ON, ['never', 'wider', 'any']),
    check: flag('check', env.NETPOL_CHECK, true),
    checkFailOn: word('check-fail-on', env.NETPOL_CHECK_FAIL_ON, ['error', 'warning', 'never']),
    baseline: (env.NETPOL_BASELINE ?? '').trim(),
    sarif: flag('sarif', env.NETPOL_SARIF, false),
    comment: flag('comment', env.NETPOL_COMMENT, true),
    token: env.NETPOL_TOKEN ?? '',
  };
}

function lines(text = '') {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** The first of the words is what nothing means. */
function word(name, given, words) {
  const value = (given ?? '').trim() || words[0];
  if (words.includes(value)) return value;
  throw new Error(`the input ${name} is "${value}". Instead: ${words.join(', ')}`);
}

function flag(name, given, otherwise) {
  return word(name, given, [String(otherwise), 'true', 'false']) === 'true';
}
