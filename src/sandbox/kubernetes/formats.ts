/** String formats that the API server checks (k8s.io/kube-openapi/pkg/validation/strfmt). */

function isDateTime(text: string): boolean {
  const shape = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
  return shape.test(text) && !Number.isNaN(Date.parse(text));
}

function isUrl(text: string): boolean {
  return URL.canParse(text);
}

/** Format name to test. A format that is missing here is not checked, as on the real server. */
export const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  "date-time": isDateTime,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  "micro-time": /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d\.\d{6}([Zz]|[+-]\d\d:\d\d)$/,
  duration: /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w)\s*)+$/,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: isUrl,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  ipv4: /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/,
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  hostname: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
};
