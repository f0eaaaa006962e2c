// One comment on a pull request, brought up to date in place.

/**
 * Finds the comment by its first line, and updates it, or writes one.
 * @param createIfMissing false: only bring up to date what is there
 * @returns 'updated', 'created' or 'none'
 * @see https://docs.github.com/en/rest/issues/comments
 */
export async function upsertComment(api, { repository, number, body, createIfMissing }) {
  const marker = body.slice(0, body.indexOf('\n'));
  const found = await findComment(api, repository, number, marker);
  if (found !== undefined) {
    try {
      await api.send('PATCH', `/repos/${repository}/issues/comments/${found.id}`, { body });
      return 'updated';
    } catch (error) {
      // somebody deleted it meanwhile
      if (error.status !== 404) throw error;
    }
  }
  if (!createIfMissing) return 'none';
  await api.send('POST', `/repos/${repository}/issues/${number}/comments`, { body });
  return 'created';
}

/** A person who quotes the first line keeps their comment: the token could overwrite it, and must not. */
async function findComment(api, repository, number, marker) {
  for await (const comment of api.list(`/repos/${repository}/issues/${number}/comments?per_page=100`)) {
    const isMarked = (comment.body ?? '').split(/\r?\n/, 1)[0] === marker;
    if (isMarked && (comment.user?.type === 'Bot' || comment.user?.login === await loginOf(api))) return comment;
  }
  return undefined;
}

/** Whose token it is; that of a workflow belongs to a bot, which may not ask. */
async function loginOf(api) {
  try {
    return (await api.get('/user')).login;
  } catch (error) {
    if (error.isRefusal === true) return null;
    throw error;
  }
}
