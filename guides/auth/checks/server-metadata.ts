/** Metadata of the authorization server: the document of RFC 8414, and what RFC 8705 adds to it and to SMART's. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, header, mediaType } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isAbsolute, notOffered, objectIn, said, succeeded, tokenMoves } from '../oauth.ts'

export const servesServerMetadata = check(
  'AUTH-010',
  'SHALL',
  'Metadata of RFC 8414 names the issuer that was asked for',
  (transcript) => {
    const x = transcript.last('authorization-server')
    const response = answered(x)
    // Where there is none, a gateway may want a token first, and a website may have a page for every address.
    if ((response.status >= 400 && response.status < 500) || mediaType(response) === 'text/html')
      return notOffered(x, 'metadata of RFC 8414')
    const document = objectIn(response)
    if (response.status !== 200 || mediaType(response) !== 'application/json' || !document)
      return [
        unmet(x, 'not-json', 'the metadata is no JSON object', {
          expected: '200 application/json',
          actual: `${response.status} ${header(response, 'content-type') ?? ''}`,
        }),
      ]
    const findings: Finding[] = []
    // Wherever it was looked for, an issuer is an https URL without query and fragment (RFC 8414 §2).
    if (typeof document.issuer === 'string' && !/^https:\/\/[^?#]+$/i.test(document.issuer))
      findings.push(
        unmet(x, 'no-issuer', 'issuer is no https URL without query and fragment', {
          expected: 'https://…',
          actual: document.issuer,
          expression: 'issuer',
        }),
      )
    const [issuer, asked] = [withoutSlash(document.issuer), withoutSlash(x.intent.issuer)]
    if (issuer !== asked && x.intent.guessed && URL.canParse(issuer) && new URL(issuer).host === new URL(asked).host)
      findings.push(undecided(x, `we guessed the issuer ${asked}; this server is ${issuer}`))
    else if (issuer !== asked)
      findings.push(
        unmet(x, 'wrong-issuer', 'issuer is not the identifier that the address was made from', {
          expected: x.intent.issuer,
          actual: document.issuer ?? 'nothing',
          expression: 'issuer',
        }),
      )
    if (!isAbsolute(document.token_endpoint))
      findings.push(unmet(x, 'missing-key', 'token_endpoint is missing or relative', { expression: 'token_endpoint' }))
    if (!Array.isArray(document.response_types_supported))
      findings.push(
        unmet(x, 'missing-key', 'response_types_supported is missing', { expression: 'response_types_supported' }),
      )
    return findings
  },
)

/** With and without a slash at its end an issuer is looked up at the same address (RFC 8414 §3.1). */
const withoutSlash = (issuer: unknown): string => String(issuer ?? '').replace(/\/$/, '')

export const advertisesMutualTls = check(
  'AUTH-012',
  'SHOULD',
  'Where mutual TLS is used, the metadata says so and where',
  (transcript) => {
    const documents = transcript
      .some(['smart-configuration', 'authorization-server'])
      .filter((x) => x.response?.status === 200)
    if (!documents.length) return [undecided(undefined, 'there is no metadata')]
    const overMutualTls = transcript.all(tokenMoves, { where: (x) => x.tls?.client !== undefined && succeeded(x) })
    if (!overMutualTls.length) return [undecided(documents[0], 'no token was given over mutual TLS')]
    const all = documents.map(said)
    const last = documents.at(-1)
    const findings: Finding[] = []
    if (!all.some((document) => document.tls_client_certificate_bound_access_tokens === true))
      findings.push(
        unmet(last, 'not-advertised', 'nothing says that tokens are bound to certificates', {
          expected: true,
          expression: 'tls_client_certificate_bound_access_tokens',
        }),
      )
    const aliases = all.map((document) => document.mtls_endpoint_aliases).find((one) => one !== undefined)
    // Aliases are for a server that asks for certificates elsewhere than at its usual endpoints (RFC 8705 §5).
    if (typeof aliases !== 'object' || aliases === null)
      findings.push(
        noted(last, 'no-aliases', 'no endpoint is named for mutual TLS: the usual ones ask for certificates'),
      )
    else if (!Object.values(aliases).every(isAbsolute))
      findings.push(
        unmet(last, 'not-absolute', 'an alias is no absolute URL', {
          actual: aliases,
          expression: 'mtls_endpoint_aliases',
        }),
      )
    else findings.push(noted(last, 'aliases', `${Object.keys(aliases).length} endpoints are named for mutual TLS`))
    return findings
  },
)

export const serverMetadataChecks: readonly Check[] = [servesServerMetadata, advertisesMutualTls]

export const serverMetadataUntested: Readonly<Record<string, string>> = {
  'AUTH-011':
    'only a server that breaks AUTH-010 serves a foreign issuer, so no scenario shows it; a unit test of the flows refuses it',
}
