/** Does a refusal give the member away? Every byte of it is looked at: body, headers and status text. */
import { noted, unmet } from '../../harness/check.ts'
import type { Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, SentResponse } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { resourceOf, walk } from '../core/received.ts'
import { mayTell, tells } from '../core/words.ts'
import { partsOf } from './match.ts'

/** A mark of a person: what it is, and how it reads. */
interface Mark {
  readonly what: string
  readonly text: string
}

/** Ids that are too short to be told from chance. */
const shortest = 3

/** What the refusal discloses of the member and of the bystander. What the caller itself wrote may come back: that tells it nothing. */
export function disclosed(exchange: Exchange, response: SentResponse, scene: Scene): Finding[] {
  const marks = [scene.person, scene.bystander].flatMap((person) => (person ? marksOf(person) : []))
  const said = `${exchange.request.url}\n${exchange.request.headers.map((pair) => pair.join(': ')).join('\n')}\n${exchange.request.body}`
  const places: readonly (readonly [where: string, text: string])[] = [
    ['body', response.body],
    ...response.headers.map(([name, value]) => [`header ${name}`, value] as const),
    ['status text', response.statusText],
  ]
  const found = places.flatMap(([where, text]) =>
    marks
      .filter(
        (mark) =>
          mayTell(where.replace(/^header /, ''), mark.text) && tells(text, mark.text) && !tells(said, mark.text),
      )
      .map((mark) =>
        unmet(exchange, 'disclosed', `the answer carries ${mark.what} in its ${where}`, {
          expected: 'nothing of the member',
          actual: mark.text,
          expression: where,
        }),
      ),
  )
  const structure = found.length ? [] : inStructure(exchange, places, said)
  if (found.length || structure.length || marks.length) return [...found, ...structure]
  return [
    noted(
      exchange,
      'structure-only',
      'the ids of the member here are not known, so only the structure of the answer was judged',
    ),
  ]
}

const marksOf = ({ name, patientId, memberIdentifier }: Person): Mark[] =>
  [
    { what: `the patient id of ${name}`, text: patientId ?? '' },
    { what: `the member identifier of ${name}`, text: memberIdentifier?.value ?? '' },
  ].filter(({ text }) => text.length >= shortest)

/** An id has a digit, or stands in a URL or where references do: `Patient/Coverage` are two words, and a path of elements is no URL. */
function isAddress(text: string, index: number, reference: string): boolean {
  const before = /[^\s"'<>]*$/.exec(text.slice(0, index))?.[0] ?? ''
  if (/\d/.test(reference) || (before.endsWith('/') && !/\bParameters\b/.test(before))) return true
  return before === '' && /(?:^|"reference"\s*:\s*")$/.test(text.slice(0, index))
}

/** What no refusal has a use for, whosever it is: the outputs of the operation, a Patient, a reference to one. */
function inStructure(exchange: Exchange, places: readonly (readonly [string, string])[], said: string): Finding[] {
  const body = resourceOf(exchange)
  const findings: Finding[] = []
  const output = partsOf(body)?.find(({ name }) => name === 'MemberIdentifier' || name === 'MemberId')
  if (output)
    findings.push(
      unmet(exchange, 'disclosed', `the answer carries ${String(output.name)}`, {
        expression: 'Parameters.parameter',
      }),
    )
  if (body)
    walk(body, body.resourceType, (node, path) => {
      if (node.resourceType === 'Patient')
        findings.push(unmet(exchange, 'disclosed', 'the answer carries a Patient', { expression: path }))
    })
  for (const [where, text] of places)
    for (const { 0: reference, index } of text.matchAll(/\bPatient\/[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?/g))
      if (!said.includes(reference) && isAddress(text, index, reference))
        findings.push(
          unmet(exchange, 'disclosed', `the answer refers to a patient in its ${where}`, {
            actual: reference,
            expression: where,
          }),
        )
  return findings
}
