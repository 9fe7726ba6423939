{{/* Rights on the custom resources and on what is told about them. */}}
{{- define "wasabi-s3-operator.resourceRules" -}}
- apiGroups: [s3.cloud37.dev]
  resources: [providers, buckets, bucketpolicies, accesskeys, users, iampolicies]
  verbs: [get, list, watch, patch]
- apiGroups: [s3.cloud37.dev]
  resources: [bucketpolicies, accesskeys, users]
  verbs: [create]
- apiGroups: [s3.cloud37.dev]
  resources:
    - providers/status
    - buckets/status
    - bucketpolicies/status
    - accesskeys/status
    - users/status
    - iampolicies/status
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* Rights on Secrets: credentials are read, access keys are published. */}}
{{- define "wasabi-s3-operator.secretRules" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
{{- end -}}

{{/* Rights on namespaces, for grants by label. */}}
{{- define "wasabi-s3-operator.namespaceRules" -}}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
{{- end -}}

{{/* Rights on the lease by which replicas choose. */}}
{{- define "wasabi-s3-operator.leaseRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "wasabi-s3-operator.fullname" . }}]
  verbs: [get, update]
{{- end -}}
