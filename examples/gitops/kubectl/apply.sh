#!/bin/sh
# Applies the file of each namespace, from top to bottom, and names what the cluster has beyond it.
#   kubectl/apply.sh [FOLDER]
set -eu
folder=${1:-dist}

for file in "$folder"/*.k8s.yaml; do
  [ -e "$file" ] || { echo "$folder has no *.k8s.yaml: synthesize first" >&2; exit 2; }
  namespace=$(basename "$file" .k8s.yaml)
  echo "== $namespace"
  # 1: there are differences; more: there is no answer
  kubectl diff -f "$file" || [ "$?" -eq 1 ]
  kubectl apply -f "$file"

  # Nothing is deleted. A policy whose last rule was removed keeps open what it allowed until somebody deletes it.
  wanted=$(kubectl get -f "$file" -o name)
  kubectl get networkpolicy -n "$namespace" -l app.kubernetes.io/managed-by=cdk8s-netpol -o name | while read -r found; do
    case "
$wanted
" in
      *"
$found
"*) ;;
      *) echo "in the cluster and no longer in $file: $found (kubectl delete -n $namespace $found)" ;;
    esac
  done
done
