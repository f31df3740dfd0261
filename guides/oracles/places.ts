/** Where in a body a text stands: its FHIRPath where the body is JSON, the line of a file before it, else the character. */
import { type Exchange, json } from '../../harness/transcript.ts'

/** What was found, and where. */
interface Found {
  readonly place: number
  readonly mark: string
  readonly via: string
}

/** How much of an encoded text is enough to know it again. */
const enough = 16

/** The path to the value that holds it. */
export function pathOf({ response }: Exchange, body: string, { place, mark, via }: Found): string {
  const fallback = `body, character ${place}`
  if (!response) return fallback
  const wanted = via ? [mark, body.slice(place, place + enough)] : [mark]
  const whole = json(response)
  if (whole !== undefined) return pathIn(whole, wanted, rootOf(whole)) ?? fallback
  const line = body.slice(0, place).split('\n').length
  const [begin, end] = [body.lastIndexOf('\n', place) + 1, body.indexOf('\n', place)]
  try {
    const value: unknown = JSON.parse(body.slice(begin, end < 0 ? undefined : end))
    const path = pathIn(value, wanted, rootOf(value))
    return path ? `line ${line}: ${path}` : fallback
  } catch {
    return fallback
  }
}

const rootOf = (value: unknown): string => String((value as { resourceType?: unknown } | null)?.resourceType ?? '$')

function pathIn(value: unknown, wanted: readonly string[], path: string): string | undefined {
  if (typeof value === 'string') return wanted.some((text) => value.includes(text)) ? path : undefined
  if (value === null || typeof value !== 'object') return undefined
  for (const [key, item] of Object.entries(value)) {
    const below = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`
    if (wanted.some((text) => key.includes(text))) return below
    const found = pathIn(item, wanted, below)
    if (found) return found
  }
  return undefined
}
