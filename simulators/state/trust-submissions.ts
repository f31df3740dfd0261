/**
 * Submissions and the memberships that come of them (PDex trust framework, steps 1 to 4): what a payer handed in, how far
 * it has come, and what was endorsed.
 */

import type { X509Certificate } from 'node:crypto'
import { certificateFrom } from '../../harness/certificates.ts'
import type { Random } from '../../harness/random.ts'

export type SubmissionStatus = 'received' | 'verified' | 'refused' | 'endorsed' | 'revoked'
export type SubmissionEvent = 'verify' | 'refuse' | 'endorse' | 'revoke'

/** Which event leads where; what is not here is a conflict. A refused one stays refused: the payer submits again. */
const transitions: Readonly<Record<SubmissionStatus, Readonly<Partial<Record<SubmissionEvent, SubmissionStatus>>>>> = {
  received: { verify: 'verified', refuse: 'refused' },
  verified: { endorse: 'endorsed', verify: 'verified', refuse: 'refused' },
  refused: {},
  endorsed: { revoke: 'revoked' },
  revoked: {},
}

export interface Organization {
  readonly name: string
  readonly identifiers: readonly { readonly system: string; readonly value: string }[]
}

export interface Endorsed {
  readonly form: 'reissue' | 'detached'
  /** Certificate (PEM) that carries the endorsement: issued by the manager, or the payer's own. */
  readonly certificate: string
  /** Compact JWS around the payer's own certificate, in the detached form. */
  readonly signature?: string
}

export interface Submission {
  readonly id: string
  readonly organization: Organization
  /** PEM, leaf first. */
  readonly identityCertificate: string
  readonly agreement: string
  readonly agreementSignature: string
  readonly contact: unknown
  readonly receivedAt: string
  readonly status: SubmissionStatus
  /** Why it was refused. */
  readonly reason?: { readonly code: string; readonly text: string }
  readonly endorsed?: Endorsed
}

/** Still on its way. */
const isOpen = ({ status }: Submission): boolean => status === 'received' || status === 'verified'

export class Submissions {
  readonly #random: Random
  readonly #all = new Map<string, Submission>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Takes one in; undefined when one of the same organization is still open. */
  receive(submission: Omit<Submission, 'id' | 'status'>): Submission | undefined {
    const same = ({ organization }: Submission): boolean =>
      organization.identifiers.some((one) =>
        submission.organization.identifiers.some((other) => one.system === other.system && one.value === other.value),
      )
    if ([...this.#all.values()].some((known) => isOpen(known) && same(known))) return undefined
    const received: Submission = { ...submission, id: this.#random.uuid(), status: 'received' }
    this.#all.set(received.id, received)
    return received
  }

  get(id: string): Submission | undefined {
    return this.#all.get(id)
  }

  /** Where the event leads; undefined when it cannot happen now. */
  after(submission: Submission, event: SubmissionEvent): SubmissionStatus | undefined {
    return transitions[submission.status][event]
  }

  /** Moves it on. Throws RangeError when that cannot happen now: ask `after` first. */
  move(submission: Submission, event: SubmissionEvent, more: Pick<Submission, 'reason' | 'endorsed'> = {}): Submission {
    const status = this.after(submission, event)
    if (!status) throw new RangeError(`a submission that is ${submission.status} cannot ${event}`)
    const moved: Submission = { ...submission, ...more, status }
    this.#all.set(moved.id, moved)
    return moved
  }

  /** Everybody who was endorsed, revoked ones too. */
  get members(): Submission[] {
    return [...this.#all.values()].filter(({ status }) => status === 'endorsed' || status === 'revoked')
  }

  /** The member whose endorsed certificate this is. */
  memberBy(certificate: X509Certificate): Submission | undefined {
    return this.members.find(
      ({ endorsed }) => endorsed && certificateFrom(endorsed.certificate).raw.equals(certificate.raw),
    )
  }
}
