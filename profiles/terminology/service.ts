/**
 * An optional terminology server for what the definitions at hand leave open: questions are gathered while resources are judged, sent
 * together as a batch of $validate-code, and their answers kept. What the server does not decide stays open, with the reason.
 */
import type { Json } from '../rules/visit.ts'
import type { AnswerCache } from './answer-cache.ts'
import type { Decision } from './membership.ts'
import { type Asked, askServer, type Question, type ServerOptions } from './validate-code.ts'

export interface TerminologyService {
  /** The answer as far as it is known; a new question is noted. For `createValidator({ terminology })`. */
  decide(valueSet: string, value: unknown): Decision
  /** Sends the noted questions; returns how many were sent. Never throws: a server in trouble decides nothing. */
  ask(): Promise<number>
}
export interface ServiceOptions extends ServerOptions {
  /** Questions in one batch. */
  readonly batch?: number
  /** Keeps what was decided from run to run. */
  readonly cache?: AnswerCache
}

/** After so many batches in a row without an answer the server is left alone. */
const patience = 2

/** A service at a server. A question is asked once. */
export function terminologyService({ batch = 50, cache, ...server }: ServiceOptions): TerminologyService {
  const answers = new Map<string, Decision>()
  const noted = new Map<string, Question>()
  let silent = 0
  let trouble = ''
  return {
    decide(valueSet, value) {
      const question = { valueSet, value: essence(value) }
      const key = `${valueSet} ${JSON.stringify(question.value)}`
      const known = answers.get(key) ?? cache?.get(key)
      if (known !== undefined) return known
      if (silent >= patience) return { open: trouble }
      noted.set(key, question)
      return 'open'
    },
    async ask() {
      const questions = [...noted]
      noted.clear()
      for (let at = 0; at < questions.length; at += batch) {
        const part = questions.slice(at, at + batch)
        const asked: Asked =
          silent < patience
            ? await askServer(
                server,
                part.map(([, question]) => question),
              )
            : { answered: false, reason: trouble }
        if (!asked.answered) {
          silent++
          trouble = asked.reason
        } else silent = 0
        part.forEach(([key], index) => {
          const answer: Decision = asked.answered
            ? (asked.decisions[index] ?? { open: 'the terminology server left it out of its answer' })
            : { open: asked.reason }
          answers.set(key, answer)
          if (answer === 'in' || answer === 'out') cache?.put(key, answer)
        })
      }
      return questions.length
    },
  }
}

/** What of a value the answer depends on: systems, versions and codes. Texts and displays stay here. */
function essence(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { coding, system, code, version } = value as Json
  if (Array.isArray(coding)) return { coding: (coding as Json[]).map(essence) }
  return { system, version, code }
}
