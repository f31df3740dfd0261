/** A trust manager at work, told by hand: what it may do in its own way, and what no member may find. */
import { beforeAll, expect, it } from 'vitest'
import { type Authority, rootAuthority } from '../../certs/authority.ts'
import { type Issued, issue } from '../../certs/issue.ts'
import { signingAlgorithm, x509 } from '../../certs/keys.ts'
import { revocationList, revocationListPem } from '../../certs/revocation-list.ts'
import { type Step, sceneOf, told, transcriptOf } from '../told/told.ts'
import { heardOf } from '../told/verdicts.ts'
import { listsTheRevoked } from './onboarding.ts'

let manager: Authority
let payer: Issued
beforeAll(async () => {
  manager = await rootAuthority('CN=Manager')
  payer = await issue(manager, { subject: 'CN=Payer' })
})
const trust = 'https://trust.example'
const payerIs = { payer: 'requesting payer' }
const submitted = (certificate: string): Step =>
  told('submit-application', `${trust}/applications`, {
    status: 201,
    body: JSON.stringify({ identityCertificate: certificate }),
  })
const endorsed = (answer: object): Step =>
  told('endorse-application', `${trust}/applications/1/endorse`, { intent: payerIs, answer })
const revoked = told('revoke-membership', `${trust}/members/1`, { intent: payerIs })

/** A certificate of the manager's with that serial number, and a list that holds it. */
async function listed(serial: string, onList = serial): Promise<Step[]> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: 'CN=Payer',
    issuer: manager.certificate.subject,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    publicKey: manager.keys.publicKey,
    signingKey: manager.keys.privateKey,
    signingAlgorithm: signingAlgorithm(manager.keys.privateKey),
  })
  const list = await revocationList(manager, [{ serial: onList, at: new Date('2026-03-01T00:00:00Z') }])
  return [
    endorsed({ signedCertificate: certificate.toString('pem'), trustManagerCertificate: manager.pem }),
    revoked,
    told('fetch-crl', `${trust}/crl`, { answer: revocationListPem(list) }),
  ]
}

it.each(['01', '5a3b', '80', 'a1b2c3', 'ff00ff00ff00ff00'])('finds the serial number %s on a list', async (serial) => {
  expect(listsTheRevoked(transcriptOf(...(await listed(serial))))).toEqual([])
  expect(listsTheRevoked(transcriptOf(...(await listed(serial, '77')))).map(({ code }) => code)).toEqual([
    'not-revoked',
  ])
})

it('takes an endorsement that the manager signed, and no other', async () => {
  const heard = (answer: object, ...before: Step[]) => heardOf('NDH-021', [...before, endorsed(answer)], sceneOf())
  const good = { signedCertificate: payer.credentials.cert, trustManagerCertificate: manager.pem }
  expect(heard(good, submitted(payer.credentials.cert)).words).toContain('as it was sent')
  const again = await issue(manager, { subject: 'CN=Payer', keyPem: payer.credentials.key })
  const renewed = { ...good, signedCertificate: again.credentials.cert }
  expect(heard(renewed, submitted(payer.credentials.cert)).codes).toEqual(['pass'])
  expect(heard(renewed).words).toContain('what the payer had submitted is not known')
  const stranger = await rootAuthority('CN=Manager')
  const forged = await issue(stranger, { subject: 'CN=Payer', keyPem: payer.credentials.key })
  expect(
    heard({ ...good, signedCertificate: forged.credentials.cert }, submitted(payer.credentials.cert)).words,
  ).toContain("does not verify with the manager's key")
  expect(heard({ signedCertificate: 'x' }, submitted(payer.credentials.cert)).words).toContain('that can be read')
})

const review = (status: string, mistake?: string, from = 'trust manager'): Step => ({
  ...told('review-bundle', `${trust}/review`, {
    from,
    intent: { decision: 'approve', ...payerIs, branch: 'b', ...(mistake ? { mistake } : {}) },
    answer: { status },
  }),
  to: 'trust manager',
})
it.each([
  ['pass', [review('merged')]],
  ['pass', [review('merged'), review('refused', 'that is not signed')]],
  ['warning', [review('refused')]],
  ['warning', [review('merged'), review('merged', 'that is not signed')]],
  ['warning', [review('merged', undefined, 'requesting payer'), review('merged')]],
  ['skip', [review('refused', 'that is not signed')]],
] as const)('reviews bundles: %s', (code, steps) => {
  const { codes, words } = heardOf('NDH-022', steps, sceneOf())
  expect(codes, words).toEqual([code])
})

const verify = (status: number, mistake?: string): Step =>
  told('verify-application', `${trust}/verify`, {
    status,
    intent: { ...payerIs, ...(mistake ? { mistake } : {}) },
    answer: { status: status < 300 ? 'verified' : 'refused' },
  })
it.each([
  ['pass', [verify(200), verify(422, 'whose certificate has expired')]],
  ['warning', [verify(200), verify(200, 'whose certificate has expired')]],
  ['skip', [verify(422, 'whose certificate has expired')]],
  ['skip', [verify(200)]],
] as const)('verifies applications: %s', (code, steps) => {
  const { codes, words } = heardOf('NDH-019', steps, sceneOf())
  expect(codes, words).toEqual([code])
})
