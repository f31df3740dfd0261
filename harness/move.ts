/** The moves: every kind of thing that one actor says to another, and in which flow. A flow makes them, a check looks for them. */

export const moves = {
  // trust framework
  'submit-application': 'sends identity certificate and signed agreement to the trust manager',
  'verify-application': 'asks the trust manager to verify a submission',
  'endorse-application': 'asks the trust manager to sign the identity certificate',
  'propose-bundle': 'puts an mTLS endpoint bundle on a branch of the repository',
  'push-to-main': 'tries to put a bundle on main without review',
  'request-merge': 'asks for a branch to be merged',
  'review-bundle': 'approves or rejects a branch',
  'refresh-repository': 'fetches the bundles on main',
  'revoke-membership': 'revokes a member',
  'fetch-crl': 'fetches a certificate revocation list',
  'ask-ocsp': 'asks an OCSP responder for the status of a certificate',
  'fetch-signing-certificate': "fetches the trust manager's own signing certificate",
  // discovery
  'well-known': 'GET .well-known/davinci-configuration over ordinary TLS',
  'smart-configuration': 'GET .well-known/smart-configuration',
  'udap-configuration': 'GET .well-known/udap',
  'authorization-server': 'GET .well-known/oauth-authorization-server',
  metadata: 'GET metadata',
  handshake: 'opens a connection with some certificate and asks for metadata',
  // registration and tokens
  register: 'POST registration',
  'read-registration': 'GET registration_client_uri',
  'update-registration': 'PUT registration_client_uri',
  'delete-registration': 'DELETE registration_client_uri',
  'fetch-jwks': 'fetches a JWK set',
  'publish-jwks': 'replaces its own JWK set',
  'match-token': 'asks for the token for $member-match',
  'member-token': 'asks for the token for one member',
  introspect: 'asks what a token is good for',
  'revoke-token': 'revokes a token',
  // member match
  'member-match': 'POST Patient/$member-match',
  // retrieval
  search: 'searches a type',
  'next-page': 'follows a next link',
  read: 'reads a resource',
  vread: 'reads a version',
  history: 'reads the history',
  everything: 'GET Patient/{id}/$everything',
  'everything-page': 'follows a next link of $everything',
  'export-kick-off': 'POST or GET Patient/$export',
  'export-status': 'polls the status of an export',
  'export-file': 'downloads a file of an export',
  'export-delete': 'deletes an export',
  binary: 'fetches the content of a document',
  // anything that a scenario tries and that fits none of the above
  probe: 'tries something',
} as const

export type Move = keyof typeof moves
