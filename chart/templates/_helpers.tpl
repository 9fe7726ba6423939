{{/*
`helm upgrade --reuse-values` takes the old release's values in the place of this chart's defaults, so
that a value that is new here would be missing. Every template begins with this.
*/}}
{{- define "wasabi-s3-operator.defaults" -}}
{{- $_ := set . "Values" (mergeOverwrite (.Files.Get "files/defaults.yaml" | fromYaml) .Values) -}}
{{- $old := and (eq .Values.image.repository "kenchrcum/wasabi-s3-operator") (hasPrefix "0." (default "" .Values.image.tag)) (semverCompare "<0.3.0-0" (default .Chart.AppVersion .Values.image.tag)) -}}
{{- if $old -}}
{{- fail (printf "image.repository and image.tag still name the predecessor's image %s:%s: set both" .Values.image.repository .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "wasabi-s3-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "wasabi-s3-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Immutable on the Deployment, and the predecessor's: an upgrade in place depends on them. */}}
{{- define "wasabi-s3-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "wasabi-s3-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "wasabi-s3-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "wasabi-s3-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "wasabi-s3-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "wasabi-s3-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "wasabi-s3-operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/*
True when only some namespaces are watched. The predecessor's default was watchScope: namespaced,
and it watched the whole cluster all the same; `helm upgrade --reuse-values` brings that value along.
So a release that is cluster-wide stays so until watchNamespaces or rbac.preset say otherwise.
*/}}
{{- define "wasabi-s3-operator.namespaced" -}}
{{- if eq .Values.rbac.preset "namespaced" -}}
true
{{- else if and (eq .Values.operator.watchScope "namespaced") (eq .Values.rbac.preset "minimal") -}}
{{- $clusterWide := lookup "rbac.authorization.k8s.io/v1" "ClusterRole" "" (include "wasabi-s3-operator.fullname" .) -}}
{{- if or .Values.operator.watchNamespaces (not $clusterWide) -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Namespaces that are watched with watchScope: namespaced, as a list in JSON. */}}
{{- define "wasabi-s3-operator.namespaces" -}}
{{- prepend .Values.operator.watchNamespaces .Release.Namespace | uniq | toJson -}}
{{- end -}}
