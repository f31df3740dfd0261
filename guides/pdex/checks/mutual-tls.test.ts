/** Who is let in over mutual TLS, and who registers: members in good standing, and nobody else. */
import { expect, it } from 'vitest'
import type { TlsFacts } from '../../../harness/transcript.ts'
import { mutual } from '../../told/registered.ts'
import { type Step, sceneOf, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const no: Told = { status: 403, answer: {} }
const own = { certificate: 'own' }
const knock = (intent: Readonly<Record<string, string>>, more: Told = {}): Step =>
  told('handshake', 'metadata', { answer: {}, ...more, intent })
/** The handshake was refused by an alert; or the client itself hung up. */
const ended = ({ response: _, ...step }: Step, kind: 'refused' | 'aborted' | 'reset' = 'refused'): Step => ({
  ...step,
  failure: { kind: kind as never, code: 'EPROTO', message: 'tlsv1 alert unknown ca' },
})
const stranger = { certificate: 'that nobody signed' }
const expelled = { certificate: 'own', standing: 'that has left the community' }
const member = knock(own)
const looked = knock({ ...own, by: 'directory' })

const register = (more: Told = {}, tls: TlsFacts | undefined = mutual()): Step => ({
  ...told('register', 'https://old.example/register', {
    method: 'POST',
    status: 201,
    answer: { client_id: 'c' },
    ...more,
  }),
  ...(tls ? { tls } : {}),
})
const bare: TlsFacts = { protocol: 'TLSv1.3', cipher: 'x' }
const uncertified = { intent: { mistake: 'without a certificate' } }

const rows: readonly Row[] = [
  ['a member is let in, a stranger is not', 'PDEX-097', 'pass', [member, knock(stranger, no)]],
  ['a stranger is cut off', 'PDEX-097', 'pass', [member, ended(knock(stranger))]],
  [
    'a member who has left is let in',
    'PDEX-097',
    'warning wrong-accepted: a caller that has left',
    [member, knock(expelled), knock({ ...expelled, door: 'registration' }, { status: 201 })],
  ],
  [
    'somebody without a certificate is let in',
    'PDEX-097',
    'warning wrong-accepted: a caller without any',
    [member, knock({ certificate: 'without any' }), knock({ certificate: 'without any', door: 'registration' })],
  ],
  [
    'a stranger is let in',
    'PDEX-097',
    'warning wrong-accepted: a caller with a certificate that nobody signed',
    [member, knock(stranger), knock({ ...stranger, door: 'registration' })],
  ],
  ['the member is refused', 'PDEX-097', 'warning member-refused', [knock(own, no)]],
  ['the member is refused once', 'PDEX-097', 'pass', [knock(own, no), member, knock(stranger, no)]],
  [
    'a member who shows another certificate on purpose is refused',
    'PDEX-097',
    'skip not-decided: no member was served',
    [knock({ ...own, by: 'directory' }, no), knock(stranger, no)],
  ],
  ['only members called', 'PDEX-097', 'skip not-decided: nobody but members', [member]],
  ['only strangers called', 'PDEX-097', 'skip not-decided: no member was served', [knock(stranger, no)]],
  [
    'a version of TLS was tried',
    'PDEX-097',
    'skip not-decided: there was no',
    [knock({ ...stranger, tls: 'TLSv1.1' })],
  ],
  [
    'another server was called',
    'PDEX-097',
    'skip not-decided: there was no',
    [{ ...knock(stranger), to: 'another payer' }],
  ],

  ['the client hangs up on another certificate', 'PDEX-098/the-requesting', 'pass', [looked, ended(looked, 'aborted')]],
  ['the client goes on', 'PDEX-098/the-requesting', 'warning went-on', [looked, looked]],
  [
    'the network cuts it off',
    'PDEX-098/the-requesting',
    'skip not-decided: the connection ended for another reason',
    [looked, ended(looked)],
  ],
  ['it called once', 'PDEX-098/the-requesting', 'skip not-decided: no connection was made', [looked]],
  [
    'it was refused at first',
    'PDEX-098/the-requesting',
    'skip not-decided: no connection was made',
    [knock({ ...own, by: 'directory' }, no), looked],
  ],
  ['it looked nobody up', 'PDEX-098/the-requesting', 'skip not-decided: there was no', [member, member]],
  [
    'another client did',
    'PDEX-098/the-requesting',
    'skip not-decided: there was no',
    [looked, looked].map((step) => ({ ...step, from: 'another payer' })),
  ],

  [
    'a member registers, nobody without a certificate',
    'PDEX-096',
    'pass',
    [register(), register({ ...no, ...uncertified })],
  ],
  ['a bare connection is cut off', 'PDEX-096', 'pass', [register(), ended(register({}, bare))]],
  [
    'a bare connection registers',
    'PDEX-096',
    'warning registered: a client without a certificate',
    [register(), register({}, bare)],
  ],
  [
    'without a certificate, and what is known of TLS lost',
    'PDEX-096',
    'warning registered: a client without a certificate',
    [register(), register(uncertified, undefined)],
  ],
  [
    'a stranger registers',
    'PDEX-096',
    'warning registered: a stranger',
    [register(), register({ from: 'a stranger' })],
  ],
  [
    'a member who has left registers',
    'PDEX-096',
    'warning registered: a stranger',
    [register(), register({ intent: { standing: 'that has left' } })],
  ],
  [
    'a stranger is answered neither way',
    'PDEX-096',
    'skip not-decided: neither registered nor refused',
    [register(), register({ from: 'a stranger', status: 500 })],
  ],
  ['nobody else tried', 'PDEX-096', 'skip not-decided: nobody tried', [register()]],
  [
    'a registration that is wrong otherwise',
    'PDEX-096',
    'skip not-decided: nobody tried',
    [register(), register({ intent: { mistake: 'x' } })],
  ],
  [
    'no member is registered',
    'PDEX-096',
    'skip not-decided: no member was registered',
    [register(no), register({ intent: { mistake: 'x' } }), register({ ...no, ...uncertified })],
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
