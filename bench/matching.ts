/** How many members a second the simulated payer matches. */
import autocannon from 'autocannon'
import { matchMember } from '../flows/match-member.ts'
import type { Note } from './note.ts'
import { withPayer } from './payer-meeting.ts'

/** One request, again and again from 16 connections, with a bound token. */
export async function measureMatching(note: Note, certs: string, members: number): Promise<void> {
  const { client, payer, ready, transcript, tls, spent, end } = await withPayer(certs, { members, resources: 0 })
  await client.performs(matchMember(payer, ready.ana, { policy: 'sensitive' }))
  const match = transcript.last('member-match')
  if (match.response?.status !== 200)
    throw new Error(`the match answers ${match.response?.status}: ${match.response?.body}`)
  const load = (duration: number): Promise<autocannon.Result> =>
    autocannon({
      url: match.request.url,
      method: 'POST',
      connections: 16,
      duration,
      headers: Object.fromEntries(
        match.request.headers.filter(([n]) => !/^(host|connection|content-length)$/i.test(n)),
      ),
      body: match.request.body,
      tlsOptions: tls,
    })
  // The first seconds are the compiler's.
  await load(4)
  await spent()
  const result = await load(10)
  const { cpu } = await spent()
  const rate = result.requests.average
  note(
    `$member-match over mutual TLS, 16 connections, ${members + 1} members`,
    `${Math.round(rate)}/s, p99 ${result.latency.p99} ms, ${((cpu * 1e6) / result.requests.total).toFixed(0)} µs CPU`,
    'at least 1,500/s',
    rate >= 1500 && result.non2xx === 0 && result.errors === 0,
  )
  await end()
}
