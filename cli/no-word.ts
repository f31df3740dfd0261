/** What follows a verb that has a verb of its own by default: a word there was meant for another one. */
import type { Command } from 'commander'
import { HarnessError } from '../harness/errors.ts'

/** Throws `bad-input` where the default verb was given a word, which it takes none of. */
export function demandNoWord(command: Command): void {
  const [word] = command.args
  const { parent } = command
  if (word === undefined || !parent) return
  const verbs = parent.commands.map(
    (verb) => `${verb.name()} ${verb.registeredArguments.map((one) => `<${one.name()}>`).join(' ')}`,
  )
  throw new HarnessError('bad-input', `${parent.name()} has no verb "${word}"`, {
    remedy: `one of: ${verbs.map((verb) => verb.trim()).join(', ')}`,
  })
}
