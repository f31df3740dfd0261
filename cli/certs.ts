/** `certs`: the authorities of the trust community that the harness plays, and certificates for whoever wants to join it. */

import { X509Certificate } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { HarnessError } from '../harness/errors.ts'
import { demandNoWord } from './no-word.ts'
import { makeFolder } from './run-folder.ts'

const folderOption = ['--folder <folder>', 'where the authorities are kept', join('certs', 'issued')] as const

interface IssueOptions {
  readonly folder: string
  readonly name: string
  readonly uri: string
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
  readonly key: 'ec' | 'rsa'
  readonly out: string
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function certsCommand(ended: (code: number) => void): Command {
  const command = new Command('certs').description('show the community root, or issue a certificate of the community')
  command
    .command('show', { isDefault: true })
    .allowExcessArguments()
    .description('where the root is and what it looks like (made at first use)')
    .option(...folderOption)
    .option('--json', 'as JSON')
    .action(async (options: { folder: string; json?: boolean }, self: Command) => {
      demandNoWord(self)
      ended(await show(options))
    })
  command
    .command('issue')
    .description('issue a certificate for your payer, for servers and clients')
    .option(...folderOption)
    .requiredOption('--name <name>', 'name of the organization')
    .requiredOption('--uri <uri>', 'URI of the organization, for the SAN (HRex security)')
    .option('--dns <host>', 'DNS name of a server (repeat for several)', collect)
    .option('--ip <address>', 'IP address of a server (repeat for several)', collect)
    .option('--key <kind>', 'ec or rsa', 'ec')
    .requiredOption('--out <folder>', 'folder for certificate.pem, key.pem and root.pem')
    .action(async (options: IssueOptions) => ended(await issueOne(options)))
  return command
}

async function show({ folder, json }: { folder: string; json?: boolean }): Promise<number> {
  const { authorities } = await import('../certs/authorities.ts')
  const { root, intermediate } = await authorities(folder)
  const path = join(resolve(folder), 'root.pem')
  writeFileSync(path, root.pem)
  const facts = [root, intermediate].map(({ pem }) => {
    const certificate = new X509Certificate(pem)
    return { subject: certificate.subject, sha256: certificate.fingerprint256, validTo: certificate.validTo }
  })
  if (json) process.stdout.write(`${JSON.stringify({ root: path, authorities: facts })}\n`)
  else {
    process.stdout.write(`Trust this root at your server: ${path}\n`)
    for (const { subject, sha256, validTo } of facts)
      process.stdout.write(`  ${subject.replaceAll('\n', ', ')}\n    SHA-256 ${sha256}\n    until   ${validTo}\n`)
  }
  return 0
}

/** Names and addresses as they can stand in a certificate. Throws `bad-input`. */
function demandNames({ name, dns = [], ip = [] }: IssueOptions): void {
  if (name.trim() === '') throw new HarnessError('bad-input', '--name is empty', { remedy: 'name the organization' })
  const host = dns.find(
    (one) => !/^(\*\.)?[a-z0-9_]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9-]*[a-z0-9])?)*$/i.test(one),
  )
  if (host !== undefined)
    throw new HarnessError('bad-input', `--dns ${host} is no name of a host`, {
      remedy: 'for instance fhir.plan.example',
    })
  const address = ip.find((one) => isIP(one) === 0)
  if (address !== undefined)
    throw new HarnessError('bad-input', `--ip ${address} is no IP address`, { remedy: 'for instance 192.0.2.10' })
}

async function issueOne(options: IssueOptions): Promise<number> {
  if (options.key !== 'ec' && options.key !== 'rsa')
    throw new HarnessError('bad-input', `--key ${options.key} is no kind of key`, { remedy: 'ec or rsa' })
  if (!URL.canParse(options.uri))
    throw new HarnessError('bad-input', `--uri ${options.uri} is no URI`, {
      remedy: 'for instance https://plan.example/payer',
    })
  demandNames(options)
  const folder = resolve(options.out)
  for (const name of ['certificate.pem', 'key.pem'])
    if (existsSync(join(folder, name)))
      throw new HarnessError('bad-input', `${join(folder, name)} is there already and is not overwritten`, {
        remedy: 'choose another --out folder, or move the old files away',
      })
  const [{ authorities }, { issue }, { distinguishedName }, { thumbprint }] = await Promise.all([
    import('../certs/authorities.ts'),
    import('../certs/issue.ts'),
    import('../certs/identity.ts'),
    import('../harness/tls-facts.ts'),
  ])
  const { root, intermediate } = await authorities(options.folder)
  const { credentials, der } = await issue(intermediate, {
    subject: distinguishedName(options.name),
    uris: [options.uri],
    dns: options.dns ?? [],
    ips: options.ip ?? [],
    key: options.key,
  })
  makeFolder(folder)
  writeFileSync(join(folder, 'certificate.pem'), credentials.cert)
  writeFileSync(join(folder, 'key.pem'), credentials.key, { mode: 0o600 })
  writeFileSync(join(folder, 'root.pem'), root.pem)
  process.stdout.write(`certificate.pem, key.pem and root.pem are in ${folder} (x5t#S256 ${thumbprint(der)})\n`)
  return 0
}
