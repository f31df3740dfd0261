/** How our client asks to be registered: as JSON, with one key set and its terms (RFC 7591 §3.1). */
import { type Check, check, unmet } from '../../../harness/check.ts'
import { mediaType } from '../../../harness/transcript.ts'
import { isSound, metadataSent, objectIn, texts } from '../oauth.ts'

export const clientPostsJson = check(
  'AUTH-021',
  'SHALL',
  'The client posts its metadata as a JSON object',
  (transcript) =>
    transcript.some('register', { where: (x) => isSound(x) && x.intent.form !== 'jwt' }).flatMap((x) =>
      x.request.method === 'POST' && mediaType(x.request) === 'application/json' && objectIn(x.request)
        ? []
        : [
            unmet(x, 'not-json', 'the registration is no POST of a JSON object', {
              expected: 'POST application/json',
              actual: `${x.request.method} ${mediaType(x.request)}`,
            }),
          ],
    ),
)

export const clientSendsOneKeySet = check(
  'AUTH-025',
  'SHALL NOT',
  'The client does not send both jwks and jwks_uri',
  (transcript) =>
    transcript.some('register', { where: isSound }).flatMap((x) => {
      const { jwks, jwks_uri } = metadataSent(x)
      return jwks !== undefined && jwks_uri !== undefined
        ? [unmet(x, 'both-key-sets', 'the registration holds both jwks and jwks_uri', { expression: 'jwks_uri' })]
        : []
    }),
)

export const clientStatesItsTerms = check(
  'AUTH-027',
  'IMPLIED',
  'The client states its grant types and how it authenticates',
  (transcript) =>
    transcript.some('register', { where: isSound }).flatMap((x) => {
      const sent = metadataSent(x)
      const method = sent.token_endpoint_auth_method
      return texts(sent.grant_types).includes('client_credentials') &&
        (method === 'private_key_jwt' || method === 'tls_client_auth')
        ? []
        : [
            unmet(
              x,
              'left-to-defaults',
              'grant_types and token_endpoint_auth_method are not stated as a backend client needs them',
              {
                expected: 'client_credentials, and private_key_jwt or tls_client_auth',
                actual: `${JSON.stringify(sent.grant_types)}, ${String(method)}`,
              },
            ),
          ]
    }),
)

export const registrationRequestChecks: readonly Check[] = [clientPostsJson, clientSendsOneKeySet, clientStatesItsTerms]
