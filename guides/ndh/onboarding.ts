/** What a trust manager did with applications, bundles and memberships: judged alike for NDH and for PDex. */
import type { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { certificateFrom, issuedBy, sameKey, signedBy } from '../../harness/certificates.ts'
import { noted, undecided, unmet } from '../../harness/check.ts'
import { jwsHolds } from '../../harness/signature.ts'
import { answered, type Exchange, json, type Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { putOff, wrongAnswer } from '../core/judging.ts'
import { isObject } from '../core/received.ts'

export const bodyOf = ({ response }: Exchange): Readonly<Record<string, unknown>> => {
  const body = response && json(response)
  return isObject(body) ? body : {}
}
const wrong = ({ intent }: Exchange): boolean => intent.mistake !== undefined
/** The review put it on main, and did not only say that it was done with it. */
const merged = (x: Exchange): boolean => answered(x).status < 300 && bodyOf(x).status === 'merged'

/** Mistakes that the trust manager sees when it looks at the certificate, and when it looks at the agreement. */
const ofAgreement = /agreement/
export const isAboutCertificate = (mistake: string): boolean =>
  !/agreement|organization|identity certificate/.test(mistake)
export const isAboutAgreement = (mistake: string): boolean => ofAgreement.test(mistake) && /whose/.test(mistake)

/** Verification of applications with that kind of mistake was refused, while a good one passed in the same scenario. */
export function refusesOnVerification(
  transcript: Transcript,
  kind: (mistake: string) => boolean,
  what: string,
): readonly Finding[] {
  const all = transcript.some('verify-application')
  const bad = all.filter((x) => wrong(x) && kind(x.intent.mistake ?? ''))
  if (bad.length === 0) return [undecided(undefined, `no application with a wrong ${what} was verified`)]
  const good = all.find((x) => !wrong(x) && answered(x).status === 200)
  if (!good) return [undecided(bad[0], 'no good application was verified beside it, so a refusal says nothing')]
  return bad.flatMap((x) => {
    const { status: actual } = answered(x)
    const { status } = bodyOf(x)
    if (actual >= 400 && actual < 500 && putOff(x) === undefined && status !== 'verified') return []
    return [
      wrongAnswer(x, 'wrong-accepted', `an application ${x.intent.mistake} was ${status ?? 'accepted'}`, {
        expected: '422 and a reason',
        actual,
      }),
    ]
  })
}

/** The submission behind an endorsement: what the payer sent in. */
const submissionBehind = (transcript: Transcript, { intent }: Exchange): Exchange | undefined =>
  transcript
    .all('submit-application', { where: ({ from, response }) => from === intent.payer && response?.status === 201 })
    .at(-1)

const certificateIn = (text: unknown): X509Certificate | undefined => {
  try {
    return certificateFrom(String(text))
  } catch {
    return undefined
  }
}

/** The manager signed the payer's own key: by issuing a certificate for it, or by a signature around the certificate. */
export function endorsesThePayersKey(transcript: Transcript): readonly Finding[] {
  const all = transcript.some('endorse-application', { where: (x) => !wrong(x) && x.response?.status === 200 })
  return all.flatMap((x) => {
    const { signedCertificate, trustManagerCertificate, signature } = bodyOf(x)
    const signed = certificateIn(signedCertificate)
    const manager = certificateIn(trustManagerCertificate)
    const sent = submissionBehind(transcript, x)
    const own =
      sent && certificateIn((json(sent.request) as { identityCertificate?: unknown } | null)?.identityCertificate)
    if (!signed || !manager) return [unmet(x, 'missing-element', 'the endorsement does not bring both certificates')]
    if (!own) return [undecided(x, 'what the payer had submitted is not known')]
    if (!sameKey(signed.publicKey, own.publicKey))
      return [unmet(x, 'another-key', 'the endorsed certificate is for another key than the submitted one')]
    if (typeof signature === 'string')
      return jwsHolds(signature, manager.publicKey) && signs(signature, own)
        ? []
        : [unmet(x, 'bad-signature', "the signature around the certificate is not the manager's, or is around another")]
    if (signed.issuer === own.issuer && signed.raw.equals(own.raw))
      return [
        unmet(x, 'not-endorsed', 'the certificate came back as it was sent, without a signature of the manager', {
          actual: signed.issuer,
        }),
      ]
    return signedBy(signed, manager.publicKey) && signed.checkIssued(manager)
      ? []
      : [
          unmet(x, 'bad-signature', "the endorsed certificate does not verify with the manager's key", {
            expected: manager.subject,
            actual: signed.issuer,
          }),
        ]
  })
}

const signs = (jws: string, certificate: X509Certificate): boolean =>
  Buffer.from(jws.split('.')[1] ?? '', 'base64url').equals(certificate.raw)

/** Both certificates came with the endorsement, each readable, and the manager's is a certificate of its own. */
export function returnsBothCertificates(transcript: Transcript): readonly Finding[] {
  const all = transcript.some('endorse-application', { where: (x) => !wrong(x) && x.response?.status === 200 })
  return all.flatMap((x) =>
    ['signedCertificate', 'trustManagerCertificate'].flatMap((name) =>
      certificateIn(bodyOf(x)[name])
        ? []
        : [unmet(x, 'missing-element', `the answer has no ${name} that can be read`, { expression: name })],
    ),
  )
}

/** Wrong bundles stay off main, a good one of the same scenario gets there, and nobody but the manager decides. */
export function mergesOnlyGoodBundles(transcript: Transcript): readonly Finding[] {
  const reviews = transcript.some('review-bundle', { intent: { decision: 'approve' } })
  const byManager = reviews.filter((x) => x.from === x.to)
  const findings: Finding[] = []
  for (const x of reviews) {
    const { status: actual } = answered(x)
    if (x.from !== x.to && merged(x))
      findings.push(unmet(x, 'anybody-merges', 'somebody who is not the trust manager merged to main', { actual }))
    else if (wrong(x) && merged(x))
      findings.push(unmet(x, 'wrong-merged', `a bundle ${x.intent.mistake} was merged to main`, { actual }))
    else if (x.from === x.to && !wrong(x) && !merged(x))
      findings.push(
        wrongAnswer(x, 'not-merged', 'a bundle with nothing wrong was not merged', { expected: 'merged', actual }),
      )
  }
  if (findings.length === 0 && !byManager.some((x) => !wrong(x)))
    return [undecided(reviews[0], 'no good bundle was merged beside it, so a refusal says nothing')]
  return findings
}

/** What was merged is on main when somebody looks afterwards, and what was refused is not. */
export function mainHoldsWhatWasMerged(
  transcript: Transcript,
  bundlesOn: (copy: Exchange) => readonly object[],
): readonly Finding[] {
  const copy = transcript.last('refresh-repository', { where: ({ response }) => response?.status === 200 })
  const before = (x: Exchange): boolean => Number(x.id.slice(1)) < Number(copy.id.slice(1))
  const reviewed = transcript.all('review-bundle', {
    intent: { decision: 'approve' },
    where: (x) => before(x) && x.from === x.to,
  })
  const main = bundlesOn(copy)
  const proposals = transcript.all('propose-bundle', { where: before })
  if (reviewed.length === 0) return [undecided(copy, 'nothing was reviewed before main was looked at')]
  return reviewed.flatMap((x) => {
    const proposal = proposals.find(({ from, intent }) => from === x.intent.payer && intent.branch === x.intent.branch)
    const newest = reviewed.findLast((y) => y.intent.payer === x.intent.payer && merged(y))
    if (!proposal) return []
    const sent = json(proposal.request)
    // Whatever the order in which the repository writes the members of an object.
    const there = main.some((bundle) => isDeepStrictEqual(bundle, sent))
    if (merged(x) && newest === x && !there)
      return [unmet(copy, 'not-on-main', `what was merged for the ${x.intent.payer} is not on main`)]
    if (!merged(x) && there)
      return [unmet(copy, 'on-main-unmerged', `what was refused to the ${x.intent.payer} is on main`)]
    return []
  })
}

/** A positive number of that many hexadecimal digits: DER puts a zero before a first byte that would make it negative. */
function derInteger(digits: string): Buffer {
  const whole = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  const value = (whole[0] ?? 0) < 0x80 ? whole : Buffer.concat([Buffer.of(0), whole])
  return Buffer.concat([Buffer.of(0x02, value.length), value])
}

/** The serial number of the endorsed certificate, as DER writes it, is in the list. */
export function listsTheRevoked(transcript: Transcript): readonly Finding[] {
  const ended = transcript.last('revoke-membership', { where: ({ response }) => response?.status === 200 })
  const list = transcript.last('fetch-crl')
  const endorsement = transcript.last('endorse-application', {
    where: (x) => x.response?.status === 200 && x.intent.payer === ended.intent.payer,
  })
  const { signedCertificate, trustManagerCertificate } = bodyOf(endorsement)
  const [signed, manager] = [certificateIn(signedCertificate), certificateIn(trustManagerCertificate)]
  if (!signed || !manager || !issuedBy(signed, manager))
    return [noted(list, 'not-listed', 'the manager issued no certificate of its own, so there is nothing for its list')]
  const block = /-----BEGIN X509 CRL-----([^-]+)-----END/.exec(answered(list).body)?.[1]
  if (!block) return [undecided(list, 'the list did not come as PEM, so it cannot be read from the record')]
  const der = Buffer.from(block, 'base64')
  // Of all numbers of a list only those of its entries stand before a time: UTCTime, or GeneralizedTime from 2050 on.
  const serial = derInteger(signed.serialNumber)
  return [Buffer.of(0x17, 13), Buffer.of(0x18, 15)].some((time) => der.includes(Buffer.concat([serial, time])))
    ? []
    : [
        unmet(list, 'not-revoked', 'the certificate of the revoked member is not on the list', {
          expected: signed.serialNumber,
        }),
      ]
}
