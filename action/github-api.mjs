// The few calls of GitHub's REST API that are needed, without a client library to trust.
const TIMEOUT = 30_000;

/** An answer that is no success. */
export class GitHubError extends Error {
  constructor(status, request, message) {
    super(`${request}: ${status} ${message}`);
    this.status = status;
  }

  /** The token may not, or may not even know: what a pull request from a fork gets. */
  get isRefusal() {
    return this.status === 403 || this.status === 404;
  }
}

export class GitHubApi {
  constructor({ url = 'https://api.github.com', token }) {
    this.url = url.replace(/\/+$/, '');
    this.token = token;
  }

  async get(path) {
    return (await this.request('GET', `${this.url}${path}`)).json();
  }

  async send(method, path, body) {
    return (await this.request(method, `${this.url}${path}`, body)).json();
  }

  /** Every item of a list. @see https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
  async* list(path) {
    let next = `${this.url}${path}`;
    while (next !== undefined) {
      const response = await this.request('GET', next);
      yield* await response.json();
      next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      // the token goes nowhere else
      if (next !== undefined && !next.startsWith(`${this.url}/`)) throw new Error(`the next page of ${path} is at another host: ${next}`);
    }
  }

  async request(method, url, body) {
    const response = await fetch(url, {
      method,
      headers: {
        'accept': 'application/vnd.github+json',
        'authorization': `Bearer ${this.token}`,
        'user-agent': 'netpol-action',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    const answer = await response.text();
    throw new GitHubError(response.status, `${method} ${url}`, messageOf(answer));
  }
}

function messageOf(answer) {
  try {
    return JSON.parse(answer).message ?? answer;
  } catch {
    return answer.slice(0, 200);
  }
}
