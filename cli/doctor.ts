/**
 * `doctor`: looks at a plan's system before the first scenario: names, TLS, trust, discovery, a token, every member. Says
 * what is wrong and what to do; judges nothing.
 */
import { lookup } from 'node:dns/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { said } from '../flows/tokens.ts'
import type { Actor } from '../harness/actor.ts'
import { defaults } from '../harness/config.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import { header, Transcript } from '../harness/transcript.ts'
import { tame } from '../reports/wording.ts'
import type { Tenancy } from '../steps/run.ts'
import { gives, outcomeOf, remedyFor, tamed } from './doctor-answers.ts'
import { clockSymptom } from './doctor-clock.ts'
import { othersOf, type Symptom, symptomOf, unreadRecords } from './doctor-members.ts'
import type { Plan } from './plan.ts'
import { quoted } from './quoted.ts'
import { coloured } from './terminal.ts'

export function doctorCommand(ended: (code: number) => void): Command {
  return new Command('doctor')
    .description("look at a plan's system before it is judged, and say what to fix")
    .requiredOption('--plan <file>', 'the plan')
    .option('--json', 'as JSON')
    .action(async (options: { plan: string; json?: boolean }) => {
      const symptoms = await examine(options.plan, options.json ? () => undefined : tell)
      if (options.json) process.stdout.write(`${JSON.stringify(symptoms, null, 2)}\n`)
      const ill = symptoms.filter(({ state }) => state === 'ill').length
      if (!options.json)
        process.stdout.write(
          ill === 0
            ? `\nReady: npx vitruvian run --plan ${quoted(options.plan)}\n`
            : `\n${ill} thing${ill === 1 ? '' : 's'} to fix first.\n`,
        )
      ended(ill === 0 ? 0 : 1)
    })
}

const tell = ({ what, state, says, remedy }: Symptom): void => {
  const paint = pc.createColors(coloured(process.stdout))
  const mark = { well: paint.green('✓'), ill: paint.red('✗'), 'not looked at': paint.dim('-') }[state]
  process.stdout.write(`${mark} ${what}: ${tame(says)}\n${remedy ? `    ${paint.bold('remedy')} ${remedy}\n` : ''}`)
}

/** Looks at everything, in the order in which one thing needs the other. Throws `bad-plan`. */
async function examine(path: string, told: (symptom: Symptom) => void): Promise<Symptom[]> {
  const [{ stageOf }, { editionSets }] = await Promise.all([import('./stage.ts'), import('../guides/editions.ts')])
  const symptoms: Symptom[] = []
  const note = (symptom: Symptom): boolean => {
    symptoms.push(symptom)
    told(symptom)
    return symptom.state === 'well'
  }
  let opened: Awaited<ReturnType<typeof stageOf>>
  try {
    opened = await stageOf({ plan: path, seed: defaults.seed })
  } catch (error) {
    if (!isHarnessError(error, 'cannot-reach')) throw error
    note({ what: 'plan', state: 'ill', says: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) })
    return symptoms
  }
  const { stage, plan } = opened
  note({ what: 'plan', state: 'well', says: `${path} can be read` })
  const editions = plan?.editions?.[0] ?? (editionSets[0] as Editions)
  const transcript = new Transcript()
  let tenancy: Tenancy | undefined
  try {
    tenancy = await stage.open('doctor', editions, transcript)
    const hooked = plan?.seats['responding payer'].hooks !== undefined
    await look(tenancy, transcript, { people: plan?.people ?? {}, hooked }, note)
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    note({
      what: 'reaching the system',
      state: 'ill',
      says: error.message,
      ...(error.remedy ? { remedy: error.remedy } : {}),
    })
  } finally {
    await tenancy?.close().catch(() => undefined)
    await stage.close()
  }
  return symptoms
}

async function look(
  tenancy: Tenancy,
  transcript: Transcript,
  { people, hooked }: { readonly people: NonNullable<Plan['people']>; readonly hooked: boolean },
  note: (symptom: Symptom) => boolean,
): Promise<void> {
  const [{ discoverSmart }, { register }, { requestMatchToken }, { matchMember }, { isMatch }] = await Promise.all([
    import('../flows/discover.ts'),
    import('../flows/register.ts'),
    import('../flows/request-token.ts'),
    import('../flows/match-member.ts'),
    import('../guides/hrex/match.ts'),
  ])
  const client = tenancy.actors['requesting payer']
  const payer = tenancy.actors['responding payer']
  const trusted = (who: string) =>
    tenancy.setUp('responding payer', { is: 'trusted', payer: who, standing: 'member' }).catch(() => undefined)
  await trusted('requesting payer')
  if (!(await namesResolve(payer, note))) return
  if (!(await speaksTls(client, payer, hooked, note))) return
  await client.performs(discoverSmart(payer))
  const smart = transcript.all('smart-configuration').at(-1)
  const token = smart && gives(smart, 'token_endpoint') ? said(smart).token_endpoint : undefined
  if (
    !note(
      token || payer.places.token
        ? { what: 'discovery', state: 'well', says: `the token endpoint is ${token ?? payer.places.token}` }
        : {
            what: 'discovery',
            state: 'ill',
            says: `.well-known/smart-configuration ${outcomeOf(smart)} and names no token_endpoint`,
            remedy: 'serve it at the FHIR base, or name "token" in the plan',
          },
    )
  )
    return
  const step = async (
    what: string,
    move: Parameters<Transcript['last']>[0],
    wanted: 'client_id' | 'access_token',
    act: () => Promise<unknown>,
    remedy: string,
  ): Promise<boolean> => {
    try {
      await act()
      const x = transcript.last(move)
      const good = gives(x, wanted)
      const without = !good && x.response && x.response.status < 300 ? `, and gives no ${wanted}` : ''
      return note({
        what,
        state: good ? 'well' : 'ill',
        says: `${x.request.method} ${x.request.url} ${outcomeOf(x)}${without}`,
        ...(good ? {} : { remedy }),
      })
    } catch (error) {
      if (!isHarnessError(error)) throw error
      return note({ what, state: 'ill', says: error.message, remedy })
    }
  }
  if (client.identity.clientId)
    note({ what: 'registration', state: 'well', says: `the plan brings client ${client.identity.clientId}` })
  else if (
    !(await step(
      'registration',
      'register',
      'client_id',
      () => client.performs(register(payer)),
      'read the answer above: the software statement, the certificate or the registration endpoint is refused; or register by hand and name requesters.requesting payer.client in the plan',
    ))
  )
    return
  if (
    !(await step(
      'token',
      'match-token',
      'access_token',
      () => client.performs(requestMatchToken(payer)),
      'read the answer above: the client must be allowed the scope of $member-match with private_key_jwt',
    ))
  )
    return
  note(await othersOf(Object.keys(people), hooked))
  const unread: string[] = []
  for (const [name, { blocked, twins, bundle } = {}] of Object.entries(people)) {
    try {
      const person = tenancy.person(name)
      if (bundle !== undefined && !person.record) unread.push(name)
      const x = await client.performs(matchMember(payer, person, { policy: 'sensitive' }))
      const came = { names: isMatch(x), status: x.response?.status, says: outcomeOf(x) }
      note(symptomOf(name, came, blocked ? 'blocked' : twins ? 'twins' : undefined))
    } catch (error) {
      if (!isHarnessError(error)) throw error
      note({
        what: `member ${name}`,
        state: 'ill',
        says: error.message,
        ...(error.remedy ? { remedy: error.remedy } : {}),
      })
    }
  }
  if (unread.length > 0) note(unreadRecords(unread))
}

async function namesResolve(payer: Actor, note: (symptom: Symptom) => boolean): Promise<boolean> {
  const { fhir, open, token, registration } = payer.places
  const hosts = [...new Set([fhir, open, token, registration].flatMap((url) => (url ? [new URL(url).hostname] : [])))]
  let good = true
  for (const host of hosts) {
    try {
      const { address } = await lookup(host.replace(/^\[|\]$/g, ''))
      note({ what: 'name', state: 'well', says: `${host} is ${address}` })
    } catch {
      good = note({
        what: 'name',
        state: 'ill',
        says: `${host} cannot be resolved`,
        remedy: 'check the spelling in the plan, the VPN and the hosts file of this machine',
      })
    }
  }
  return good
}

/** Handshake with and without trust, and the metadata behind it. */
async function speaksTls(
  client: Actor,
  payer: Actor,
  hooked: boolean,
  note: (symptom: Symptom) => boolean,
): Promise<boolean> {
  const url = `${payer.places.fhir}/metadata`
  const x = await client.send('handshake', payer, {
    method: 'GET',
    url,
    headers: [['Accept', 'application/fhir+json']],
    fresh: true,
  })
  if (x.failure) {
    const { code, message } = x.failure
    return note({
      what: 'TLS',
      state: 'ill',
      says: `${url}: ${message} (${code})`,
      remedy: remedyFor(x.failure, client.identity.uri),
    })
  }
  const server = x.tls?.server
  note({
    what: 'TLS',
    state: 'well',
    says: `${x.tls?.protocol} ${x.tls?.cipher}; ${server?.subject}, until ${server?.notAfter.slice(0, 10)}`,
  })
  const daysLeft = server ? (Date.parse(server.notAfter) - Date.now()) / 86_400_000 : 0
  if (server && daysLeft < 14)
    note({
      what: 'certificate',
      state: 'ill',
      says: `the server's certificate ends in ${Math.floor(daysLeft)} days`,
      remedy: 'renew it before the run',
    })
  note(clockSymptom(x, hooked))
  const { resourceType, fhirVersion } = said(x)
  const isR4 = typeof fhirVersion === 'string' && fhirVersion.startsWith('4.0')
  if (x.response?.status === 401 || x.response?.status === 403)
    return note({
      what: 'trust',
      state: 'ill',
      says: `${url} ${outcomeOf(x)}: the handshake is done, and the system does not know us`,
      remedy: `make ${client.identity.uri} a member of the system's directory, or bring credentials that it knows`,
    })
  const good = x.response?.status === 200 && resourceType === 'CapabilityStatement'
  return note(
    good
      ? {
          what: 'metadata',
          state: isR4 ? 'well' : 'ill',
          says: `CapabilityStatement, FHIR ${fhirVersion === undefined ? 'of no version' : tamed(String(fhirVersion))}`,
          ...(isR4 ? {} : { remedy: 'the guides are for FHIR R4 (4.0.1): name the base that speaks it' }),
        }
      : {
          what: 'metadata',
          state: 'ill',
          says: `${url} ${outcomeOf(x)} (${x.response ? (header(x.response, 'content-type') ?? 'no content type') : ''})`,
          remedy: 'seats.responding payer.fhir must be the FHIR base, the part before /metadata',
        },
  )
}
