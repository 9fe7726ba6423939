/**
 * Every reason that a condition of a Provider can have, one sentence each.
 */

/** Reasons by name; the reference of conditions is made from this. */
export const providerReasons = {
  Ready: "The credentials were proven by a call to the service.",
  AuthValid: "The service accepted the credentials.",
  EndpointReachable: "The service answered.",
  Pending: "The credentials were not tried yet.",
  InvalidSpec: "The stored spec does not fit the schema.",
  SecretNotFound: "A Secret that the spec refers to does not exist.",
  SecretKeyMissing: "A Secret lacks the key that the spec names.",
  SecretKeyEmpty: "The key of a Secret holds nothing but white space.",
  WrongKey: "The service does not know the access key ID.",
  WrongSecret: "The secret access key does not belong to the access key ID.",
  WrongToken: "The session token is invalid or has expired.",
  ClockSkew: "The clocks of operator and service differ too much for a signature.",
  Lockout: "The service refuses the key for a while after too many wrong credentials.",
  AccountProblem: "The account is suspended, unpaid or not activated.",
  AccessDenied: "The key may not do what the probe needs.",
  WrongRegion: "The endpoint belongs to another region than the one that is signed for.",
  ProbeBucketNotFound: "The bucket of spec.probe does not exist.",
  DnsFailure: "The host name of the endpoint does not resolve.",
  ConnectionRefused: "Nothing listens at the endpoint.",
  TlsFailure: "The certificate of the endpoint is not trusted, or TLS failed otherwise.",
  Timeout: "The endpoint did not answer in time.",
  ConnectionLost: "The connection to the endpoint broke.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  InternalError: "The operator failed; its log tells more.",
  InUse: "Other objects still refer to the Provider.",
} as const;

/** One of the reasons. */
export type ProviderReason = keyof typeof providerReasons;
