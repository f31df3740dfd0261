/** Which mistake shows which rule: the phrases of the scenarios, sorted by what a server must answer. */

/** The assertion breaks RFC 7523 §3 itself. */
export const brokenAssertions = [
  'with an assertion that has expired',
  'with an assertion without an expiry',
  'with an assertion whose expiry is a word',
  'with an assertion that is not valid yet',
  'with an assertion for another server',
  'with an assertion for nobody',
  'with an assertion about another subject',
  'with an assertion that was altered after signing',
  "with an assertion signed with a stranger's key",
  'with an assertion that is no JWT',
] as const
export const replayed = [
  'with an assertion that was used before',
  'with the jti of an assertion that was used before',
  'with an assertion without a jti',
] as const
export const tooLong = ['with an assertion that lives an hour', 'with an assertion that lives ten minutes'] as const
export const unknownClients = ['as a client that nobody knows'] as const
export const strangeKeySets = [
  "with a stranger's key and the address of a stranger's key set",
  "with the address of a stranger's key set",
  "with a stranger's key in the header",
] as const
export const strangeKeys = ['with a key id that nobody knows', 'without a key id'] as const
export const badAlgorithms = [
  'with an assertion that is not signed',
  'with an assertion signed with the public key as a secret',
] as const
export const slashed = ['with an assertion for an audience with a slash at its end'] as const

/** Everything that must end as invalid_client. */
export const failedAuthentications: readonly string[] = [
  ...brokenAssertions,
  ...replayed,
  ...tooLong,
  ...unknownClients,
  ...strangeKeySets,
  ...strangeKeys,
  ...badAlgorithms,
  ...slashed,
]

/** What is no token request, and the codes of RFC 6749 §5.2 that say so. */
export const badRequests: Readonly<Record<string, readonly string[]>> = {
  'with another assertion type': ['invalid_request', 'invalid_client'],
  'without an assertion': ['invalid_request', 'invalid_client'],
  'as JSON': ['invalid_request', 'unsupported_grant_type', 'invalid_client'],
  'with the grant type twice': ['invalid_request'],
  'without a grant type': ['invalid_request', 'unsupported_grant_type'],
  'with the grant type of a password': ['unsupported_grant_type', 'unauthorized_client'],
  'with a grant type that nobody knows': ['unsupported_grant_type'],
}

/** Scopes that nobody may be granted here; answered with invalid_scope or with less. */
export const widerScopes = [
  'for a scope that was not registered',
  'for a scope that writes',
  'for a scope that writes alone',
  'for a scope that nobody knows',
  'for a scope that is malformed',
] as const
export const disorderedScopes = ['for a scope whose letters are out of order'] as const

export const badB2b = [
  'without the extension that says who asks',
  'with an extension of another version',
  'with an extension that states no purpose',
] as const

/** Registrations whose statement does not hold; RFC 7591 leaves nobody free to take them. */
export const brokenStatements = [
  'with a statement that is not signed',
  'with a statement that is no JWT',
  'with a statement that was altered after signing',
  'with a statement signed by another key than its certificate',
  'with a statement that has expired',
  'with a statement for another server',
  'with a statement whose issuer is not in its certificate',
] as const
/** Rules of PDex's and UDAP's own: elsewhere a server may look away. */
export const looseStatements = [
  'with a statement that lives an hour',
  'with a statement about another subject',
  'with a statement without a jti',
  'with a statement that was used before',
] as const
/** Sound, and by nobody whom the community knows. */
export const strangersStatements = [
  'with a statement whose certificate is signed by itself',
  'with a statement whose certificate nobody trusts',
] as const
export const badMetadata = [
  'with both a key set and the URL of one',
  'with two names for its certificate',
  'with an authentication method that nobody knows',
  'with a body that is no JSON',
  'with a list in place of the JSON object',
] as const
/** To refuse these is advice (RFC 7591 §2.1), or nobody's duty but the client's. */
export const looseMetadata = [
  'with response types that do not fit the grant types',
  'with a private key in its key set',
] as const
export const badRedirects = [
  'with a login and nowhere to return to',
  'with a login that returns to no address',
] as const
export const uncertified = ['without a certificate'] as const
