/** A client that resumes its TLS session shows no chain again, and is the same member all the same. */
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { Transcript } from '../harness/transcript.ts'
import { selfPlay } from '../steps/stages/self-play.ts'

test('a member that resumes its session is served, long after it showed its chain', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'session-'))
  const stage = await selfPlay({ certs: folder, seed: 'test' })
  // It keeps sessions, and no connections.
  const agent = new Agent()
  try {
    const here = await stage.open('t1', { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' }, new Transcript())
    await here.setUp('responding payer', { is: 'trusted', payer: 'requesting payer', standing: 'member' })
    const { identity } = here.actors['requesting payer']
    const { cert, key } = identity.credentials ?? {}
    const ask = (): Promise<{ readonly status: number | undefined; readonly resumed: boolean }> =>
      new Promise((resolve, reject) => {
        const url = `${here.actors['responding payer'].places.fhir}/metadata`
        const asking = request(url, { agent, cert, key, rejectUnauthorized: false }, (answer: IncomingMessage) => {
          const resumed = (answer.socket as TLSSocket).isSessionReused()
          answer.resume().on('end', () => resolve({ status: answer.statusCode, resumed }))
        })
        asking.on('error', reject).end()
      })
    expect(await ask()).toEqual({ status: 200, resumed: false })
    await here.clock.wait(1000)
    expect(await ask()).toEqual({ status: 200, resumed: true })
    await here.close()
  } finally {
    agent.destroy()
    await stage.close()
    await rm(folder, { recursive: true })
  }
})
