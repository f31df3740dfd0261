/**
 * What each party may see, and from when to when: told from what was said (matches, consents, tokens) and from what the scenario
 * made true, never from inside a simulator (HRex security, PDex "Data Retrieval Methods").
 */
import type { ConsentPolicy, Person } from '../../harness/person.ts'
import type { Happening, Scene } from '../../harness/scene.ts'
import { type Exchange, json } from '../../harness/transcript.ts'
import { manifestOf } from '../bulk/exports.ts'
import { tokenOf } from '../core/judging.ts'
import { at } from '../core/received.ts'
import { absolute, asked, succeeded } from '../core/rest.ts'
import { rangeOf } from '../core/search-dates.ts'
import { askedIn, isMatch } from '../hrex/match.ts'

/** What a caller may see in the answer to one request. */
export interface Standing {
  /** The member whose data the request may be answered with. */
  readonly person?: Person
  readonly policy: ConsentPolicy
  readonly permissions: NonNullable<Scene['permissions']>
  /** The member whose consent is over while the token lives on: nobody says whether it may until it expires. */
  readonly was?: Person
  /** Why it is nobody's data, where it is nobody's. */
  readonly why: string
}

/** A match as the one who asked has it. */
interface Match {
  readonly person: Person
  readonly policy: ConsentPolicy
  /** FHIR dates, inclusive; absent where the consent does not say. */
  readonly start?: string
  readonly end?: string
  /** Taken back, when there had been so many exchanges. */
  ended?: number
}

interface Token {
  readonly party: string
  readonly person: Person | undefined
  /** Which exchange brought it. */
  readonly number: number
  /** Milliseconds. */
  readonly issued: number
  readonly expires: number
}

const everything = { claims: true, priorAuthorizations: true }
/** A day begins up to so much earlier and ends up to so much later elsewhere, and clocks differ: only what is certain counts. */
const hour = 3_600_000
const [earliest, latest] = [14 * hour, 12 * hour]
const skew = 60_000

/** Follows a transcript from exchange to exchange; each is to be shown to it once, in order. */
export class Rights {
  readonly #scene: Scene
  readonly #isPlain: () => boolean
  readonly #people: readonly Person[]
  readonly #pending: Happening[]
  readonly #matches = new Map<string, Match>()
  /** Who said no to whom, when there had been so many exchanges. */
  readonly #blocked = new Map<string, number>()
  readonly #tokens = new Map<string, Token>()
  readonly #permissions = new Map<string, Standing['permissions']>()
  /** Addresses that a manifest says need no token: knowing one is as good as the token that it was told to. */
  readonly #open = new Map<string, string>()
  #seen = 0

  /** `isPlain`: are tokens bound to nothing, so that whoever bears one is taken for its owner (RFC 6750 §1.2)? */
  constructor(scene: Scene, isPlain: () => boolean = () => false) {
    this.#scene = scene
    this.#isPlain = isPlain
    this.#people = peopleOf(scene)
    this.#pending = [...(scene.happened ?? [])]
    if (scene.permissions) this.#permissions.set(scene.requester, scene.permissions)
  }

  /** What the sender of the next exchange may be answered with. */
  meet(x: Exchange): Standing {
    while ((this.#pending[0]?.after ?? Number.POSITIVE_INFINITY) <= this.#seen)
      this.#happen(this.#pending.shift() as Happening)
    this.#seen++
    const standing = this.#standing(x)
    this.#learn(x)
    return standing
  }

  /** Does the party know who that is to the payer: has it ever matched them? */
  knows(party: string, person: Person): boolean {
    return this.#matches.has(`${party} ${person.name}`)
  }

  #standing(x: Exchange): Standing {
    const nobody = (why: string): Standing => ({ policy: 'regular', permissions: everything, why })
    // Where the address is the key, whoever has it stands where the party stands whom it was told to.
    const key = this.#open.size > 0 ? this.#open.get(asked(x).address) : undefined
    const text = key ?? tokenOf(x)
    const token = text === undefined ? undefined : this.#tokens.get(text)
    if (text === undefined) return nobody('the request shows no token')
    if (!token) return nobody('the request shows a token that was issued for no member')
    const { party } = token
    const isPlain = key !== undefined || this.#isPlain()
    if (party !== x.from && !isPlain) return nobody(`the token was issued to ${called(party)}`)
    const permissions = this.#permissions.get(party) ?? everything
    if (!token.person) return nobody('nobody knows for which member the token is')
    const now = Date.parse(x.at)
    if (key === undefined && now > token.expires + skew) return nobody('the token has expired')
    const match = this.#matches.get(`${party} ${token.person.name}`)
    if (!match) return nobody(`${called(party)} never matched ${token.person.name}`)
    const { person } = token
    // A token that is older than the end may live on; one that was issued after it never was for anything.
    const over = (why: string, isOlder: boolean): Standing =>
      isOlder ? { was: person, policy: match.policy, permissions, why } : nobody(why)
    const blocked = this.#blocked.get(`${party} ${person.name}`)
    if (blocked !== undefined)
      return over(`${person.name} said no to sharing with ${called(party)}`, token.number <= blocked)
    if (match.ended !== undefined) return over(`${person.name} has taken the consent back`, token.number <= match.ended)
    if (now < (rangeOf(match.start)?.[0] ?? now) - earliest) return nobody('the consent has not begun')
    const end = (rangeOf(match.end)?.[1] ?? now) + latest
    if (now > end) return over('the consent has ended', token.issued <= end)
    return { person, policy: match.policy, permissions, why: '' }
  }

  #learn(x: Exchange): void {
    const manifest = x.move === 'export-status' ? manifestOf(x) : undefined
    if (manifest?.requiresAccessToken === false)
      for (const { url } of [...(manifest.output ?? []), ...(manifest.deleted ?? []), ...(manifest.error ?? [])])
        this.#open.set(absolute(String(url), x), tokenOf(x) ?? '')
    if (x.to !== this.#scene.responder || x.intent.mistake !== undefined) return
    if (x.move === 'member-match' && mayBeMatch(x)) this.#matched(x)
    if (x.move === 'member-token' && succeeded(x)) this.#issued(x)
  }

  #matched(x: Exchange): void {
    const person = this.#people.find(({ name }) => name === x.intent.person) ?? this.#submitted(x)
    if (!person) return
    const { consent } = askedIn(x)
    const [start] = at(consent, 'provision.period.start')
    const [end] = at(consent, 'provision.period.end')
    this.#matches.set(`${x.from} ${person.name}`, {
      person,
      policy: at(consent, 'policy.uri').some((uri) => String(uri).endsWith('#regular')) ? 'regular' : 'sensitive',
      ...(typeof start === 'string' ? { start } : {}),
      ...(typeof end === 'string' ? { end } : {}),
    })
  }

  /** Of a client under test nobody knows whom it meant but by the card that it showed. */
  #submitted(x: Exchange): Person | undefined {
    const cards = at(askedIn(x).toMatch, 'identifier.value')
    return this.#people.find(({ submitted }) =>
      at(submitted.coverageToMatch, 'identifier.value').some((value) => cards.includes(value)),
    )
  }

  #issued(x: Exchange): void {
    const says = (x.response && json(x.response)) as Readonly<Record<string, unknown>> | undefined
    const { access_token: text, expires_in: seconds, patient } = says ?? {}
    if (typeof text !== 'string') return
    const id = String(patient ?? '').replace(/^.*Patient\//, '')
    const person =
      this.#people.find(({ patientId }) => patientId !== undefined && patientId === id) ??
      this.#people.find(({ name }) => name === x.intent.person)
    // A token that is over before it was given says nothing of its life.
    const lives = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY
    const issued = Date.parse(x.at)
    this.#tokens.set(text, { party: x.from, person, number: this.#seen, issued, expires: issued + lives })
  }

  #happen({ fixture }: Happening): void {
    if (fixture.is === 'permissions') this.#permissions.set(fixture.payer, fixture)
    if (fixture.is === 'matched') {
      const { payer, person: name, policy, start, end } = fixture
      const person = this.#people.find((one) => one.name === name)
      if (person) this.#matches.set(`${payer} ${name}`, { person, policy, start, end })
    }
    if (fixture.is === 'blocked-by-member') this.#blocked.set(`${fixture.payer} ${fixture.person}`, this.#seen)
    const match = fixture.is === 'consent-revoked' ? this.#matches.get(`${fixture.payer} ${fixture.person}`) : undefined
    if (match) match.ended = this.#seen
  }
}

/** A match, or a request of which the answer was lost or cannot be read: the payer may have matched all the same. */
const mayBeMatch = (x: Exchange): boolean =>
  isMatch(x) || (x.response ? x.response.status === 200 && json(x.response) === undefined : x.failure !== undefined)

/** Everybody whom the scenario is about, each once. */
export function peopleOf({ people, person, bystander }: Scene): readonly Person[] {
  const all = [...(people ?? []), person, bystander].filter((one) => one !== undefined)
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

/** `the requesting payer`, `another payer`. */
export const called = (actor: string): string => (/^an?(other)? /.test(actor) ? actor : `the ${actor}`)
