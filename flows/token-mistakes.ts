/** What can be wrong or unusual with a token request: an English phrase, and what it does to a good one. Each does one thing. */
import { createPublicKey, randomUUID } from 'node:crypto'
import { exportJWK } from 'jose'
import { HarnessError } from '../harness/errors.ts'
import { altered, claimsOf, signed, signedWithPublicKey, unsigned } from './jwt.ts'
import { dataScope, matchScope } from './registration-request.ts'
import { strangersKey } from './strangers-key.ts'
import { formOf, jwtBearer, type TokenDraft } from './token-request.ts'
import { latest } from './tokens.ts'

export type SpoilToken = (draft: TokenDraft) => void | Promise<void>

const set = (draft: TokenDraft, name: string, value: string): void => {
  draft.form = draft.form.map(([n, v]) => [n, n === name ? value : v])
}
const leaveOut = (draft: TokenDraft, name: string): void => {
  draft.form = draft.form.filter(([n]) => n !== name)
}

/** The assertion does not hold: signature, audience, times, subject (RFC 7523 §3). */
export const assertionMistakes = {
  'with an assertion that has expired': ({ assertion, about }) => {
    // Longer ago than any clock is wrong.
    Object.assign(assertion.claims, { iat: about.now - 7200, exp: about.now - 6900 })
  },
  'with an assertion without an expiry': ({ assertion }) => {
    delete assertion.claims.exp
  },
  'with an assertion whose expiry is a word': ({ assertion }) => {
    assertion.claims.exp = 'tomorrow'
  },
  'with an assertion that is not valid yet': ({ assertion, about }) => {
    // Later than any clock is wrong (RFC 7519 §4.1.5 allows some minutes); its expiry alone would let it pass.
    assertion.claims.nbf = about.now + 3600
  },
  'with an assertion for another server': ({ assertion }) => {
    assertion.claims.aud = 'https://tokens.elsewhere.example/token'
  },
  'with an assertion for nobody': ({ assertion }) => {
    delete assertion.claims.aud
  },
  'with an assertion about another subject': ({ assertion }) => {
    assertion.claims.sub = 'somebody-else'
  },
  'with an assertion that was altered after signing': (draft) => {
    draft.assertionText = altered(signed(draft.assertion), (claims) => ({ ...claims, jti: randomUUID() }))
  },
  "with an assertion signed with a stranger's key": async ({ assertion, about }) => {
    assertion.key = await strangersKey(about.client, assertion.header.alg)
  },
  'with an assertion that is no JWT': (draft) => {
    draft.assertionText = 'this.is.nothing'
  },
} satisfies Record<string, SpoilToken>

/** A slash more is another URL. */
export const slashMistakes = {
  'with an assertion for an audience with a slash at its end': ({ assertion, about }) => {
    assertion.claims.aud = `${about.url}/`
  },
} satisfies Record<string, SpoilToken>

export const replayMistakes = {
  'with an assertion that was used before': (draft) => {
    draft.assertionText = earlierAssertion(draft)
  },
  'with an assertion without a jti': ({ assertion }) => {
    delete assertion.claims.jti
  },
  'with the jti of an assertion that was used before': (draft) => {
    const { claims } = draft.assertion
    claims.jti = claimsOf(earlierAssertion(draft))?.jti
    // Another assertion: within one second, and signed with RSA, it would be the earlier one letter by letter.
    claims.exp = Number(claims.exp) - 1
  },
} satisfies Record<string, SpoilToken>

export const lifetimeMistakes = {
  'with an assertion that lives an hour': ({ assertion, about }) => {
    assertion.claims.exp = about.now + 3600
  },
  'with an assertion that lives ten minutes': ({ assertion, about }) => {
    assertion.claims.exp = about.now + 600
  },
} satisfies Record<string, SpoilToken>

export const clientMistakes = {
  'as a client that nobody knows': ({ assertion }) => {
    const id = randomUUID()
    Object.assign(assertion.claims, { iss: id, sub: id })
  },
} satisfies Record<string, SpoilToken>

export const algorithmMistakes = {
  'with an assertion that is not signed': (draft) => {
    draft.assertionText = unsigned(draft.assertion)
  },
  'with an assertion signed with the public key as a secret': (draft) => {
    draft.assertionText = signedWithPublicKey(draft.assertion)
  },
} satisfies Record<string, SpoilToken>

export const keyMistakes = {
  'with a key id that nobody knows': ({ assertion }) => {
    assertion.header.kid = randomUUID()
  },
  'without a key id': ({ assertion }) => {
    delete assertion.header.kid
  },
} satisfies Record<string, SpoilToken>

export const keySetMistakes = {
  "with a stranger's key and the address of a stranger's key set": async ({ assertion, about }) => {
    const key = await strangersKey(about.client, assertion.header.alg)
    Object.assign(assertion, { key, header: { ...assertion.header, jku: 'https://keys.stranger.example/jwks.json' } })
  },
  "with the address of a stranger's key set": ({ assertion }) => {
    assertion.header.jku = 'https://keys.stranger.example/jwks.json'
  },
  "with a stranger's key in the header": async ({ assertion, about }) => {
    const key = await strangersKey(about.client, assertion.header.alg)
    const jwk = await exportJWK(createPublicKey(key))
    Object.assign(assertion, { key, header: { ...assertion.header, jwk } })
  },
} satisfies Record<string, SpoilToken>

/** Everything that ends as `invalid_client`. */
export const authenticationMistakes: Readonly<Record<string, SpoilToken>> = {
  ...assertionMistakes,
  ...slashMistakes,
  ...replayMistakes,
  ...lifetimeMistakes,
  ...clientMistakes,
  ...algorithmMistakes,
  ...keyMistakes,
  ...keySetMistakes,
}

/** The request itself is not one: `invalid_request`, `unsupported_grant_type`. */
export const requestMistakes = {
  'with another assertion type': (draft) => {
    draft.form.push(['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'])
  },
  'without an assertion': (draft) => {
    draft.form.push(['client_assertion_type', jwtBearer])
    draft.assertionText = null
  },
  'as JSON': (draft) => {
    draft.json = true
  },
  'with the grant type twice': (draft) => {
    draft.form.push(['grant_type', 'client_credentials'])
  },
  'without a grant type': (draft) => leaveOut(draft, 'grant_type'),
  'with the grant type of a password': (draft) => {
    set(draft, 'grant_type', 'password')
    draft.form.push(['username', 'payer'], ['password', 'payer'])
  },
  'with a grant type that nobody knows': (draft) => set(draft, 'grant_type', 'urn:example:grant-type:wishful'),
} satisfies Record<string, SpoilToken>

/** More than was registered, or nothing that could be: `invalid_scope`, or less than was asked for. */
export const scopeMistakes = {
  'for a scope that was not registered': (draft) => set(draft, 'scope', `${matchScope} system/*.rs`),
  'for a scope that writes': (draft) => set(draft, 'scope', `${matchScope} ${dataScope.replace('.rs', '.cruds')}`),
  'for a scope that writes alone': (draft) => set(draft, 'scope', 'system/*.write'),
  'for a scope that nobody knows': (draft) => set(draft, 'scope', 'everything/please'),
  'for a scope that is malformed': (draft) => set(draft, 'scope', '"\\'),
  'for a scope whose letters are out of order': (draft) => set(draft, 'scope', `${matchScope} patient/*.dus`),
} satisfies Record<string, SpoilToken>

/** UDAP: who asks and what for is missing or wrong. */
export const b2bMistakes = {
  'without the extension that says who asks': ({ assertion }) => {
    delete assertion.claims.extensions
  },
  'with an extension of another version': ({ assertion }) => changeB2b(assertion.claims, { version: '2' }),
  'with an extension that states no purpose': ({ assertion }) => changeB2b(assertion.claims, { purpose_of_use: [] }),
} satisfies Record<string, SpoilToken>

export const tokenMistakes: Readonly<Record<string, SpoilToken>> = {
  ...authenticationMistakes,
  ...requestMistakes,
  ...scopeMistakes,
  ...b2bMistakes,
}

/** Unusual, and right. */
export const tokenVariations: Readonly<Record<string, SpoilToken>> = {
  'with its audience in a list': ({ assertion, about }) => {
    assertion.claims.aud = [about.url]
  },
  'with the jti of an assertion that has expired': (draft) => {
    const { jti, exp } = claimsOf(earlierAssertion(draft)) ?? {}
    if (typeof exp !== 'number' || exp >= draft.about.now)
      throw new HarnessError('not-seen', 'no earlier assertion has expired yet')
    draft.assertion.claims.jti = jti
  },
  'for the scope of the operation': (draft) => set(draft, 'scope', matchScope),
  'for reading in the syntax of SMART 1': (draft) => set(draft, 'scope', 'patient/*.read'),
  'for reading in the syntax of SMART 2': (draft) => set(draft, 'scope', 'patient/*.rs'),
  'for laboratory results alone': (draft) =>
    set(
      draft,
      'scope',
      'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
    ),
  'for the data of one type': (draft) => set(draft, 'scope', 'patient/Coverage.rs'),
}

function changeB2b(claims: Record<string, unknown>, change: Record<string, unknown>): void {
  const extensions = claims.extensions as Record<string, Record<string, unknown>> | undefined
  claims.extensions = { ...extensions, 'hl7-b2b': { ...extensions?.['hl7-b2b'], ...change } }
}

/** The assertion of the latest good request of the same client. Throws `not-seen` when there is none. */
function earlierAssertion({ about }: TokenDraft): string {
  const earlier = latest(about.client, about.payer, ['match-token', 'member-token'])
  const text = earlier && formOf(earlier).get('client_assertion')
  if (!text) throw new HarnessError('not-seen', 'no assertion was used before')
  return text
}
