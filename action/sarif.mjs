// Findings for code scanning, by the API itself: one call, and no further action to trust.
import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';

/** @see https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data */
export async function uploadSarif(api, { repository, commit, ref, sarif }) {
  return api.send('POST', `/repos/${repository}/code-scanning/sarifs`, {
    commit_sha: commit, ref, sarif: Buffer.from(gzipSync(sarif)).toString('base64'), tool_name: 'netpol',
  });
}
