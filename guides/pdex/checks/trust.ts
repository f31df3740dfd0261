/** The trust framework of PDex: the trust manager, what it is told and gives back, and its repository. */
import type { X509Certificate } from 'node:crypto'
import { inForce, isSelfSigned, pathTo } from '../../../harness/certificates.ts'
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff, wrongAnswer } from '../../core/judging.ts'
import { refreshes } from '../../ndh/checks/trust.ts'
import {
  bodyOf,
  endorsesThePayersKey,
  isAboutAgreement,
  isAboutCertificate,
  mainHoldsWhatWasMerged,
  mergesOnlyGoodBundles,
  refusesOnVerification,
  returnsBothCertificates,
} from '../../ndh/onboarding.ts'
import { bundlesIn, certificatesOf } from '../../ndh/published.ts'

export const managerHasCertificate = check(
  'PDEX-081',
  'DESC',
  'The trust manager signs with a certificate of the trusted authority, and alone may endorse',
  (transcript, scene) => {
    const x = transcript.last('fetch-signing-certificate', { intent: { whose: 'manager' } })
    const [manager, ...more] = certificatesOf(transcript, 'manager')
    if (!manager)
      return [unmet(x, 'missing-element', 'the trust manager shows no certificate', { actual: answered(x).status })]
    const community = certificatesOf(transcript, 'community')
    const roots = community.filter(isSelfSigned)
    if (roots.length === 0) return [undecided(x, 'the certificate of the trusted authority is not known')]
    return [...standsUnder(x, manager, [...more, ...community], roots, scene.now), ...nobodyElseEndorses(transcript)]
  },
)

function standsUnder(
  x: Exchange,
  manager: X509Certificate,
  between: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: string,
): Finding[] {
  const findings: Finding[] = []
  if (isSelfSigned(manager))
    findings.push(unmet(x, 'self-signed', "the trust manager's certificate is signed by itself"))
  else if (!pathTo(manager, between, roots))
    findings.push(
      unmet(x, 'untrusted', "the trust manager's certificate does not lead to the trusted authority", {
        actual: manager.issuer.replaceAll('\n', ', '),
      }),
    )
  if (inForce(manager, new Date(now)) !== 'yes')
    findings.push(unmet(x, 'not-in-force', "the trust manager's certificate is not in force"))
  if (!manager.ca)
    findings.push(
      noted(x, 'no-authority', 'the certificate may not sign certificates (CA is false): only signatures are possible'),
    )
  return findings
}

const nobodyElseEndorses = (transcript: Transcript): Finding[] =>
  transcript
    .all('endorse-application', { where: (x) => x.from !== x.to })
    .filter((x) => answered(x).status < 300)
    .map((x) => unmet(x, 'anybody-endorses', `the ${x.from} endorsed an application without being the trust manager`))

export const submissionIsComplete = check(
  'PDEX-082',
  'DESC',
  'A submission holds identity certificate and agreement; without one of them it is turned away',
  (transcript) => {
    const all = transcript.some('submit-application')
    const parts = [
      'without the agreement',
      'without the identity certificate',
      'without the signature on the agreement',
      'without the organization',
    ]
    const lacking = all.filter(({ intent }) => parts.includes(intent.mistake ?? ''))
    const good = all.filter(({ intent }) => intent.mistake === undefined)
    const findings = [
      ...good
        .filter((x) => answered(x).status !== 201 || typeof bodyOf(x).id !== 'string')
        .map((x) =>
          wrongAnswer(x, 'not-taken-in', 'a complete application was not taken in', {
            expected: '201 and an id',
            actual: answered(x).status,
          }),
        ),
      ...lacking
        .filter((x) => answered(x).status < 400 || answered(x).status > 499 || putOff(x) !== undefined)
        .map((x) =>
          wrongAnswer(x, 'taken-in', `an application ${x.intent.mistake} was taken in`, {
            expected: 400,
            actual: answered(x).status,
          }),
        ),
    ]
    if (findings.length === 0 && good.length === 0)
      return [undecided(lacking[0], 'no complete application was sent beside it, so a refusal says nothing')]
    return findings
  },
)

export const identityIsVerified = check(
  'PDEX-083',
  'DESC',
  'The trust manager verifies the identity certificate',
  (transcript) => refusesOnVerification(transcript, isAboutCertificate, 'certificate'),
)
export const agreementIsVerified = check(
  'PDEX-084',
  'DESC',
  'The trust manager verifies the signature on the agreement',
  (transcript) => refusesOnVerification(transcript, isAboutAgreement, 'agreement'),
)
export const certificateIsSigned = check(
  'PDEX-085',
  'DESC',
  "The trust manager signs the payer's certificate",
  (transcript) => endorsesThePayersKey(transcript),
)
export const certificatesAreReturned = check(
  'PDEX-086',
  'DESC',
  'The trust manager returns the signed certificate and its own',
  (transcript) => returnsBothCertificates(transcript),
)

export const publishedOnBranch = check(
  'PDEX-090',
  'DESC',
  'A bundle is published on a branch of its own, never straight on main',
  (transcript) => {
    const pushed = transcript.all('push-to-main')
    const proposed = transcript.some('propose-bundle')
    return [
      ...pushed
        .filter((x) => answered(x).status < 400)
        .map((x) =>
          unmet(x, 'main-unguarded', 'a bundle was put on main without a review', {
            expected: 403,
            actual: answered(x).status,
          }),
        ),
      ...proposed
        .filter((x) => x.intent.mistake === undefined && answered(x).status >= 300)
        .map((x) =>
          wrongAnswer(x, 'not-taken', 'a bundle was not taken on a branch', {
            expected: 201,
            actual: answered(x).status,
          }),
        ),
      ...proposed
        .filter(({ intent }) => intent.branch === 'main')
        .map((x) => unmet(x, 'wrong-branch', 'the payer proposed its bundle on main')),
    ]
  },
)

export const reviewedAndMerged = check(
  'PDEX-091',
  'DESC',
  'The trust manager reviews branches and merges them into main',
  (transcript) => [...mergesOnlyGoodBundles(transcript), ...mainHoldsWhatWasMerged(transcript, bundlesIn)],
)

export const membersRefresh = check(
  'PDEX-092',
  'DESC',
  'Members rebuild their list of endpoints from main',
  refreshes.judge,
)

export const trustChecks: readonly Check[] = [
  managerHasCertificate,
  submissionIsComplete,
  identityIsVerified,
  agreementIsVerified,
  certificateIsSigned,
  certificatesAreReturned,
  publishedOnBranch,
  reviewedAndMerged,
  membersRefresh,
]
export const trustUntested: Readonly<Record<string, string>> = {}
