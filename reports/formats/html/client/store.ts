/** The run as it lies in the page: its index, and its volumes, which are read when somebody wants something of them. */
import type { Index } from '../islands.ts'
import { partText } from './packed-part.ts'
import { type ReadScenario, volumeReader } from './volume-reader.ts'

export interface Store {
  readonly index: Index
  /** A scenario whole, bodies and certificates in their places. */
  readonly scenario: (id: string) => Promise<ReadScenario | undefined>
  /** Ids of the scenarios in whose transcript the words stand. `stop` ends the search early. */
  readonly find: (words: string, stop: () => boolean) => Promise<ReadonlySet<string>>
}

export async function openStore(): Promise<Store> {
  const index = JSON.parse(await partText('index')) as Index
  const volumes = index.volumes.map((volume, number) => volumeReader(number, volume))
  return {
    index,
    scenario: async (id) => {
      const known = index.scenarios.find((one) => one.id === id)
      return known && volumes[known.volume]?.scenario(known.part, id)
    },
    find: async (words, stop) => {
      const found = new Set<string>()
      for (const [number, volume] of volumes.entries()) {
        const parts = new Set(index.scenarios.filter((one) => one.volume === number).map(({ part }) => part))
        for (const id of await volume.find(words, parts, stop)) found.add(id)
      }
      return stop() ? new Set() : found
    },
  }
}
