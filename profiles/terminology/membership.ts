/** Is a code in a value set? Answered with in, out, or an honest "open" with the reason. */
import type { Json } from '../rules/visit.ts'

export type Answer = 'in' | 'out' | 'open'
/** An answer, or why there is none. */
export type Decision = Answer | { readonly open: string }

export interface Membership {
  readonly url: string
  /** Membership of a system and code. */
  of(system: string | undefined, code: string): Answer
  /** Membership of a bare code (`code`, `string`, `uri` elements): any system of the value set will do. */
  ofCode(code: string): Answer
  /** Membership of a code, Coding, CodeableConcept or Quantity: one coding that is in is enough. */
  ofValue(value: unknown): Answer
  /** Why answers may be open. */
  readonly reason: string | undefined
  /** The codes that are known to be in, for suggestions. */
  codes(): Iterable<{ readonly system: string; readonly code: string }>
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** `ofValue` in terms of `of` and `ofCode`. */
export function answerValue(membership: Pick<Membership, 'of' | 'ofCode'>, value: unknown): Answer {
  if (typeof value === 'string') return membership.ofCode(value)
  if (!isJson(value)) return 'out'
  if (Array.isArray(value.coding)) {
    let answer: Answer = 'out'
    for (const coding of value.coding as unknown[]) {
      const each = answerCoding(membership, coding)
      if (each === 'in') return 'in'
      if (each === 'open') answer = 'open'
    }
    return answer
  }
  return answerCoding(membership, value)
}

function answerCoding(membership: Pick<Membership, 'of'>, coding: unknown): Answer {
  if (!isJson(coding) || typeof coding.code !== 'string') return 'out'
  return membership.of(typeof coding.system === 'string' ? coding.system : undefined, coding.code)
}
