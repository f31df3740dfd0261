/** `simulate`: stands the responding payer up for strangers and leaves it up; says where it is and how to connect. */
import { randomBytes } from 'node:crypto'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import type { ActorName, Identity } from '../harness/actor.ts'
import { systemClock } from '../harness/clock.ts'
import { defaults } from '../harness/config.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { Fetch } from '../harness/fetch.ts'
import { header } from '../harness/transcript.ts'
import type { Credentials } from '../harness/wire.ts'
import type { HostOptions } from '../simulators/host.ts'
import { quoted } from './quoted.ts'
import { clockTime, requestLine } from './request-line.ts'

interface Options {
  readonly port: string
  readonly openPort: string
  readonly hooksPort: string
  readonly address: string
  readonly edition: string
  readonly seed: string
  readonly certs: string
  readonly kit: string
  readonly fault?: string
  readonly variant?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

export function simulateCommand(ended: (code: number) => void): Command {
  return new Command('simulate')
    .description('stand the simulated payer up for your own client, and leave it up')
    .option('--port <port>', 'of the host behind mutual TLS; 0 takes any free one', '0')
    .option('--open-port <port>', 'of the host over ordinary TLS', '0')
    .option('--hooks-port <port>', 'of the test hooks', '0')
    .option('--address <address>', 'address or name of this machine to listen on, as clients reach it', '127.0.0.1')
    .option('--edition <guide@version>', 'edition that it follows', 'pdex@2.2.0')
    .option('--seed <text>', 'seed of the population', defaults.seed)
    .option('--certs <folder>', 'where the authorities are kept', join('certs', 'issued'))
    .option('--kit <folder>', 'folder for certificates, keys and a plan to start from', join('reports', 'out', 'kit'))
    .option('--fault <id>', 'make it, or its trust manager, wrong in one way')
    .option('--variant <id>', 'let it, or its trust manager, make this legal choice')
    .option('--json', 'print where everything is as one line of JSON')
    .option('--quiet', 'do not print the requests as they come')
    .action(async (options: Options) => ended(await simulate(options)))
}

/** Runs until it is interrupted. Whatever happens, no host stays open behind it. */
async function simulate(options: Options): Promise<number> {
  const stops: (() => Promise<unknown>)[] = []
  try {
    await standUp(options, (stop) => void stops.push(stop))
    await interrupted()
    return 0
  } finally {
    await Promise.all(stops.map((stop) => stop()))
  }
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

/** How the payer's own errands to its trust manager are told from what a client asks there. */
const errand = 'vitruvian-simulated-payer'

/** Opens the hosts, leaves the kit and says where everything is. Tells of each host how it is stopped. */
async function standUp(options: Options, opened: (stop: () => Promise<unknown>) => void): Promise<void> {
  const ports = {
    payer: [port(options.port, '--port'), port(options.openPort, '--open-port')] as const,
    hooks: port(options.hooksPort, '--hooks-port'),
  }
  if (options.address === '0.0.0.0' || options.address === '::')
    throw new HarnessError(
      'bad-input',
      `--address ${options.address} is every address of this machine, and a certificate names one`,
      {
        remedy: 'give the address or the name by which clients reach this machine',
      },
    )
  const [
    { openCommunity },
    { startPayerHosts },
    { startHost },
    { hooks },
    { cast },
    { castOf, personOf },
    { fetchTrusting },
    { applyFixture },
    { parseEditions },
    { faultOf, variantOf },
    { writeKit },
    { claimKit },
    { trustRowsOf },
    { createMasking },
    { deskJwt },
    { publishBundle },
  ] = await Promise.all([
    import('../steps/stages/community.ts'),
    import('../simulators/payer-hosts.ts'),
    import('../simulators/host.ts'),
    import('../simulators/hooks.ts'),
    import('../simulators/fixtures/people.ts'),
    import('../steps/stages/self-play.ts'),
    import('../harness/fetch.ts'),
    import('../simulators/fixtures/apply.ts'),
    import('../guides/editions.ts'),
    import('./stage.ts'),
    import('./kit.ts'),
    import('./kit-claim.ts'),
    import('../simulators/variants/variant.ts'),
    import('../reports/masking.ts'),
    import('../flows/trust-token.ts'),
    import('./publish-bundle.ts'),
  ])
  const editions = parseEditions(options.edition)
  const fault = options.fault ? await faultOf(options.fault) : undefined
  const variant = options.variant ? await variantOf(options.variant) : undefined
  const say = (text: string): void => void (options.quiet || process.stderr.write(`${text}\n`))
  const masking = createMasking()
  const told: Pick<HostOptions, 'onExchange' | 'onUnexpected'> = {
    onExchange: (seen) => {
      if (header(seen.request, 'user-agent') !== errand) say(requestLine(seen, systemClock.now(), masking))
    },
    // What nobody answers has a line of its own already.
    onUnexpected: ({ reason, detail }) => {
      if (reason === 'handshake' || reason === 'handler-threw')
        say(`${clockTime(systemClock.now())}  ${reason === 'handshake' ? 'no TLS: ' : ''}${detail ?? ''}`)
    },
  }
  const community = await openCommunity({ certs: options.certs, address: options.address, ...told })
  opened(() => community.stop())
  const { identities, trusted } = community
  const ask = fetchTrusting(trusted)
  const fetch: Fetch = (url, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('user-agent', errand)
    return ask(url, { ...init, headers })
  }
  const payers = await startPayerHosts({
    identity: identities['responding payer'],
    trusted,
    fetch,
    // Strangers reach this one: what it issues must not be told from its seed.
    seed: randomBytes(16).toString('hex'),
    udap: community.udap,
    ports: ports.payer,
    address: options.address,
    choice: { ...variant?.host, ...fault?.host },
    ...told,
  })
  opened(() => payers.stop())
  // By the wall clock, so that a stranger's tokens, consents and certificates are of today.
  const now = (): Date => systemClock.now()
  const people = (start: Date) =>
    castOf((editions: Editions) =>
      cast({
        editions,
        now: start,
        seed: options.seed,
        responder: identities['responding payer'],
        requester: identities['requesting payer'],
      }),
    )
  const ours = people(now())
  const wrong = fault ? [fault] : []
  const trust = await community.open('trust', systemClock, [...wrong, ...(variant ? trustRowsOf(variant) : [])])
  const tenant = payers.open('payer', {
    clock: systemClock,
    editions,
    trust: trust.base,
    ...(variant ? { variant } : {}),
    faults: wrong,
    // Whoever was merged or revoked a moment ago does not want to wait for minutes.
    freshSeconds: 5,
  })
  const company = {
    person: (name: string) => personOf(ours(editions), name),
    payer: (name: string): Identity => {
      if (!Object.hasOwn(identities, name)) throw new HarnessError('cannot-set-up', `nobody here is called "${name}"`)
      return identities[name as ActorName]
    },
  }
  for (const payer of ['requesting payer', 'another payer'])
    await applyFixture({ is: 'trusted', payer, standing: 'member' }, tenant.state, company)
  for (const { name, patientId } of ours(editions))
    if (patientId) await applyFixture({ is: 'insures', person: name }, tenant.state, company)
  // What the part of these two says of the payer, and not of their record.
  await applyFixture({ is: 'insures-twins', person: 'Ben Brown' }, tenant.state, company)
  await applyFixture({ is: 'blocked-by-member', person: 'Dev Desai', payer: 'requesting payer' }, tenant.state, company)
  const deskToken = deskJwt(identities['trust manager'], trust.base, now(), 7 * 86_400)
  await publishBundle({
    fetch,
    trust: trust.base,
    deskToken,
    identity: identities['responding payer'],
    places: tenant.places,
    pdex: editions.pdex ?? '',
    at: now(),
  }).catch((error: unknown) => {
    // A trust manager that is wrong on purpose may refuse it: everything else is up all the same.
    if (!fault || !isHarnessError(error, 'cannot-set-up')) throw error
    say(`the bundle of the payer is not on main: ${error.message}`)
  })

  const key = randomBytes(24).toString('base64url')
  const { cert, key: serverKey } = identities['responding payer'].credentials as Credentials
  const hookHost = await startHost({
    port: ports.hooks,
    address: options.address,
    tls: { cert, key: serverKey },
  })
  opened(() => hookHost.stop())
  const hooksUrl = hookHost.open(
    'hooks',
    hooks({
      hosts: payers,
      key,
      ...(variant ? { variant } : {}),
      ...(fault ? { fault } : {}),
      people: people(new Date(defaults.virtualStart)),
      payer: company.payer,
      standing: { id: 'payer', tenant, company },
    }),
  )
  const release = await claimKit(resolve(options.kit), hooksUrl)
  opened(async () => release())
  const kit = writeKit(resolve(options.kit), {
    editions,
    identities,
    people: ours(editions),
    roots: trusted,
    certs: resolve(options.certs),
    hooks: { url: hooksUrl, key },
    places: tenant.places,
    trust: trust.base,
    deskToken,
    now: now(),
  })
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ ...tenant.places, trust: trust.base, hooks: hooksUrl, kit, people: ours(editions).map(({ name, part }) => ({ name, part })) })}\n`,
    )
  else
    process.stdout.write(
      howToConnect(tenant.places.fhir as string, tenant.places.open as string, trust.base, hooksUrl, kit),
    )
}

const howToConnect = (fhir: string, open: string, trust: string, hooksUrl: string, kit: string): string => {
  const at = (name: string): string => quoted(relative(process.cwd(), join(kit, name)) || name)
  return `The simulated payer and its trust manager are up.

  FHIR, behind mutual TLS   ${fhir}
  discovery, ordinary TLS   ${open}
  trust manager             ${trust}/tm
  endpoint bundles          git -c ${quoted(`http.sslCAInfo=${relative(process.cwd(), join(kit, 'root.pem'))}`)} clone ${trust}/repo.git
  revocation                ${trust}/ca/crl, ${trust}/ca/ocsp
  test hooks                ${hooksUrl}
  certificates and keys     ${relative(process.cwd(), kit).replaceAll('\\', '/') || '.'}

The way from trust to data, file by file and command by command: ${at('README.md')}

Ask it something:
  curl --cacert ${at('root.pem')} --cert ${at('requesting-payer.pem')} --key ${at('requesting-payer.key')} ${fhir}/metadata

Play the scenarios against it, from another terminal:
  npx vitruvian run --plan ${at('plan.yaml')}

Ctrl-C ends it.
`
}

/** Throws `bad-input` for what is no port. */
function port(text: string, option: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new HarnessError('bad-input', `${option} "${text}" is no port`, { remedy: 'a number from 0 to 65535' })
  return number
}
