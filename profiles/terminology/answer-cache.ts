/** What a terminology server decided, kept in a file: a line an answer, so that several processes can add to it. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'

export type Decided = 'in' | 'out'
export interface AnswerCache {
  get(question: string): Decided | undefined
  put(question: string, answer: Decided): void
}

/** The answers of one server in a file; delete the file to forget them. Throws `file-trouble`. */
export function answerCache(path: string, base: string): AnswerCache {
  const known = new Map<string, Decided>()
  const keyOf = (question: string): string => `${base} ${question}`
  for (const line of linesOf(path)) {
    try {
      const [question, answer] = JSON.parse(line) as [unknown, unknown]
      if (typeof question === 'string' && (answer === 'in' || answer === 'out')) known.set(question, answer)
    } catch {
      // A line that another process was cut off at: its question is asked again.
    }
  }
  return {
    get: (question) => known.get(keyOf(question)),
    put(question, answer) {
      known.set(keyOf(question), answer)
      try {
        mkdirSync(dirname(path), { recursive: true })
        appendFileSync(path, `${JSON.stringify([keyOf(question), answer])}\n`)
      } catch (cause) {
        throw new HarnessError('file-trouble', `${path} cannot be written: ${(cause as Error).message}`, { cause })
      }
    },
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new HarnessError('file-trouble', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
