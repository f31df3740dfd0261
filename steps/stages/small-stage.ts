/** Self-play with a stage and authorities of its own, a scenario for each test: for tests of flows. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Actor } from '../../harness/actor.ts'
import { type Exchange, json, Transcript } from '../../harness/transcript.ts'
import type { Tenancy } from '../run.ts'
import { selfPlay } from './self-play.ts'

/** What happens in one test: two clients that the payer trusts. */
export interface SmallScene {
  readonly here: Tenancy
  readonly client: Actor
  readonly payer: Actor
}

export interface SmallStage {
  /** A scenario in which nothing was said; the one before is over. */
  readonly open: () => Promise<SmallScene>
  readonly close: () => Promise<void>
}

export async function smallStage(): Promise<SmallStage> {
  const folder = mkdtempSync(join(tmpdir(), 'small-stage-'))
  const stage = await selfPlay({ certs: folder, seed: 'test' })
  let count = 0
  let before: Tenancy | undefined
  return {
    open: async () => {
      await before?.close()
      const editions = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }
      const here = await stage.open(`t${++count}`, editions, new Transcript())
      before = here
      for (const payer of ['requesting payer', 'another payer'] as const)
        await here.setUp('responding payer', { is: 'trusted', payer, standing: 'member' })
      return { here, client: here.actors['requesting payer'], payer: here.actors['responding payer'] }
    },
    close: async () => {
      await stage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The JSON of an answer; without one nothing is in it. */
export const body = (exchange: Exchange | undefined): Record<string, unknown> =>
  (exchange?.response ? json(exchange.response) : {}) as Record<string, unknown>

/** What an exchange came to: a status of HTTP, or the kind of failure. */
export const status = (exchange: Exchange | undefined): number | string | undefined =>
  exchange?.response?.status ?? exchange?.failure?.kind
