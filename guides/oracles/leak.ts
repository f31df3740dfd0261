/**
 * The leak oracle: every byte that reached a party is searched for the marks of our people, and each that this party was not
 * entitled to see at that moment is told, with its place and the statement that forbids it (HRex security; PDex "FHIR Access
 * Permissions", "Evaluation of Consent"). A member's coverage forbids nothing here: no guide of this exchange limits by it.
 */
import { canaryAt, canaryMark } from '../../harness/canary.ts'
import { unmet } from '../../harness/check.ts'
import { once } from '../../harness/once.ts'
import type { Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, SentResponse, Transcript } from '../../harness/transcript.ts'
import { usesMutualTls } from '../auth/checks/binding.ts'
import { suspicious } from '../core/judging.ts'
import { isMatch } from '../hrex/match.ts'
import { countsIn } from './counts.ts'
import { type Marks, marksOf, type Withheld, withheldFrom } from './marks.ts'
import { grouped, type Oracle, type Suspicion } from './oracle.ts'
import { pathOf } from './places.ts'
import { type Needles, needlesOf, type Sighting, search } from './readings.ts'
import { called, peopleOf, Rights, type Standing } from './rights.ts'

const note = 'found by the leak oracle'

/** The statements that forbid a leak, by what leaked to whom. */
const rules = {
  /** Of the member whose data the caller may otherwise see. */
  withheld: 'PDEX-137',
  /** Of anybody, to a caller without a right to it. */
  unentitled: 'HREX-058',
  /** Of anybody, in the words of a refusal. */
  refusal: 'CORE-021',
  /** To whoever fetches an export without a token. */
  openExport: 'BULK-003',
  /** Of the member asked for, where the consent cannot be honoured, and where nobody fits. */
  consentRefused: 'PDEX-114',
  nobodyFits: 'HREX-009',
} as const

export const leakOracle: Oracle = {
  id: 'leak-oracle',
  title: 'Nothing reaches a party that has no right to it (leak oracle)',
  requirements: Object.values(rules),
  look: (transcript, scene) => [...leaksIn(transcript, scene)],
}

/** Who is known by what in this scenario. */
interface Company {
  readonly scene: Scene
  readonly everybody: readonly Marks[]
  readonly rights: Rights
  /** What is looked for, by whose everything may be seen. */
  readonly needles: Map<Marks | undefined, Needles>
}

function* leaksIn(transcript: Transcript, scene: Scene): Generator<Suspicion> {
  const everybody = peopleOf(scene).flatMap((person) => marksOf(person) ?? [])
  if (everybody.length === 0) return
  const company: Company = {
    scene,
    everybody,
    rights: new Rights(scene, () => !usesMutualTls(transcript)),
    needles: new Map(),
  }
  for (const x of transcript.from(0)) {
    const standing = company.rights.meet(x)
    if (!x.response) continue
    yield* leaksOf(x, x.response, standing, company)
    const counted = countsIn(x, standing, scene)
    if (counted) yield { requirement: rules.withheld, finding: counted }
  }
}

/** A mark that somebody should not have been shown. */
interface Leak {
  readonly text: string
  readonly place: number
  readonly via: string
  readonly whose: string
  /** Of the member whose data the caller may otherwise see. */
  readonly own: boolean
  /** Of a member whom the caller once matched. */
  readonly matched: boolean
  /** Given for a token that outlives the consent: for a reader to judge. */
  readonly late: boolean
  readonly why: string
}

/** What leaks in one answer: one suspicion for each part of it, statement and reason. */
function leaksOf(x: Exchange, response: SentResponse, standing: Standing, company: Company): Suspicion[] {
  const own = company.everybody.find(({ person }) => person === standing.person)
  const { was } = standing
  const withheld = withheldFrom(was ? { ...standing, person: was } : standing, company.scene)
  const sees = { own, withheld, all: own !== undefined && withheld.keys.size === 0 }
  const needles = needlesFor(company, sees.all ? own : undefined)
  const suspicions: Suspicion[] = []
  for (const { part, text } of partsOf(response)) {
    const leaks = new Map<string, Leak>()
    search(text, needles, (sighting) => {
      const leak = judged(sighting, x, standing, sees, company)
      if (leak && !leaks.has(leak.text)) leaks.set(leak.text, leak)
    })
    if (leaks.size === 0) continue
    const said = wordsOf(x, needles)
    const news = [...leaks.values()].filter(({ text }) => !said.has(text))
    for (const group of grouped(news, ({ whose, own, late, why }) => `${whose} ${own} ${late} ${why}`).values())
      suspicions.push(told(x, part, text, group, company))
  }
  return suspicions
}

interface Sees {
  readonly own: Marks | undefined
  readonly withheld: Withheld
  /** Everything of the own member. */
  readonly all: boolean
}

/** Is what was sighted a mark that this caller may not see? */
function judged(
  { needle, reading, at, place, via }: Sighting,
  x: Exchange,
  standing: Standing,
  { own, withheld, all }: Sees,
  { everybody, rights }: Company,
): Leak | undefined {
  // The most frequent case by far is told without reading the token.
  if (needle === canaryMark && all && own?.key !== undefined && reading.startsWith(own.key, at + canaryMark.length))
    return undefined
  const isLate = (person: Person | undefined, key = ''): boolean =>
    person !== undefined && person === standing.was && (x.response?.status ?? 0) < 400 && !withheld.keys.has(key)
  const leak = (text: string, person: Person | undefined, why: string, late = false): Leak => ({
    text,
    place,
    via,
    whose: person?.name ?? 'a member whom the scenario does not name',
    own: person !== undefined && person === own?.person,
    matched: person !== undefined && rights.knows(x.from, person),
    late,
    why,
  })
  if (needle === canaryMark) {
    const canary = canaryAt(reading, at)
    if (!canary) return undefined
    const owner = everybody.find(({ key, carrier }) => key === canary.member || carrier(canary.token) !== undefined)
    if (owner === undefined || owner !== own) {
      const late = isLate(owner?.person, owner?.carrier(canary.token))
      return leak(canary.token, owner?.person, whyNot(owner?.person, standing, x), late)
    }
    const carrier = own.carrier(canary.token)
    const reason =
      carrier === undefined
        ? canary.sensitive && standing.policy === 'regular' && 'it is sensitive and the member lets only other data go'
        : withheld.keys.get(carrier)
    return reason ? leak(canary.token, own.person, reason) : undefined
  }
  const owner = everybody.find(({ key, numbers }) => key === needle || numbers.includes(needle))
  // The token that the key is part of is judged by itself.
  if (!owner || reading.startsWith(canaryMark, at - canaryMark.length)) return undefined
  const id = owner.key === needle ? idAt(reading, at) : needle
  if (owner === own) {
    const reason = withheld.ids.get(id)
    return reason ? leak(id, own.person, reason) : undefined
  }
  // Who the member is to the payer is what a match tells, and a refused one does not.
  const isIdentity = id === owner.key || id === needle
  if (isIdentity && !isRefusedMatch(x) && (rights.knows(x.from, owner.person) || isNamedIn(x, owner.person)))
    return undefined
  return leak(id, owner.person, whyNot(owner.person, standing, x), isLate(owner.person))
}

const isRefusedMatch = ({ move, response }: Exchange): boolean =>
  move === 'member-match' && (response?.status ?? 0) >= 400

/** A match that names whom it was asked for: whether it should have is what the sentences judge. */
const isNamedIn = (x: Exchange, { name }: Person): boolean =>
  x.move === 'member-match' && isMatch(x) && x.intent.person === name

const idHere = /[A-Za-z0-9.-]*[A-Za-z0-9]/y

function idAt(text: string, at: number): string {
  idHere.lastIndex = at
  return idHere.exec(text)?.[0] ?? ''
}

const whyNot = (owner: Person | undefined, { person, why }: Standing, x: Exchange): string =>
  person && person !== owner ? `${called(x.from)} shows a token for ${person.name}` : why || 'nobody gave a right to it'

const made = new Map<string, Needles>()

/** What is looked for: canaries, and the marks of everybody but the one whose everything may be seen. */
function needlesFor({ everybody, needles }: Company, but: Marks | undefined): Needles {
  const known = needles.get(but)
  if (known) return known
  const others = everybody.filter((marks) => marks !== but)
  const texts = [canaryMark, ...others.flatMap(({ key, numbers }) => [...(key ? [key] : []), ...numbers])]
  const ready = once(made, texts.join(' '), () => needlesOf(texts))
  needles.set(but, ready)
  return ready
}

/** Headers of every answer that are about the connection. */
const ofTheConnection = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'content-type',
  'transfer-encoding',
])

/** The body, and the headers and status text as one text, which is faster to search than each by itself. */
function* partsOf({ body, headers, statusText }: SentResponse): Generator<{ part: string; text: string }> {
  yield { part: 'body', text: body }
  const lines = headers.filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
  yield { part: 'header', text: [statusText, ...lines.map((line) => line.join(': '))].join('\n') }
}

/** The header that a place of the joined text is in. */
function headerAt(text: string, place: number): string {
  const line = text.slice(text.lastIndexOf('\n', place - 1) + 1).split('\n', 1)[0] ?? ''
  return text.lastIndexOf('\n', place - 1) < 0 ? 'status text' : `header ${line.slice(0, line.indexOf(':'))}`
}

/** What the caller itself wrote may come back: that tells it nothing. */
function wordsOf({ request }: Exchange, needles: Needles): ReadonlySet<string> {
  const said = new Set<string>()
  const text = [request.url, ...request.headers.map(([, value]) => value), request.body].join('\n')
  search(text, needles, ({ needle, reading, at }) => {
    const word = needle === canaryMark ? canaryAt(reading, at)?.token : idAt(reading, at)
    if (word) said.add(word)
  })
  return said
}

function told(x: Exchange, part: string, text: string, leaks: readonly Leak[], { scene }: Company): Suspicion {
  const [first] = leaks as readonly [Leak, ...Leak[]]
  const { whose, why, via, place, text: mark, late } = first
  const how = via ? `, ${via},` : ''
  const many = leaks.length > 1 ? ` and ${leaks.length - 1} more` : ''
  const message = `${note}: the answer shows ${called(x.from)} ${mark}${many}${how} of ${whose}: ${why}`
  const finding = (late ? suspicious : unmet)(x, 'leak', message, {
    expected: 'nothing that the caller may not see',
    actual: leaks.slice(0, 6).map((leak) => leak.text),
    expression: part === 'body' ? pathOf(x, text, { place, mark, via }) : headerAt(text, place),
  })
  return { requirement: ruleFor(x, first, scene), finding }
}

/** Which statement forbids it. */
function ruleFor(x: Exchange, { whose, own, matched }: Leak, scene: Scene): string {
  if (own) return rules.withheld
  const refused = (x.response?.status ?? 0) >= 400
  if (x.move === 'member-match' && refused && whose === x.intent.person)
    return aboutConsent(x, scene) ? rules.consentRefused : rules.nobodyFits
  if (refused && !matched) return rules.refusal
  const bare = !x.request.headers.some(([name]) => name.toLowerCase() === 'authorization')
  if (bare && (x.move === 'export-status' || x.move === 'export-file')) return rules.openExport
  return rules.unentitled
}

/** Was the match refused because of the consent? What the request got wrong says so, and what was made true. */
const aboutConsent = ({ intent }: Exchange, { happened = [] }: Scene): boolean =>
  /consent/i.test(intent.mistake ?? '') ||
  happened.some(
    ({ fixture }) =>
      (fixture.is === 'blocked-by-member' && fixture.person === intent.person) ||
      (fixture.is === 'segmentation' && fixture.way === 'cannot' && intent.policy === 'regular'),
  )
