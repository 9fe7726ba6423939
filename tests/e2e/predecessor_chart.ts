/**
 * A chart with the shape of the predecessor's: its object names, its selector labels, its default
 * values, and the definitions as plain templates that helm would delete (seed-spec §6.7, §11.3).
 */
const DEFINITIONS = new URL("../../crds/", import.meta.url);

const VALUES = `
replicaCount: 1
image: {repository: kenchrcum/wasabi-s3-operator, pullPolicy: IfNotPresent, tag: "0.2.4"}
operator: {watchScope: namespaced, logLevel: INFO, metricsPort: 8080}
rbac: {create: true, preset: minimal}
resources: {limits: {cpu: 500m, memory: 512Mi}, requests: {cpu: 100m, memory: 128Mi}}
securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000}
`;

const LABELS =
  `{app.kubernetes.io/name: wasabi-s3-operator, app.kubernetes.io/instance: {{ .Release.Name }}}`;

const TEMPLATE = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: wasabi-s3-operator, labels: ${LABELS}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: wasabi-s3-operator, labels: ${LABELS}}
rules:
  - {apiGroups: [s3.cloud37.dev], resources: ["*"], verbs: ["*"]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: wasabi-s3-operator, labels: ${LABELS}}
spec:
  replicas: {{ .Values.replicaCount }}
  selector: {matchLabels: ${LABELS}}
  template:
    metadata: {labels: ${LABELS}}
    spec:
      serviceAccountName: wasabi-s3-operator
      securityContext: {{ toJson .Values.securityContext }}
      containers:
        - name: operator
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - {name: WATCH_SCOPE, value: {{ .Values.operator.watchScope }}}
            - {name: LOG_LEVEL, value: {{ .Values.operator.logLevel }}}
            - {name: METRICS_PORT, value: "{{ .Values.operator.metricsPort }}"}
          ports: [{name: metrics, containerPort: 8080}]
          livenessProbe: {httpGet: {path: /healthz, port: metrics}, initialDelaySeconds: 30}
          resources: {{ toJson .Values.resources }}
`;

/** Writes the chart into a folder, which the caller removes. */
export async function predecessorChart(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/templates`);
  await Deno.writeTextFile(
    `${folder}/Chart.yaml`,
    "apiVersion: v2\nname: wasabi-s3-operator\nversion: 0.2.4\nappVersion: 0.2.4\n",
  );
  await Deno.writeTextFile(`${folder}/values.yaml`, VALUES);
  await Deno.writeTextFile(`${folder}/templates/operator.yaml`, TEMPLATE);
  for await (const { name } of Deno.readDir(DEFINITIONS)) {
    const definition = await Deno.readTextFile(new URL(name, DEFINITIONS));
    const inert = definition.replaceAll("{{", '{{ "{{" }}');
    await Deno.writeTextFile(`${folder}/templates/${name}`, inert);
  }
  return folder;
}
