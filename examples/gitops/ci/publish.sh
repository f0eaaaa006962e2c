#!/bin/sh
# Makes a branch of origin hold what a folder has, and nothing else: one commit, none where nothing has changed.
#   ci/publish.sh FOLDER BRANCH
set -eu
folder=$1 branch=$2

set -- "$folder"/*.k8s.yaml
# an empty branch would ask for everything to be deleted
[ -e "$1" ] || { echo "$folder has no *.k8s.yaml: synthesize first" >&2; exit 2; }

# 2: there is no such branch yet; anything else is no answer
parent=$(git ls-remote --exit-code origin "refs/heads/$branch") || [ "$?" -eq 2 ]
parent=$(echo "$parent" | cut -f 1)

GIT_DIR=$(git rev-parse --absolute-git-dir)
GIT_INDEX_FILE=$GIT_DIR/publish-index
export GIT_DIR GIT_INDEX_FILE
rm -f "$GIT_INDEX_FILE"
(cd "$folder" && GIT_WORK_TREE=. git add --all --force .)
tree=$(git write-tree)
rm -f "$GIT_INDEX_FILE"

if [ -n "$parent" ]; then
  git fetch --quiet --depth=1 origin "$parent"
  if [ "$(git rev-parse "$parent^{tree}")" = "$tree" ]; then echo "$branch is what $folder has"; exit 0; fi
fi
commit=$(git commit-tree "$tree" ${parent:+-p "$parent"} -m "Rendered from $(git rev-parse HEAD)")
git push --quiet origin "$commit:refs/heads/$branch"
echo "$branch: $commit"
