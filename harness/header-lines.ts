/** Headers between the flat list that node:http reads and writes, and the pairs that everybody else looks at. */
import type { HeaderList } from './transcript.ts'

/** Pairs of what node:http calls raw headers. */
export function pairsOf(raw: readonly string[]): HeaderList {
  const list: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i] as string, raw[i + 1] as string])
  return list
}

/** Name after value after name: so node:http keeps case, order and repetitions. */
export function rawOf(list: HeaderList): string[] {
  const raw: string[] = []
  for (const line of list) raw.push(line[0], line[1])
  return raw
}
