/** How `doctor` reads an answer that may be anything: what it says in words fit for a terminal, and whether it gives what was asked for. */
import { said } from '../flows/tokens.ts'
import type { Failure } from '../harness/failure.ts'
import { type Exchange, json } from '../harness/transcript.ts'
import { tame } from '../reports/wording.ts'

/** An answer may hold a whole page where a sentence should be. */
const longest = 300

/** Words of somebody else: without control characters and tokens, and no more of them than one reads. */
export function tamed(words: string): string {
  const plain = tame(words).replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '(a JWT)')
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What came of a request, in words. */
export function outcomeOf(x: Exchange | undefined): string {
  if (!x) return 'was never asked for'
  if (!x.response) return `got no answer (${x.failure?.message})`
  const { error, error_description, issue } = said(x)
  const [first] = Array.isArray(issue) ? (issue as readonly ({ details?: { text?: unknown } | null } | null)[]) : []
  const why = text(error) ? `${text(error)}: ${text(error_description)}` : text(first?.details?.text)
  const unread = x.response.body !== '' && json(x.response) === undefined ? 'with something that is no JSON' : ''
  return ['answers', x.response.status, tamed(why), unread]
    .filter((word) => word !== '')
    .join(' ')
    .trimEnd()
}

/** Whether a success carries what it is asked for: a text under that name. */
export const gives = (x: Exchange, name: 'client_id' | 'access_token' | 'token_endpoint'): boolean =>
  x.response !== undefined && x.response.status < 300 && text(said(x)[name]) !== ''

const nobody = 'is the system up, is the port right, does a firewall stand between?'

/** What to do when no answer came to the first request. `uri`: whose certificate was shown. */
export function remedyFor({ kind, code }: Failure, uri: string): string {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code))
    return 'no TLS is spoken there: is it the port of plain HTTP, or of something else?'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'the certificate is for other names than this address: write one of its names in the plan, or have one issued for this name'
  const remedies: Readonly<Record<Failure['kind'], string>> = {
    unreachable: nobody,
    timeout: nobody,
    refused: `the system refuses our client certificate (${uri}): it must trust the community root ("npx vitruvian certs show" says where it is), or bring a certificate in requesters.requesting payer.credentials`,
    aborted: `we do not trust the system's certificate: name its root in seats.responding payer.roots, or have one issued ("npx vitruvian certs issue")`,
    'cut-off': 'the answer began and broke off: look into the log of the system, and of what stands before it',
    garbled: 'what answers there speaks no HTTP that can be read: is the port right, does a proxy stand between?',
    'too-large': 'the answer is too large to be metadata',
    unreadable: 'have the system answer without that content coding where nobody asks for it',
    'not-asked': 'seats.responding payer.fhir must be an https:// URL',
  }
  return remedies[kind]
}
