/** The trust framework, told by hand: a manager, those who apply, what is proposed and merged, and who is let in over mutual TLS. */
import { expect, it } from 'vitest'
import { intermediateAuthority, rootAuthority } from '../../../certs/authority.ts'
import { issue, over } from '../../../certs/issue.ts'
import { outcome, type Step, sceneOf, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const trust = 'https://trust.example'
const payer = 'requesting payer'
const manager = 'trust manager'
const slow: Told = { status: 429, answer: {} }
const no: Told = { status: 403, answer: {} }

const root = await rootAuthority('CN=Community')
const below = await intermediateAuthority(root, 'CN=Manager')
/** Certificates by name, made once. */
const pem = {
  root: root.pem,
  below: below.pem,
  leaf: (await issue(root, { subject: 'CN=Leaf' })).credentials.cert,
  expired: (await issue(root, { subject: 'CN=Late', ...over })).credentials.cert,
  other: (await rootAuthority('CN=Other')).pem,
}
type Which = keyof typeof pem
const shows = (whose: 'manager' | 'community', names: readonly Which[], more: Told = {}): Step => ({
  ...told('fetch-signing-certificate', `${trust}/${whose}`, { intent: { whose }, ...more }),
  response: { status: 200, statusText: '', headers: [], body: names.map((name) => pem[name]).join('\n') },
})
const endorse = (from: string, more: Told = {}): Step => ({
  ...told('endorse-application', `${trust}/endorse`, { from, answer: {}, ...more }),
  to: manager,
})
const submit = (mistake?: string, more: Told = {}): Step =>
  told('submit-application', `${trust}/applications`, {
    ...(mistake ? { status: 400, answer: outcome(), intent: { mistake } } : { status: 201, answer: { id: '1' } }),
    ...more,
  })
const verify = (mistake?: string, more: Told = {}): Step =>
  told('verify-application', `${trust}/verify`, {
    ...(mistake
      ? { status: 422, answer: { status: 'refused' }, intent: { mistake } }
      : { answer: { status: 'verified' } }),
    ...more,
  })
const push = (more: Told): Step => told('push-to-main', `${trust}/main`, more)
const bundle = { resourceType: 'Bundle', id: 'b' }
const propose = (more: Told = {}): Step =>
  told('propose-bundle', `${trust}/branches/b`, {
    method: 'POST',
    body: JSON.stringify(bundle),
    status: 201,
    ...more,
    intent: { branch: 'b', ...more.intent },
  })
const review = (status: string, more: Told = {}): Step => ({
  ...told('review-bundle', `${trust}/review`, {
    from: manager,
    answer: { status },
    ...more,
    intent: { decision: 'approve', payer, branch: 'b', ...more.intent },
  }),
  to: manager,
})
const main = (...bundles: readonly object[]): Step =>
  told('refresh-repository', `${trust}/main`, { answer: { bundles: bundles.map((one) => ({ bundle: one })) } })
const agreement = 'whose agreement is signed with another key'
const lacking = 'without the agreement'

const rows: readonly Row[] = [
  ['a manager below the authority', 'PDEX-081', 'pass', [shows('community', ['root']), shows('manager', ['below'])]],
  [
    'a manager that may sign no certificates',
    'PDEX-081',
    'pass no-authority',
    [shows('community', ['root']), shows('manager', ['leaf'])],
  ],
  [
    'a manager of another authority',
    'PDEX-081',
    'warning untrusted',
    [shows('community', ['other']), shows('manager', ['below'])],
  ],
  [
    'a manager signed by itself',
    'PDEX-081',
    'warning self-signed',
    [shows('community', ['root']), shows('manager', ['other'])],
  ],
  [
    'a manager whose time is over',
    'PDEX-081',
    'warning not-in-force no-authority',
    [shows('community', ['root']), shows('manager', ['expired'])],
  ],
  ['no certificate', 'PDEX-081', 'warning missing-element', [shows('community', ['root']), shows('manager', [])]],
  [
    'the authority is not known',
    'PDEX-081',
    'skip not-decided',
    [shows('community', ['leaf']), shows('manager', ['below'])],
  ],
  ['it endorses', 'PDEX-081', 'pass', [shows('community', ['root']), shows('manager', ['below']), endorse(manager)]],
  [
    'somebody else tries',
    'PDEX-081',
    'pass',
    [shows('community', ['root']), shows('manager', ['below']), endorse(payer, no)],
  ],
  [
    'somebody else endorses',
    'PDEX-081',
    'warning anybody-endorses',
    [shows('community', ['root']), shows('manager', ['below']), endorse(payer)],
  ],

  ['a whole application', 'PDEX-082', 'pass', [submit(), submit(lacking)]],
  ['it is refused', 'PDEX-082', 'warning not-taken-in', [submit(undefined, no)]],
  ['it gets no id', 'PDEX-082', 'warning not-taken-in', [submit(undefined, { answer: {} })]],
  ['it is put off', 'PDEX-082', 'skip not-decided', [submit(undefined, slow)]],
  ['half of one is taken in', 'PDEX-082', 'warning taken-in', [submit(), submit(lacking, { status: 201 })]],
  ['half of one breaks the manager', 'PDEX-082', 'warning taken-in', [submit(), submit(lacking, { status: 500 })]],
  ['half of one is put off', 'PDEX-082', 'skip not-decided', [submit(), submit(lacking, slow)]],
  ['half of one, and no whole one', 'PDEX-082', 'skip not-decided: no complete application', [submit(lacking)]],
  [
    'an application that is wrong otherwise',
    'PDEX-082',
    'pass',
    [submit(), submit(agreement, { status: 201, answer: { id: '1' } })],
  ],

  ['a wrong certificate is refused', 'PDEX-083', 'pass', [verify(), verify('whose certificate has expired')]],
  [
    'a wrong certificate is verified',
    'PDEX-083',
    'warning wrong-accepted',
    [verify(), verify('whose certificate has expired', { status: 200 })],
  ],
  [
    'the refusal says that it verified',
    'PDEX-083',
    'warning wrong-accepted',
    [verify(), verify('whose certificate has expired', { answer: { status: 'verified' } })],
  ],
  [
    'only a wrong agreement',
    'PDEX-083',
    'skip not-decided: no application with a wrong certificate',
    [verify(), verify(agreement, { status: 200 })],
  ],
  [
    'no good application',
    'PDEX-083',
    'skip not-decided: no good application',
    [verify('whose certificate has expired')],
  ],
  ['a wrong agreement is refused', 'PDEX-084', 'pass', [verify(), verify(agreement)]],
  [
    'a wrong agreement is verified',
    'PDEX-084',
    'warning wrong-accepted',
    [verify(), verify(agreement, { status: 200 })],
  ],
  ['only an agreement that is not there', 'PDEX-084', 'skip not-decided', [verify(), verify(lacking, { status: 200 })]],

  [
    'both certificates come',
    'PDEX-086',
    'pass',
    [endorse(manager, { answer: { signedCertificate: pem.leaf, trustManagerCertificate: pem.below } })],
  ],
  [
    'the own one is missing',
    'PDEX-086',
    'warning missing-element: no trustManagerCertificate',
    [endorse(manager, { answer: { signedCertificate: pem.leaf } })],
  ],
  [
    'the signed one cannot be read',
    'PDEX-086',
    'warning missing-element: no signedCertificate',
    [endorse(manager, { answer: { signedCertificate: 'x', trustManagerCertificate: pem.below } })],
  ],

  ['proposed on a branch', 'PDEX-090', 'pass', [propose(), push(no)]],
  ['pushed to main', 'PDEX-090', 'warning main-unguarded', [propose(), push({ status: 201 })]],
  ['not taken on a branch', 'PDEX-090', 'warning not-taken', [propose(no)]],
  ['put off on a branch', 'PDEX-090', 'skip not-decided', [propose(slow)]],
  ['a wrong bundle is not taken', 'PDEX-090', 'pass', [propose({ ...no, intent: { mistake: 'x' } })]],
  ['proposed on main', 'PDEX-090', 'warning wrong-branch', [propose({ intent: { branch: 'main' } })]],

  ['merged, and on main', 'PDEX-091', 'pass', [propose(), review('merged'), main(bundle)]],
  [
    'merged, and not on main',
    'PDEX-091',
    'warning not-on-main',
    [propose(), review('merged'), main({ ...bundle, id: 'c' })],
  ],
  [
    'refused, and on main',
    'PDEX-091',
    'warning not-decided on-main-unmerged',
    [propose({ intent: { mistake: 'x' } }), review('refused', { intent: { mistake: 'x' } }), main(bundle)],
  ],
  ['a good one is refused', 'PDEX-091', 'warning not-merged', [propose(), review('refused'), main()]],
  ['nothing was reviewed before', 'PDEX-091', 'skip not-decided', [propose(), main(), review('merged')]],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
