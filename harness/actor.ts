/** A party named by a guide. Simulated or under test, it speaks only through `send`, and everything it says is recorded. */
import type { Clock } from './clock.ts'
import { defaults } from './config.ts'
import type { FixtureAnswer, MatchAnswer } from './fixture.ts'
import type { Move } from './move.ts'
import type { Exchange, HeaderList, Transcript } from './transcript.ts'
import type { Credentials, Outgoing, Wire } from './wire.ts'

/** `the requesting payer` without its article. */
export type ActorName = 'requesting payer' | 'responding payer' | 'trust manager' | 'another payer' | 'a stranger'

/** Addresses of an actor, known from the plan, from its simulator, or discovered; absolute, without a slash at the end. */
export interface Places {
  /** FHIR base (behind mTLS where the trust is mTLS). */
  readonly fhir?: string
  /** FHIR base over ordinary TLS, for discovery. */
  readonly open?: string
  readonly token?: string
  readonly registration?: string
  /** Trust manager API, repository, CRL and OCSP. */
  readonly trust?: string
  /** Where this actor publishes the JWK set that its assertions are verified with. */
  readonly jwks?: string
}

/** How an actor signs JWTs. SMART knows the last two for clients; what a server signs for itself is its own affair. */
export type SigningAlgorithm = 'ES256' | 'ES384' | 'RS384'

/** Who an actor is in the eyes of a trust community. */
export interface Identity {
  readonly name: string
  /** `https://new-plan.example/payer`: the URI in the certificate's SAN. */
  readonly uri: string
  /** Identifier of the Organization (NAIC or other), as used in Consent actors and Coverage.payor. */
  readonly identifier: { readonly system: string; readonly value: string }
  /** A registration made by hand: the flows then register nothing. */
  readonly clientId?: string
  /** mTLS client certificate and key; absent for a system whose key we do not hold. */
  readonly credentials?: Credentials
  /** Key that signs JWTs: PEM (PKCS#8) and its algorithm and key id. */
  readonly signing?: {
    readonly key: string
    readonly alg: SigningAlgorithm
    readonly kid: string
    readonly publicJwk: Readonly<Record<string, unknown>>
  }
  /** PKCS#8 PEM of a key of nobody's, kept from run to run since RSA takes long to make; absent where nothing is kept. */
  readonly strangersKey?: (alg: SigningAlgorithm) => Promise<string>
  /**
   * A certificate of this member that is wrong in the way that the words say (null: none at all); absent where we cannot
   * make one. `authority`: base of who publishes its revocation. `another`: URI of somebody else.
   */
  readonly mistaken?: (
    mistake: string,
    around?: { readonly authority?: string; readonly another?: string },
  ) => Promise<Credentials | null>
}

/** What to send; the sender adds nothing but Host, Content-Length and Connection. */
export interface Message {
  readonly method: string
  readonly url: string
  readonly headers?: HeaderList
  readonly body?: string
  readonly intent?: Readonly<Record<string, string>>
  /** Present another certificate than the actor's own; null: none. */
  readonly as?: Credentials | null
  readonly fresh?: boolean
  readonly minVersion?: Outgoing['minVersion']
  readonly maxVersion?: Outgoing['maxVersion']
  readonly distrust?: Outgoing['distrust']
}

/** How one thing is said to another actor. */
export type Send = (move: Move, to: Actor, message: Message) => Promise<Exchange>

export class Actor {
  readonly name: ActorName
  readonly identity: Identity
  readonly places: Places
  readonly clock: Clock
  /** Seconds that it waits at most for what takes its time, such as an export. */
  readonly patience: number
  readonly transcript: Transcript
  readonly #wire: Wire
  readonly #ca: readonly string[] | undefined
  readonly #send: Send

  /** Registrations that were made by hand, by the payer that has them. */
  readonly #byHand = new Map<ActorName, { readonly clientId: string } & FixtureAnswer>()
  /** Answers to matches that were made by hand, by payer and person, the latest last. */
  readonly #matched: { readonly payer: ActorName; readonly person: string; readonly answer: MatchAnswer }[] = []

  constructor(part: {
    name: ActorName
    identity: Identity
    places: Places
    clock: Clock
    patience?: number
    transcript: Transcript
    wire: Wire
    /** Roots that this actor trusts; absent: the machine's own. */
    ca?: readonly string[]
    /** Gets between what a flow means to say and what is said: how a client is made wrong without its flows knowing. */
    spoil?: (honest: Send, actor: Actor) => Send
  }) {
    this.name = part.name
    this.identity = part.identity
    this.places = part.places
    this.clock = part.clock
    this.patience = part.patience ?? defaults.longestWait
    this.transcript = part.transcript
    this.#wire = part.wire
    this.#ca = part.ca
    const honest: Send = (move, to, message) => this.#say(move, to, message)
    this.#send = part.spoil ? part.spoil(honest, this) : honest
  }

  /** The id of the client that was registered by hand with that payer, by the plan or in this scenario. */
  clientIdAt(payer: ActorName): string | undefined {
    return this.#byHand.get(payer)?.clientId ?? this.identity.clientId
  }

  /** Where that payer gives tokens, if it was said when the client was registered by hand. */
  tokenEndpointAt(payer: ActorName): string | undefined {
    return this.#byHand.get(payer)?.tokenEndpoint
  }

  /** Notes that a client was registered by hand, without a word between the two. */
  registeredByHand(payer: ActorName, told: { readonly clientId: string } & FixtureAnswer): void {
    this.#byHand.set(payer, told)
  }

  /** How that payer named whoever was matched by hand: that person, or the latest. */
  matchAt(payer: ActorName, person?: string): MatchAnswer | undefined {
    return this.#matched.findLast((one) => one.payer === payer && (person === undefined || one.person === person))
      ?.answer
  }

  /** Notes that a member was matched by hand, without a word between the two. */
  matchedByHand(payer: ActorName, person: string, answer: MatchAnswer): void {
    this.#matched.push({ payer, person, answer })
  }

  /** PEM of the roots that it trusts; undefined: the machine's own. */
  get roots(): readonly string[] | undefined {
    return this.#ca
  }

  /** Says one thing to `to` and records what came of it. Never throws for what the other side does. */
  send(move: Move, to: Actor, message: Message): Promise<Exchange> {
    return this.#send(move, to, message)
  }

  async #say(move: Move, to: Actor, message: Message): Promise<Exchange> {
    const at = this.clock.now().toISOString()
    const credentials = message.as === null ? undefined : (message.as ?? this.identity.credentials)
    const heard = await this.#wire.send({
      method: message.method,
      url: message.url,
      headers: message.headers ?? [],
      body: message.body,
      credentials,
      ca: this.#ca,
      fresh: message.fresh,
      minVersion: message.minVersion,
      maxVersion: message.maxVersion,
      distrust: message.distrust,
    })
    return this.transcript.record({ move, from: this.name, to: to.name, at, intent: message.intent ?? {}, ...heard })
  }

  /** Performs a flow as the client. */
  performs<T>(flow: Flow<T>): Promise<T> {
    return flow.perform(this)
  }
}

/** What an actor does as a client: a title to read and moves to make. */
export interface Flow<T = unknown> {
  readonly title: string
  readonly moves: readonly Move[]
  readonly perform: (actor: Actor) => Promise<T>
}
